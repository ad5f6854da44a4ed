//! How much memory a reader needs beside its input: at most six times as much for what gateways and merchants write, and
//! at most 48 MiB for what is made to take more. A process of its
//! own with one test, since all allocations are counted.
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

use common::{appotapay, client, hpay_config, scale, tconnect};
use kyso::value::MAX_VALUES;
use kyso::{Client, operations};
use kyso_memcheck::heap::{Counting, peak};
use serde_json::json;

#[global_allocator]
static HEAP: Counting = Counting;

const MIB: usize = 1024 * 1024;

/// A list of payments as AppotaPay writes them.
fn payments(size: usize) -> String {
    let row = |at: usize| {
        json!({"transactionId": format!("AP211027{at:09}"), "partnerRefId": format!("DH-{at:08}"), "amount": 1_250_000,
            "transferAmount": 1_247_500, "bankCode": "VCB", "accountNo": format!("9704180{at:012}"), "accountName": "NGUYEN VAN A",
            "status": "success", "time": "27-10-2021 10:03:59", "memo": format!("Thanh toan don hang {at}")})
    };
    let rows: Vec<_> = (0..size / row(0).to_string().len() - 1).map(row).collect();
    json!({"errorCode": 0, "message": "ok", "transactions": rows}).to_string()
}

/// Made to take as much as can be: what is small in a text is larger in memory.
fn hostile_cases() -> Vec<Case> {
    let case = |name, client, operation, input: serde_json::Value| Case {
        name,
        client: Some(client),
        operation,
        input: input.to_string(),
        good: false,
    };
    let mut cases = Vec::new();
    for (name, unit) in [
        ("numbers", "0,"),
        ("empty texts", "\"\","),
        ("empty objects", "{},"),
        ("empty lists", "[],"),
        ("small objects", "{\"a\":0},"),
        ("small lists", "[0],"),
    ] {
        for values in [MAX_VALUES / 2 - 8, MAX_VALUES].into_iter().skip(scale(1, 0)) {
            let text = format!(r#"{{"a":[{}0]}}"#, unit.repeat(values));
            cases.push(case(
                name,
                appotapay(),
                "appotapay.firm_banking.read_callback",
                json!({"body": text}),
            ));
            cases.push(case(
                name,
                tconnect(),
                "tconnect.ipn.read_callback",
                json!({"body": text}),
            ));
        }
        let all = unit.repeat((scale(2, 8) * MIB - 1024) / unit.len());
        let text = format!(r#"{{"data":[{all}0]}}"#);
        cases.push(case(
            name,
            tconnect(),
            "tconnect.ipn.read_callback",
            json!({"body": text}),
        ));
    }
    for count in [MAX_VALUES / 2, MAX_VALUES].into_iter().skip(scale(1, 0)) {
        let text: String = (0..count).map(|at| format!("\"{at:x}\":0,")).collect();
        let text = format!("{{{text}\"a\":0}}");
        cases.push(case(
            "members",
            tconnect(),
            "tconnect.ipn.read_callback",
            json!({"body": text}),
        ));
    }
    cases
}

struct Case {
    name: &'static str,
    client: Option<Client>,
    operation: &'static str,
    input: String,
    good: bool,
}

fn sealed(text: &str) -> String {
    let sealed = common::call(&tconnect(), "tconnect.envelope.seal", &json!({ "plaintext": text })).unwrap();
    sealed["data"].as_str().unwrap().to_owned()
}

/// A JSON object of that many bytes, of members of the kind that is given.
fn object(size: usize, member: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(size + 256);
    text.push_str(r#"{"errorCode":0,"message":"ok""#);
    for at in 0.. {
        let next = member(at);
        if text.len() + next.len() + 2 > size {
            break;
        }
        text.push(',');
        text.push_str(&next);
    }
    text + "}"
}

fn cases() -> Vec<Case> {
    let case = |name, client, operation, input: serde_json::Value, good| Case {
        name,
        client,
        operation,
        input: input.to_string(),
        good,
    };
    let list = |member: &dyn Fn(usize) -> String| json!({"body": object(MIB - 16, member)});
    let notification = format!(
        r#"{{"amount":1000,"request_id":"r","retrieval_ref_no":"f","order_id":"{}"}}"#,
        "x".repeat(MIB / 2)
    );
    let escaped = format!(
        r#"{{"amount":1000,"request_id":"r","retrieval_ref_no":"f","order_id":"{}"}}"#,
        "\\u0111".repeat(MIB / 12)
    );
    let hpay = || client("hpay", &hpay_config());
    let members = "transaction_info=x&order_code=o&price=1&payment_id=1&payment_type=1&error_text=";
    let signature = format!("&secure_code={}", "0".repeat(32));
    let query = |unit: &str| {
        let room = 65_536 - members.len() - signature.len() - unit.len();
        format!("{members}{}{signature}", unit.repeat(room / unit.len()))
    };
    let open = "appotapay.orders.read_list";
    vec![
        case(
            "envelope",
            Some(tconnect()),
            "tconnect.envelope.open",
            json!({"data": sealed(&"x".repeat(MIB / 2))}),
            true,
        ),
        case(
            "envelope that fails",
            Some(tconnect()),
            "tconnect.envelope.open",
            json!({"data": "0".repeat(MIB)}),
            false,
        ),
        case(
            "text to seal",
            Some(tconnect()),
            "tconnect.envelope.seal",
            json!({"plaintext": "x".repeat(MIB)}),
            true,
        ),
        case(
            "notification",
            Some(tconnect()),
            "tconnect.ipn.read_callback",
            json!({"body": json!({"data": sealed(&notification)}).to_string()}),
            true,
        ),
        case(
            "notification with escapes",
            Some(tconnect()),
            "tconnect.ipn.read_callback",
            json!({"body": json!({"data": sealed(&escaped)}).to_string()}),
            true,
        ),
        case(
            "JSON: one long text",
            Some(appotapay()),
            open,
            list(&|at| format!(r#""m{at}":"{}""#, "x".repeat(MIB / 2))),
            true,
        ),
        case(
            "JSON: texts",
            Some(appotapay()),
            open,
            list(&|at| format!(r#""member{at:06}":"a text of some length""#)),
            true,
        ),
        case(
            "JSON: payments",
            Some(appotapay()),
            open,
            json!({"body": payments(MIB * 9 / 10)}),
            true,
        ),
        case(
            "JSON: no JSON",
            Some(appotapay()),
            open,
            json!({"body": "x".repeat(MIB - 16)}),
            false,
        ),
        case(
            "query: a long value",
            Some(hpay()),
            "hpay.checkout.read_callback",
            json!({"query": query("x")}),
            false,
        ),
        case(
            "query: encoded",
            Some(hpay()),
            "hpay.checkout.read_callback",
            json!({"query": query("%C4%91")}),
            false,
        ),
        case(
            "fields to verify",
            Some(appotapay()),
            "appotapay.signature.verify",
            json!({"fields": {"memo": "x".repeat(MIB / 2), "other": "&".repeat(MIB / 2)}, "signature": "00".repeat(32)}),
            false,
        ),
        case("QR code", None, "vietqr.read", json!({"text": "0".repeat(MIB)}), false),
        case(
            "explanation",
            Some(hpay()),
            "hpay.explain.signature",
            json!({"query": query("x")}),
            false,
        ),
    ]
}

/// What a call takes, once it has been made before: tables are filled by the first.
fn used(case: &Case) -> usize {
    let run = || operations::call(case.client.as_ref(), case.operation, &case.input);
    let result = run();
    assert_eq!(result.is_ok(), case.good, "{}: {:?}", case.name, result.err());
    drop(result);
    let used = peak(|| run().map(|value| value.to_json()));
    println!("{:28} input {:8} peak {used:9}", case.name, case.input.len());
    used
}

#[test]
fn readers_need_at_most_six_times_their_input() {
    // Small inputs have what any call needs.
    let cases = cases();
    let over: Vec<&str> = cases
        .iter()
        .filter(|case| used(case) > 6 * case.input.len().max(64 * 1024))
        .map(|case| case.name)
        .collect();
    assert!(over.is_empty(), "{over:?}");
    let cases = hostile_cases();
    let over: Vec<&str> = cases
        .iter()
        .filter(|case| used(case) > case.input.len() + 48 * MIB)
        .map(|case| case.name)
        .collect();
    assert!(over.is_empty(), "{over:?}");
    // The control: what is kept seven times over is seen.
    let text = "x".repeat(MIB);
    let kept = peak(|| (0..7).map(|_| text.clone()).collect::<Vec<_>>());
    assert!(kept > 6 * text.len(), "{kept}");
}
