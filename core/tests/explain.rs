//! "Sai chữ ký": every mistake of the catalogue that real code makes is named. The digests were computed with Python's
//! hashlib and hmac by making the mistake.
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

const CONFIG: &str = r#"{"merchant_site_code":"65001","secure_pass":"test-pass-Aa1","environment":"sandbox"}"#;
const LINK: &str = r#"{"return_url":"https://shop.example.com/Return","receiver":"merchant@example.com",
    "transaction_info":"Ghi chú đơn hàng","order_code":"OM_1","price":20000,"order_description":"Quà tặng",
    "buyer_info":"Nguyễn Văn A"}"#;

fn explain(input: &str) -> Value<'static> {
    let client = client("hpay", CONFIG, || 0).unwrap();
    call(Some(&client), "hpay.explain.signature", input).unwrap()
}

fn explain_link(signature: &str) -> Value<'static> {
    explain(&format!(
        r#"{{"operation":"hpay.checkout.create_legacy_link","input":{LINK},"signature":"{signature}",
            "other_secrets":["other-pass-1"]}}"#
    ))
}

fn names(explanation: &Value<'_>) -> Vec<String> {
    let Some(Value::List(mistakes)) = explanation.pointer("/mistakes") else {
        panic!("no list");
    };
    mistakes
        .iter()
        .map(|mistake| mistake.pointer("/names").unwrap().to_json())
        .collect()
}

#[test]
fn common_mistakes_are_named() {
    for (mistake, signature) in [
        ("percent_encoded_php", "193e9b9a2172cb201814ebf12742dcfb"),
        ("percent_encoded", "c940a219b7717724d943b8fe013cdeb7"),
        ("lower_case_url", "c8e14e81c47f2ac5ffac3af470b3c897"),
        ("separator_pipe", "767cfdf1e7367f86333e1e341f0e02ed"),
        ("leading_space", "06a95a5b749888699717864e850baf62"),
        ("empty_fields_dropped", "c68a5d08baaee5c509a798bba2129014"),
        ("buyer_info_emptied", "a7b389631145433ad755334ed3026b47"),
        ("number_with_fraction", "78aede4aeff7f5987781e95b8b4a5ff7"),
        ("number_grouped_by_points", "91eea585e332348f1b0c446045975f8b"),
        ("nfd", "4a68cc3d48195d3189b027cf59e7124b"),
        ("without_accents", "d677902fb0f8db992306f0269ab6c78d"),
        ("secret_missing", "d5b3365476884789842970c9fc2f0168"),
        ("secret_first", "761c9b0106e722c81309a3aa217ba9ce"),
        (
            "hmac_sha256",
            "a2a9cfdbf6fbba58f930757a3fbf35251db30717bd40b687363d7b10f5a0aa0c",
        ),
        (
            "sha256",
            "e4090c8e17553a0331bb87c22964e6c55a71811fea5fcd9e9d1d4cca2b1799ec",
        ),
        ("base64_for_hex", "OvJSZlTFOPxF05JB47EkCQ=="),
        ("sorted_by_name", "66f1997d0078a8a9ae36430a975afc52"),
        ("other_secret", "815ce1c0a62caeb133d90ce98f0b5f50"),
        ("formula_of_another_message", "a564c030e74ec9fe41fdded91b48bdaf"),
    ] {
        let explanation = explain_link(signature);
        assert_eq!(explanation.pointer("/matches"), Some(&Value::Bool(false)), "{mistake}");
        let found = names(&explanation);
        assert_eq!(
            found.first().map(String::as_str),
            Some(format!("[\"{mistake}\"]").as_str()),
            "{mistake}: {found:?}"
        );
        let sentence = explanation.pointer("/sentence_vi").unwrap().as_text().unwrap();
        assert!(sentence.starts_with("Chữ ký đã cho xuất hiện khi "), "{sentence}");
    }
}

#[test]
fn a_right_signature_is_called_right_and_an_unknown_one_unknown() {
    let right = explain_link("3af2526654c538fc45d39241e3b12409");
    assert_eq!(right.pointer("/matches"), Some(&Value::Bool(true)));
    let unknown = explain_link(&"ab".repeat(16));
    assert_eq!(unknown.pointer("/matches"), Some(&Value::Bool(false)));
    assert!(names(&unknown).is_empty());
}

#[test]
fn no_secret_is_shown_and_no_digest_of_a_received_message() {
    let query = "transaction_info=t&order_code=OM_1&price=1000&payment_id=1&payment_type=1&error_text=&secure_code=00";
    let received = explain(&format!(
        r#"{{"operation":"hpay.checkout.read_callback","query":"{query}"}}"#
    ));
    assert!(received.pointer("/signature").is_none());
    assert_eq!(
        received.pointer("/text").unwrap().as_text(),
        Some(" t OM_1 1000 1 1  65001 ***")
    );
    let right = "9f8c6b369df55406055154dad6c45521";
    let sent = explain_link("00");
    for explanation in [&received, &sent] {
        let text = explanation.to_json();
        assert!(!text.contains("test-pass") && !text.contains("other-pass"));
    }
    assert!(!received.to_json().contains(right));
    assert!(sent.pointer("/signature").is_some());
}

#[test]
fn every_field_says_why() {
    let explanation = explain_link("00");
    let Some(Value::List(fields)) = explanation.pointer("/fields") else {
        panic!("no list");
    };
    assert_eq!(fields.len(), 18 + 1 + 2, "18 fields, the secret, token and token_type");
    assert!(fields.iter().all(|field| field.pointer("/why").is_some()));
}

const APPOTAPAY: &str = r#"{"partner_code":"PARTNER","api_key":"api-key-1","secret_key":"kyso-test-secret-0001",
    "environment":"sandbox"}"#;
const TRANSFER: &str = r#"{"bankCode":"TPBANK","accountNo":"132100132400000","accountType":"account",
    "accountName":"NGUYEN VAN A","amount":50000,"feeType":"payer","partnerRefId":"Partner9999","message":"",
    "issued_at":1700000000}"#;

fn explain_appotapay(input: &str) -> Value<'static> {
    let client = client("appotapay", APPOTAPAY, || 1_700_000_000).unwrap();
    call(Some(&client), "appotapay.explain.signature", input).unwrap()
}

#[test]
fn wrong_integrations_of_appotapay_are_named() {
    let explain = |signature: &str| {
        explain_appotapay(&format!(
            r#"{{"operation":"appotapay.firm_banking.transfer","input":{TRANSFER},"signature":"{signature}"}}"#
        ))
    };
    for (mistake, signature) in [
        (
            "percent_encoded_php",
            "413b9763f8862bd60bef5b34c3678a073e654561218243a35f8bf6d5a13b1f96",
        ),
        (
            "values_without_names",
            "de7cd399d64419db364e1b212cc1d81e8833ea52784535444f5c157e986a4ad0",
        ),
        (
            "values_without_names_and_separator",
            "eac56127931e2407e403b355d6eb755dead6b60e5280221d3aba1917d510c05d",
        ),
        (
            "empty_fields_dropped",
            "a543b3b58159d601919f9a6921e2ee55583669cf7956d6baffd477b96dfbeac3",
        ),
        (
            "separator_pipe",
            "3c98fdc094c1832c9671690db822702eca40c25f715be9bcff1104aa5b72170d",
        ),
        (
            "hmac_sha512",
            "f228f7133171a9e6f96b067baed6c0462fe7d29d98cf3ae102cc5f3b852701c07f9dc22abd300b788dba7202a926e343ba986f2b3f13240aa3e1cd0f89bd005c",
        ),
        (
            "sha256_text_then_secret",
            "208af9bc27055d8823c69afe4278853753e5e624e087a61a5609979c867ce3e1",
        ),
        ("base64_for_hex", "au9ZH8l33kAHZKMjOqiiOjt3Y0/WewfXplbzqo289+8="),
        (
            "reverse_order",
            "fc59793eadc07b8fa675c9ad43bfaee626d304b153d81bdb69992f12ad28be0b",
        ),
        (
            "number_with_two_decimals",
            "cebd567ce5bd0d25150ebff79c8ee52536e3d0e4324851e9f6b3cb1c456ccf8e",
        ),
        (
            "other_secret",
            "5e2248289807ab4c4c69de2314b6d9c0eb2209ebd0289fc13a2e2bce592040a1",
        ),
    ] {
        let found = names(&explain(signature));
        assert_eq!(
            found.first().map(String::as_str),
            Some(format!("[\"{mistake}\"]").as_str()),
            "{mistake}: {found:?}"
        );
    }
    let token = explain("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJQIn0.c2ln");
    assert_eq!(names(&token), [r#"["token_as_signature"]"#]);
    let right = explain("6aef591fc977de400764a3233aa8a23a3b77634fd67b07d7a656f3aa8dbcf7ef");
    assert_eq!(right.pointer("/matches"), Some(&Value::Bool(true)));
}

#[test]
fn tokens_of_appotapay_are_explained() {
    let explain = |token: &str| {
        explain_appotapay(&format!(
            r#"{{"operation":"appotapay.auth.token","signature":"{token}"}}"#
        ))
    };
    let good = explain(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0.eyJpc3MiOiJQQVJUTkVSIiwianRpIjoiYXBpLWtleS0xLTE3MDAwMDAwMDAiLCJhcGlfa2V5IjoiYXBpLWtleS0xIiwiZXhwIjoxNzAwMDAwMzAwfQ.U6H8k7lswAhcp7muHGKAGO5fjVldPsNZ0NhE7RmC_No",
    );
    assert_eq!(good.pointer("/matches"), Some(&Value::Bool(true)));
    let hs512 = explain(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzUxMiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0.eyJpc3MiOiJQQVJUTkVSIiwianRpIjoiYXBpLWtleS0xLTE3MDAwMDAwMDAiLCJhcGlfa2V5IjoiYXBpLWtleS0xIiwiZXhwIjoxNzAwMDAwMzAwfQ.EDeEwE5tlSuo6WA9KLS-3ZfvAxpHHNJkQzk2NwiTD__g0ureFeWvluoeoEWWCPYMcUfL_9S2t5mLsMpsAv539A",
    );
    assert_eq!(names(&hs512), [r#"["other_algorithm"]"#, r#"["hmac_sha512"]"#]);
    let padded = explain(
        "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiIsImN0eSI6ImFwcG90YXBheS1hcGk7dj0xIn0.eyJpc3MiOiJQQVJUTkVSIiwianRpIjoiYXBpLWtleS0xLTE3MDAwMDAwMDAiLCJhcGlfa2V5IjoiYXBpLWtleS0xIiwiZXhwIjoxNzAwMDAwMzAwfQ.U6H8k7lswAhcp7muHGKAGO5fjVldPsNZ0NhE7RmC/No=",
    );
    assert_eq!(names(&padded), [r#"["standard_base64"]"#]);
}

#[test]
fn an_opaque_callback_is_explained_by_its_data() {
    let data = "eyJ0cmFuc2FjdGlvbiI6eyJzdGF0dXMiOiJzdWNjZXNzIn19";
    let explain = |signature: &str| {
        let body = format!(r#"{{\"data\":\"{data}\",\"signature\":\"{signature}\",\"time\":1}}"#);
        explain_appotapay(&format!(
            r#"{{"operation":"appotapay.payment.read_callback","body":"{body}"}}"#
        ))
    };
    let right = explain("d3c046db6f51fb99906323632fc8bf16423575ababddecabd35c985eb41e7da5");
    assert_eq!(right.pointer("/matches"), Some(&Value::Bool(true)));
    assert!(
        right.pointer("/signature").is_none(),
        "a received message's digest is never shown"
    );
    let decoded = explain("0470c3897348c8607b0adff77d0ef02b1e611a043d851fc84fc820792359b851");
    assert_eq!(names(&decoded), [r#"["base64_decoded"]"#]);
}

#[test]
fn every_explained_message_is_an_operation() {
    // A misspelt name in a table would make an operation unexplainable without a sign.
    let hpay = client("hpay", CONFIG, || 0).unwrap();
    let appotapay = client("appotapay", APPOTAPAY, || 0).unwrap();
    for (client, operation) in [
        (&hpay, "hpay.tokenization.revoke"),
        (&hpay, "hpay.orders.inquire"),
        (&appotapay, "appotapay.virtual_account.create"),
        (&appotapay, "appotapay.pos.create"),
    ] {
        let gateway = operation.split('.').next().unwrap();
        let explained = call(
            Some(client),
            &format!("{gateway}.explain.signature"),
            &format!(r#"{{"operation":"{operation}","input":{{}}}}"#),
        );
        // The empty input is refused by the operation itself, not for want of a formula.
        assert_eq!(explained.unwrap_err().code(), kyso::Code::MissingField, "{operation}");
    }
}

#[test]
fn an_unknown_operation_is_a_fault_of_its_field_and_never_quoted() {
    for (gateway, config) in [("hpay", CONFIG), ("appotapay", APPOTAPAY)] {
        let client = client(gateway, config, || 0).unwrap();
        let explain = format!("{gateway}.explain.signature");
        let input = r#"{"operation":"no.such.operation","body":"{}"}"#;
        let error = call(Some(&client), &explain, input).unwrap_err();
        assert_eq!(error.code(), kyso::Code::UnknownOperation);
        assert_eq!(
            (error.operation(), error.field_name()),
            (explain.as_str(), Some("operation"))
        );
        assert!(!error.to_json().contains("no.such.operation"));
    }
}

/// Found by the hostile values of the bindings' tests: TConnect's explanation, which needs no input, took any value.
#[test]
fn an_input_that_is_no_object_is_refused_by_every_gateway() {
    let tconnect = r#"{"partner_code": "1", "environment": "sandbox", "key": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"}"#;
    let tconnect = client("tconnect", tconnect, || 0).unwrap();
    for value in ["true", "17", "[]", "\"{}\""] {
        let input = format!(r#"{{"operation": "tconnect.ipn.read_callback", "input": {value}}}"#);
        let error = call(Some(&tconnect), "tconnect.explain.signature", &input).unwrap_err();
        assert_eq!(
            (error.code().name(), error.field_name()),
            ("wrong_type", Some("input")),
            "{value}"
        );
    }
}

const CHARGING: &str = r#"{"partner_code":"APPOTAPAY","api_key":"kyso-test-api-key","secret_key":"kyso-test-secret-0001","environment":"sandbox",
    "charging_card":{"partner_code":"CP","secret_key":"kyso-charging-secret-01","service_name":"S1"}}"#;

/// What is explained is what is signed, for every operation that signs or verifies.
#[test]
fn every_signature_of_appotapay_is_explained_as_right() {
    let client = client("appotapay", CHARGING, || 1_700_000_000).unwrap();
    let order = r#""orderId":"O1","orderInfo":"x","amount":5,"clientIp":"1.1.1.1","notifyUrl":"https://a.example","redirectUrl":"https://a.example""#;
    for (operation, input) in [
        ("bill.pay", r#"{"partnerRefId":"1","billCode":"2","serviceCode":"S","amount":1,"billDetail":[{"a":"1"}],"bill_detail_form":"array"}"#.to_owned()),
        ("bill.pay", r#"{"partnerRefId":"1","billCode":"2","serviceCode":"S","amount":1,"billDetail":"[]","bill_detail_form":"text"}"#.to_owned()),
        ("orders.create_v1_1", format!("{{{order}}}")),
        ("orders.create_v1_1", format!(r#"{{{order},"card":"{{}}"}}"#)),
        ("orders.status_v1_1", r#"{"orderId":"O1"}"#.to_owned()),
        ("orders.list", r#"{"startTime":1,"endTime":2,"status":"success"}"#.to_owned()),
        ("wallet.cancel", r#"{"orderId":"O1","signed_fields":"order_id"}"#.to_owned()),
        ("wallet.cancel", r#"{"orderId":"O1","signed_fields":"order_id_and_code"}"#.to_owned()),
        ("cards.charge", r#"{"code":"AAAA","serial":"123456789012","transaction_id":"T1234"}"#.to_owned()),
        ("cards.charge_status", r#"{"transaction_id":"T1234"}"#.to_owned()),
    ] {
        let request = call(Some(&client), &format!("appotapay.{operation}"), &input).unwrap();
        let signature = request.pointer("/signature").unwrap().as_text().unwrap().to_owned();
        let input = format!(r#"{{"operation":"appotapay.{operation}","input":{input},"signature":"{signature}"}}"#);
        let explained = call(Some(&client), "appotapay.explain.signature", &input).unwrap();
        assert_eq!(explained.pointer("/matches"), Some(&Value::Bool(true)), "{}", explained.to_json());
        for secret in ["kyso-test-api-key", "kyso-charging-secret-01", "kyso-test-secret-0001"] {
            assert!(!explained.to_json().contains(secret), "{operation}");
        }
    }
}

#[test]
fn every_signed_answer_of_appotapay_is_explained() {
    let client = client("appotapay", CHARGING, || 1_700_000_000).unwrap();
    let accounts = r#""payment":{"bankAccounts":[{"bankBranch":"Hà Nội / 1"}]}"#;
    let order = r#""orderId":"O1","amount":5,"message":"x","errorCode":0"#;
    for (testing, reader, members) in [
        (
            "virtual_account_create",
            "virtual_account.read_create",
            format!(r#"{{"errorCode":0,"billCode":"B",{accounts}}}"#),
        ),
        (
            "virtual_account_detail",
            "virtual_account.read_detail",
            format!(r#"{{"errorCode":0,"billCode":"B","amount":1,"paidAmount":1,{accounts}}}"#),
        ),
        (
            "topup_charge_v1",
            "topup.read_charge_v1",
            r#"{"errorCode":0,"transaction":{"amount":1}}"#.to_owned(),
        ),
        (
            "orders_create_v1_1",
            "orders.read_create_v1_1",
            r#"{"errorCode":0,"message":"x","orderId":"O1"}"#.to_owned(),
        ),
        (
            "orders_create",
            "orders.read_create_v1_1",
            format!(r#"{{{order},"paymentUrl":"https://a.example"}}"#),
        ),
        ("orders_status", "orders.read_status", format!("{{{order}}}")),
        (
            "orders_status_v1_1",
            "orders.read_status_v1_1",
            r#"{"errorCode":0,"transaction":{"orderId":"O1","status":"success"}}"#.to_owned(),
        ),
    ] {
        let input = format!(r#"{{"members":{members}}}"#);
        let made = call(Some(&client), &format!("appotapay.testing.{testing}"), &input).unwrap();
        let body = Value::text(made.pointer("/body").unwrap().as_text().unwrap()).to_json();
        let input = format!(r#"{{"operation":"appotapay.{reader}","body":{body}}}"#);
        let explained = call(Some(&client), "appotapay.explain.signature", &input).unwrap();
        assert_eq!(
            explained.pointer("/matches"),
            Some(&Value::Bool(true)),
            "{}",
            explained.to_json()
        );
        assert!(explained.pointer("/signature").is_none(), "{reader}");
    }
}
