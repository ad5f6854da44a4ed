//! AppotaPay through the door that every language uses. Digests come from the published vectors and from Python's hmac.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects
)]

use kyso::Client;
use kyso::operations::{call, client};
use kyso::value::Value;

const SANDBOX: &str = "XAonJgy14YhtePEITXhyBS2unjfJLAV3";
const API_KEY: &str = "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8";
const GOLDEN: &str = "c0bd34c43314165b1474c190c71fee22bca6bd0cf8273853bb9acb510d6063bf";

fn with(more: &str) -> Client {
    let config = format!(
        r#"{{"partner_code":"APPOTAPAY","api_key":"{API_KEY}","secret_key":"{SANDBOX}","environment":"sandbox"{more}}}"#
    );
    client("appotapay", &config, || 1_614_225_624).unwrap()
}

fn run(client: &Client, operation: &str, input: &Value<'_>) -> Result<Value<'static>, kyso::Error> {
    call(Some(client), &format!("appotapay.{operation}"), &input.to_json())
}

fn json(text: &str) -> Value<'_> {
    kyso::value::parse(text).unwrap()
}

fn record<'a>(members: impl IntoIterator<Item = (&'a str, Value<'a>)>) -> Value<'a> {
    Value::Record(members.into_iter().collect())
}

fn body(text: &str) -> Value<'_> {
    record([("body", Value::text(text))])
}

fn text<'v>(value: &'v Value<'_>, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_text).unwrap()
}

/// The code of the error that an operation must give.
fn refused(client: &Client, operation: &str, input: &Value<'_>) -> String {
    match run(client, operation, input) {
        Ok(_) => panic!("{operation} accepted it"),
        Err(error) => error.code().name().to_owned(),
    }
}

fn golden(signature: &str) -> String {
    format!(
        r#"{{"errorCode":0,"message":"Thành công","transaction":{{"phoneNumber":"0866123456","amount":100000,"topupAmount":100000,"appotapayTransId":"01JCM8K321W0ZFHK99T8JBXR2P","time":"14-11-2024 09:38:43"}},"signature":"{signature}"}}"#
    )
}

#[test]
fn the_digest_that_appotapay_prints() {
    let read = run(&with(""), "topup.read_status", &body(&golden(GOLDEN))).unwrap();
    assert_eq!(text(&read, "/proof"), "partly_signed");
    assert_eq!(text(&read, "/outcome"), "succeeded");
    assert_eq!(read.pointer("/transaction/amount").unwrap().as_integer(), Some(100_000));
}

// What real code gets wrong (protocol page, section 4). Digests of the wrong texts: Python hmac.

#[test]
fn wrong_percent_encoded_text() {
    let wrong = golden("a7607b870fae21450ff39a139606270e1997e2c61c6bb00d83b1845be661bdb8");
    assert_eq!(
        refused(&with(""), "topup.read_status", &body(&wrong)),
        "signature_mismatch"
    );
}

#[test]
fn wrong_values_without_names() {
    let wrong = golden("2e14daa6fc2ef615bb7bfd16cd88b179c917f9b5cd20cc5f7401ff3deff6d55f");
    assert_eq!(
        refused(&with(""), "topup.read_status", &body(&wrong)),
        "signature_mismatch"
    );
}

#[test]
fn wrong_base64_instead_of_hexadecimal() {
    let wrong = golden("wL00xDMUFlsUdMGQxx/uIrymvQz4JzhTu5rLUQ1gY78=");
    assert_eq!(
        refused(&with(""), "topup.read_status", &body(&wrong)),
        "signature_mismatch"
    );
}

#[test]
fn wrong_jwt_signature_in_padded_base64_or_hs512() {
    let token = run(&with(""), "auth.token", &json(r#"{"issued_at":1614225624}"#)).unwrap();
    // PyJWT 2.15.1, header and claims in documented order.
    let expected = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0.eyJpc3MiOiJBUFBPVEFQQVkiLCJqdGkiOiJGSmNtRjh1ajJJU3ZlTDVGdnZOazRwbnA4eHJoSU56OC0xNjE0MjI1NjI0IiwiYXBpX2tleSI6IkZKY21GOHVqMklTdmVMNUZ2dk5rNHBucDh4cmhJTno4IiwiZXhwIjoxNjE0MjI1OTI0fQ.Q9aKQR3Cb1m3kWAm_CCmTvQnlzWwZ5_Mg10UIa9Ce-I";
    assert_eq!(text(&token, "/token"), expected);
    assert!(!expected.contains(['=', '+', '/']));
}

#[test]
fn wrong_spelling_of_the_signature_member() {
    let wrong = golden(GOLDEN).replace("\"signature\"", "\"siganture\"");
    assert_eq!(
        refused(&with(""), "topup.read_status", &body(&wrong)),
        "signature_mismatch"
    );
    let request = run(
        &with(""),
        "virtual_account.close",
        &json(r#"{"accountNo":"1","billCode":"2","partnerRefId":"3","token":"a.b.c"}"#),
    );
    assert!(text(&request.unwrap(), "/body").contains("\"signature\":"));
}

#[test]
fn wrong_jwt_as_signature_and_frozen_jti() {
    let input = r#"{"accountNo":"1","billCode":"2","partnerRefId":"3","issued_at":ISSUED}"#;
    let make = |issued: &str| {
        run(
            &with(""),
            "virtual_account.close",
            &json(&input.replace("ISSUED", issued)),
        )
        .unwrap()
    };
    let (first, second) = (make("1614225624"), make("1614225625"));
    assert_eq!(text(&first, "/signature").len(), 64);
    assert_eq!(text(&first, "/signature"), text(&second, "/signature"));
    let header = "/headers/X-APPOTAPAY-AUTH";
    assert_ne!(text(&first, header), text(&second, header));
}

#[test]
fn wrong_request_without_token() {
    let request = run(&with(""), "firm_banking.balance", &json("{}")).unwrap();
    assert!(text(&request, "/headers/X-APPOTAPAY-AUTH").starts_with("Bearer ey"));
}

#[test]
fn wrong_dropping_of_zero_and_empty_values() {
    let signed = run(
        &with(""),
        "signature.sign",
        &json(r#"{"fields":{"a":0,"b":"","c":"1"}}"#),
    )
    .unwrap();
    assert_eq!(text(&signed, "/text"), "a=0&b=&c=1");
}

#[test]
fn wrong_names_in_the_ipn() {
    let message = ipn(&with(""), &[]);
    let swapped = message
        .replace("billCode", "message")
        .replace("transactionId", "appotapayTransId");
    assert_eq!(
        refused(&with(""), "virtual_account.read_callback", &body(&swapped)),
        "malformed_input"
    );
}

#[test]
fn wrong_trust_in_an_equal_api_key() {
    let message = ipn(&with(""), &[]);
    let (front, _) = message.split_once("\"signature\"").unwrap();
    let zero = format!("{front}\"signature\":\"{}\"}}", "0".repeat(64));
    assert_eq!(
        refused(&with(""), "virtual_account.read_callback", &body(&zero)),
        "signature_mismatch"
    );
    let unsigned = format!("{}}}", front.trim_end_matches(','));
    assert_eq!(
        refused(&with(""), "virtual_account.read_callback", &body(&unsigned)),
        "malformed_input"
    );
}

#[test]
fn wrong_logging_of_secrets() {
    let client =
        with(r#","charging_card":{"partner_code":"P","secret_key":"canary-charging-0001","service_name":"S"}"#);
    for (operation, input) in [
        ("cards.encrypt_code", r#"{"code":"1","iv":"x"}"#),
        ("cards.charge", r#"{"code":"1","serial":"x","transaction_id":"12345"}"#),
        ("cards.decrypt_code", r#"{"code":"1"}"#),
        ("topup.read_status", r#"{"body":"{}"}"#),
    ] {
        let error = run(&client, operation, &json(input)).unwrap_err();
        let shown = format!("{error:?} {error} {} {:?}", error.to_json(), client);
        for secret in ["canary-charging-0001", SANDBOX, API_KEY] {
            assert!(!shown.contains(secret), "{operation}");
        }
    }
}

// Callbacks.

fn ipn(client: &Client, changes: &[(&str, &str)]) -> String {
    let mut members = vec![
        ("apiKey", API_KEY),
        ("partnerCode", "APPOTAPAY"),
        ("billCode", "B1"),
        ("amount", "100000"),
        ("bankAccountNumber", "902098898909"),
        ("bankAccountName", "NGUYEN VAN A"),
        ("bankCode", "WOORIBANK"),
        ("requestTime", "1577811600"),
        ("transactionTime", "1577811600"),
        ("transactionId", "AP1"),
        ("extraData", "x"),
        ("version", "1.0"),
        ("memo", "chuyen tien"),
    ];
    for (name, value) in changes {
        members
            .iter_mut()
            .filter(|(member, _)| member == name)
            .for_each(|member| member.1 = value);
    }
    let members = record(members.into_iter().map(|(name, value)| (name, Value::text(value))));
    let made = run(
        client,
        "testing.virtual_account_callback",
        &record([("members", members)]),
    )
    .unwrap();
    text(&made, "/body").to_owned()
}

#[test]
fn every_bit_of_the_ipn_counts() {
    let client = with("");
    let message = ipn(&client, &[]);
    assert_eq!(
        text(
            &run(&client, "virtual_account.read_callback", &body(&message)).unwrap(),
            "/proof"
        ),
        "signed"
    );
    for at in 0..message.len() {
        for bit in 0..8 {
            let mut bytes = message.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else {
                continue;
            };
            // Another letter case of a digit is the same digest.
            if changed.eq_ignore_ascii_case(&message) && at > message.find("\"signature\"").unwrap() {
                continue;
            }
            let Ok(read) = run(&client, "virtual_account.read_callback", &body(&changed)) else {
                continue;
            };
            panic!("byte {at}, bit {bit} accepted: {}", read.to_json());
        }
    }
}

#[test]
fn deliveries_have_one_key_and_payments_their_own() {
    let client = with("");
    let key = |message: &str| {
        let read = run(&client, "virtual_account.read_callback", &body(message)).unwrap();
        text(&read, "/idempotency_key").to_owned()
    };
    let first = ipn(&client, &[]);
    assert_eq!(key(&first), key(&ipn(&client, &[("requestTime", "1577811900")])));
    assert_ne!(key(&first), key(&ipn(&client, &[("transactionId", "AP2")])));
}

#[test]
fn a_memo_that_could_be_another_message() {
    let client = with("");
    let input = r#"{"apiKey":"KEY","partnerCode":"APPOTAPAY","billCode":"B1","amount":1,"bankAccountNumber":"1","bankAccountName":"A","bankCode":"B","requestTime":1,"transactionTime":1,"transactionId":"AP1","version":"1.0","memo":"x&partnerCode=1"}"#;
    let members = input.replace("KEY", API_KEY);
    // Nobody signs it by accident.
    let made = refused(
        &client,
        "testing.virtual_account_callback",
        &record([("members", json(&members))]),
    );
    assert_eq!(made, "ambiguous");
    // Python: hmac.new(secret, canonical text of these twelve members, sha256).
    let signature = "17ccf2a85ed085aed1687f51ae679c8dc0a8fabe05530639cf52ce9079fc89cd";
    let signed = members.replace('}', &format!(r#","signature":"{signature}"}}"#));
    let error = run(&client, "virtual_account.read_callback", &body(&signed)).unwrap_err();
    assert_eq!(error.code().name(), "ambiguous");
    assert_eq!(error.outcome_name(), Some("undetermined"));
    assert_eq!(error.next_operation(), Some("appotapay.virtual_account.transactions"));
    assert!(error.to_json().contains(r#""transactionId":"AP1""#));
}

#[test]
fn no_reader_takes_the_message_of_another_operation() {
    let client = with("");
    let both = r#"{"errorCode":0,"message":"x","billCode":"B1","amount":1,"paidAmount":1,"billExpiryTime":1,"orderId":"O","paymentUrl":"https://a.example","payment":{"bankAccounts":[]},"transaction":{"amount":1,"transferAmount":1,"billAmount":1,"topupAmount":1,"appotapayTransId":"A","time":"t","phoneNumber":"1","productCode":"p","transferStatus":"success","partnerRefId":"r"},"accountInfo":{"accountName":"A","accountNo":"1"},"data":{"amount":1,"appotapayTransId":"A","reason":"r","refundId":"f","refundOriginalId":"g","status":"success","transactionTs":1}}"#;
    // The answers that sign the same members are one message by design.
    let same = [
        vec!["firm_banking_transfer", "firm_banking_status"],
        vec!["bill_pay", "bill_status"],
        vec!["topup_charge_v1", "topup_status"],
        vec!["orders_create", "orders_create_v1_1"],
    ];
    let answers = [
        ("firm_banking_account_info", "firm_banking.read_account_info"),
        ("firm_banking_transfer", "firm_banking.read_transfer"),
        ("firm_banking_status", "firm_banking.read_status"),
        ("firm_banking_callback", "firm_banking.read_callback"),
        ("virtual_account_create", "virtual_account.read_create"),
        ("virtual_account_detail", "virtual_account.read_detail"),
        ("bill_pay", "bill.read_pay"),
        ("bill_status", "bill.read_status"),
        ("topup_charge", "topup.read_charge"),
        ("topup_charge_v1", "topup.read_charge_v1"),
        ("topup_status", "topup.read_status"),
        ("orders_create", "orders.read_create"),
        ("orders_create_v1_1", "orders.read_create_v1_1"),
        ("orders_refund", "orders.read_refund"),
    ];
    for (maker, _) in answers {
        let made = run(&client, &format!("testing.{maker}"), &record([("members", json(both))])).unwrap();
        let message = body(text(&made, "/body"));
        for (other, reader) in answers {
            let accepted = run(&client, reader, &message).is_ok();
            let may = maker == other
                || same
                    .iter()
                    .any(|group| group.contains(&maker) && group.contains(&other));
            assert!(may || !accepted, "{maker} at {reader}");
            assert!(accepted || maker != other, "{maker} at its own reader");
        }
    }
}

// Answers: what a refusal says about money.

#[test]
fn refusals_say_whether_money_may_have_moved() {
    let client = with("");
    let cases = [
        (
            "firm_banking.read_transfer",
            r#"{"errorCode":35,"message":"x"}"#,
            "firm_banking.status",
        ),
        (
            "firm_banking.read_status",
            r#"{"errorCode":34,"message":"x"}"#,
            "firm_banking.status",
        ),
        ("bill.read_pay", r#"{"errorCode":132,"message":"x"}"#, "bill.status"),
        (
            "topup.read_charge",
            r#"{"errorCode":169,"message":"x"}"#,
            "topup.status",
        ),
        (
            "topup.read_charge_v1",
            r#"{"errorCode":500,"message":"x"}"#,
            "topup.status",
        ),
        (
            "cards.read_buy",
            r#"{"errorCode":91,"message":"x"}"#,
            "cards.buy_status",
        ),
        (
            "cards.read_charge",
            r#"{"error_code":"99","message":"x"}"#,
            "cards.charge_status",
        ),
        (
            "wallet.read_pay",
            r#"{"errorCode":"94","message":"x"}"#,
            "payment.status",
        ),
        (
            "wallet.read_confirm",
            r#"{"errorCode":41,"message":"x"}"#,
            "payment.status",
        ),
        (
            "pos.read_create",
            r#"{"error_code":"99","error_message":"x"}"#,
            "pos.detail",
        ),
        (
            "orders.read_refund",
            r#"{"errorCode":99,"message":"x"}"#,
            "orders.status",
        ),
    ];
    for (operation, answer, next) in cases {
        let error = run(&client, operation, &body(answer)).unwrap_err();
        assert_eq!(error.code().name(), "gateway_refused", "{operation}");
        assert_eq!(error.outcome_name(), Some("undetermined"), "{operation}");
        assert_eq!(
            error.next_operation(),
            Some(format!("appotapay.{next}").as_str()),
            "{operation}"
        );
        assert!(error.to_json().contains(r#""signed":false"#), "{operation}");
        assert!(
            kyso::operations::find(error.next_operation().unwrap()).is_some(),
            "{operation}"
        );
        let plain = answer
            .replace("\"99\"", "\"19\"")
            .replace("35", "2")
            .replace("34", "2")
            .replace("132", "2");
        let plain = plain
            .replace("169", "2")
            .replace("500", "2")
            .replace("91", "2")
            .replace("94", "2");
        let plain = plain.replace(":41", ":2").replace(":99", ":1");
        let plain = if operation == "pos.read_create" {
            plain.replace("19", "2")
        } else {
            plain
        };
        let error = run(&client, operation, &body(&plain)).unwrap_err();
        assert_eq!(error.outcome_name(), Some("refused"), "{operation} {plain}");
        assert_eq!(error.next_operation(), None, "{operation}");
    }
}

#[test]
fn a_refused_answer_says_whether_it_was_signed() {
    let client = with("");
    let signed = run(&client, "signature.sign", &json(r#"{"fields":{"errorCode":"33"}}"#)).unwrap();
    let answer = format!(
        r#"{{"errorCode":33,"message":"x","signature":"{}"}}"#,
        text(&signed, "/signature")
    );
    let error = run(&client, "bill.read_pay", &body(&answer)).unwrap_err();
    assert!(error.to_json().contains(r#""signed":true"#));
    let error = run(&client, "bill.read_pay", &body(r#"{"errorCode":33,"message":"x"}"#)).unwrap_err();
    assert!(error.to_json().contains(r#""signed":false"#));
}

// Cards.

#[test]
fn initialisation_vectors_are_fresh_letters_and_digits() {
    let client =
        with(r#","charging_card":{"partner_code":"P","secret_key":"kyso-test-secret-0001","service_name":"S"}"#);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..2000 {
        let made = run(&client, "cards.encrypt_code", &json(r#"{"code":"123456789001"}"#)).unwrap();
        let code = text(&made, "/code").to_owned();
        assert_eq!(code.len(), 44);
        assert!(seen.insert(code[..20].to_owned()), "an IV came twice");
    }
}

#[test]
fn hosts_can_be_replaced_one_by_one() {
    let client = with(
        r#","base_urls":{"gateway":"https://g.example/p","pos":"https://p.example","ewallet":"https://e.example","payment":"https://o.example"}"#,
    );
    for (operation, input, url) in [
        (
            "topup.info",
            r#"{"phoneNumber":"0912345678"}"#,
            "https://g.example/p/api/v1/",
        ),
        (
            "payment.status",
            r#"{"referenceId":"1"}"#,
            "https://g.example/p/api/v2/",
        ),
        (
            "pos.detail",
            r#"{"partner_ref_id":"1","request_id":"r"}"#,
            "https://p.example/api/",
        ),
        ("orders.status", r#"{"orderId":"1"}"#, "https://o.example/api/"),
        (
            "wallet.login_link",
            r#"{"scope":"user.info","redirect_uri":"https://a.example"}"#,
            "https://e.example/oauth/",
        ),
    ] {
        let request = run(&client, operation, &json(input)).unwrap();
        assert!(text(&request, "/url").starts_with(url), "{operation}");
    }
}

#[test]
fn two_bodies_with_one_text_are_refused() {
    let client = with("");
    for input in [
        r#"{"fields":{"accountName":"X&accountNo=1","accountNo":"2","accountType":"account","bankCode":"VCB"}}"#,
        r#"{"fields":{"accountName":"X","accountNo":"1&accountNo=2","accountType":"account","bankCode":"VCB"}}"#,
    ] {
        assert_eq!(refused(&client, "signature.sign", &json(input)), "ambiguous");
    }
}
