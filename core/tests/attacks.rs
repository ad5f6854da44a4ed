//! What reviewers found, so that nobody finds it again: each test is one attack or one wrong answer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    dead_code,
    unreachable_pub
)]

mod common;

use common::{call, client, now};
use kyso::{Client, operations};
use serde_json::{Value, json};

fn hpay(recipes: Value) -> Client {
    client(
        "hpay",
        &json!({"merchant_site_code": "65001", "environment": "sandbox", "receiver": "m@example.com",
            "secure_pass": "test-pass-Aa1", "passcode": "test-code-Bb2", "recipes": recipes}),
    )
}

fn code(result: Result<Value, kyso::Error>) -> String {
    result.map_or_else(
        |error| error.code().name().to_owned(),
        |read| format!("accepted: {read}"),
    )
}

/// The search for other readings knows the built-in layout alone; every other layout with spaces has none at all.
#[test]
fn a_configured_formula_with_spaces_is_guarded() {
    let fields = "transaction_info order_code price bank_code payment_id payment_type error_text merchant_site_code";
    let names: Vec<&str> = fields.split(' ').collect();
    let recipe = json!({"fields": names, "separator": " ", "prefix": " ", "secret": "secure_pass"});
    let client = hpay(json!({"hpay.checkout.read_callback": recipe}));
    let signature = call(
        &client,
        "hpay.signature.build",
        &json!({"recipe": {"fields": ["all"], "separator": "|", "secret": "secure_pass"}, "fields": {"all": "x"}}),
    );
    assert!(signature.is_ok(), "the client works");
    // Genuine: info `x OM_9 99000000 y`, order OM_1, price 1000. Split again: order OM_9, price 99000000.
    let text = " x OM_9 99000000 y OM_1 1000 VCB 77 1  65001 test-pass-Aa1";
    let secure_code = format!("{:x}", md5(text));
    let forged = format!(
        "transaction_info=x&order_code=OM_9&price=99000000&bank_code=y+OM_1+1000+VCB&payment_id=77&payment_type=1\
         &error_text=&secure_code={secure_code}"
    );
    assert_eq!(
        code(call(&client, "hpay.checkout.read_callback", &json!({"query": forged}))),
        "ambiguous"
    );
    let fields = [
        "merchant_site_code",
        "transaction_info",
        "order_code",
        "price",
        "order_description",
    ];
    let recipe = json!({"fields": fields, "separator": " ", "secret": "secure_pass"});
    let client = hpay(json!({"hpay.checkout.create_legacy_link": recipe}));
    let link = |info: &str| {
        let input = json!({"return_url": "https://shop.example/r", "order_code": "OM_1", "price": 20_000_000,
            "transaction_info": info, "order_description": "d"});
        code(call(&client, "hpay.checkout.create_legacy_link", &input))
    };
    assert_eq!(link("x OM_1 1000 y"), "ambiguous");
    assert!(link("x").starts_with("accepted"));
}

/// MD5 as an independent crate computes it: `secure_code` of the attacker, who has seen a genuine one.
fn md5(text: &str) -> Hex {
    use md5::Digest as _;
    Hex(md5::Md5::digest(text.as_bytes()).to_vec())
}

struct Hex(Vec<u8>);

impl std::fmt::LowerHex for Hex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A formula may name whatever is sent, also what stands behind the signature.
#[test]
fn a_configured_formula_signs_what_is_sent() {
    let fields = ["merchant_site_code", "order_code", "notify_url", "installment"];
    let recipe = json!({"fields": fields, "separator": "|", "secret": "secure_pass"});
    let links = ["hpay.checkout.create_link", "hpay.checkout.create_legacy_link"];
    let client = hpay(
        links
            .iter()
            .map(|name| ((*name).to_owned(), recipe.clone()))
            .collect::<serde_json::Map<_, _>>()
            .into(),
    );
    for operation in links {
        let input = json!({"return_url": "https://shop.example/r", "order_code": "OM_1", "price": 1000,
            "notify_url": "https://shop.example/n", "installment": 0});
        let request = call(&client, operation, &input).unwrap();
        let expected = format!("{:x}", md5("65001|OM_1|https://shop.example/n|0|test-pass-Aa1"));
        assert_eq!(request["signature"], expected, "{operation}");
    }
}

#[test]
fn a_formula_does_not_name_the_secret() {
    let recipe = json!({"fields": ["cashin", "order_id", "passcode"], "separator": "|", "secret": "passcode"});
    let config = json!({"merchant_site_code": "65001", "environment": "sandbox", "passcode": "test-code-Bb2",
        "recipes": {"hpay.virtual_account.read_callback": recipe}});
    let refused = operations::client("hpay", &config.to_string(), now)
        .map(drop)
        .unwrap_err();
    assert_eq!(refused.code().name(), "invalid_value");
    assert!(refused.field_name().unwrap().ends_with("fields"));
}

/// Who sends the secret along asks why his signature is wrong, and shows the answer to others.
#[test]
fn an_explanation_shows_no_secret_that_the_message_holds() {
    let client = hpay(json!({}));
    let query = "order_code=test-pass-Aa1&price=1&payment_id=1&payment_type=1&secure_pass=test-pass-Aa1\
                 &note=at-test-code-Bb2-end&secure_code=00";
    let input = json!({"operation": "hpay.checkout.read_callback", "query": query});
    let shown = call(&client, "hpay.explain.signature", &input).unwrap().to_string();
    assert!(
        !shown.contains("test-pass-Aa1") && !shown.contains("test-code-Bb2"),
        "{shown}"
    );
    assert!(shown.contains("at-***-end"));
}

#[test]
fn explanations_are_limited() {
    let client = hpay(json!({}));
    let explain = |query: String, secrets: usize| {
        let secrets: Vec<String> = (0..secrets).map(|at| format!("other-secret-{at}")).collect();
        let input = json!({"operation": "hpay.checkout.read_callback", "query": query, "other_secrets": secrets});
        code(call(&client, "hpay.explain.signature", &input))
    };
    assert_eq!(explain(format!("a={}", "x".repeat(64 * 1024)), 0), "malformed_input");
    assert_eq!(explain("a=1".into(), 17), "invalid_value");
    assert!(explain("a=1".into(), 16).starts_with("accepted"));
}

#[test]
fn white_space_in_a_number_of_the_link_is_ambiguous() {
    let client = hpay(json!({}));
    for name in [
        "quantity",
        "tax",
        "discount",
        "fee_cal",
        "fee_shipping",
        "installment",
        "inpage",
        "payment_method_id",
    ] {
        let mut input = json!({"return_url": "https://shop.example/r", "order_code": "OM_1", "price": 1000});
        input[name] = json!("1 ");
        let error = call(&client, "hpay.checkout.create_legacy_link", &input).unwrap_err();
        assert_eq!((error.code().name(), error.field_name()), ("ambiguous", Some(name)));
    }
}

/// Under any of the names that HPay's pages have for it.
#[test]
fn another_merchants_code_in_a_callback_is_refused() {
    let client = hpay(json!({}));
    let text = " i OM_1 1000 77 1  65001 test-pass-Aa1";
    let genuine = format!(
        "transaction_info=i&order_code=OM_1&price=1000&payment_id=77&payment_type=1&error_text=&secure_code={:x}",
        md5(text)
    );
    assert!(code(call(&client, "hpay.checkout.read_callback", &json!({"query": genuine}))).starts_with("accepted"));
    for name in ["merchant_site_code", "merchant_id"] {
        let query = format!("{genuine}&{name}=99999");
        assert_eq!(
            code(call(&client, "hpay.checkout.read_callback", &json!({"query": query}))),
            "mismatch",
            "{name}"
        );
    }
}

/// Arguments that are mixed up: what is no name is not shown as one.
#[test]
fn what_is_passed_for_a_name_is_not_shown() {
    let secret = r#"{"secure_pass":"CANARY-b81e7c"}"#;
    for error in [
        operations::client(secret, "{}", now).map(drop).unwrap_err(),
        operations::client("CANARY-b81e7c", "{}", now).map(drop).unwrap_err(),
        operations::client(secret, "hpay", now).map(drop).unwrap_err(),
        operations::call(None, secret, "{}").map(drop).unwrap_err(),
        operations::call(None, "CANARY-b81e7c", "{}").map(drop).unwrap_err(),
    ] {
        let shown = format!("{error} {error:?} {}", error.to_json());
        assert!(!shown.contains("CANARY"), "{shown}");
    }
    assert_eq!(
        operations::call(None, "hpay.orders.inquir", "{}")
            .unwrap_err()
            .operation(),
        "hpay.orders.inquir"
    );
}

/// An order inside the merchant's own data is not the order of the notification.
#[test]
fn an_expected_order_is_not_found_inside_other_data() {
    let config = json!({"partner_code": "P", "environment": "sandbox",
        "key": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"});
    let client = client("tconnect", &config);
    let notification =
        json!({"amount": 2000, "retrieval_ref_no": "1", "request_id": "1", "extraData": {"order_id": "A"}});
    let sealed = call(
        &client,
        "tconnect.testing.ipn_callback",
        &json!({"members": notification}),
    )
    .unwrap();
    let read = |expected: Value| {
        let input = json!({"body": sealed["body"], "expected": expected});
        code(call(&client, "tconnect.ipn.read_callback", &input))
    };
    assert_eq!(read(json!({"order_id": "A"})), "mismatch");
    assert!(read(json!({"amount": 2000})).starts_with("accepted"));
    assert!(read(json!({"extraData": {"order_id": "A"}})).starts_with("accepted"));
}

/// Where there was nothing to choose, nothing is said to have matched.
#[test]
fn only_a_choice_is_named() {
    let config = json!({"partner_code": "P", "api_key": "test-key-Aa1", "secret_key": "test-secret-Aa1", "environment": "sandbox"});
    let client = client("appotapay", &config);
    let members = json!({"errorCode": 0, "message": "ok", "transaction": {"amount": 1000, "transferAmount": 1000,
        "transferStatus": "success", "appotapayTransId": "A1", "partnerRefId": "P1", "time": "01-01-2026 00:00:00"}});
    let made = call(
        &client,
        "appotapay.testing.firm_banking_callback",
        &json!({"members": members}),
    )
    .unwrap();
    let read = call(
        &client,
        "appotapay.firm_banking.read_callback",
        &json!({"body": made["body"]}),
    )
    .unwrap();
    assert_eq!((&read["proof"], read.get("matched")), (&json!("signed"), None));
}

/// The merchant's code counts where HPay's answers have it: at the top, in `data`, and in the rows of `data`.
#[test]
fn another_merchants_answer_is_refused_wherever_it_says_so() {
    let client = hpay(json!({}));
    let read = |more: Value| {
        let mut body = json!({"error_code": "00", "data": [{"transaction_id": "1", "amount": "1000"}]});
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        let input = json!({"body": body.to_string()});
        code(call(&client, "hpay.virtual_account.read_transactions", &input))
    };
    assert!(read(json!({})).starts_with("accepted"));
    for other in [
        json!({"merchant_id": "99999"}),
        json!({"data": [{"merchant_id": "99999"}]}),
        json!({"data": [{"merchant_id": "65001"}, {"merchantId": "99999"}]}),
    ] {
        assert_eq!(read(other.clone()), "mismatch", "{other}");
    }
    for free in [
        json!({"more": {"merchant_id": "99999"}}),
        json!({"more": [{"merchant_id": "99999"}]}),
        json!({"data": [{"merchant_id": "65001"}]}),
    ] {
        assert!(read(free.clone()).starts_with("accepted"), "{free}");
    }
    let create = |merchant: &str| {
        let data = json!({"va_account": "9631", "va_name": "A", "merchant_id": merchant});
        let input = json!({"body": json!({"error_code": "00", "data": data}).to_string()});
        code(call(&client, "hpay.virtual_account.read_create", &input))
    };
    assert_eq!(create("99999"), "mismatch");
}

/// Of a configured formula only the merchant's own code may be absent from the message.
#[test]
fn a_configured_answer_holds_what_its_formula_names() {
    let answer = |fields: &[&str], text: &str| {
        let recipe = json!({"fields": fields, "separator": "|", "secret": "secure_pass"});
        let client = hpay(json!({"hpay.orders.read_inquire": recipe}));
        let data = json!({"order_code": "OM_1", "total_amount": 1000, "transaction_status": "00",
            "checksum": format!("{:x}", md5(text))});
        let input = json!({"body": json!({"error_code": "00", "data": data}).to_string()});
        code(call(&client, "hpay.orders.read_inquire", &input))
    };
    let fields = ["merchant_site_code", "order_code", "total_amount", "transaction_status"];
    let read = answer(&fields, "65001|OM_1|1000|00|test-pass-Aa1");
    assert!(read.starts_with("accepted") && read.contains("\"signed\""), "{read}");
    let fields = ["order_code", "total_amount", "transaction_status", "nowhere"];
    assert_eq!(answer(&fields, "OM_1|1000|00||test-pass-Aa1"), "malformed_input");
}

#[test]
fn numbers_are_fields_of_a_signature_as_they_are_written() {
    let client = hpay(json!({}));
    let build = |amount: Value| {
        let recipe = json!({"fields": ["order_code", "amount"], "separator": "|", "secret": "secure_pass"});
        let input = json!({"recipe": recipe, "fields": {"order_code": "OM_1", "amount": amount}});
        call(&client, "hpay.signature.build", &input).map(|made| made["signature"].clone())
    };
    let expected = json!(format!("{:x}", md5("OM_1|1000|test-pass-Aa1")));
    assert_eq!(
        (build(json!(1000)).unwrap(), build(json!("1000")).unwrap()),
        (expected.clone(), expected)
    );
    for other in [json!(1000.5), json!(true), json!(null)] {
        assert_eq!(build(other.clone()).unwrap_err().code().name(), "wrong_type", "{other}");
    }
}

#[test]
fn a_notification_is_nested_seven_deep_at_the_most() {
    let config = json!({"partner_code": "P", "environment": "sandbox",
        "key": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"});
    let client = client("tconnect", &config);
    let read = |depth: usize| {
        let text = format!(
            r#"{{"amount":1,"request_id":"1","retrieval_ref_no":"1","a":{}1{}}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        );
        let sealed = call(&client, "tconnect.envelope.seal", &json!({"plaintext": text})).unwrap();
        code(call(
            &client,
            "tconnect.ipn.read_callback",
            &json!({"body": sealed.to_string()}),
        ))
    };
    assert!(read(7).starts_with("accepted"));
    assert_eq!(read(8), "decrypt_failed");
}

/// A gateway's error page, an empty body, a changed signature: after a transfer each of them means "ask", not "send again".
#[test]
fn whatever_cannot_be_read_leaves_money_undetermined() {
    let moves_money = |name: &str| {
        ["transfer", "refund", "pay", "charge", "charge_v1", "buy", "confirm"]
            .iter()
            .any(|request| name.ends_with(&format!(".read_{request}")))
    };
    let clients = [("hpay.", hpay(json!({}))), ("appotapay.", common::appotapay())];
    let mut readers = 0;
    for operation in operations::all().filter(|operation| operation.kind.name() == "read") {
        let operations::Kind::ReadOutcome(ask) = operation.kind else {
            assert!(!moves_money(operation.name), "{}", operation.name);
            continue;
        };
        readers += 1;
        assert!(operations::find(ask).is_some(), "{ask}");
        let (_, client) = clients
            .iter()
            .find(|(gateway, _)| operation.name.starts_with(gateway))
            .unwrap();
        for input in [
            json!({"body": ""}),
            json!({"body": "<html>502 Bad Gateway</html>"}),
            json!({"body": r#"{"status":500,"error":"Internal Server Error"}"#}),
            json!({"body": r#"{"error_code":"000","data":{},"signature":"00","secureChain":"00"}"#}),
            json!({"body": "{}", "expected": {"amount": 1}}),
            json!({"body": null}),
            json!({"body": false}),
            json!({}),
            json!([]),
        ] {
            match call(client, operation.name, &input) {
                Ok(read) => assert!(
                    read["outcome"].is_null() || read["outcome"] == "undetermined",
                    "{}: {read}",
                    operation.name
                ),
                Err(error) => {
                    let means = (error.outcome_name(), error.next_operation());
                    assert_eq!(means, (Some("undetermined"), Some(ask)), "{}: {input}", operation.name);
                }
            }
        }
    }
    assert_eq!(readers, 25, "readers of outcomes");
}

/// The identifiers of a notification can be changed by anybody, and a changed one has another key. What its row says is
/// the payment: however often it is confirmed, it has one key.
#[test]
fn a_confirmed_payment_has_one_key() {
    let client = common::tconnect();
    let key = |kind: &str, request_id: &str, row: Value| {
        let ipn = json!({"order_id": "O1", "amount": 150_000, "request_id": request_id, "retrieval_ref_no": "FT1"});
        let body = json!({"data": [row]}).to_string();
        let input = json!({"ipn": ipn, "kind": kind, "body": body});
        let confirmed = call(&client, "tconnect.ipn.confirm", &input).unwrap();
        confirmed["idempotency_key"].as_str().unwrap().to_owned()
    };
    let row = |amount: &str, reference: &str, time: &str| {
        json!({"order_id": "O1", "amount": amount, "request_amount": amount, "trn_ref_no": reference,
            "retrieval_ref_no": "FT1", "txn_init_dt": time, "original_transaction_date": time})
    };
    let first = key("qr", "R1", row("150000", "B1", "2026-01-07 08:00:00"));
    assert_eq!(first, key("qr", "Q1", row("150000.0", "B1", "")));
    let mut all = vec![
        first,
        key("qr", "R1", row("150000", "B2", "2026-01-07 08:00:00")),
        key("qr", "R1", row("150000", "", "2026-01-07 08:00:00")),
        key("qr", "R1", row("150000", "", "2026-01-07 08:00:01")),
        key("card", "R1", row("150000", "B1", "2026-01-07 08:00:00")),
        key("cash", "R1", row("150000", "B1", "2026-01-07 08:00:00")),
        key("cash", "R1", row("150000", "B1", "2026-01-07 08:00:01")),
    ];
    let made = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), made);
}

/// An empty list of expectations compares nothing, and whoever wrote it meant to compare.
#[test]
fn expecting_nothing_is_refused() {
    let client = common::tconnect();
    let members = json!({"order_id": "O1", "amount": 1, "request_id": "R1", "retrieval_ref_no": "FT1"});
    let ipn = call(&client, "tconnect.testing.ipn_callback", &json!({"members": members})).unwrap();
    let input = |expected: Value| json!({"body": ipn["body"], "expected": expected});
    assert!(call(&client, "tconnect.ipn.read_callback", &input(json!({"amount": 1}))).is_ok());
    let error = call(&client, "tconnect.ipn.read_callback", &input(json!({}))).unwrap_err();
    assert_eq!(
        error.to_json().matches(r#""field":"expected","stage":"input""#).count(),
        1,
        "{error}"
    );
}

/// Secrets of production must not go to the sandbox, nor orders of the sandbox to production.
#[test]
fn hosts_of_the_other_environment_are_refused() {
    let hpay = |environment: &str, name: &str, url: &str| {
        let mut config = common::hpay_config();
        config["environment"] = json!(environment);
        config["base_urls"] = json!({ name: url });
        operations::client("hpay", &config.to_string(), now).map(drop)
    };
    let appotapay = |environment: &str, name: &str, url: &str| {
        let config = json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-01",
            "environment": environment, "base_urls": {name: url}});
        operations::client("appotapay", &config.to_string(), now).map(drop)
    };
    let refused = |result: Result<(), kyso::Error>| {
        result.is_err_and(|error| error.code().name() == "invalid_value" && error.to_json().contains("base_urls."))
    };
    for (name, production, sandbox) in [
        (
            "checkout",
            "https://checkout.hpay.com.vn",
            "https://checkout-sandbox.hpay.com.vn",
        ),
        (
            "account",
            "https://account.hpay.com.vn",
            "https://account-sandbox.hpay.com.vn",
        ),
        (
            "open_api",
            "https://openapi.htpgroup.com.vn/v1",
            "https://OPENAPI-sandbox.htpgroup.com.vn:443",
        ),
    ] {
        assert!(
            refused(hpay("production", name, sandbox)) && refused(hpay("sandbox", name, production)),
            "{name}"
        );
        assert!(
            hpay("production", name, production).is_ok() && hpay("sandbox", name, sandbox).is_ok(),
            "{name}"
        );
        assert!(hpay("production", name, "https://relay.example").is_ok());
    }
    for (name, host) in [
        ("gateway", "gateway"),
        ("payment", "payment"),
        ("ewallet", "ewallet"),
        ("pos", "pos-gw"),
        ("charging", "gateway"),
    ] {
        let [production, sandbox] = ["", "dev."].map(|dev| format!("https://{host}.{dev}appotapay.com"));
        assert!(refused(appotapay("production", name, &sandbox)), "{name}");
        assert!(refused(appotapay("sandbox", name, &production)), "{name}");
        assert!(appotapay("production", name, &production).is_ok() && appotapay("sandbox", name, &sandbox).is_ok());
    }
}

/// What explanations said of signatures that were right.
#[test]
fn explanations_know_what_readers_and_builders_know() {
    let explain = |client: &Client, gateway: &str, input: &Value| {
        call(client, &format!("{gateway}.explain.signature"), input).unwrap()
    };
    // An RSA signature of one's own needs no certificate; one of HPay's cannot be judged without.
    let pem = std::fs::read_to_string(format!("{}/tests/keys/rsa2048.pem", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let mut config = common::hpay_config();
    config["private_key"] = json!(pem);
    config["receiver"] = json!("m@example.com");
    let merchant = client("hpay", &config);
    let input = json!({"requestId": "R1", "bankName": "VCB", "bankAccountNumber": "0123456789",
        "bankAccountName": "NGUYEN VAN A", "amount": 50_000, "note": "x"});
    let shown = explain(
        &merchant,
        "hpay",
        &json!({"operation": "hpay.firm_banking.transfer", "input": input}),
    );
    let again = json!({"operation": "hpay.firm_banking.transfer", "input": input, "signature": shown["signature"]});
    assert_eq!(explain(&merchant, "hpay", &again)["matches"], true);
    let received = json!({"operation": "hpay.firm_banking.read_transfer", "body": r#"{"secureChain":"AA=="}"#});
    let error = call(&merchant, "hpay.explain.signature", &received).unwrap_err();
    assert!(error.to_json().contains(r#""field":"hpay_certificate""#), "{error}");
    // Another name of the merchant's code in a configured formula.
    let formula = json!("MD5(merchantId + ' ' + bank_token + ' ' + passcode)");
    let other = hpay(json!({"hpay.tokenization.revoke": formula}));
    let input = json!({"bank_code": "BIDV", "bank_token": "tok1", "return_url": "https://shop.example/r"});
    let shown = explain(
        &other,
        "hpay",
        &json!({"operation": "hpay.tokenization.revoke", "input": input}),
    );
    assert_eq!(shown["text"], "65001 tok1 ***");
    // Earlier secrets, white space, and a received message given as if it were a request.
    let config = json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-01",
        "environment": "sandbox"});
    let mut changed = config.clone();
    changed["secret_key"] = json!("test-secret-key-02");
    changed["previous_secrets"] = json!(["test-secret-key-01"]);
    let (before, after) = (client("appotapay", &config), client("appotapay", &changed));
    let members = json!({"errorCode": "0", "message": "x", "transaction": {"appotapayTransId": "T1", "time": "x",
        "transferStatus": "success", "partnerRefId": "R1", "amount": 50_000, "transferAmount": 50_000}});
    let made = call(
        &before,
        "appotapay.testing.firm_banking_callback",
        &json!({"members": members}),
    )
    .unwrap();
    let input = json!({"operation": "appotapay.firm_banking.read_callback", "body": made["body"]});
    let shown = explain(&after, "appotapay", &input);
    assert!(shown.to_string().contains("previous_secrets/0"), "{shown}");
    let transfer = json!({"bankCode": "VCB", "accountNo": "0123456789", "accountType": "account",
        "partnerRefId": "R1"});
    let mut asked = json!({"operation": "appotapay.firm_banking.account_info", "input": transfer});
    let signature = explain(&before, "appotapay", &asked)["signature"]
        .as_str()
        .unwrap()
        .to_owned();
    asked["signature"] = json!(signature + "\n");
    let shown = explain(&before, "appotapay", &asked);
    assert!(shown.to_string().contains("white_space_around_signature"), "{shown}");
    let query = json!({"operation": "hpay.checkout.read_callback", "input": {"query": "order_code=1"}});
    assert_eq!(code(call(&other, "hpay.explain.signature", &query)), "invalid_value");
}

/// A gateway's answer names a member so that its error would write a line of its own into a log.
#[test]
fn errors_are_sentences_on_one_line() {
    let body = r#"{"access_token":"x","a\n2026-01-01 INFO payment verified\u001b[2J":{"amount":"zz"}}"#;
    let error = call(&common::tconnect(), "tconnect.auth.read_login", &json!({"body": body})).unwrap_err();
    for sentence in [error.message(), error.message_vi(), error.to_string()] {
        assert!(
            sentence.contains("payment verified") && !sentence.chars().any(char::is_control),
            "{sentence:?}"
        );
    }
}

/// What the table says of an operation and what its reader says of codes must be one: a code that nobody knows leaves
/// money undetermined where the kind says so, and is a refusal everywhere else.
#[test]
fn an_unknown_code_means_what_the_kind_of_the_operation_says() {
    let client = common::appotapay();
    let body = r#"{"errorCode":4711,"error_code":"4711","message":"x"}"#;
    let mut tried = 0;
    for operation in operations::all().filter(|operation| operation.name.starts_with("appotapay.")) {
        let wanted = match operation.kind {
            operations::Kind::ReadOutcome(_) => "undetermined",
            operations::Kind::ReadAnswer => "refused",
            _ => continue,
        };
        let error = call(&client, operation.name, &json!({"body": body})).unwrap_err();
        let said = (error.code().name(), error.outcome_name());
        assert_eq!(said, ("gateway_refused", Some(wanted)), "{}", operation.name);
        tried += 1;
    }
    assert_eq!(tried, 41);
}
