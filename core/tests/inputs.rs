//! What every operation of the table does with a bad input: unknown fields first and by name, missing ones by name,
//! wrong types by name. Good inputs come from the vectors and from tests/runners/good_calls.json.
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
use std::collections::BTreeMap;

fn vector_files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(vector_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files
}

struct Good {
    client: Option<Client>,
    input: Value,
}

/// The vectors, and the calls of operations of which no vector is a success.
fn files() -> Vec<std::path::PathBuf> {
    let tests = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests"));
    let mut files = vector_files(&tests.join("vectors"));
    files.push(tests.join("runners/good_calls.json"));
    files
}

/// One good case for each operation.
fn good_inputs() -> BTreeMap<String, Good> {
    let mut good = BTreeMap::new();
    for path in files() {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for case in file["cases"].as_array().unwrap() {
            let operation = case["operation"].as_str().unwrap();
            if case.get("error").is_some() || good.contains_key(operation) {
                continue;
            }
            let gateway = operation.split('.').next().unwrap();
            let client = case
                .get("config")
                .map(|config| operations::client(gateway, &config.to_string(), now).unwrap());
            good.insert(
                operation.to_owned(),
                Good {
                    client,
                    input: case["input"].clone(),
                },
            );
        }
    }
    good
}

fn refusal(good: &Good, operation: &str, input: &Value) -> (String, String) {
    let error = match operations::call(good.client.as_ref(), operation, &input.to_string()) {
        Ok(_) => panic!("{operation} accepts {input}"),
        Err(error) => error,
    };
    assert_eq!(error.operation(), operation);
    (
        error.code().name().to_owned(),
        error.field_name().unwrap_or_default().to_owned(),
    )
}

#[test]
fn unknown_fields_are_refused_first() {
    for (operation, good) in good_inputs() {
        let mut input = good.input.clone();
        input["unknown_field"] = json!(1);
        let expected = ("unknown_field".to_owned(), "unknown_field".to_owned());
        assert_eq!(refusal(&good, &operation, &input), expected, "{operation}");
        // Even where everything else is missing, or of the wrong type.
        assert_eq!(
            refusal(&good, &operation, &json!({"unknown_field": 1})),
            expected,
            "{operation}"
        );
        for name in good.input.as_object().unwrap().keys() {
            input[name] = json!(true);
        }
        assert_eq!(refusal(&good, &operation, &input), expected, "{operation}");
    }
}

/// Where a field is needed its absence is named, not that of another.
#[test]
fn missing_fields_are_named() {
    let mut missing = 0;
    for (operation, good) in good_inputs() {
        for name in good.input.as_object().unwrap().keys() {
            let mut input = good.input.clone();
            input.as_object_mut().unwrap().remove(name);
            // What is optional may be accepted without.
            let Err(error) = operations::call(good.client.as_ref(), &operation, &input.to_string()) else {
                continue;
            };
            let found = (error.code().name(), error.field_name().unwrap());
            if (operation.as_str(), name.as_str()) == ("tconnect.qr.create", "orderId") {
                // Optional, but what is there needs it.
                assert_eq!(found, ("invalid_value", "extraData"));
                continue;
            }
            assert_eq!(found, ("missing_field", name.as_str()), "{operation}");
            missing += 1;
        }
    }
    assert!(missing >= 360, "{missing}");
}

/// An object is never text, a list is never a number: whatever the field, one of these is a wrong type.
#[test]
fn wrong_types_are_named() {
    for (operation, good) in good_inputs() {
        for (name, value) in good.input.as_object().unwrap() {
            let wrong = match value {
                Value::String(_) => vec![json!(true), json!([1]), json!(null)],
                Value::Number(_) => vec![json!(true), json!([1]), json!({"a": 1}), json!(null), json!(1.5)],
                Value::Bool(_) => vec![json!("true"), json!(1), json!([1]), json!(null)],
                Value::Array(_) => vec![json!(true), json!(1), json!("x"), json!({"a": 1}), json!(null)],
                _ => vec![json!(true), json!(1), json!([1]), json!(null)],
            };
            for bad in wrong {
                let mut input = good.input.clone();
                input[name] = bad.clone();
                let (code, field) = refusal(&good, &operation, &input);
                // A list may also be given as its JSON text, which "x" is not.
                let as_text = value.is_array() && bad == "x" && code == "invalid_value";
                let expected = if as_text { "invalid_value" } else { "wrong_type" };
                assert_eq!(
                    (code.as_str(), field.split('.').next().unwrap()),
                    (expected, name.as_str()),
                    "{operation} {name}: {bad}"
                );
            }
        }
    }
}

#[test]
fn an_input_is_an_object() {
    for (operation, good) in good_inputs() {
        for (text, code) in [
            ("[]", "wrong_type"),
            ("1", "wrong_type"),
            ("null", "wrong_type"),
            ("\"x\"", "wrong_type"),
            ("", "malformed_input"),
            ("{", "malformed_input"),
            ("{}x", "malformed_input"),
            ("{\"a\":1,\"a\":2}", "malformed_input"),
            ("\u{feff}{}", "malformed_input"),
        ] {
            let error = operations::call(good.client.as_ref(), &operation, text).unwrap_err();
            assert_eq!(error.code().name(), code, "{operation} {text:?}");
        }
    }
}

/// Every operation of the table has a good call, so that the tests above speak for all of them.
#[test]
fn every_operation_has_a_good_call() {
    let good = good_inputs();
    for (operation, good) in &good {
        let result = operations::call(good.client.as_ref(), operation, &good.input.to_string());
        assert!(result.is_ok(), "{operation}: {result:?}");
    }
    let without: Vec<&str> = operations::all()
        .map(|operation| operation.name)
        .filter(|name| !good.contains_key(*name))
        .collect();
    assert!(without.is_empty(), "without a good call: {without:?}");
}

#[test]
fn an_operation_needs_its_own_client() {
    let clients = [
        common::tconnect(),
        common::client("hpay", &common::hpay_config()),
        common::appotapay(),
    ];
    for operation in operations::all() {
        let gateway = operation.name.split('.').next().unwrap();
        if !operations::GATEWAYS
            .iter()
            .any(|candidate| candidate.name == gateway && candidate.has_client)
        {
            continue;
        }
        for client in clients.iter().filter(|client| client.gateway() != gateway) {
            let error = operations::call(Some(client), operation.name, "{}").unwrap_err();
            assert_eq!(error.code().name(), "unknown_operation", "{}", operation.name);
        }
        assert_eq!(
            operations::call(None, operation.name, "{}").unwrap_err().code().name(),
            "unknown_operation"
        );
    }
    for name in [
        "",
        "x",
        "tconnect",
        "tconnect.auth",
        "tconnect.auth.log",
        "tconnect.auth.login.x",
        "TConnect.auth.login",
        "tconnect.auth.login\u{0}",
    ] {
        assert_eq!(
            operations::call(None, name, "{}").unwrap_err().code().name(),
            "unknown_operation",
            "{name}"
        );
    }
}
