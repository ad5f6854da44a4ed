//! What the fuzz targets share: clients that know the secrets of the test vectors, calls with the rules that hold for
//! every call, and a mutator that keeps JSON intact.

mod mutate;

pub use mutate::mutate_call;

use kyso::value::{Value, parse};
use kyso::{Client, Code, Error, operations};
use serde_json::{Map, json};

/// Found in no error: the secrets of the clients below begin so where the vectors leave a choice.
pub const CANARY: &str = "c4n4ry-9f3a71d2e8b64c05";

const HPAY_KEY: &str = include_str!("../../tests/vectors/keys/hpay.key.pem");
const HPAY_CERTIFICATE: &str = include_str!("../../tests/vectors/keys/hpay.cert.pem");

fn clock() -> u64 {
    1_768_392_000
}

/// Makes a client from a configuration that must be accepted.
pub fn client(gateway: &str, config: &serde_json::Value) -> Client {
    operations::client(gateway, &config.to_string(), clock).expect("the configuration is good")
}

/// Makes a client from any text.
pub fn client_of(gateway: &str, config: &str) -> kyso::Result<Client> {
    operations::client(gateway, config, clock)
}

pub const TCONNECT_KEY: &str = "6f2d1c5e9b7a48330f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978";

pub fn tconnect() -> Client {
    let earlier = [
        "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
        "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "7bf84b7a022326f553564028324c9ef15d1ac04bcd3e4d498fe911d9bf0635a0",
    ];
    client(
        "tconnect",
        &json!({"partner_code": "PARTNER01", "key": TCONNECT_KEY, "environment": "sandbox", "previous_secrets": earlier}),
    )
}

/// Without a private key: signing with RSA takes a hundred times as long as everything else.
pub fn hpay() -> Client {
    hpay_with(json!({}))
}

/// HPay's own key is the merchant's too, so that `testing.*` signs what the readers verify.
pub fn hpay_with_key() -> Client {
    hpay_with(json!({"private_key": HPAY_KEY}))
}

fn hpay_with(more: serde_json::Value) -> Client {
    let by_passcode = |fields: &str| format!("MD5({fields} + '|' + passcode)");
    let mut config = json!({
        "merchant_site_code": "65001",
        "environment": "sandbox",
        "receiver": "merchant@example.com",
        "secure_pass": "test-pass-Aa1",
        "passcode": "test-code-Bb2",
        "previous_secrets": ["kyso-made-Pass9", "test-pass-Aa1", CANARY],
        "hpay_certificate": HPAY_CERTIFICATE,
        "client_id": "client",
        "client_secret": CANARY,
        "recipes": {
            "hpay.orders.read_inquire": "MD5(order_code + '|' + total_amount + '|' + transaction_status + '|' + secure_pass)",
            "hpay.virtual_account.read_create": by_passcode("va_account + '|' + va_amount"),
            "hpay.virtual_account.read_revoke": by_passcode("merchant_id + '|' + account_va + '|' + va_status"),
            "hpay.virtual_account.read_callback": by_passcode("cashin + '|' + order_id"),
            "hpay.firm_banking.read_account": by_passcode("bank_account_number + '|' + bank_account_name"),
            "hpay.firm_banking.read_inquire": by_passcode("request_id + '|' + amount + '|' + transaction_status"),
            "hpay.tokenization.read_callback": "MD5(merchant_id + '|' + bank_token + '|' + revoke_token_status + '|' + secure_pass)",
            "hpay.account.read_balance": by_passcode("account_available_balance + '|' + merchant_site_code"),
        },
    });
    for (name, value) in more.as_object().into_iter().flatten() {
        config[name] = value.clone();
    }
    client("hpay", &config)
}

pub fn appotapay() -> Client {
    client(
        "appotapay",
        &json!({
            "partner_code": "APPOTAPAY",
            "api_key": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8",
            "secret_key": "kyso-test-secret-0001",
            "environment": "sandbox",
            "previous_secrets": ["XAonJgy14YhtePEITXhyBS2unjfJLAV3", "kyso-made-secret-0009", CANARY],
        }),
    )
}

/// Runs `operation`, line feed, JSON text of the input: the form of the corpora.
pub fn run(client: Option<&Client>, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((operation, input)) = text.split_once('\n') else {
        return;
    };
    let _ = call(client, operation, input);
}

/// Runs an operation and holds the answer against what is promised of all of them.
pub fn call(client: Option<&Client>, operation: &str, input: &str) -> Option<Value<'static>> {
    match operations::call(client, operation, input) {
        Ok(value) => {
            assert!(matches!(value, Value::Record(_)), "{operation}: a result is a record");
            let text = value.to_json();
            assert!(parse(&text).is_ok(), "{operation}: a result is strict JSON");
            Some(value)
        }
        Err(error) => {
            sound(&error);
            None
        }
    }
}

/// Holds an error against what is promised of all errors.
pub fn sound(error: &Error) {
    let text = error.to_json();
    assert_ne!(error.code(), Code::Internal, "a defect: {text}");
    assert_ne!(error.code(), Code::NoRandomness, "the machine has randomness");
    assert!(parse(&text).is_ok(), "an error is strict JSON: {text}");
    assert!(!text.contains(CANARY), "an error shows a secret: {text}");
    assert!(!error.message().is_empty() && !error.message_vi().is_empty());
}

/// The text member of a result.
pub fn text_of(value: &Value<'_>, pointer: &str) -> String {
    value
        .pointer(pointer)
        .and_then(Value::as_text)
        .unwrap_or_default()
        .to_owned()
}

/// The JSON text of a record of one text.
pub fn record(members: &[(&str, &str)]) -> String {
    let members: Map<_, _> = members
        .iter()
        .map(|(name, text)| ((*name).to_owned(), json!(text)))
        .collect();
    serde_json::Value::Object(members).to_string()
}

/// What a read result claims, in the order of the names: everything besides the message itself and what it calls
/// unverified. A member that is empty, null or absent is signed alike and says as little, wherever it stands.
pub fn proven(value: &Value<'_>) -> String {
    let Value::Record(members) = value else {
        return String::new();
    };
    let claimed = members.iter().filter(|(name, _)| !["unverified", "matched", "raw"].contains(name));
    saying(claimed).to_json()
}

/// The members that say something, sorted by their names.
fn saying<'r>(members: impl Iterator<Item = (&'r str, &'r Value<'r>)>) -> Value<'static> {
    let mut rest: Vec<_> = members
        .filter(|(_, value)| !says_nothing(value))
        .map(|(name, value)| match value {
            Value::Record(inner) => (name.to_owned(), saying(inner.iter())),
            other => (name.to_owned(), other.clone().into_owned()),
        })
        .collect();
    rest.sort_by(|(one, _), (other, _)| one.cmp(other));
    Value::Record(rest.into_iter().collect())
}

fn says_nothing(value: &Value<'_>) -> bool {
    matches!(value, Value::Null) || value.as_text().is_some_and(str::is_empty)
}

/// A gateway's message made by `testing.*` is read; then once more with one character changed: what is accepted then
/// still claims the same.
pub fn callback(client: &Client, gateway: &str, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((operation, input)) = text.split_once('\n') else {
        return;
    };
    let Some(reader) = reader_of(gateway, operation) else {
        return;
    };
    let Some(made) = call(Some(client), operation, input) else {
        return;
    };
    let (name, message) = match (made.pointer("/body"), made.pointer("/query")) {
        (Some(Value::Text(body)), _) => ("body", body.to_string()),
        (_, Some(Value::Text(query))) => ("query", query.to_string()),
        _ => return,
    };
    let Some(read) = call(Some(client), &reader, &record(&[(name, &message)])) else {
        return;
    };
    let signed = !matches!(text_of(&read, "/proof").as_str(), "unsigned" | "decrypted_only");
    let seed = data.iter().fold(data.len(), |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(usize::from(*byte))
    });
    let places: Vec<usize> = message.char_indices().map(|(at, _)| at).collect();
    let at = places[seed % places.len()];
    for changed in [b'0', b'9', b'&', b'|', b' ', b'%', b'"', b'a'] {
        let mut other = message.clone();
        let end = at + message[at..].chars().next().map_or(1, char::len_utf8);
        other.replace_range(at..end, char::from(changed).encode_utf8(&mut [0; 4]));
        if other == message {
            continue;
        }
        let Some(again) = call(Some(client), &reader, &record(&[(name, &other)])) else {
            continue;
        };
        if signed && matches!(text_of(&again, "/proof").as_str(), "signed" | "partly_signed") {
            assert_eq!(proven(&read), proven(&again), "{reader}: {message} and {other}");
        }
    }
}

/// The operation that reads what a `testing.*` operation makes.
fn reader_of(gateway: &str, operation: &str) -> Option<String> {
    let made = operation.strip_prefix(gateway)?.strip_prefix(".testing.")?;
    if made == "open_api" {
        return Some("hpay.open_api.read_create_va".to_owned());
    }
    let known = operations::GATEWAYS.iter().find(|known| known.name == gateway)?;
    known.services.iter().find_map(|service| {
        let rest = made.strip_prefix(service.name)?.strip_prefix('_')?;
        let reader = format!("{gateway}.{}.read_{rest}", service.name);
        operations::find(&reader).map(|_| reader)
    })
}

/// Standard base64 with padding.
pub fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| {
            bits << 8 | chunk.get(at).map_or(0, |byte| usize::from(*byte))
        });
        for digit in 0..4 {
            text.push(if digit <= chunk.len() {
                char::from(DIGITS[bits >> (18 - 6 * digit) & 63])
            } else {
                '='
            });
        }
    }
    text
}
