//! Secrets never show up in an error, in `Debug` or in a result. Every secret is a text of its own, and everything that
//! comes back is searched for it: as it is, in hexadecimal, in base64, percent-encoded, backwards.
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

use common::now;
use kyso::{Client, operations};
use serde_json::{Value, json};

/// Odd enough to be found in any encoding.
const SECRETS: [&str; 9] = [
    "canary-SECURE-PASS-7Qx!",
    "canary-PASSCODE-8Wz+1/2",
    "canary-CLIENT-SECRET-9Yv",
    "canary-API-SECRET-KEY-0Tu",
    "canary-PREVIOUS-1Sr&x=y",
    "canary-USER-PASSWORD-2Qp",
    "canary-OAUTH-SECRET-3On",
    "canary.ACCESS.TOKEN-4Ml",
    "5eca9a51c0ffee00112233445566778899aabbccddeeff0123456789abcdef01",
];

struct Watch {
    needles: Vec<String>,
    seen: usize,
}

impl Watch {
    fn new() -> Self {
        let mut needles = Vec::new();
        for secret in SECRETS {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            // The middle of the base64 text, at all three alignments, without the digits that depend on neighbours.
            for shift in 0..3 {
                let encoded = base64(format!("{}{secret}", &"xxx"[..shift]).as_bytes());
                needles.push(encoded[4..encoded.len() - 4].to_owned());
            }
            needles.push(hex.to_uppercase());
            needles.push(hex);
            needles.push(secret.bytes().map(|byte| format!("%{byte:02X}")).collect());
            needles.push(secret.chars().rev().collect());
            // Parts betray a secret as well.
            needles.push(secret[7..19].to_owned());
        }
        Self { needles, seen: 0 }
    }

    fn check(&mut self, text: &str, what: &str) {
        self.seen += 1;
        if let Some(needle) = self.needles.iter().find(|needle| text.contains(needle.as_str())) {
            panic!("{what} shows {needle}: {text}");
        }
    }

    fn error(&mut self, error: &kyso::Error, what: &str) {
        for text in [
            error.to_json(),
            format!("{error:?}"),
            format!("{error:#?}"),
            error.to_string(),
            error.message_vi(),
        ] {
            self.check(&text, what);
        }
    }
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let word = |chunk: &[u8]| {
        chunk
            .iter()
            .chain([0; 2].iter())
            .take(3)
            .fold(0_usize, |word, byte| word << 8 | usize::from(*byte))
    };
    let digits = bytes
        .chunks(3)
        .flat_map(|chunk| (0..4).map(move |place| ALPHABET[word(chunk) >> (18 - 6 * place) & 63]));
    digits.map(char::from).collect()
}

fn configs() -> Vec<(&'static str, Value)> {
    vec![
        (
            "tconnect",
            json!({"partner_code": "P1", "key": SECRETS[8], "environment": "sandbox"}),
        ),
        (
            "hpay",
            json!({"merchant_site_code": "65001", "environment": "sandbox", "secure_pass": SECRETS[0], "passcode": SECRETS[1],
                "client_id": "id", "client_secret": SECRETS[2], "previous_secrets": [SECRETS[4]]}),
        ),
        (
            "appotapay",
            json!({"partner_code": "P1", "api_key": "public-part", "secret_key": SECRETS[3], "environment": "sandbox",
                "previous_secrets": [SECRETS[4]]}),
        ),
    ]
}

/// Good inputs of the vectors for every operation, each also damaged in many ways.
fn inputs() -> Vec<(String, Value)> {
    let mut found = std::collections::BTreeMap::<String, Vec<Value>>::new();
    for path in vector_files(std::path::Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../tests/vectors"
    ))) {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let inputs = found.entry(case["operation"].as_str().unwrap().to_owned()).or_default();
            if inputs.len() < 4 && case.get("output").is_some() {
                inputs.push(case["input"].clone());
            }
        }
    }
    let mut all = Vec::new();
    for (operation, inputs) in found {
        for input in inputs {
            for name in input.as_object().unwrap().keys() {
                for bad in [
                    json!(null),
                    json!(true),
                    json!(1.5),
                    json!(["x"]),
                    json!(""),
                    json!("\u{0}"),
                    json!("x".repeat(5000)),
                ] {
                    let mut damaged = input.clone();
                    damaged[name] = bad;
                    all.push((operation.clone(), damaged));
                }
            }
            all.push((operation.clone(), input));
        }
    }
    all
}

fn vector_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| {
            match (
                path.is_dir(),
                path.extension().is_some_and(|extension| extension == "json"),
            ) {
                (true, _) => vector_files(&path),
                (false, true) => vec![path],
                _ => Vec::new(),
            }
        })
        .collect()
}

/// Calls whose protocol puts a client secret into the body: OAuth's client credentials.
const SENDS_ITS_SECRET: [&str; 3] = [
    "hpay.open_api.token",
    "appotapay.wallet.access_token",
    "appotapay.wallet.refresh_token",
];

#[test]
fn configured_secrets_never_come_back() {
    let mut watch = Watch::new();
    let clients: Vec<(&str, Client)> = configs()
        .into_iter()
        .map(|(gateway, config)| (gateway, operations::client(gateway, &config.to_string(), now).unwrap()))
        .collect();
    for (_, client) in &clients {
        watch.check(&format!("{client:?} {client:#?}"), "Debug of a client");
    }
    for (operation, input) in inputs() {
        // The one result that holds the passcode, on request.
        if input.get("include_bytes").is_some() {
            continue;
        }
        for (gateway, client) in &clients {
            if !operation.starts_with(gateway) {
                continue;
            }
            match operations::call(Some(client), &operation, &input.to_string()) {
                Ok(result) => {
                    if !SENDS_ITS_SECRET.contains(&operation.as_str()) {
                        watch.check(&result.to_json(), &operation);
                    }
                    watch.check(&format!("{result:?}"), &operation);
                }
                Err(error) => watch.error(&error, &operation),
            }
        }
    }
    assert!(watch.seen > 5_000, "{}", watch.seen);
}

#[test]
fn refused_configurations_do_not_quote_secrets() {
    let mut watch = Watch::new();
    for (gateway, config) in configs() {
        for name in config.as_object().unwrap().keys() {
            for bad in ["", " ", "\n", "\u{0}", "x"] {
                for secret in SECRETS {
                    let mut changed = config.clone();
                    changed[name] = Value::from(format!("{secret}{bad}"));
                    if let Err(error) = operations::client(gateway, &changed.to_string(), now) {
                        watch.error(&error, name);
                    }
                    changed[name] = json!({ secret: secret });
                    watch.error(
                        &operations::client(gateway, &changed.to_string(), now).unwrap_err(),
                        name,
                    );
                    changed[name] = json!([secret]);
                    if let Err(error) = operations::client(gateway, &changed.to_string(), now) {
                        watch.error(&error, name);
                    }
                }
            }
        }
        for broken in [
            format!("{{\"key\":\"{}\"", SECRETS[8]),
            format!("{}x", config),
            config.to_string().replace(':', "="),
        ] {
            watch.error(&operations::client(gateway, &broken, now).unwrap_err(), "no JSON");
        }
    }
    assert!(watch.seen > 2_000, "{}", watch.seen);
}

/// Secrets that are inputs: sealed where they are sent, absent everywhere else.
#[test]
fn secrets_in_inputs_are_sealed_or_absent() {
    let mut watch = Watch::new();
    let configs = configs();
    let client = operations::client("tconnect", &configs[0].1.to_string(), now).unwrap();
    let login = json!({"username": "u", "password": SECRETS[5], "client_id": "c", "client_secret": SECRETS[6]});
    let result = operations::call(Some(&client), "tconnect.auth.login", &login.to_string()).unwrap();
    watch.check(&result.to_json(), "login");
    for name in login.as_object().unwrap().keys() {
        for bad in [
            json!(1),
            json!([SECRETS[5]]),
            json!({"a": SECRETS[5]}),
            json!(format!("{}\u{0}", SECRETS[5])),
            json!(SECRETS[5].repeat(500)),
        ] {
            let mut damaged = login.clone();
            damaged[name] = bad;
            watch.error(
                &operations::call(Some(&client), "tconnect.auth.login", &damaged.to_string()).unwrap_err(),
                name,
            );
        }
    }
    let list = json!({"access_token": format!("{}\n", SECRETS[7])});
    watch.error(
        &operations::call(Some(&client), "tconnect.services.list", &list.to_string()).unwrap_err(),
        "token",
    );
    let text = format!("{{\"password\":\"{}\"", SECRETS[5]);
    watch.error(
        &operations::call(Some(&client), "tconnect.auth.login", &text).unwrap_err(),
        "no JSON",
    );
    let secret = kyso::Secret::new(SECRETS[5]);
    watch.check(
        &format!("{secret:?} {:#?} {:?}", secret, secret.clone()),
        "Debug of a secret",
    );
}

#[test]
#[should_panic(expected = "shows")]
fn a_planted_leak_is_found() {
    Watch::new().check(&format!("Config {{ passcode: {:?} }}", SECRETS[1]), "a derived Debug");
}
