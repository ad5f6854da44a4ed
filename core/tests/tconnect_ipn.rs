//! Notifications of TConnect are encrypted, not signed. What follows from it is fixed here: which changes are accepted,
//! that they are never more than `decrypted_only`, and that a failure says nothing about its cause.
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

use common::{Random, call, flip_hex, scale, tconnect};
use kyso::Client;
use serde_json::{Value, json};

/// The document's sample as `json.dumps` writes it, sealed by OpenSSL.
const SPACED: &str = "000102030405060708090a0b0c0d0e0fa7ff8c6cd5f0f7a777711ffb0ad6cc26bcd5cd4ac9e0924d231733faaca6ef79d36c\
    f1bea9818425c2fc9f5ce821c1cd9809414d310ca0f05059d444720a162d40fbeb9f7dd32bce5cc1577585fb2d2c49b8188c\
    905d857ade6d6f7c3b7d43050cb90f1bdb4768d4dd1b25c47fa1d22af783d10f7ac83957dda6652b0a67e6297be6224ef80d\
    21431d30f173fae0e446b85b833dbd3ad0c21e10960458dfaf5a1467dd7ce00ff191b280bd0dba6c0d0755602012406e6a8f\
    8d7ec226fbabad43ce73c1ae69b23a0d00cd1924e870b120c65255d8f534ce0006b3a026953a991b37cf6d72411433bf0c62\
    743a067c282a7771a912e010ad2d3983172ecfa81502e8b0409a87493d73541eb7f4d167a03c";

/// The document's sample as compact JSON, sealed by OpenSSL.
const COMPACT: &str = "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff0e727fefc2d68293001004fbee576fc001fe1f5d64609aa3a655bd87524d74c2082c\
    744244406798a574abaee329be187151cc137c59b21f2a6b09520b218f3fba1bbf656d132535a928eccd64d659164f1b9684\
    cdc48d81f1ac9ed263d2f5ac43a17c716a6382b69f78eb86cee10855e3d1c6a151d6476ec2a4c404a01ba605a4065c62a6ec\
    ecac39e8c99fe9fed47f152a4ab1a138d7847905fc23ea07b32588ec4a7e2148ecdba1c022566d8c75e0dace4b91beecfc79\
    8b1062147c60fddb3ae622c67e22e6c9dba7326a3035ed1c311c7ab36d2388a4c778ac6ddfa0fe0d4f20455d5a1b811fc9de\
    8619af367246f45476a2b30dfbba32e593e2cf27e338";

fn read(client: &Client, data: &str) -> Result<Value, kyso::Error> {
    let body = json!({ "data": data }).to_string();
    call(client, "tconnect.ipn.read_callback", &json!({ "body": body }))
}

fn seal(client: &Client, plaintext: &str) -> String {
    let sealed = call(client, "tconnect.envelope.seal", &json!({ "plaintext": plaintext })).unwrap();
    sealed["data"].as_str().unwrap().to_owned()
}

/// Flips of one bit that are accepted: those of the characters of order_id that stand in the first block, as long as
/// they stay printable ASCII inside a JSON string.
fn accepted_flips(data: &str) -> usize {
    let client = tconnect();
    let original = read(&client, data).unwrap();
    let mut accepted = 0;
    for bit in 0..data.len() * 4 {
        let Ok(mut changed) = read(&client, &flip_hex(data, bit)) else {
            continue;
        };
        accepted += 1;
        assert!(bit < 128, "only the IV can be changed");
        assert_eq!(changed["proof"], "decrypted_only");
        assert_eq!(changed["must_inquire"], true);
        assert_ne!(changed["order_id"], original["order_id"]);
        assert_eq!(changed["idempotency_key"], original["idempotency_key"]);
        changed["order_id"] = original["order_id"].clone();
        changed["raw"] = original["raw"].clone();
        assert_eq!(changed, original, "nothing but order_id changed");
    }
    accepted
}

#[test]
fn accepted_bit_flips_are_the_predicted_ones() {
    assert_eq!((SPACED.len() * 4, accepted_flips(SPACED)), (2304, 12));
    assert_eq!((COMPACT.len() * 4, accepted_flips(COMPACT)), (2176, 18));
}

#[test]
fn no_slice_no_splice_no_truncation_is_accepted() {
    let client = tconnect();
    let blocks = |data: &str| -> Vec<String> {
        let digits: Vec<char> = data.chars().collect();
        digits.chunks(32).map(|block| block.iter().collect()).collect()
    };
    let (spaced, compact) = (blocks(SPACED), blocks(COMPACT));
    for (message, other) in [(&spaced, &compact), (&compact, &spaced)] {
        for from in 0..message.len() {
            for to in from..=message.len() {
                let whole = from == 0 && to == message.len();
                assert!(
                    whole || read(&client, &message[from..to].concat()).is_err(),
                    "{from}..{to}"
                );
            }
        }
        for cut in 1..message.len() {
            for from in 1..other.len() {
                let spliced = format!("{}{}", message[..cut].concat(), other[from..].concat());
                assert!(read(&client, &spliced).is_err(), "{cut}, {from}");
            }
            let mut swapped = message.clone();
            for at in 1..message.len() {
                swapped.swap(cut, at);
                assert!(cut == at || read(&client, &swapped.concat()).is_err());
                swapped.swap(cut, at);
            }
        }
    }
}

/// A merchant's own recorded requests are encrypted under the same key in the same form.
#[test]
fn no_request_of_ours_passes_as_a_notification() {
    let client = tconnect();
    let token = "a.b.c";
    let mut random = Random::new(1);
    let requests = |random: &mut Random| {
        let number = random.next() % 1_000_000 + 1;
        let text = format!("0106{number} retrieval_ref_no request_id");
        let extra = json!({"request_id": text, "payment_type": "QR", "order_id_2": text});
        vec![
            (
                "auth.login",
                json!({"username": text, "password": text, "client_id": text, "client_secret": text, "extra": extra}),
            ),
            ("auth.refresh", json!({"refresh_token": text, "extra": extra})),
            (
                "virtual_account.create",
                json!({"access_token": token, "bank_code": "970454", "account_name": text, "extra": extra}),
            ),
            (
                "qr.create",
                json!({"access_token": token, "accountNumber": "VA1", "amount": number, "orderId": text, "narrative": text,
                "extraData": {"amount": number, "request_id": text, "retrieval_ref_no": text}}),
            ),
            (
                "qr.create_v1_1",
                json!({"access_token": token, "order_id": text, "va": "VA1", "bincode": "970454", "amount": number,
                "service_code": "vccb-qr"}),
            ),
            (
                "transactions.qr",
                json!({"access_token": token, "from_date": "2026-01-07 00:00:00", "to_date": "2026-01-07 23:59:59",
                "limit": number, "page": 1}),
            ),
            (
                "transactions.card",
                json!({"access_token": token, "from_date": "2026-01-07 00:00:00", "to_date": "2026-01-07 23:59:59",
                "limit": 10, "page": number}),
            ),
            (
                "transactions.cash",
                json!({"access_token": token, "from_date": "2026-01-07 00:00:00", "to_date": "2026-01-07 23:59:59",
                "limit": 10, "page": number}),
            ),
            (
                "devices.push",
                json!({"access_token": token, "serial_no": "1", "order_id": text, "amount": number, "type": "pos"}),
            ),
        ]
    };
    // A new operation with a body must be added above. services.list has none; envelope.request seals what it is given.
    let known: Vec<String> = requests(&mut random)
        .iter()
        .map(|(name, _)| format!("tconnect.{name}"))
        .collect();
    for operation in kyso::operations::all().filter(|operation| operation.kind.name() == "build") {
        let excepted = ["tconnect.services.list", "tconnect.envelope.request"].contains(&operation.name);
        let ours = operation.name.starts_with("tconnect.") && !excepted;
        assert!(
            !ours || known.iter().any(|name| name == operation.name),
            "{}",
            operation.name
        );
    }
    for _ in 0..scale(100, 1_000) {
        for (operation, input) in requests(&mut random) {
            let request =
                call(&client, &format!("tconnect.{operation}"), &input).unwrap_or_else(|error| panic!("{error:?}"));
            let error = call(&client, "tconnect.ipn.read_callback", &json!({"body": request["body"]})).unwrap_err();
            assert_eq!(error.code().name(), "decrypt_failed", "{operation}");
        }
    }
}

/// Bad padding, no UTF-8, no JSON, no notification, a member that comes twice: one error, byte for byte.
#[test]
fn every_failure_after_decryption_looks_the_same() {
    let client = tconnect();
    let mut random = Random::new(2);
    let good = r#"{"order_id":"0106002530","amount":2000.0,"retrieval_ref_no":"2026","request_id":"39b7"}"#;
    let texts = [
        "",
        "x",
        "null",
        "[]",
        "{}",
        "{",
        "[1,2",
        "\u{feff}{}",
        "<html>",
        "{\"amount\":NaN}",
        "\"text\"",
        r#"{"amount":2000}"#,
        r#"{"amount":0,"retrieval_ref_no":"2026","request_id":"39b7"}"#,
        r#"{"amount":-1,"retrieval_ref_no":"2026","request_id":"39b7"}"#,
        r#"{"amount":"x","retrieval_ref_no":"2026","request_id":"39b7"}"#,
        r#"{"amount":1,"retrieval_ref_no":2026,"request_id":"39b7"}"#,
        r#"{"amount":1,"retrieval_ref_no":"2026","request_id":""}"#,
        r#"{"amount":1,"amount":1,"retrieval_ref_no":"2026","request_id":"39b7"}"#,
        r#"{"amount":1,"retrieval_ref_no":"2026","request_id":"39b7","order_id":1}"#,
        r#"{"amount":1,"retrieval_ref_no":"2026","request_id":"39b7"} {}"#,
        r#"{"amount":1,"retrieval_ref_no":"2026","request_id":"39b7","x":"\ud800"}"#,
    ];
    let deep = format!(
        r#"{{"amount":1,"retrieval_ref_no":"2026","request_id":"39b7","x":{}{}}}"#,
        "[".repeat(9),
        "]".repeat(9)
    );
    let mut failing: Vec<String> = texts.iter().map(|text| seal(&client, text)).collect();
    failing.push(seal(&client, &deep));
    failing.push(seal(&client, &"[".repeat(2000)));
    let sealed = seal(&client, good);
    assert!(read(&client, &sealed).is_ok());
    for _ in 0..scale(2_000, 20_000) {
        let bit = 128 + random.below(sealed.len() * 4 - 128);
        failing.push(flip_hex(&sealed, bit));
        let blocks = 2 + random.below(8);
        failing.push((0..blocks * 2).map(|_| format!("{:016x}", random.next())).collect());
    }
    let mut seen = std::collections::BTreeSet::new();
    for data in &failing {
        let error = read(&client, data).unwrap_err();
        seen.insert((
            error.to_json(),
            format!("{error:?}"),
            error.to_string(),
            error.message_vi(),
        ));
        let source = std::error::Error::source(&error);
        assert!(source.is_none());
    }
    assert_eq!(seen.len(), 1, "{seen:?}");
    let expected = seen.first().unwrap();
    assert!(
        expected.0.contains("decrypt_failed") && !expected.0.contains("padding"),
        "{expected:?}"
    );
}

/// With previous keys configured the answer is still one.
#[test]
fn previous_keys_tell_nothing_about_the_failure() {
    let config = json!({"partner_code": "P", "key": common::KEY, "environment": "sandbox",
        "previous_secrets": ["0f".repeat(31) + "aa", "1e".repeat(31) + "bb"]});
    let client = common::client("tconnect", &config);
    let errors: std::collections::BTreeSet<String> = (0..2304)
        .skip(128)
        .map(|bit| read(&client, &flip_hex(SPACED, bit)).unwrap_err().to_json())
        .collect();
    assert_eq!(errors.len(), 1);
}

#[test]
fn every_message_has_an_iv_of_its_own() {
    let client = tconnect();
    let ivs: std::collections::BTreeSet<String> = (0..scale(1_000, 1_000_000))
        .map(|_| seal(&client, "")[..32].to_owned())
        .collect();
    assert_eq!(ivs.len(), scale(1_000, 1_000_000));
}
