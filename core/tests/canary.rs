//! Secrets never show up in an error, in `Debug` or in a result. Every secret is a text of its own, and everything that
//! comes back is searched for it: as it is, in hexadecimal, in base64, percent-encoded, backwards. Of an RSA key the
//! lines of its text and its numbers are searched for, as anybody would print them.
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
        needles.extend(keys().iter().flat_map(|pem| key_needles(pem)));
        Self { needles, seen: 0 }
    }

    fn check(&mut self, text: &str, what: &str) {
        self.seen += 1;
        // Lists of bytes come on one line or on many.
        let text = match text.contains('[') {
            true => text.split_whitespace().collect(),
            false => text.to_owned(),
        };
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

/// The private keys of HPay's configuration and of AppotaPay's: the latter opens the vectors' codes of cards.
fn keys() -> [String; 2] {
    let read = |path: &str| std::fs::read_to_string(format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let file: Value = serde_json::from_str(&read("../tests/vectors/appotapay/cards.json")).unwrap();
    let mut keys = file["cases"].as_array().unwrap().iter().filter_map(|case| {
        let good = case["operation"] == "appotapay.cards.decrypt_code" && case.get("error").is_none();
        case["config"]["private_key"].as_str().filter(|_| good)
    });
    [read("tests/keys/rsa2048.pem"), keys.next().unwrap().to_owned()]
}

/// 24 characters of the middle.
fn middle(text: &str) -> String {
    let from = text.len() / 2 - 12;
    text[from..from + 24].to_owned()
}

/// The secret numbers of a key.
fn numbers(pem: &str) -> Vec<rsa::BoxedUint> {
    use rsa::pkcs8::DecodePrivateKey;
    use rsa::traits::PrivateKeyParts;
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(pem).unwrap();
    vec![
        key.d().clone(),
        (*key.primes()[0]).clone(),
        (*key.primes()[1]).clone(),
        key.dp().unwrap().clone(),
        key.dq().unwrap().clone(),
        key.qinv().unwrap().retrieve(),
    ]
}

/// A list of bytes as `Debug` prints it, without white space.
fn listed(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte},")).collect()
}

fn key_needles(pem: &str) -> Vec<String> {
    // The first lines hold the modulus, which is public.
    let lines = pem.lines().skip(8).filter(|line| line.len() == 64);
    let mut needles: Vec<String> = lines.map(middle).collect();
    needles.extend(needles.clone().iter().map(|line| line.chars().rev().collect()));
    for number in numbers(pem) {
        needles.push(middle(&number.to_string_radix_vartime(10)));
        for bytes in [number.to_be_bytes(), number.to_le_bytes()] {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            needles.push(middle(&hex.to_uppercase()));
            needles.push(middle(&hex));
            let half = bytes.len() / 2;
            needles.push(listed(&bytes[half..half + 8]));
            for shift in 0..3 {
                needles.push(middle(&base64(&bytes[shift..])));
            }
        }
    }
    needles
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

/// The same with RSA keys.
fn configs_with_keys() -> Vec<(&'static str, Value)> {
    let mut configs = configs().split_off(1);
    for ((_, config), pem) in configs.iter_mut().zip(keys()) {
        config["private_key"] = Value::from(pem);
    }
    configs
}

/// Good inputs for every operation, each also damaged in many ways.
fn inputs() -> Vec<(String, Value)> {
    let tests = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests"));
    let mut files = vector_files(&tests.join("vectors"));
    files.push(tests.join("runners/good_calls.json"));
    let mut found = std::collections::BTreeMap::<String, Vec<Value>>::new();
    for path in files {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let inputs = found.entry(case["operation"].as_str().unwrap().to_owned()).or_default();
            if inputs.len() < 4 && case.get("error").is_none() {
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
    // TConnect has no private key; the others have one besides everything else.
    let tconnect = configs().into_iter().take(1);
    let clients: Vec<(&str, Client)> = tconnect
        .chain(configs_with_keys())
        .map(|(gateway, config)| (gateway, operations::client(gateway, &config.to_string(), now).unwrap()))
        .collect();
    for (_, client) in &clients {
        watch.check(&format!("{client:?} {client:#?}"), "Debug of a client");
    }
    let mut succeeded = std::collections::BTreeSet::new();
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
                    succeeded.insert(operation.clone());
                }
                Err(error) => watch.error(&error, &operation),
            }
        }
    }
    // These need a private key.
    for operation in [
        "hpay.firm_banking.transfer",
        "hpay.open_api.balance",
        "appotapay.cards.decrypt_code",
    ] {
        assert!(succeeded.contains(operation), "{operation}");
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

/// What people do to a key file, and what else may be wrong beside a good one.
#[test]
fn refused_private_keys_are_not_quoted() {
    let mut watch = Watch::new();
    let mut refused = 0;
    for (gateway, config) in configs_with_keys() {
        let pem = config["private_key"].as_str().unwrap();
        let lines: Vec<&str> = pem.lines().collect();
        let mut damaged = vec![
            pem.replace('\n', ""),
            pem.replace('\n', "\\n"),
            pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
            pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"),
            pem.replace("PRIVATE KEY", "PUBLIC KEY"),
            pem.chars().rev().collect(),
            format!("{pem}{pem}"),
            lines[1..lines.len() - 1].concat(),
        ];
        for at in 0..lines.len() {
            let with = |line: &str| [&lines[..at], &[line], &lines[at + 1..]].concat().join("\n");
            damaged.push(lines[..at].join("\n"));
            damaged.extend([with(""), with("!"), with(&lines[at].to_lowercase())]);
        }
        let keys = damaged.into_iter().map(Value::from);
        let shapes = [json!([pem]), json!({ pem: pem }), json!(pem.as_bytes())];
        for changed in keys.chain(shapes) {
            let mut config = config.clone();
            config["private_key"] = changed;
            if let Err(error) = operations::client(gateway, &config.to_string(), now) {
                watch.error(&error, "private_key");
                refused += 1;
            }
        }
        for name in config.as_object().unwrap().keys().filter(|name| *name != "private_key") {
            for bad in [json!(null), json!(pem), json!("\u{0}")] {
                let mut config = config.clone();
                config[name] = bad;
                if let Err(error) = operations::client(gateway, &config.to_string(), now) {
                    watch.error(&error, name);
                }
            }
        }
        let text = config.to_string();
        let error = operations::client(gateway, &text[..text.len() - 1], now).unwrap_err();
        watch.error(&error, "no JSON");
    }
    assert!(refused > 200, "{refused}");
}

#[test]
fn debug_of_a_configuration_shows_no_secret() {
    let mut watch = Watch::new();
    for (gateway, config) in configs().into_iter().chain(configs_with_keys()) {
        let shown = match gateway {
            "tconnect" => debug::<kyso::tconnect::Config>(config),
            "hpay" => debug::<kyso::hpay::Config>(config),
            _ => debug::<kyso::appotapay::Config>(config),
        };
        assert!(shown.contains("Config"), "{shown}");
        watch.check(&shown, gateway);
    }
}

fn debug<T: serde::de::DeserializeOwned + std::fmt::Debug>(config: Value) -> String {
    let config: T = serde_json::from_value(config).unwrap();
    format!("{config:?} {config:#?}")
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

/// The control for keys: every way of printing one is found.
#[test]
fn a_planted_leak_of_a_key_is_found() {
    for pem in keys() {
        let mut planted = vec![pem.clone(), pem.replace('\n', ""), json!(pem).to_string()];
        for number in numbers(&pem) {
            let bytes = number.to_be_bytes();
            planted.push(format!("{number:?}"));
            planted.push(number.to_string_radix_vartime(10));
            planted.push(base64(&bytes));
            planted.push(format!("{bytes:?}"));
            planted.push(format!("{:#?}", number.to_le_bytes()));
        }
        for planted in planted {
            let found = std::panic::catch_unwind(|| Watch::new().check(&planted, "a key"));
            assert!(found.is_err(), "{planted}");
        }
    }
}
