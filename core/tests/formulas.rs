//! Which formula verifies a message follows from the operation and the configuration alone: there is no way back to
//! another formula, and what is tried besides must have been asked for and is named.
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

use common::{appotapay, call, client, hpay_config};
use kyso::{Client, operations};
use serde_json::{Value, json};

const HPAY_CERTIFICATE: &str = include_str!("../../tests/vectors/keys/hpay.cert.pem");
const HPAY_KEY: &str = include_str!("../../tests/vectors/keys/hpay.key.pem");

/// HPay's own key is the merchant's here, so that `testing.*` signs what the readers verify.
fn hpay(recipes: &Value) -> Client {
    let mut config = hpay_config();
    config["recipes"] = recipes.clone();
    config["private_key"] = json!(HPAY_KEY);
    config["hpay_certificate"] = json!(HPAY_CERTIFICATE);
    client("hpay", &config)
}

fn refusal(client: &Client, reader: &str, input: &Value) -> String {
    call(client, reader, input).expect_err(reader).code().name().to_owned()
}

/// A reader, what `testing.*` makes for it, and a formula in the place of the built-in one.
fn replaceable() -> [(&'static str, &'static str, Value, &'static str); 3] {
    let payment = json!({"transaction_info": "x", "order_code": "OM_1", "price": "20000", "payment_id": "7", "payment_type": "1",
        "error_text": ""});
    let webhook = json!({"va_account": "9", "amount": "1000", "cashin_id": "2", "transaction_id": "3", "client_request_id": "4",
        "merchant_id": "65001"});
    let transfer = json!({"error_code": "000", "data": {"requestId": "R1", "bankAccountNumber": "123", "omiCashoutId": "8",
        "amount": 1000}});
    [
        (
            "hpay.checkout.read_callback",
            "hpay.testing.checkout_callback",
            payment,
            "MD5(order_code + '|' + price + '|' + payment_id + '|' + payment_type + '|' + error_text + '|' + \
             transaction_info + '|' + secure_pass)",
        ),
        (
            "hpay.open_api.read_callback",
            "hpay.testing.open_api_callback",
            webhook,
            "MD5(amount + '|' + transaction_id + '|' + passcode)",
        ),
        (
            "hpay.firm_banking.read_transfer",
            "hpay.testing.firm_banking_transfer",
            transfer,
            "sign(requestId + '|' + amount + '|' + omiCashoutId + '|' + passcode)",
        ),
    ]
}

#[test]
fn a_configured_formula_leaves_no_way_back_to_the_built_in_one() {
    for (reader, testing, members, formula) in replaceable() {
        let (built_in, configured) = (hpay(&json!({})), hpay(&json!({ reader: formula })));
        for (maker, other) in [(&built_in, &configured), (&configured, &built_in)] {
            let message = call(maker, testing, &json!({ "members": members })).unwrap();
            assert!(
                call(maker, reader, &message).is_ok(),
                "{reader}: {:?}",
                call(maker, reader, &message)
            );
            assert_eq!(refusal(other, reader, &message), "signature_mismatch", "{reader}");
        }
    }
}

/// The sender chooses the names: those of another message bring no other formula in.
#[test]
fn names_in_a_message_choose_no_formula() {
    let old = "hpay.virtual_account.read_callback";
    let client = hpay(&json!({ old: "MD5(cashin + '|' + order_id + '|' + passcode)" }));
    let made = call(
        &client,
        "hpay.testing.virtual_account_callback",
        &json!({"members": {"cashin": "2", "order_id": "5"}}),
    )
    .unwrap();
    let query = made["query"].as_str().unwrap();
    let more = "&va_account=9&amount=99000000&cashin_id=2&transaction_id=3&client_request_id=4&merchant_id=65001";
    for query in [query.to_owned(), format!("{query}{more}")] {
        let input = json!({ "query": query });
        assert!(call(&client, "hpay.open_api.read_callback", &input).is_err());
        let read = call(&client, old, &input).unwrap();
        assert_eq!(
            (&read["proof"], &read["must_inquire"]),
            (&json!("partly_signed"), &json!(true))
        );
        assert!(read.get("amount").is_none(), "{read}");
    }
    // And where no formula is published and none configured, nothing is read.
    let input = json!({ "query": query });
    assert_eq!(refusal(&hpay(&json!({})), old, &input), "recipe_required");
}

/// What is tried besides must be asked for; the result says what matched.
#[test]
fn other_spellings_are_tried_on_request_and_named() {
    let plain = hpay(&json!({}));
    let with = |input: &Value, name: &str, value: Value| {
        let mut changed = input.clone();
        changed[name] = value;
        changed
    };

    let swapped = hpay(&json!({ "hpay.open_api.read_callback":
        "MD5(va_account + '|' + amount + '|' + cashin_id + '|' + transaction_id + '|' + passcode + '|' + merchant_id + '|' + \
         client_request_id)" }));
    let (reader, testing, members, _) = &replaceable()[1];
    let message = call(&swapped, testing, &json!({ "members": members })).unwrap();
    assert_eq!(refusal(&plain, reader, &message), "signature_mismatch");
    assert_eq!(
        refusal(&plain, reader, &with(&message, "swapped_order", json!(false))),
        "signature_mismatch"
    );
    let read = call(&plain, reader, &with(&message, "swapped_order", json!(true))).unwrap();
    assert_eq!(read["matched"], "merchant_id, client_request_id");

    let (reader, testing, members, _) = &replaceable()[0];
    let message = call(
        &plain,
        testing,
        &json!({"members": with(members, "transaction_info", json!("a b"))}),
    )
    .unwrap();
    let query = message["query"]
        .as_str()
        .unwrap()
        .replace("transaction_info=a+b", "transaction_info=a%2520b");
    let message = json!({ "query": query });
    assert_eq!(refusal(&plain, reader, &message), "signature_mismatch");
    let again = with(&message, "transaction_info_decoded_twice", json!(true));
    let read = call(&plain, reader, &again).unwrap();
    assert_eq!(read["matched"], "transaction_info_decoded_twice");
    assert_eq!(read["transaction_info"], "a b", "the text that was hashed");

    let by_name = hpay(&json!({ "hpay.firm_banking.read_transfer":
        "sign(requestId + '|' + bankAccountName + '|' + omiCashoutId + '|' + passcode)" }));
    let data =
        json!({"requestId": "R1", "bankAccountNumber": "123", "bankAccountName": "NGUYEN VAN A", "omiCashoutId": "8"});
    let message = call(
        &by_name,
        "hpay.testing.firm_banking_transfer",
        &json!({"members": {"error_code": "000", "data": data}}),
    )
    .unwrap();
    let mut body: Value = serde_json::from_str(message["body"].as_str().unwrap()).unwrap();
    body["data"].as_object_mut().unwrap().remove("bankAccountName");
    let message = json!({ "body": body.to_string() });
    let reader = "hpay.firm_banking.read_transfer";
    assert_eq!(refusal(&plain, reader, &message), "signature_mismatch");
    assert_eq!(
        refusal(&plain, reader, &with(&message, "bankAccountName", json!("TRAN THI B"))),
        "signature_mismatch"
    );
    let read = call(
        &plain,
        reader,
        &with(&message, "bankAccountName", json!("NGUYEN VAN A")),
    )
    .unwrap();
    assert_eq!(
        (&read["matched"], &read["proof"]),
        (&json!("bankAccountName"), &json!("partly_signed"))
    );
    assert!(read["data"].get("bankAccountNumber").is_none(), "not covered: {read}");

    // Earlier secrets count for readers only, and only where they are configured.
    let earlier = appotapay();
    let changed = client(
        "appotapay",
        &json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-02", "environment": "sandbox"}),
    );
    let keeps = client(
        "appotapay",
        &json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-02", "environment": "sandbox",
            "previous_secrets": ["test-secret-key-01"]}),
    );
    let fields = json!({"fields": {"amount": "1000"}});
    let signature = |client: &Client| call(client, "appotapay.signature.sign", &fields).unwrap()["signature"].clone();
    let message = with(&fields, "signature", signature(&earlier));
    assert_eq!(
        refusal(&changed, "appotapay.signature.verify", &message),
        "signature_mismatch"
    );
    let read = call(&keeps, "appotapay.signature.verify", &message).unwrap();
    assert_eq!(read["matched"], "previous_secrets/0");
    assert_eq!(signature(&keeps), signature(&changed), "the current secret signs");
}

/// What a configured formula leaves out is not proven, and nothing follows from it.
#[test]
fn a_formula_proves_what_it_covers() {
    let reader = "hpay.checkout.read_callback";
    let all = [
        "transaction_info",
        "order_code",
        "price",
        "payment_id",
        "payment_type",
        "error_text",
    ];
    let without = |left_out: &str| {
        let fields: Vec<&str> = all.into_iter().filter(|name| *name != left_out).collect();
        json!({ reader: {"fields": fields, "separator": "|", "secret": "secure_pass"} })
    };
    let (_, testing, members, _) = &replaceable()[0];
    for left_out in all {
        let recipes = without(left_out);
        if ["order_code", "price"].contains(&left_out) {
            let mut config = hpay_config();
            config["recipes"] = recipes;
            let error = operations::client("hpay", &config.to_string(), common::now).expect_err(left_out);
            assert_eq!(error.code().name(), "invalid_value", "{left_out}: {error:?}");
            continue;
        }
        let client = hpay(&recipes);
        let message = call(&client, testing, &json!({ "members": members })).unwrap();
        let query = message["query"].as_str().unwrap();
        let genuine = call(&client, reader, &message).unwrap();
        let says_outcome = !["payment_type", "error_text"].contains(&left_out);
        let outcome = if says_outcome { "succeeded" } else { "undetermined" };
        assert_eq!(genuine["outcome"], outcome, "{left_out}");
        assert_eq!(
            genuine["must_inquire"],
            if says_outcome { Value::Null } else { json!(true) },
            "{left_out}"
        );
        assert!(
            genuine.get(left_out).is_none() && genuine["unverified"].get(left_out).is_some(),
            "{genuine}"
        );
        // Another value, by anybody: the same is proven, under the same key.
        let old = members[left_out].as_str().unwrap();
        let query = query.replacen(&format!("{left_out}={old}"), &format!("{left_out}=2"), 1);
        let changed = call(&client, reader, &json!({ "query": query })).unwrap();
        assert_eq!(changed["unverified"][left_out], "2");
        for name in ["proof", "outcome", "idempotency_key", "order_code", "price"] {
            assert_eq!(changed[name], genuine[name], "{left_out} {name}");
        }
    }
}

/// The order of the members that was tried besides proves the members of that order, not those of a configured one.
#[test]
fn what_matched_decides_what_is_proven() {
    let reader = "hpay.open_api.read_callback";
    let (_, testing, members, _) = &replaceable()[1];
    let swapped = hpay(
        &json!({ reader: "MD5(va_account + '|' + amount + '|' + cashin_id + '|' + transaction_id + '|' + \
        passcode + '|' + merchant_id + '|' + client_request_id)" }),
    );
    let wider = hpay(
        &json!({ reader: "MD5(va_account + '|' + amount + '|' + transaction_id + '|' + time_paid + '|' + passcode)" }),
    );
    let message = call(&swapped, testing, &json!({ "members": members })).unwrap();
    let query = format!("{}&time_paid=1", message["query"].as_str().unwrap());
    let read = call(&wider, reader, &json!({"query": query, "swapped_order": true})).unwrap();
    assert!(
        read.get("time_paid").is_none() && read["unverified"]["time_paid"] == "1",
        "{read}"
    );
    assert_eq!(read["cashin_id"], "2");
}
