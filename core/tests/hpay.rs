//! HPay's traps: texts that re-split a signed link, changed bits, messages of another operation or merchant.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)] // A test may fail loudly.

use kyso::operations::{call, client};
use kyso::value::Value;
use kyso::{Client, Error};

const KEY: &str = include_str!("../../tests/vectors/keys/hpay.key.pem");
const CERTIFICATE: &str = include_str!("../../tests/vectors/keys/hpay.cert.pem");
const YEAR_3022: &str = include_str!("../../tests/vectors/keys/hpay_year_3022.cert.pem");
const RECIPES: &str = r#"{
    "hpay.virtual_account.read_callback": "MD5(cashin + '|' + order_id + '|' + passcode)",
    "hpay.tokenization.read_callback": "MD5(merchant_id + '|' + bank_token + '|' + status + '|' + secure_pass)",
    "hpay.orders.read_inquire": "MD5(order_code + '|' + total_amount + '|' + secure_pass)"}"#;

fn json(text: &str) -> String {
    Value::text(text.to_owned()).to_json()
}

/// A merchant who knows HPay's certificate and, for `testing`, plays HPay with its key.
fn merchant(code: &str, secure_pass: &str) -> Client {
    let config = format!(
        r#"{{"merchant_site_code":"{code}","environment":"sandbox","secure_pass":"{secure_pass}","passcode":"code-Bb22",
            "receiver":"m@example.com","private_key":{},"hpay_certificate":{},"recipes":{RECIPES}}}"#,
        json(KEY),
        json(CERTIFICATE)
    );
    client("hpay", &config, || 1_700_000_000).unwrap()
}

fn run(client: &Client, operation: &str, input: &str) -> Result<Value<'static>, Error> {
    call(Some(client), operation, input)
}

fn text<'v>(value: &'v Value<'_>, pointer: &str) -> &'v str {
    value.pointer(pointer).unwrap().as_text().unwrap()
}

/// A small generator of numbers; tests must repeat.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(limit).unwrap()).unwrap()
    }

    fn words(&mut self, words: &[&str], most: usize) -> String {
        let count = 1 + self.below(most);
        let picked: Vec<&str> = (0..count).map(|_| words[self.below(words.len())]).collect();
        picked.join(" ")
    }
}

fn legacy_link(client: &Client, info: &str, description: &str, buyer: &str) -> Result<Value<'static>, Error> {
    let input = format!(
        r#"{{"return_url":"https://shop.example.com/r","transaction_info":{},"order_code":"OM_1","price":20000000,
            "order_description":{},"buyer_info":{}}}"#,
        json(info),
        json(description),
        json(buyer)
    );
    run(client, "hpay.checkout.create_legacy_link", &input)
}

const ORDINARY: &[&str] = &[
    "Thanh",
    "toán",
    "đơn",
    "hàng",
    "số",
    "12",
    "3",
    "1.000",
    "vnd",
    "VNĐ",
    "đồng",
    "Nguyễn",
    "Văn",
    "Á",
    "0912345678",
    "giao",
    "trước",
    "10h",
    "ngày",
    "20/11/2026",
    "áo",
    "sơ-mi",
    "size",
    "M",
    "x2",
    "0",
    "1",
    "phí",
    "ship",
    "(gấp)",
    "cảm",
    "ơn",
    "&",
    "+",
    "50%",
    "OM_1",
];

/// Ordinary texts pass, even with prices and the word vnd in them: 100,000 of them, in three fields.
#[test]
fn ordinary_vietnamese_texts_are_no_attack() {
    let client = merchant("65001", "pass-Aa11");
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    // Five numbers behind a currency are what the attack needs: such texts are left out, all others must pass.
    for _ in 0..100_000 / 3 {
        let mut fields = [0; 3].map(|_| random.words(ORDINARY, 12));
        while dangerous(&fields.join(" ")) {
            fields = [0; 3].map(|_| random.words(ORDINARY, 12));
        }
        let result = legacy_link(&client, &fields[0], &fields[1], &fields[2]);
        assert!(result.is_ok(), "{fields:?}: {result:?}");
    }
}

/// An independent judgement: a currency with five numbers behind it.
fn dangerous(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let number = |word: &&&str| word.chars().all(|c| c.is_ascii_digit() || ".+x".contains(c));
    words.iter().enumerate().any(|(at, word)| {
        word.eq_ignore_ascii_case("vnd") && words[at + 1..].iter().take(5).filter(number).count() == 5
    })
}

#[test]
fn a_note_cannot_become_the_price() {
    let client = merchant("65001", "pass-Aa11");
    let attack = "giao OM_1 1000 vnd 1 0 0 0 0 cam on";
    let cases = [
        (attack, "", ""),
        ("a", attack, ""),
        ("a", "", attack),
        (attack, attack, attack),
    ];
    for (info, description, buyer) in cases {
        let error = legacy_link(&client, info, description, buyer).unwrap_err();
        assert_eq!(error.code().name(), "ambiguous", "{info}/{description}/{buyer}");
    }
    let mut random = Random(42);
    for _ in 0..2_000 {
        let (before, after) = (random.words(ORDINARY, 5), random.words(ORDINARY, 5));
        let currency = ["vnd", "VND", "usd"][random.below(3)];
        let numbers = [0; 5].map(|_| random.below(100).to_string()).join(" ");
        let note = format!(
            "{before} X{} {} {currency} {numbers} {after}",
            random.below(99),
            random.below(5000)
        );
        let error = legacy_link(&client, "a", &note, "").unwrap_err();
        assert_eq!(error.code().name(), "ambiguous", "{note}");
    }
}

const PAYMENT: &str = r#"{"members":{"transaction_info":"a b","order_code":"OM_1","price":200000,"payment_id":"96138500",
    "payment_type":"1","error_text":"","bank_code":"BIDV"}}"#;
const WEBHOOK: &str = r#"{"members":{"va_account":"9631249900000102836","amount":"100000.00","cashin_id":"28299429",
    "transaction_id":"96119097","client_request_id":"R1","merchant_id":"65001","order_id":"77001"}}"#;
const VA: &str = r#"{"members":{"va_account":"99900001","amount":"100000","cashin":"28299429","order_id":"77001"}}"#;
const REVOCATION: &str = r#"{"members":{"merchant_id":"65001","bank_token":"tok1","status":"00"}}"#;

/// Readers of callbacks, with the operation that makes a genuine message and its members.
const CALLBACKS: &[(&str, &str, &str)] = &[
    ("hpay.checkout.read_callback", "hpay.testing.checkout_callback", PAYMENT),
    ("hpay.open_api.read_callback", "hpay.testing.open_api_callback", WEBHOOK),
    (
        "hpay.virtual_account.read_callback",
        "hpay.testing.virtual_account_callback",
        VA,
    ),
    (
        "hpay.tokenization.read_callback",
        "hpay.testing.tokenization_callback",
        REVOCATION,
    ),
];

fn read(client: &Client, reader: &str, query: &str) -> Result<Value<'static>, Error> {
    run(client, reader, &format!(r#"{{"query":{}}}"#, json(query)))
}

/// The reading without what changes with the text alone.
fn proven(reading: Value<'static>) -> Vec<(String, String)> {
    let Value::Record(record) = reading else {
        panic!("no record")
    };
    let kept = record.iter().filter(|(name, _)| !["raw", "unverified"].contains(name));
    kept.map(|(name, value)| (name.to_owned(), value.to_json())).collect()
}

/// Every bit of a callback: either it is refused, or what is proven stays the same.
#[test]
fn no_changed_bit_changes_what_is_proven() {
    let client = merchant("65001", "pass-Aa11");
    for (reader, maker, members) in CALLBACKS {
        let made = run(&client, maker, members).unwrap();
        let query = text(&made, "/query");
        let right = proven(read(&client, reader, query).unwrap());
        for index in 0..query.len() * 8 {
            let mut changed = query.as_bytes().to_vec();
            changed[index / 8] ^= 1 << (index % 8);
            let Ok(changed) = String::from_utf8(changed) else {
                continue;
            };
            if let Ok(reading) = read(&client, reader, &changed) {
                assert_eq!(proven(reading), right, "{reader}: {changed}");
            }
        }
    }
}

#[test]
fn messages_of_others_are_refused() {
    let client = merchant("65001", "pass-Aa11");
    let (other_shop, other_secret) = (merchant("65002", "pass-Aa11"), merchant("65001", "pass-Zz99"));
    for (reader, maker, members) in CALLBACKS {
        for (other_reader, ..) in CALLBACKS.iter().filter(|(other, ..)| other != reader) {
            let made = run(&client, maker, members).unwrap();
            assert!(
                read(&client, other_reader, text(&made, "/query")).is_err(),
                "{maker} -> {other_reader}"
            );
        }
        let made = run(&client, maker, members).unwrap();
        let foreign = read(&other_shop, reader, text(&made, "/query"));
        // The old virtual account callback names no merchant: only the secret tells shops apart.
        assert_eq!(
            foreign.is_err(),
            *reader != "hpay.virtual_account.read_callback",
            "{reader}"
        );
        let uses_secure_pass = ["checkout", "tokenization"]
            .iter()
            .any(|service| reader.contains(service));
        let foreign = read(&other_secret, reader, text(&made, "/query"));
        assert_eq!(foreign.is_err(), uses_secure_pass, "{reader}");
    }
}

/// Two calls of one payment have one key, two payments have two.
#[test]
fn idempotency_keys_come_from_proven_members() {
    let client = merchant("65001", "pass-Aa11");
    let key = |reader: &str, maker: &str, members: &str| {
        let made = run(&client, maker, members).unwrap();
        let reading = read(&client, reader, text(&made, "/query")).unwrap();
        text(&reading, "/idempotency_key").to_owned()
    };
    for ((reader, maker, members), (unproven, other), (identifier, next)) in [
        (CALLBACKS[0], ("BIDV", "VCB"), ("96138500", "96138501")),
        (CALLBACKS[1], ("77001", "77002"), ("96119097", "96119098")),
        (CALLBACKS[2], ("100000", "1"), ("28299429", "28299428")),
    ] {
        let first = key(reader, maker, members);
        assert_eq!(first, key(reader, maker, &members.replace(unproven, other)), "{reader}");
        assert_ne!(
            first,
            key(reader, maker, &members.replace(identifier, next)),
            "{reader}"
        );
    }
}

/// An answer of the Open API: bits of the signed text and of the signature.
#[test]
fn no_changed_bit_of_an_answer_is_accepted() {
    let client = merchant("65001", "pass-Aa11");
    let payload = r#"{"requestId":"WD1","merchantId":"65001","amount":"50000","cashoutId":231423}"#;
    let made = run(
        &client,
        "hpay.testing.open_api",
        &format!(r#"{{"payload":{}}}"#, json(payload)),
    )
    .unwrap();
    let body = text(&made, "/body");
    let input = |body: &str| format!(r#"{{"body":{}}}"#, json(body));
    let reading = run(&client, "hpay.open_api.read_transfer", &input(body)).unwrap();
    assert_eq!(
        (text(&reading, "/proof"), text(&reading, "/cashoutId")),
        ("signed", "231423")
    );
    let right = proven(reading);
    for index in (0..body.len() * 8).step_by(7) {
        let mut changed = body.as_bytes().to_vec();
        changed[index / 8] ^= 1 << (index % 8);
        let Ok(changed) = String::from_utf8(changed) else {
            continue;
        };
        if let Ok(reading) = run(&client, "hpay.open_api.read_transfer", &input(&changed)) {
            assert_eq!(proven(reading), right, "{changed}");
        }
    }
}

/// Money may have moved: the error says so and names the operation to ask with.
#[test]
fn undetermined_transfers_name_what_to_ask() {
    let client = merchant("65001", "pass-Aa11");
    let refused = |operation: &str, body: &str| {
        let error = run(&client, operation, &format!(r#"{{"body":{}}}"#, json(body))).unwrap_err();
        assert_eq!(error.code().name(), "gateway_refused", "{body}");
        let outcome = error.outcome_name().map(str::to_owned);
        (outcome, error.next_operation().map(str::to_owned))
    };
    let undetermined = |next: &str| (Some("undetermined".to_owned()), Some(next.to_owned()));
    for code in [
        "\"99\"", "99", "\"999\"", "\"050\"", "\"064\"", "\"100\"", "100", "\"4711\"",
    ] {
        let body = format!(r#"{{"error_code":{code},"status":"x"}}"#);
        assert_eq!(
            refused("hpay.firm_banking.read_transfer", &body),
            undetermined("hpay.firm_banking.inquire")
        );
        assert_eq!(
            refused("hpay.firm_banking.read_inquire", &body),
            undetermined("hpay.firm_banking.inquire"),
            "{code}"
        );
        assert_eq!(refused("hpay.firm_banking.read_account", &body), (None, None), "{code}");
    }
    let certain = refused(
        "hpay.firm_banking.read_transfer",
        r#"{"error_code":"035","status":"x"}"#,
    );
    assert_eq!(certain, (Some("refused".to_owned()), None));
    let body = r#"{"errorCode":"99","errorMessage":"x"}"#;
    assert_eq!(
        refused("hpay.open_api.read_transfer", body),
        undetermined("hpay.open_api.inquire_transfer")
    );
    assert_eq!(refused("hpay.open_api.read_balance", body), (None, None));
    let business = refused(
        "hpay.open_api.read_transfer",
        r#"{"errorCode":"214404","errorMessage":"x"}"#,
    );
    assert_eq!(business, (Some("refused".to_owned()), None));
}

/// No request holds a secret, in whatever form.
#[test]
fn secrets_never_leave() {
    let client = merchant("65001", "pass-Aa11");
    for (operation, input) in [
        (
            "hpay.checkout.create_link",
            r#"{"return_url":"https://a.example/","order_code":"1","price":1}"#,
        ),
        (
            "hpay.checkout.create_legacy_link",
            r#"{"return_url":"https://a.example/","order_code":"1","price":1}"#,
        ),
        (
            "hpay.tokenization.revoke",
            r#"{"bank_code":"B","bank_token":"t","return_url":"https://a.example/"}"#,
        ),
        ("hpay.orders.inquire", r#"{"order_code":"1"}"#),
        (
            "hpay.account.balance",
            r#"{"requestId":"1","requestTime":"2026-11-20"}"#,
        ),
        (
            "hpay.virtual_account.create",
            r#"{"accountVaType":"1","accountVaName":"A","amount":1,"condition":"1"}"#,
        ),
        ("hpay.virtual_account.transactions", r#"{"va_account":"1"}"#),
        (
            "hpay.firm_banking.transfer",
            r#"{"requestId":"1","bankName":"VCB","bankAccountNumber":"1","bankAccountName":"A","amount":1}"#,
        ),
        ("hpay.firm_banking.inquire", r#"{"requestId":"1"}"#),
        ("hpay.open_api.balance", r#"{"access_token":"t","requestId":"1"}"#),
    ] {
        let request = run(&client, operation, input).unwrap().to_json();
        for secret in ["pass-Aa11", "code-Bb22", "cGFzcy1BYTEx", "Y29kZS1CYjIy"] {
            assert!(!request.contains(secret), "{operation}");
        }
    }
}

/// The default of the time is the host's clock.
#[test]
fn seven_days_by_the_hosts_clock() {
    let client = merchant("65001", "pass-Aa11");
    let create = |limit: u64| {
        let input =
            format!(r#"{{"accountVaType":"1","accountVaName":"A","amount":1,"condition":"1","timeLimit":{limit}}}"#);
        run(&client, "hpay.virtual_account.create", &input)
    };
    assert!(create(1_700_604_800).is_ok());
    let error = create(1_700_604_801).unwrap_err();
    assert_eq!(
        (error.code().name(), error.field_name()),
        ("invalid_value", Some("timeLimit"))
    );
}

/// Whether a client with this certificate takes an answer that HPay's key signed.
fn accepts(certificate: &str, body: &str) -> Option<bool> {
    let config = format!(
        r#"{{"merchant_site_code":"65001","environment":"sandbox","passcode":"code-Bb22","hpay_certificate":{}}}"#,
        json(certificate)
    );
    let client = client("hpay", &config, || 0).ok()?;
    Some(run(&client, "hpay.open_api.read", &format!(r#"{{"body":{}}}"#, json(body))).is_ok())
}

/// HPay's certificates are self-signed and valid to the year 3021. A damaged one is refused, or still holds the key.
#[test]
fn certificates_as_hpay_delivers_them() {
    let made = run(
        &merchant("65001", "pass-Aa11"),
        "hpay.testing.open_api",
        r#"{"payload":"{}"}"#,
    )
    .unwrap();
    let body = text(&made, "/body");
    assert_eq!(accepts(CERTIFICATE, body), Some(true));
    assert_eq!(accepts(YEAR_3022, body), Some(true));
    let pem: String = YEAR_3022.lines().filter(|line| !line.starts_with('-')).collect();
    assert_eq!(accepts(&pem, body), Some(true), "DER in base64");
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut refused = 0;
    for at in (0..pem.len() - 4).step_by(3) {
        let old = alphabet.find(&pem[at..=at]).unwrap();
        let new = &alphabet[old ^ (1 << (at % 6))..][..1];
        let damaged = format!("{}{new}{}", &pem[..at], &pem[at + 1..]);
        match accepts(&damaged, body) {
            None => refused += 1,
            Some(same_key) => assert!(same_key, "another key at {at}"),
        }
    }
    assert!(refused > 300, "{refused}");
}

/// What explain calls right is what the operation signs.
#[test]
fn explained_signatures_are_right() {
    let client = merchant("65001", "pass-Aa11");
    for (operation, input) in [
        (
            "hpay.tokenization.revoke",
            r#"{"bank_code":"B","bank_token":"t","return_url":"https://a.example/"}"#,
        ),
        ("hpay.orders.inquire", r#"{"order_code":"1"}"#),
        (
            "hpay.virtual_account.create",
            r#"{"accountVaType":"1","accountVaName":"A","amount":1,"condition":"1"}"#,
        ),
        ("hpay.virtual_account.transactions", r#"{"va_account":"1"}"#),
        ("hpay.firm_banking.inquire", r#"{"requestId":"1"}"#),
        (
            "hpay.firm_banking.account",
            r#"{"bank_name":"VCB","bank_account_number":"1"}"#,
        ),
    ] {
        let request = run(&client, operation, input).unwrap();
        let signature = text(&request, "/signature");
        let explain = format!(r#"{{"operation":"{operation}","input":{input},"signature":"{signature}"}}"#);
        let explanation = run(&client, "hpay.explain.signature", &explain).unwrap();
        assert_eq!(explanation.pointer("/matches"), Some(&Value::Bool(true)), "{operation}");
    }
}
