//! Every bit of every proven member and of every signature counts: nothing changed is accepted. Members that are not
//! proven may change freely and change nothing that is.
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

use common::{appotapay, call, client, flip_hex, hpay_config};
use kyso::Client;
use serde_json::{Value, json};

fn key(name: &str) -> String {
    std::fs::read_to_string(format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// A signed message: how it is made, how it is read, what the signature covers.
struct Signed {
    client: Client,
    reader: &'static str,
    /// `body` or `query`.
    input: &'static str,
    message: Value,
    covered: &'static [&'static str],
    free: &'static [&'static str],
    signature: &'static str,
}

/// The members that `testing.*` signed.
fn made(client: &Client, operation: &str, members: Value) -> Value {
    let made = call(client, operation, &json!({ "members": members })).unwrap();
    match made.get("query") {
        Some(query) => parse_query(query.as_str().unwrap()),
        None => serde_json::from_str(made["body"].as_str().unwrap()).unwrap(),
    }
}

fn parse_query(query: &str) -> Value {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => u8::from_str_radix(
                    &[rest.next(), rest.next()]
                        .map(|digit| char::from(digit.unwrap()))
                        .iter()
                        .collect::<String>(),
                    16,
                )
                .unwrap(),
                other => other,
            });
        }
        String::from_utf8(bytes).unwrap()
    };
    let pairs = query.split('&').map(|pair| pair.split_once('=').unwrap());
    Value::Object(
        pairs
            .map(|(name, value)| (name.to_owned(), Value::from(decode(value))))
            .collect(),
    )
}

fn text_of(input: &str, message: &Value) -> String {
    if input == "body" {
        return message.to_string();
    }
    let pairs = message.as_object().unwrap().iter().map(|(name, value)| {
        let encoded: String = value
            .as_str()
            .unwrap()
            .bytes()
            .map(|byte| format!("%{byte:02X}"))
            .collect();
        format!("{name}={encoded}")
    });
    pairs.collect::<Vec<_>>().join("&")
}

fn messages() -> Vec<Signed> {
    let hpay = || client("hpay", &hpay_config());
    let with = |field: &str, file: &str| {
        let mut config = hpay_config();
        config[field] = Value::from(key(file));
        client("hpay", &config)
    };
    let transaction =
        json!({"amount": 50000, "transferAmount": 49000, "appotapayTransId": "AP1999", "time": "27-10-2021 10:03:59"});
    let answer =
        json!({"errorCode": 0, "message": "Thành công", "transaction": transaction, "account": {"balance": 5}});
    let mut callback = answer.clone();
    callback["transaction"]["partnerRefId"] = Value::from("615fb5");
    callback["transaction"]["transferStatus"] = Value::from("success");
    let info = json!({"errorCode": 0, "message": "ok", "accountInfo": {"accountNo": "0071000123456", "accountName": "NGUYỄN A", "bankCode": "VCB"}});
    const TRANSACTION: &[&str] = &[
        "/transaction/amount",
        "/transaction/transferAmount",
        "/transaction/appotapayTransId",
        "/transaction/time",
        "/errorCode",
    ];
    let appota = |operation: &str, members: &Value| {
        made(
            &appotapay(),
            &format!("appotapay.testing.firm_banking_{operation}"),
            members.clone(),
        )
    };
    vec![
        Signed {
            client: hpay(),
            reader: "hpay.checkout.read_callback",
            input: "query",
            message: made(
                &hpay(),
                "hpay.testing.checkout_callback",
                json!({"transaction_info": "Ghi chú", "order_code": "OM_1", "price": "200000",
                "payment_id": "96138500", "payment_type": "1", "error_text": "lỗi", "bank_code": "BIDV", "token_omipay": "t"}),
            ),
            covered: &[
                "/transaction_info",
                "/order_code",
                "/price",
                "/payment_id",
                "/payment_type",
                "/error_text",
            ],
            free: &["/bank_code", "/token_omipay"],
            signature: "/secure_code",
        },
        Signed {
            client: with("hpay_certificate", "cert.pem"),
            reader: "hpay.firm_banking.read_transfer",
            input: "body",
            message: made(
                &with("private_key", "rsa2048.pem"),
                "hpay.testing.firm_banking_transfer",
                json!({"error_code": "000", "status": "ok",
                "data": {"requestId": "R1", "bankAccountNumber": "1201", "omiCashoutId": "231423", "omiTransactionId": "9"}}),
            ),
            covered: &["/data/requestId", "/data/bankAccountNumber", "/data/omiCashoutId"],
            free: &["/status", "/data/omiTransactionId"],
            signature: "/data/secureChain",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.firm_banking.read_transfer",
            input: "body",
            message: appota("transfer", &answer),
            covered: TRANSACTION,
            free: &["/message", "/account/balance"],
            signature: "/signature",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.firm_banking.read_status",
            input: "body",
            message: appota("status", &answer),
            covered: TRANSACTION,
            free: &["/message"],
            signature: "/signature",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.firm_banking.read_callback",
            input: "body",
            message: appota("callback", &callback),
            covered: &[
                "/transaction/amount",
                "/transaction/transferAmount",
                "/transaction/appotapayTransId",
                "/transaction/time",
                "/errorCode",
                "/transaction/partnerRefId",
                "/transaction/transferStatus",
            ],
            free: &["/message"],
            signature: "/signature",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.firm_banking.read_account_info",
            input: "body",
            message: appota("account_info", &info),
            covered: &["/accountInfo/accountNo", "/accountInfo/accountName", "/errorCode"],
            free: &["/message", "/accountInfo/bankCode"],
            signature: "/signature",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.virtual_account.read_callback",
            input: "body",
            message: made(
                &appotapay(),
                "appotapay.testing.virtual_account_callback",
                json!({"amount": 100000, "apiKey": "test-api-key", "bankAccountName": "NGUYEN VAN A", "bankAccountNumber": "902000668565",
                    "bankCode": "WOORIBANK", "billCode": "VA586f8d6a684", "extraData": "ghi chú", "memo": "Chuyển khoản", "partnerCode": "KYSO",
                    "requestTime": "1616818150", "transactionId": "T1", "transactionTime": "2021-03-27", "version": "1.0", "more": "x"}),
            ),
            covered: &[
                "/amount",
                "/apiKey",
                "/bankAccountName",
                "/bankAccountNumber",
                "/bankCode",
                "/billCode",
                "/extraData",
                "/memo",
                "/partnerCode",
                "/requestTime",
                "/transactionId",
                "/transactionTime",
                "/version",
            ],
            free: &["/more"],
            signature: "/signature",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.topup.read_status",
            input: "body",
            message: made(
                &appotapay(),
                "appotapay.testing.topup_status",
                json!({"errorCode": 0, "message": "ok", "transaction": {"amount": 100000, "topupAmount": 100000, "phoneNumber": "0866123456",
                    "appotapayTransId": "01JCM8", "time": "14-11-2024 09:38:43"}}),
            ),
            covered: &[
                "/errorCode",
                "/transaction/amount",
                "/transaction/topupAmount",
                "/transaction/phoneNumber",
                "/transaction/appotapayTransId",
                "/transaction/time",
            ],
            free: &["/message"],
            signature: "/signature",
        },
        Signed {
            client: appotapay(),
            reader: "appotapay.bill.read_pay",
            input: "body",
            message: made(
                &appotapay(),
                "appotapay.testing.bill_pay",
                json!({"errorCode": 0, "message": "ok", "transaction": {"amount": 100000, "billAmount": 100000, "appotapayTransId": "01ARX",
                    "time": "10-04-2020 10:10:10"}}),
            ),
            covered: &[
                "/errorCode",
                "/transaction/amount",
                "/transaction/billAmount",
                "/transaction/appotapayTransId",
                "/transaction/time",
            ],
            free: &["/message"],
            signature: "/signature",
        },
        Signed {
            client: hpay(),
            reader: "hpay.open_api.read_callback",
            input: "query",
            message: made(
                &hpay(),
                "hpay.testing.open_api_callback",
                json!({"va_account": "963124", "amount": "100000", "cashin_id": "28299429", "transaction_id": "96119097",
                    "client_request_id": "1234567890", "merchant_id": "65001", "mc_fee": "0"}),
            ),
            covered: &[
                "/va_account",
                "/amount",
                "/cashin_id",
                "/transaction_id",
                "/client_request_id",
                "/merchant_id",
            ],
            free: &["/mc_fee"],
            signature: "/secure_code",
        },
    ]
}

fn read(signed: &Signed, message: &Value) -> Result<Value, kyso::Error> {
    let input = json!({ signed.input: text_of(signed.input, message) });
    call(&signed.client, signed.reader, &input)
}

/// The texts that one flipped bit makes of a value; what is no UTF-8 text or no number cannot be passed in at all.
fn flips(value: &Value) -> Vec<Value> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let flipped = (0..text.len() * 8).filter_map(|bit| {
        let mut bytes = text.clone().into_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let changed = String::from_utf8(bytes).ok()?;
        match value {
            Value::Number(_) => serde_json::from_str(&changed).ok(),
            _ => Some(Value::from(changed)),
        }
    });
    flipped.filter(|changed| changed != value).collect()
}

#[test]
fn no_changed_member_and_no_changed_signature_is_accepted() {
    for signed in messages() {
        let original = read(&signed, &signed.message).unwrap_or_else(|error| panic!("{error:?}"));
        let mut tried = 0;
        for pointer in signed.covered {
            let value = signed.message.pointer(pointer).unwrap();
            for changed in flips(value) {
                let mut message = signed.message.clone();
                *message.pointer_mut(pointer).unwrap() = changed;
                assert!(
                    read(&signed, &message).is_err(),
                    "{} {pointer}: {message}",
                    signed.reader
                );
                tried += 1;
            }
        }
        let signature = signed.message.pointer(signed.signature).unwrap().as_str().unwrap();
        for changed in changed_signatures(signature) {
            let mut message = signed.message.clone();
            *message.pointer_mut(signed.signature).unwrap() = Value::from(changed);
            assert!(read(&signed, &message).is_err(), "{} signature", signed.reader);
            tried += 1;
        }
        assert!(tried > 300, "{}: {tried}", signed.reader);
        for pointer in signed.free {
            for changed in flips(signed.message.pointer(pointer).unwrap()) {
                let mut message = signed.message.clone();
                *message.pointer_mut(pointer).unwrap() = changed;
                // A control character in a query is refused before anything is verified.
                let Ok(mut found) = read(&signed, &message) else {
                    assert_eq!(signed.input, "query");
                    continue;
                };
                let mut expected = original.clone();
                for result in [&mut found, &mut expected] {
                    result.as_object_mut().unwrap().remove("unverified");
                    result.as_object_mut().unwrap().remove("raw");
                }
                assert_eq!(found, expected, "{} {pointer}", signed.reader);
            }
        }
    }
}

/// Every bit of the decoded signature.
fn changed_signatures(signature: &str) -> Vec<String> {
    if signature.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return (0..signature.len() * 4).map(|bit| flip_hex(signature, bit)).collect();
    }
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = signature.trim_end_matches('=');
    let flip = |bit: usize| {
        let mut bytes = signature.as_bytes().to_vec();
        let value = ALPHABET.iter().position(|digit| *digit == bytes[bit / 6]).unwrap() ^ (1 << (bit % 6));
        bytes[bit / 6] = ALPHABET[value];
        String::from_utf8(bytes).unwrap()
    };
    (0..digits.len() * 6).map(flip).collect()
}

/// A genuine message of one kind is refused by every other reader, whatever it looks like.
#[test]
fn no_message_passes_as_another_kind() {
    let messages = messages();
    for (index, signed) in messages.iter().enumerate() {
        for (other_index, other) in messages.iter().enumerate() {
            // The answers to transfer and status are one and the same message.
            let same = ["read_transfer", "read_status"].map(|name| format!("appotapay.firm_banking.{name}"));
            let alike = same.iter().any(|name| name == signed.reader) && same.iter().any(|name| name == other.reader);
            if index == other_index || alike || signed.client.gateway() != other.client.gateway() {
                continue;
            }
            for input in ["body", "query"] {
                let input = json!({ input: text_of(signed.input, &signed.message) });
                assert!(
                    call(&other.client, other.reader, &input).is_err(),
                    "{} read by {}",
                    signed.reader,
                    other.reader
                );
            }
        }
    }
}

/// Deliveries of one payment have one key, whatever changes around it; two payments have two.
#[test]
fn idempotency_keys_follow_the_payment() {
    for signed in messages() {
        let original = read(&signed, &signed.message).unwrap();
        let Some(expected) = original.get("idempotency_key") else {
            continue;
        };
        let mut message = signed.message.clone();
        for pointer in signed.free {
            *message.pointer_mut(pointer).unwrap() = Value::from("changed");
        }
        let signature = signed.message.pointer(signed.signature).unwrap().as_str().unwrap();
        *message.pointer_mut(signed.signature).unwrap() = Value::from(signature.to_uppercase());
        assert_eq!(
            read(&signed, &message).unwrap()["idempotency_key"],
            *expected,
            "{}",
            signed.reader
        );
    }
    let client = client("hpay", &hpay_config());
    let mut keys = std::collections::BTreeSet::new();
    for payment in 0..1000 {
        let members = json!({"order_code": "OM_1", "price": "1", "payment_id": payment.to_string(), "payment_type": "1", "transaction_info": "",
            "error_text": ""});
        let made = call(
            &client,
            "hpay.testing.checkout_callback",
            &json!({ "members": members }),
        )
        .unwrap();
        let read = call(&client, "hpay.checkout.read_callback", &json!({"query": made["query"]})).unwrap();
        keys.insert(read["idempotency_key"].to_string());
    }
    assert_eq!(keys.len(), 1000);
}
