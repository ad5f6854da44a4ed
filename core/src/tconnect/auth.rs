//! Login and token refresh.

use super::{Needed, TConnect, payload, read_answer, unsigned};
use crate::answer::{Body, Proof, Reading};
use crate::canonical::Evidence;
use crate::check;
use crate::crypto::jwt;
use crate::error::Result;
use crate::http::HttpRequest;
use crate::operations::{Kind, Operation, Service, Typed};
use crate::secret::Secret;
use crate::value::{Json, Record, Value};

pub(crate) const SERVICE: Service = Service {
    name: "auth",
    doc: "Login and token refresh.",
    operations: &[
        Operation {
            name: "tconnect.auth.login",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the login request. Send it, then pass the answer to read_login.",
            handler: &Typed(login),
        },
        Operation {
            name: "tconnect.auth.read_login",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to login: the access token, the refresh token and their lifetimes.",
            handler: &Typed(read_login),
        },
        Operation {
            name: "tconnect.auth.refresh",
            kind: Kind::Build,
            evidence: Evidence::Official,
            doc: "Builds the request that exchanges a refresh token for a new pair of tokens.",
            handler: &Typed(refresh),
        },
        Operation {
            name: "tconnect.auth.read_refresh",
            kind: Kind::ReadAnswer,
            evidence: Evidence::Official,
            doc: "Reads the answer to refresh: a new access token and a new refresh token.",
            handler: &Typed(read_refresh),
        },
    ],
};

/// Credentials given by TConnect. All of them are secrets.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Login {
    /// Login e-mail.
    pub username: Secret,
    /// Password.
    pub password: Secret,
    /// Application id.
    pub client_id: Secret,
    /// Application secret.
    pub client_secret: Secret,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn login(client: &TConnect, input: &Login) -> Result<HttpRequest> {
    let mut members = Record::new();
    for (name, secret) in [
        ("username", &input.username),
        ("password", &input.password),
        ("client_id", &input.client_id),
        ("client_secret", &input.client_secret),
    ] {
        check::text(name, secret.expose(), 1, 4096)?;
        members.push(name, Value::text(secret.expose()));
    }
    let payload = zeroize::Zeroizing::new(payload::<Login>(members, input.extra.as_ref())?);
    client.post("/openapi/v1/auth/login", None, &payload)
}

/// A refresh token.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Refresh {
    /// The refresh token of the last login or refresh.
    pub refresh_token: Secret,
    /// Further payload members, sent as they are.
    pub extra: Option<Json>,
}

pub(crate) fn refresh(client: &TConnect, input: &Refresh) -> Result<HttpRequest> {
    check::text("refresh_token", input.refresh_token.expose(), 1, 8192)?;
    let members = Record::from_iter([("refresh_token", Value::text(input.refresh_token.expose()))]);
    let payload = zeroize::Zeroizing::new(payload::<Refresh>(members, input.extra.as_ref())?);
    client.post("/openapi/v1/auth/refresh", None, &payload)
}

/// Tokens for the following calls.
#[derive(Clone, Debug, serde::Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tokens {
    /// Always `unsigned`: the answer is plain JSON, trust rests on TLS.
    pub proof: Proof,
    /// Token for the input `access_token` of the other operations.
    pub access_token: Secret,
    /// Lifetime of the access token in seconds, as printed.
    pub expires_in: Option<String>,
    /// Token for refresh.
    pub refresh_token: Option<Secret>,
    /// Lifetime of the refresh token in seconds, as printed.
    pub refresh_expires_in: Option<String>,
    /// Always `Bearer`.
    pub token_type: Option<String>,
    /// Identifier of the session.
    pub session_state: Option<String>,
    /// Granted permissions.
    pub scope: Option<String>,
    /// Expiry of the access token in Unix seconds, read from the token without verification: TConnect publishes no
    /// key for it.
    pub unverified_exp: Option<u64>,
}

pub(crate) fn read_login(_: &TConnect, input: &Body) -> Result<Reading<Tokens>> {
    let record = read_answer(&input.body, Needed::Text("access_token"))?;
    let exp = record
        .printed("access_token")
        .and_then(|token| jwt::unverified_exp(&token));
    let mut draft = unsigned(record);
    if let Some(exp) = exp {
        draft.own("unverified_exp", Value::Integer(exp));
    }
    Ok(draft.expect(input.expected.as_ref())?.finish())
}

pub(crate) fn read_refresh(client: &TConnect, input: &Body) -> Result<Reading<Tokens>> {
    read_login(client, input)
}
