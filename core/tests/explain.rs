//! "Sai chữ ký": every mistake of the catalogue that real code makes is named. The digests were computed with Python's
//! hashlib and hmac by making the mistake.

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
