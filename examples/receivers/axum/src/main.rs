//! Axum. Run: cargo run

mod payments;

use std::env::var;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use kyso::answer::Acknowledgement;
use payments::{Gateway, Payments};

// `Bytes` and `RawQuery` are the texts as they came; `Json` and `Query` would parse them.
async fn tconnect_ipn(State(payments): State<Arc<Payments>>, body: Bytes) -> Response {
    answer(payments, Gateway::TConnect, body.to_vec()).await
}

async fn appotapay_callback(State(payments): State<Arc<Payments>>, body: Bytes) -> Response {
    answer(payments, Gateway::AppotaPay, body.to_vec()).await
}

async fn hpay_notify(State(payments): State<Arc<Payments>>, RawQuery(query): RawQuery) -> Response {
    answer(payments, Gateway::HPay, query.unwrap_or_default().into_bytes()).await
}

// The buyer's browser. Either of the two may come first, and the buyer can drop notify_url: both count.
async fn hpay_return(state: State<Arc<Payments>>, query: RawQuery) -> Response {
    let taken = hpay_notify(state, query).await;
    if taken.status() != StatusCode::OK {
        return taken;
    }
    "Thank you.".into_response()
}

async fn answer(payments: Arc<Payments>, gateway: Gateway, raw: Vec<u8>) -> Response {
    // The database is synchronous: not on a thread that serves others.
    let taken = tokio::task::spawn_blocking(move || payments.receive(gateway, raw)).await;
    match taken {
        Ok(Ok(Acknowledgement { status, content_type, body })) => {
            let status = u16::try_from(status).ok().and_then(|code| StatusCode::from_u16(code).ok());
            let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, [(header::CONTENT_TYPE, content_type)], body).into_response()
        }
        // A failing database: the gateway sends the message again.
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[tokio::main]
async fn main() -> Result<(), payments::Failure> {
    let payments = Arc::new(Payments::from_env()?);
    let app = Router::new()
        .route("/tconnect/ipn", post(tconnect_ipn))
        .route("/appotapay/callback", post(appotapay_callback))
        .route("/hpay/notify", get(hpay_notify))
        .route("/hpay/return", get(hpay_return))
        .with_state(payments);
    let listener = tokio::net::TcpListener::bind(format!("127.0.0.1:{}", var("PORT")?)).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
