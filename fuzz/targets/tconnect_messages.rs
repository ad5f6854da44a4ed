//! TConnect's messages from any bytes: as a ciphertext, as a text that is sealed and opened again, as the text of a
//! notification, and as a token whose expiry is read without trust.
#![no_main]

use std::sync::LazyLock;

use kyso::value::Value;
use kyso::{Client, operations};
use kyso_fuzz::{base64, call, record, text_of};
use libfuzzer_sys::fuzz_target;

static CLIENT: LazyLock<Client> = LazyLock::new(kyso_fuzz::tconnect);

/// The error of a message that is no notification.
static REFUSAL: LazyLock<String> = LazyLock::new(|| read(&seal("[]")).expect_err("no notification"));

fuzz_target!(|data: &[u8]| {
    let hex: String = data.iter().map(|byte| format!("{byte:02x}")).collect();
    call(Some(&CLIENT), "tconnect.envelope.open", &record(&[("data", &hex)]));
    let _ = read(&record(&[("data", &hex)]));
    let claims = base64(data).replace('+', "-").replace('/', "_");
    token(&format!("eyJhbGciOiJub25lIn0.{}.", claims.trim_end_matches('=')));
    let Ok(text) = std::str::from_utf8(data) else { return };
    call(Some(&CLIENT), "tconnect.envelope.open", &record(&[("data", text)]));
    let _ = read(text);
    token(text);
    sealed(text);
});

fn seal(plaintext: &str) -> String {
    let sealed = call(
        Some(&CLIENT),
        "tconnect.envelope.seal",
        &record(&[("plaintext", plaintext)]),
    );
    sealed.expect("any text can be sealed").to_json()
}

fn read(body: &str) -> Result<Value<'static>, String> {
    operations::call(Some(&CLIENT), "tconnect.ipn.read_callback", &record(&[("body", body)])).map_err(|error| {
        kyso_fuzz::sound(&error);
        error.to_json()
    })
}

/// What is accepted is an object with the three members and is called no more than decrypted; everything else is
/// refused with one error.
fn sealed(plaintext: &str) {
    let body = seal(plaintext);
    let opened = call(Some(&CLIENT), "tconnect.envelope.open", &body);
    assert_eq!(
        text_of(&opened.expect("what was sealed opens"), "/plaintext"),
        plaintext
    );
    let read = match read(&body) {
        Ok(read) => read,
        Err(error) => return assert_eq!(error, *REFUSAL),
    };
    assert_eq!(text_of(&read, "/proof"), "decrypted_only");
    assert_eq!(text_of(&read, "/raw"), plaintext);
    assert!(
        read.pointer("/amount")
            .and_then(Value::as_integer)
            .is_some_and(|amount| amount > 0)
    );
    for name in ["/request_id", "/retrieval_ref_no", "/idempotency_key"] {
        assert!(!text_of(&read, name).is_empty(), "{name}");
    }
}

fn token(token: &str) {
    let body = record(&[("access_token", token)]);
    let login = call(Some(&CLIENT), "tconnect.auth.read_login", &record(&[("body", &body)]));
    if let Some(exp) = login.as_ref().and_then(|login| login.pointer("/unverified_exp")) {
        assert!(exp.as_integer().is_some(), "seconds");
    }
}
