//! Inputs made to do harm: secrets that are none, bytes in headers, addresses, spellings of numbers, control characters,
//! JSON tricks, huge inputs, extreme times. Each has a stated outcome.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)] // A test may fail loudly.

mod common;
#[path = "common/messages.rs"]
mod messages;

use std::collections::BTreeSet;

use common::{Random, appotapay, call, client, hpay_config, now, scale, tconnect};
use kyso::{Client, operations};
use messages::digest_messages;
use serde_json::{Value, json};

/// A good input of each operation of that kind, from the vectors.
fn good_inputs(kind: &str) -> Vec<(&'static str, Client, Value)> {
    let mut found: Vec<(&'static str, Client, Value)> = Vec::new();
    let vectors = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors"));
    for gateway in ["tconnect", "hpay", "appotapay"] {
        for entry in std::fs::read_dir(vectors.join(gateway)).unwrap() {
            let file: Value = serde_json::from_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap()).unwrap();
            for case in file["cases"].as_array().unwrap() {
                let Some(operation) = operations::find(case["operation"].as_str().unwrap()) else {
                    continue;
                };
                let wanted =
                    operation.kind.name() == kind && case.get("output").is_some() && case.get("config").is_some();
                // A few inputs of each: optional fields are in some of them only.
                if wanted && found.iter().filter(|(name, ..)| *name == operation.name).count() < 6 {
                    found.push((operation.name, client(gateway, &case["config"]), case["input"].clone()));
                }
            }
        }
    }
    found
}

fn with(input: &Value, name: &str, value: Value) -> Value {
    let mut changed = input.clone();
    changed[name] = value;
    changed
}

/// Texts that stand where a secret should: unset variables, placeholders, copies with white space.
fn no_secrets() -> Vec<String> {
    let plain = [
        "",
        " ",
        "  ",
        "\t",
        "\n",
        "\r\n",
        "\u{a0}",
        "\u{3000}",
        " x1y2z3w4",
        "x1y2z3w4 ",
        "x1y2z3w4\n",
        "\nx1y2z3w4",
        "x1y2z3w4\r",
        "\tx1y2z3w4",
        "x1y2\u{0}z3w4",
        "\u{0}",
        "x1y2\u{1}z3w4",
        "x1y2\u{7f}z3w4",
        "x1y2\nz3w4",
        "x1y2\u{85}z3w4",
        "YOUR_SECRET_KEY",
        "your_secret_key",
        "YOUR_API_KEY",
        "SECRET_KEY",
        "secret_key",
        "undefined",
        "UNDEFINED",
        "null",
        "NULL",
        "None",
        "none",
        "[object Object]",
        "YOUR_SECURE_PASS",
        "your-passcode",
        "Your API key",
        "secure_pass",
        "SECURE-PASS",
        "passcode",
        "client_secret",
        "api-key",
        "password",
        "changeme",
        "change-me",
        "********",
        "xxxxxxxx",
        "0000",
        "<secure_pass>",
        "<mã bí mật>",
        "${HPAY_PASS}",
        "{{ hpay_pass }}",
        "%SECRET_KEY%",
        "\u{a0}x1y2z3w4",
        "x1y2z3w4\u{a0}",
        "x1y2z3w4\u{2003}",
        "\u{2028}x1y2z3w4",
        "x1y2z3w4\u{2029}",
        "x1y2\u{9f}z3w4",
    ];
    let mut all: Vec<String> = plain.iter().map(|text| (*text).to_owned()).collect();
    all.extend(["x".repeat(4097), "x".repeat(100_000)]);
    all
}

#[test]
fn no_constructor_takes_what_is_no_secret() {
    let bad = no_secrets();
    assert!(bad.len() >= 40, "{}", bad.len());
    let hpay = json!({"merchant_site_code": "65001", "environment": "sandbox", "secure_pass": "test-pass-Aa1",
        "passcode": "test-pass-Bb2", "client_id": "id", "client_secret": "test-secret-Cc3", "previous_secrets": ["test-pass-Dd4"]});
    let appotapay = json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-01", "environment": "sandbox",
        "previous_secrets": ["test-secret-key-00"]});
    let tconnect =
        json!({"partner_code": "P1", "key": common::KEY, "environment": "sandbox", "previous_secrets": [common::KEY]});
    let mut tried = 0;
    for (gateway, config, fields) in [
        ("tconnect", &tconnect, vec!["key", "previous_secrets"]),
        (
            "hpay",
            &hpay,
            vec!["secure_pass", "passcode", "client_secret", "previous_secrets"],
        ),
        (
            "appotapay",
            &appotapay,
            vec!["secret_key", "api_key", "previous_secrets"],
        ),
    ] {
        assert!(operations::client(gateway, &config.to_string(), now).is_ok());
        for field in fields {
            for bad in &bad {
                let value = if config[field].is_array() {
                    json!([bad])
                } else {
                    json!(bad)
                };
                let error = operations::client(gateway, &with(config, field, value).to_string(), now).expect_err(bad);
                assert_eq!(
                    error.code().name(),
                    "invalid_key",
                    "{gateway} {field} {bad:?}: {error:?}"
                );
                tried += 1;
            }
        }
    }
    // TConnect's printed sample has 63 digits; one repeated byte is no key.
    for bad in [
        &common::KEY[1..],
        &format!("{}0", common::KEY),
        &"00".repeat(32),
        &"aa".repeat(32),
        &"g".repeat(64),
    ] {
        assert!(operations::client("tconnect", &with(&tconnect, "key", json!(bad)).to_string(), now).is_err());
    }
    assert!(tried >= 9 * 40);
}

/// Published samples are for the sandbox.
#[test]
fn sample_secrets_are_refused_in_production() {
    let config =
        |environment: &str| json!({"merchant_site_code": "65001", "environment": environment, "secure_pass": "123456"});
    assert!(operations::client("hpay", &config("sandbox").to_string(), now).is_ok());
    assert_eq!(
        operations::client("hpay", &config("production").to_string(), now)
            .unwrap_err()
            .code()
            .name(),
        "invalid_key"
    );
}

/// Whatever an operation puts into a header: of the 256 characters of one byte only the visible ASCII ones pass.
#[test]
fn only_visible_ascii_reaches_a_header() {
    let mut fields = BTreeSet::new();
    for (name, client, input) in good_inputs("build") {
        let Ok(request) = call(&client, name, &input) else {
            continue;
        };
        let Some(headers) = request["headers"].as_object() else {
            continue;
        };
        for (field, value) in input.as_object().unwrap() {
            let Some(text) = value.as_str().filter(|text| text.len() > 3) else {
                continue;
            };
            let in_a_header = headers.values().any(|header| header.as_str().unwrap().contains(text));
            if !in_a_header || !fields.insert((name, field.clone())) {
                continue;
            }
            for byte in (0..=255_u8).filter(|byte| !(0x21..=0x7e).contains(byte)) {
                let character = char::from(byte);
                for bad in [
                    format!("ab{character}cd"),
                    format!("{character}abcd"),
                    format!("abcd{character}"),
                ] {
                    let result = call(&client, name, &with(&input, field, json!(bad)));
                    assert!(result.is_err(), "{name} {field} {byte:#04x}");
                }
            }
            for bad in ["", "\u{20ac}", "ab\r\nX-Evil: 1", &"a".repeat(8193)] {
                assert!(
                    call(&client, name, &with(&input, field, json!(bad))).is_err(),
                    "{name} {field}"
                );
            }
        }
    }
    assert!(fields.len() >= 20, "{fields:?}");
    // And all visible ones pass where the protocol sets no alphabet.
    for byte in 0x21..=0x7e_u8 {
        let input = json!({"access_token": format!("a{}b", char::from(byte))});
        assert!(
            call(&tconnect(), "tconnect.services.list", &input).is_ok(),
            "{byte:#04x}"
        );
    }
    // The merchant's own codes stand in headers too.
    for byte in (0..=255_u8).filter(|byte| !(0x21..=0x7e).contains(byte)) {
        let code = format!("P{}1", char::from(byte));
        let tconnect = json!({"partner_code": code, "key": common::KEY, "environment": "sandbox"});
        let appotapay = json!({"partner_code": code, "api_key": "k-1", "secret_key": "test-secret-key-01", "environment": "sandbox"});
        assert!(
            operations::client("tconnect", &tconnect.to_string(), now).is_err(),
            "{byte:#04x}"
        );
        assert!(
            operations::client("appotapay", &appotapay.to_string(), now).is_err(),
            "{byte:#04x}"
        );
    }
}

const HOSTILE_URLS: [&str; 65] = [
    " ",
    "/",
    "//a.example",
    "a.example",
    "a.example/x",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript://a.example/%0aalert(1)",
    "data:text/html,x",
    "data:text/html;base64,eA==",
    "file:///etc/passwd",
    "ftp://a.example",
    "ws://a.example",
    "blob:https://a.example/x",
    "mailto:a@b.example",
    "http://a.example",
    "http://10.0.0.1",
    "http://localhost.evil.example",
    "http://127.0.0.1.evil.example",
    "http://127.0.0.1@evil.example",
    "http://[::2]",
    "http://[::1]evil.example",
    "http://localhost:80@evil.example",
    "https:",
    "https:/",
    "https:a.example",
    "https:/a.example",
    "https://",
    "https:///a.example",
    "https://?x",
    "https://#x",
    "https://@evil.example",
    "https://good.example@evil.example",
    "https://user:pass@evil.example",
    "https://user@a.example/x",
    "https://good.example\\@evil.example",
    "https:\\\\a.example",
    "https://a.example\\b",
    "https://a.example /x",
    " https://a.example",
    "https://a.example ",
    "https://a.example\n",
    "https://a.\nexample",
    "https://a.example/\tx",
    "https://a.example/\r\nX: 1",
    "https://a.example/\u{0}",
    "https://a.example/\u{202e}x",
    "https://a.example\u{2028}",
    "https://a\u{3002}example",
    "https://\u{ff41}.example",
    "https://đ.example",
    "https://a.example:",
    "https://a.example:0",
    "https://a.example:65536",
    "https://a.example:abc",
    "https://a.example:80:90",
    "https://a.example:+80",
    "https://a..example",
    "https://.example",
    "https://a%2eexample",
    "https://a%00.example",
    "https://a<b>.example",
    "https://[::1",
    "https://[gg::1]",
    "https://a.example|b.example",
];

#[test]
fn hostile_addresses_are_refused() {
    let mut fields = BTreeSet::new();
    for (name, client, input) in good_inputs("build") {
        for (field, value) in input.as_object().unwrap() {
            let is_address = value.as_str().is_some_and(|text| text.starts_with("https://"));
            if !is_address || !fields.insert((name, field.clone())) {
                continue;
            }
            for url in HOSTILE_URLS {
                assert!(
                    call(&client, name, &with(&input, field, json!(url))).is_err(),
                    "{name} {field}: {url:?}"
                );
            }
            for url in [
                "https://a.example",
                "https://a.example:8443/x?a=1&b=2#c",
                "http://localhost:8080/x",
                "https://xn--a-ecp.example/",
                "https://1.2.3.4/",
                "https://[2001:db8::1]:443/",
            ] {
                assert!(
                    call(&client, name, &with(&input, field, json!(url))).is_ok(),
                    "{name} {field}: {url:?}"
                );
            }
        }
    }
    assert!(fields.len() >= 8, "{fields:?}");
    // The addresses that requests go to take even less: no query, no fragment, no upper-case scheme.
    for url in HOSTILE_URLS.into_iter().chain([
        "https://a.example?x",
        "https://a.example#x",
        "HTTPS://a.example",
        "https://a.example/../x",
    ]) {
        let config = json!({"partner_code": "P1", "key": common::KEY, "base_url": url});
        assert!(
            operations::client("tconnect", &config.to_string(), now).is_err(),
            "{url:?}"
        );
        for name in ["checkout", "account", "open_api"] {
            let config = with(&hpay_config(), "base_urls", json!({ name: url }));
            assert!(
                operations::client("hpay", &config.to_string(), now).is_err(),
                "{name} {url:?}"
            );
        }
    }
}

/// Spelling in JSON, what it means as our own input, what it means in a received message (in dong).
const NUMBERS: [(&str, Option<u64>, Option<u64>); 62] = [
    ("50000", Some(50_000), Some(50_000)),
    ("\"50000\"", Some(50_000), Some(50_000)),
    ("50000.0", None, Some(50_000)),
    ("\"50000.0\"", None, Some(50_000)),
    ("50000.00", None, Some(50_000)),
    ("50000.000000000000000000000", None, Some(50_000)),
    ("\"50000.\"", None, Some(50_000)),
    ("50000.5", None, None),
    ("50000.01", None, None),
    ("50000.0000000000000000001", None, None),
    ("\"50,000\"", None, None),
    ("\"50,000.00\"", None, None),
    ("\"1,234,567\"", None, None),
    ("\"50.000\"", None, Some(50)),
    ("\"50,00\"", None, None),
    ("\"5,0000\"", None, None),
    ("\",500\"", None, None),
    ("\"0,500\"", None, None),
    ("5e4", None, None),
    ("5E4", None, None),
    ("5e+4", None, None),
    ("500000e-1", None, None),
    ("1e400", None, None),
    ("-1e400", None, None),
    ("-50000", None, None),
    ("\"-50000\"", None, None),
    ("-0", None, None),
    ("\"+50000\"", None, None),
    ("+50000", None, None),
    ("050000", None, None),
    ("\"050000\"", None, Some(50_000)),
    ("\" 50000\"", None, None),
    ("\"50000 \"", None, None),
    ("\"50 000\"", None, None),
    ("\"50\\u00a0000\"", None, None),
    ("\"50_000\"", None, None),
    ("\"50'000\"", None, None),
    ("\"0x10\"", None, None),
    ("0x10", None, None),
    ("\"1e5\"", None, None),
    ("\"NaN\"", None, None),
    ("NaN", None, None),
    ("Infinity", None, None),
    ("-Infinity", None, None),
    ("\"Infinity\"", None, None),
    ("\"\\u0665\"", None, None),
    ("\"\\uff15\\uff10\"", None, None),
    ("\"50000\\u0000\"", None, None),
    ("\"50000đ\"", None, None),
    ("\"50000 VND\"", None, None),
    ("\"\"", None, None),
    ("\".\"", None, None),
    (".5", None, None),
    ("5.", None, None),
    ("true", None, None),
    ("null", None, None),
    ("[50000]", None, None),
    ("{\"a\":50000}", None, None),
    (
        "1000000000000000",
        Some(1_000_000_000_000_000),
        Some(1_000_000_000_000_000),
    ),
    ("1000000000000001", None, None),
    ("18446744073709551616", None, None),
    ("9704180000042134197", None, None),
];

#[test]
fn numbers_have_one_meaning() {
    let (hpay, tconnect) = (client("hpay", &hpay_config()), tconnect());
    for (spelling, as_input, as_received) in NUMBERS {
        let input = format!(
            r#"{{"return_url":"https://a.example/","receiver":"m@example.com","order_code":"O1","price":{spelling}}}"#
        );
        let link = operations::call(Some(&hpay), "hpay.checkout.create_link", &input);
        match (as_input, link) {
            (Some(amount), Ok(link)) => assert!(link.to_json().contains(&format!("price={amount}&")), "{spelling}"),
            (None, Err(_)) => {}
            (expected, result) => panic!("{spelling} as input: {expected:?}, but {result:?}"),
        }
        let plaintext = format!(r#"{{"amount":{spelling},"retrieval_ref_no":"2026","request_id":"39b7"}}"#);
        let sealed = call(&tconnect, "tconnect.envelope.seal", &json!({ "plaintext": plaintext })).unwrap();
        let read = call(
            &tconnect,
            "tconnect.ipn.read_callback",
            &json!({"body": json!({"data": sealed["data"]}).to_string()}),
        );
        match (as_received, read) {
            (Some(amount), Ok(read)) => assert_eq!(read["amount"], json!(amount), "{spelling}"),
            (None, Err(error)) => assert_eq!(error.code().name(), "decrypt_failed", "{spelling}"),
            (expected, result) => panic!("{spelling} received: {expected:?}, but {result:?}"),
        }
    }
}

/// Control, line and direction characters in any text that is signed or sent.
#[test]
fn control_characters_are_refused_in_texts() {
    let characters = (0..=0x1f_u32)
        .chain(0x7f..=0x9f)
        .chain([0x200e, 0x200f, 0x61c, 0x2028, 0x2029])
        .chain(0x202a..=0x202e)
        .chain(0x2066..=0x2069)
        .map(|code| char::from_u32(code).unwrap());
    let hpay = client("hpay", &hpay_config());
    let link = json!({"return_url": "https://shop.example/cb", "receiver": "m@example.com", "order_code": "OM_1", "price": 20_000});
    let legacy = with(
        &with(&link, "transaction_info", json!("x")),
        "order_description",
        json!("x"),
    );
    let recipe = json!({"fields": ["a"], "separator": "|", "secret": "passcode"});
    let qr = json!({"access_token": "t", "accountNumber": "VA1", "amount": 1000, "orderId": "O1", "narrative": "x"});
    assert!(call(&tconnect(), "tconnect.qr.create", &qr).is_ok());
    for character in characters {
        let text = format!("a{character}b");
        for (client, operation, input) in [
            (
                &hpay,
                "hpay.checkout.create_link",
                with(&link, "order_code", json!(text)),
            ),
            (&hpay, "hpay.checkout.create_link", with(&link, "receiver", json!(text))),
            (
                &hpay,
                "hpay.checkout.create_legacy_link",
                with(&legacy, "transaction_info", json!(text)),
            ),
            (
                &hpay,
                "hpay.checkout.create_legacy_link",
                with(&legacy, "order_description", json!(text)),
            ),
            (
                &hpay,
                "hpay.checkout.create_legacy_link",
                with(&legacy, "buyer_info", json!(text)),
            ),
            (
                &hpay,
                "hpay.signature.build",
                json!({"recipe": recipe, "fields": {"a": text}}),
            ),
            (&tconnect(), "tconnect.qr.create", with(&qr, "narrative", json!(text))),
        ] {
            assert!(
                call(client, operation, &input).is_err(),
                "{operation} {character:?}: {input}"
            );
        }
    }
}

/// Composed and decomposed letters are different bytes: signed as given, never changed on the way.
#[test]
fn letters_are_signed_as_given() {
    let client = appotapay();
    let sign = |memo: &str| call(&client, "appotapay.signature.sign", &json!({"fields": {"memo": memo}})).unwrap();
    let (composed, decomposed) = ("Th\u{1ebf}", "The\u{302}\u{301}");
    assert_ne!(sign(composed)["signature"], sign(decomposed)["signature"]);
    for memo in [composed, decomposed] {
        assert_eq!(sign(memo)["text"], json!(format!("memo={memo}")));
    }
    // An escaped half of a pair is no text.
    for bad in ["\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800"] {
        let input = format!(r#"{{"fields":{{"memo":"{bad}"}}}}"#);
        let error = operations::call(Some(&client), "appotapay.signature.sign", &input).unwrap_err();
        assert_eq!(error.code().name(), "malformed_input", "{bad}");
    }
}

/// JSON that parsers read differently.
#[test]
fn json_tricks_are_refused() {
    let client = appotapay();
    let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
    let body = |text: &str| json!({"body": text, "signature": "00"});
    for (text, good) in [
        (r#"{"a":1,"a":1}"#.to_owned(), false),
        (r#"{"a":1,"\u0061":2}"#.to_owned(), false),
        (r#"{"a":{"b":{"c":1,"c":2}}}"#.to_owned(), false),
        (r#"{"a":[{"b":1,"b":2}]}"#.to_owned(), false),
        (r#"{"a":1}x"#.to_owned(), false),
        (r#"{"a":1}{"a":1}"#.to_owned(), false),
        (r#"{"a":1},"#.to_owned(), false),
        (r#"{"a":1,}"#.to_owned(), false),
        (r"{'a':1}".to_owned(), false),
        (r"{a:1}".to_owned(), false),
        (r#"{"a":01}"#.to_owned(), false),
        (r#"{"a":1}//x"#.to_owned(), false),
        (r#"/**/{"a":1}"#.to_owned(), false),
        ("\u{feff}{\"a\":1}".to_owned(), false),
        ("\u{c}{\"a\":1}".to_owned(), false),
        ("{\"a\":\"\u{1}\"}".to_owned(), false),
        (r#"{"a":"\x41"}"#.to_owned(), false),
        (r#"{"a":undefined}"#.to_owned(), false),
        (r#"[{"a":1}]"#.to_owned(), false),
        (format!(r#"{{"a":{}}}"#, nested(31)), true),
        (format!(r#"{{"a":{}}}"#, nested(32)), false),
        (format!(r#"{{"a":{}}}"#, nested(127)), false),
        (format!(r#"{{"a":{}"#, "[".repeat(500_000)), false),
        (" \t\r\n{ \"a\" : 1 } \n".to_owned(), true),
    ] {
        let error = call(&client, "appotapay.signature.verify", &body(&text)).unwrap_err();
        let expected = if good {
            &["signature_mismatch", "wrong_type"][..]
        } else {
            &["malformed_input"][..]
        };
        let code = error.code().name();
        assert!(
            expected.contains(&code),
            "{}: {error:?}",
            text.chars().take(80).collect::<String>()
        );
    }
}

/// No input makes the library use much stack: everything here runs on a thread with 64 KiB.
#[test]
#[cfg_attr(debug_assertions, ignore = "unoptimised frames are larger; make security runs it")]
fn nothing_needs_more_than_a_small_stack() {
    let run = || {
        let client = appotapay();
        for open in ["[", "{\"a\":", "[[[[{\"a\":["] {
            for times in [10, 31, 32, 33, 100, 127, 128, 129, 10_000, 100_000] {
                let text = open.repeat(times);
                let _ = operations::call(Some(&client), "appotapay.signature.sign", &text);
                let _ = call(
                    &client,
                    "appotapay.signature.verify",
                    &json!({"body": text, "signature": "00"}),
                );
                let _ = call(&client, "appotapay.orders.read_list", &json!({ "body": text }));
            }
        }
        let hpay = client_of_hpay();
        for signed in digest_messages(&mut Random::new(31)) {
            assert!(signed.read(&signed.message).is_ok());
        }
        let query = "&a=1".repeat(20_000);
        let _ = call(&hpay, "hpay.checkout.read_callback", &json!({ "query": query }));
    };
    std::thread::Builder::new()
        .stack_size(64 * 1024)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}

fn client_of_hpay() -> Client {
    client("hpay", &hpay_config())
}

/// Every limit holds exactly: the largest good input passes, one more is refused.
#[test]
fn limits_hold_to_the_byte() {
    let hpay = client_of_hpay();
    let code = |client: &Client, operation: &str, input: &Value| match call(client, operation, input) {
        Ok(_) => "accepted".to_owned(),
        Err(error) => error.code().name().to_owned(),
    };
    // 64 KiB of query, 64 parameters.
    let signature = format!("&secure_code={}", "0".repeat(32));
    let members = "transaction_info=x&order_code=o&price=1&payment_id=1&payment_type=1&error_text=";
    let query = |length: usize| {
        format!(
            "{members}{}{signature}",
            "x".repeat(length - members.len() - signature.len())
        )
    };
    for (length, expected) in [(65_536, "signature_mismatch"), (65_537, "malformed_input")] {
        assert_eq!(
            code(&hpay, "hpay.checkout.read_callback", &json!({"query": query(length)})),
            expected,
            "{length}"
        );
    }
    let parameters = |count: usize| {
        let more: String = (7..count).map(|at| format!("&p{at}=1")).collect();
        format!("{members}{more}{signature}")
    };
    for (count, expected) in [(64, "signature_mismatch"), (65, "malformed_input")] {
        assert_eq!(
            code(
                &hpay,
                "hpay.checkout.read_callback",
                &json!({"query": parameters(count)})
            ),
            expected,
            "{count}"
        );
    }
    // 64 fields in a formula.
    let recipe = |count: usize| {
        let fields: Vec<String> = (0..count).map(|at| format!("f{at}")).collect();
        let values: serde_json::Map<String, Value> = fields.iter().map(|name| (name.clone(), json!("1"))).collect();
        json!({"recipe": {"fields": fields, "separator": "|", "secret": "passcode"}, "fields": values})
    };
    assert_eq!(code(&hpay, "hpay.signature.build", &recipe(64)), "accepted");
    assert_eq!(code(&hpay, "hpay.signature.build", &recipe(65)), "invalid_value");
    // 131,072 values in a JSON text, the list that holds them among them.
    let values = |count: usize| format!("[{}0]", "0,".repeat(count - 2));
    assert!(kyso::value::parse(&values(131_072)).is_ok() && kyso::value::parse(&values(131_073)).is_err());
    // 8 MiB of hexadecimal digits.
    let client = tconnect();
    let open = |digits: usize| code(&client, "tconnect.envelope.open", &json!({"data": "0".repeat(digits)}));
    assert_eq!(open(8 * 1024 * 1024), "decrypt_failed");
    assert_eq!(open(8 * 1024 * 1024 + 32), "malformed_input");
    assert_eq!(open(64), "decrypt_failed");
    assert_eq!(open(32), "malformed_input");
    let seal = |length: usize| {
        code(
            &client,
            "tconnect.envelope.seal",
            &json!({"plaintext": "x".repeat(length)}),
        )
    };
    assert_eq!(seal(4 * 1024 * 1024 - 32), "accepted");
    assert_eq!(seal(4 * 1024 * 1024 - 31), "invalid_value");
    // 4096 bytes of secret, 8192 of a header, 64 KiB of a key file.
    let secret = |length: usize| {
        operations::client(
            "hpay",
            &with(&hpay_config(), "passcode", json!("y".repeat(length - 1) + "x")).to_string(),
            now,
        )
    };
    assert!(secret(4096).is_ok() && secret(4097).is_err());
    let token = |length: usize| {
        code(
            &client,
            "tconnect.services.list",
            &json!({"access_token": "x".repeat(length)}),
        )
    };
    assert_eq!(
        (token(8192).as_str(), token(8193).as_str()),
        ("accepted", "invalid_value")
    );
    let pem = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/rsa2048.pub.pem")).unwrap();
    let key = |length: usize| {
        let text = format!("{}{pem}", "#".repeat(length - pem.len()));
        operations::client(
            "hpay",
            &with(&hpay_config(), "hpay_certificate", json!(text)).to_string(),
            now,
        )
    };
    assert!(key(64 * 1024).is_ok() && key(64 * 1024 + 1).is_err());
}

/// Nanoseconds that this thread has run: what other programs do is not counted.
#[cfg(unix)]
fn cpu_time() -> i64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Four times the input costs about four times as much; a quadratic step would make it sixteen.
#[test]
#[cfg(unix)]
fn work_grows_with_the_input_and_not_faster() {
    let [hpay, tconnect, appotapay] = [client_of_hpay(), tconnect(), appotapay()].map(std::sync::Arc::new);
    let unit = scale(1, 4) * 16 * 1024;
    type Make = fn(usize) -> Value;
    let cases: [(&std::sync::Arc<Client>, &'static str, Make); 7] = [
        (
            &tconnect,
            "tconnect.envelope.open",
            |size| json!({"data": "00".repeat(size / 32 * 16)}),
        ),
        (
            &tconnect,
            "tconnect.envelope.seal",
            |size| json!({"plaintext": "\\\"".repeat(size / 2)}),
        ),
        (&appotapay, "appotapay.signature.verify", |size| {
            let members: String = (0..size / 16).map(|at| format!(",\"m{at:010}\":1")).collect();
            json!({"body": format!("{{\"a\":1{members}}}"), "signature": "00"})
        }),
        (
            &appotapay,
            "appotapay.orders.read_list",
            |size| json!({"body": format!("{{\"a\":[{}1]}}", "1,".repeat(size / 2))}),
        ),
        (
            &appotapay,
            "appotapay.signature.sign",
            |size| json!({"fields": {"memo": "&x=".repeat(size / 3)}}),
        ),
        (&hpay, "hpay.checkout.create_legacy_link", |size| {
            let text = "1 vnd OM_1 0 ".repeat(size.min(60_000) / 13);
            json!({"return_url": "https://a.example/", "receiver": "m@example.com", "order_code": "O", "price": 1,
                "transaction_info": "x", "order_description": text})
        }),
        (
            &hpay,
            "hpay.signature.build",
            |size| json!({"recipe": {"fields": ["a"], "separator": "ab", "secret": "passcode"}, "fields": {"a": "a".repeat(size)}}),
        ),
    ];
    let growth = |work: &dyn Fn(usize) -> Box<dyn Fn()>| {
        let cost = |size: usize| {
            let once = work(size);
            let timed = || {
                let began = cpu_time();
                once();
                cpu_time() - began
            };
            timed();
            (0..7).map(|_| timed()).min().unwrap().max(20_000)
        };
        (cost(unit), cost(4 * unit))
    };
    for (client, operation, make) in cases {
        let (one, four) = growth(&|size| {
            let (client, input) = (client.clone(), make(size).to_string());
            Box::new(move || drop(operations::call(Some(&client), operation, &input)))
        });
        assert!(four < 9 * one, "{operation}: {one} ns, four times the input {four} ns");
    }
    // The control: a second look at everything in front, for every sixteenth byte, is seen.
    let (one, four) = growth(&|size| {
        let text = vec![1_u8; size];
        Box::new(move || {
            let sums = (0..text.len())
                .step_by(16)
                .map(|at| text[..at].iter().fold(0, |sum: u8, byte| sum.wrapping_add(*byte)));
            std::hint::black_box(sums.fold(0, u8::wrapping_add));
        })
    });
    assert!(four >= 9 * one, "{one} ns, four times the input {four} ns");
}

/// Times of tokens: the clock is the caller's, sums do not overflow, a foreign token's claims prove nothing.
#[test]
fn extreme_times_in_tokens() {
    let most = 1_000_000_000_000_000_u64;
    let claims = |input: &Value| {
        let token = call(&appotapay(), "appotapay.auth.token", input)?["token"]
            .as_str()
            .unwrap()
            .to_owned();
        let payload = token.split('.').nth(1).unwrap().to_owned();
        Ok::<String, kyso::Error>(base64url(&payload))
    };
    for issued_at in [0, 1, u64::from(u32::MAX), most] {
        for lifetime in [1, 86_400] {
            let text = claims(&json!({"issued_at": issued_at, "lifetime": lifetime})).unwrap();
            assert!(text.contains(&format!("\"exp\":{}", issued_at + lifetime)), "{text}");
        }
    }
    for bad in [
        json!({"lifetime": 0}),
        json!({"lifetime": 86_401}),
        json!({"issued_at": most + 1}),
        json!({"issued_at": -1}),
        json!({"issued_at": 1.5}),
    ] {
        assert!(claims(&bad).is_err(), "{bad}");
    }
    let last = operations::client(
        "appotapay",
        &json!({"partner_code": "KYSO", "api_key": "k-1", "secret_key": "test-secret-key-01",
        "environment": "sandbox"})
        .to_string(),
        || u64::MAX,
    )
    .unwrap();
    assert!(call(&last, "appotapay.auth.token", &json!({})).is_ok());
}

fn base64url(text: &str) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut bits = 0_u32;
    let mut held = 0;
    let mut out = Vec::new();
    for digit in text.bytes() {
        bits = bits << 6 | ALPHABET.iter().position(|other| *other == digit).unwrap() as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push((bits >> held) as u8);
        }
    }
    String::from_utf8(out).unwrap()
}

/// A genuine message, and what it proves by the names that `expected` takes.
struct Provable {
    client: Client,
    reader: &'static str,
    input: Value,
    proven: Vec<(String, Value)>,
}

/// One message of every reader that proves something.
fn provable() -> Vec<Provable> {
    let mut all = Vec::new();
    for signed in messages::messages(&mut Random::new(32)) {
        if signed.input == "fields" {
            continue;
        }
        let message = Provable {
            reader: signed.reader,
            input: json!({ signed.input: signed.text() }),
            proven: signed.proven_members(),
            client: signed.client,
        };
        if signed.reader == "appotapay.orders.read_create" {
            // Of the two signatures that this one takes, version 1's proves the amount.
            all.push(Provable {
                client: appotapay(),
                reader: "appotapay.orders.read_create_v1_1",
                input: message.input.clone(),
                proven: message.proven.clone(),
            });
        }
        all.push(message);
    }
    let members = json!({"order_id": "DH_12", "amount": 150_000, "payment_type": "QR", "retrieval_ref_no": "FT1234",
        "request_id": "r-1", "narrative": "DH_12 thanh toan", "acc_no": "0912345678"});
    let made = call(
        &tconnect(),
        "tconnect.testing.ipn_callback",
        &json!({ "members": members }),
    );
    all.push(Provable {
        client: tconnect(),
        reader: "tconnect.ipn.read_callback",
        input: json!({"body": made.unwrap()["body"]}),
        proven: members.as_object().unwrap().clone().into_iter().collect(),
    });
    all
}

fn is_money(name: &str) -> bool {
    let name = name.to_lowercase();
    ["amount", "price", "balance"].iter().any(|money| name.contains(money))
}

/// Parts of the names of what a host knows a payment by.
const CODES: &[&str] = &[
    "order",
    "request",
    "refund",
    "transid",
    "refid",
    "billcode",
    "transaction",
    "cashin",
    "cashout",
];

/// As it is printed, without the commas between thousands.
fn amount_of(value: &Value) -> Option<u64> {
    let printed = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    printed.replace(',', "").parse().ok()
}

/// What an expectation must not be equal to: neighbours, other spellings, other types.
fn others(name: &str, value: &Value) -> Vec<Value> {
    let mut others = vec![json!(null), json!([value]), json!({"a": value}), json!("x")];
    if let Some(amount) = amount_of(value).filter(|_| is_money(name)) {
        let near = [Some(amount + 1), amount.checked_sub(1), Some(amount * 10), Some(0)];
        others.extend(
            near.into_iter()
                .flatten()
                .filter(|near| *near != amount)
                .map(Value::from),
        );
        return others;
    }
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let shorter: String = text.chars().skip(1).collect();
    let near = [
        format!("{text}x"),
        format!("0{text}"),
        shorter,
        text.to_lowercase(),
        text.to_uppercase(),
        "USD".into(),
    ];
    others.extend(near.into_iter().filter(|near| *near != text).map(Value::from));
    others
}

/// The readers whose genuine vectors give an amount among what is proven.
fn readers_with_an_amount() -> BTreeSet<&'static str> {
    let proofs = ["signed", "partly_signed", "decrypted_only"];
    let mut readers = BTreeSet::new();
    for (name, client, input) in good_inputs("read") {
        let Ok(result) = call(&client, name, &input) else {
            continue;
        };
        if !proofs.iter().any(|proof| result["proof"] == *proof) {
            continue;
        }
        let result = messages::proven(result);
        // What stands in a list has no name of its own.
        let top = result.as_object().unwrap();
        let mut members = top.values().filter_map(Value::as_object).flatten().chain(top);
        if members.any(|(name, value)| is_money(name) && value.is_u64()) {
            readers.insert(name);
        }
    }
    readers
}

/// What the host expects is compared: another amount, order or currency is named, in every reader that proves one.
#[test]
fn expected_amounts_are_compared() {
    let (mut amounts, mut codes, mut currencies) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for message in provable() {
        let reader = message.reader;
        let read = |name: &str, expected: &Value| {
            let mut input = message.input.clone();
            input["expected"] = json!({ name: expected });
            call(&message.client, reader, &input)
        };
        for (name, value) in &message.proven {
            let equal = read(name, value);
            assert!(equal.is_ok(), "{reader} {name}: {equal:?}");
            if let Some(amount) = amount_of(value).filter(|_| is_money(name)) {
                assert!(read(name, &json!(amount)).is_ok(), "{reader} {name}");
                amounts.insert(reader);
            }
            for other in others(name, value) {
                let error = read(name, &other).expect_err(&format!("{reader} {name} {other}"));
                assert_eq!(
                    (error.code().name(), error.field_name()),
                    ("mismatch", Some(name.as_str())),
                    "{reader} {other}"
                );
            }
            let lower = name.to_lowercase();
            if CODES.iter().any(|code| lower.contains(code)) {
                codes.insert(reader);
            }
            if lower == "currency" {
                currencies.insert(reader);
            }
        }
        let error = read("no_such_member", &json!("1")).expect_err(reader);
        assert_eq!(error.code().name(), "mismatch");
    }
    assert!(codes.len() >= 30, "{codes:?}");
    assert!(currencies.len() >= 6, "{currencies:?}");
    let known = readers_with_an_amount();
    assert!(known.len() >= 30, "{known:?}");
    let not_compared: Vec<_> = known.difference(&amounts).collect();
    assert!(not_compared.is_empty(), "{not_compared:?}");
}

/// What anybody can add to a genuine message meets no expectation: neither beside a proven member of the same name that
/// stands deeper, nor under a name that looks like the way to it.
#[test]
fn what_is_not_proven_meets_no_expectation() {
    let mut tried = BTreeSet::new();
    for signed in digest_messages(&mut Random::new(34)) {
        if signed.input == "fields" {
            continue;
        }
        let result = messages::proven(signed.read(&signed.message).unwrap());
        for pointer in messages::leaves(&result) {
            let steps: Vec<&str> = pointer.trim_start_matches('/').split('/').collect();
            let own = |name: &str| signed.message.get(name).is_some();
            // In a query a slash makes no name.
            let path = pointer.trim_start_matches('/');
            for name in steps.iter().copied().chain([path]).filter(|name| !own(name)) {
                let added = with(&signed.message, name, json!("99000000"));
                let text = messages::text_of(signed.input, &added);
                let Ok(read) = signed.read_text(&text) else { continue };
                assert_eq!(messages::proven(read), result, "{} {name}", signed.reader);
                let expected = json!({ signed.input: text, "expected": {name: "99000000"} });
                let error = call(&signed.client, signed.reader, &expected).expect_err(name);
                assert_eq!(error.code().name(), "mismatch", "{} {name}", signed.reader);
                tried.insert((signed.reader, name.to_owned()));
            }
        }
    }
    let readers: BTreeSet<&str> = tried.iter().map(|(reader, _)| *reader).collect();
    assert!(
        tried.len() >= 80 && readers.len() >= 15,
        "{} of {}",
        tried.len(),
        readers.len()
    );
}

/// A genuine message for another merchant, under the same secret: refused by every reader that sees a merchant's code.
#[test]
fn other_merchants_messages_are_refused() {
    let sibling = client("hpay", &with(&hpay_config(), "merchant_site_code", json!("65002")));
    let ours = client_of_hpay();
    let checkout = json!({"members": {"transaction_info": "x", "order_code": "OM_1", "price": "1", "payment_id": "1", "payment_type": "1",
        "error_text": ""}});
    let webhook = json!({"members": {"va_account": "9", "amount": "1", "cashin_id": "2", "transaction_id": "3", "client_request_id": "4"}});
    for (testing, reader, input) in [
        (
            "hpay.testing.checkout_callback",
            "hpay.checkout.read_callback",
            checkout,
        ),
        ("hpay.testing.open_api_callback", "hpay.open_api.read_callback", webhook),
    ] {
        let query = call(&sibling, testing, &input).unwrap();
        assert!(call(&sibling, reader, &json!({"query": query["query"]})).is_ok());
        assert!(
            call(&ours, reader, &json!({"query": query["query"]})).is_err(),
            "{reader}"
        );
    }
    let mut refused = 0;
    for signed in digest_messages(&mut Random::new(33)) {
        let testing = signed
            .reader
            .replacen("appotapay.", "appotapay.testing.", 1)
            .replace(".read_", "_");
        for name in ["partnerCode", "apiKey"] {
            if signed.client.gateway() != "appotapay" || signed.message.get(name).is_none() {
                continue;
            }
            let mut members = with(&signed.message, name, json!("OTHER"));
            members.as_object_mut().unwrap().remove("signature");
            let made = call(&signed.client, &testing, &json!({ "members": members })).unwrap();
            let error = call(
                &signed.client,
                signed.reader,
                &json!({ signed.input: made[signed.input] }),
            )
            .unwrap_err();
            assert_eq!(error.code().name(), "mismatch", "{} {name}", signed.reader);
            refused += 1;
        }
    }
    assert!(refused >= 6, "{refused}");
}
