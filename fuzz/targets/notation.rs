//! Formulas as gateways print them: any text as the recipe of a signature. What it reads signs as its parts do.
#![no_main]

use std::sync::LazyLock;

use kyso::Client;
use kyso_fuzz::{call, text_of};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

static CLIENT: LazyLock<Client> = LazyLock::new(kyso_fuzz::hpay);

/// Names that a formula may use here.
const NAMES: [&str; 6] = ["order_code", "price", "a", "b", "cashin", "order_id"];

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let fields: Value = NAMES
        .iter()
        .map(|name| ((*name).to_owned(), json!(format!("v{name}"))))
        .collect();
    let build = |recipe: Value| {
        let input = json!({"recipe": recipe, "fields": fields});
        call(Some(&CLIENT), "hpay.signature.build", &input.to_string()).map(|made| text_of(&made, "/signature"))
    };
    let Some(signature) = build(json!(text)) else { return };
    // The other notation of white space and case is the same formula.
    let spaced = text.replace('(', " ( ");
    if !text.contains(['\'', '"', '\u{2018}', '\u{201c}', '\u{201d}', '\u{2019}']) || spaced == text {
        return;
    }
    if let Some(other) = build(json!(spaced)) {
        assert!(other == signature || quotes_a_parenthesis(text), "{text}");
    }
});

/// Whether a parenthesis stands inside quotes, where a space beside it counts.
fn quotes_a_parenthesis(text: &str) -> bool {
    let mut closing = None;
    text.chars().any(|c| match (closing, c) {
        (Some(close), _) if c == close => {
            closing = None;
            false
        }
        (Some(_), _) => c == '(',
        (None, '\'' | '"') => {
            closing = Some(c);
            false
        }
        (None, '\u{2018}') => {
            closing = Some('\u{2019}');
            false
        }
        (None, '\u{201c}') => {
            closing = Some('\u{201d}');
            false
        }
        _ => false,
    })
}
