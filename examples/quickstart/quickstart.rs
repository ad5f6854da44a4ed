//! The quick start of the README.

use std::env::var;
use std::time::Duration;

use kyso::TConnect;
use kyso::answer::Body;
use kyso::tconnect::{Config, virtual_account::Create};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // README: begin
    let tconnect = TConnect::new(Config {
        base_url: Some(var("TCONNECT_URL")?),
        ..Config::new(&var("TCONNECT_PARTNER")?, var("TCONNECT_KEY")?)
    })?;
    let request = tconnect.virtual_account().create(&Create {
        access_token: var("TCONNECT_TOKEN")?.into(),
        bank_code: "970454".into(),
        account_name: "NGUYEN VAN A".into(),
        ..Default::default()
    })?;
    // Answers with a status of 4xx or 5xx are read like any other: they say what the gateway refused.
    let mut http = ureq::post(&request.url)
        .config()
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build();
    for (name, value) in &request.headers.0 {
        http = http.header(name, value);
    }
    // An error here means no answer: ask with the status operation, never send again.
    let body = http
        .send(request.body.unwrap_or_default())?
        .body_mut()
        .read_to_string()?;
    let account = tconnect.virtual_account().read_create(&Body {
        body,
        ..Default::default()
    })?;
    println!("{}", account.va_number);
    // README: end
    Ok(())
}
