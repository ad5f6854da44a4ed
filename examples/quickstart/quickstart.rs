//! The quick start of the README.

use std::env::var;

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
    let mut http = ureq::post(&request.url);
    for (name, value) in &request.headers.0 {
        http = http.header(name, value);
    }
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
