//! Two inputs, one signed text: every other way to split a signed text must be refused, on one side at least. The first
//! line chooses the formula.
#![no_main]

use std::sync::LazyLock;

use kyso::Client;
use kyso_fuzz::{call, text_of};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value, json};

static HPAY: LazyLock<Client> = LazyLock::new(kyso_fuzz::hpay);
static APPOTAPAY: LazyLock<Client> = LazyLock::new(kyso_fuzz::appotapay);

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((formula, lines)) = text.split_once('\n') else {
        return;
    };
    let lines: Vec<&str> = lines.split('\n').take(8).collect();
    match formula {
        "link" => legacy_link(&lines),
        "pairs" => pairs(&lines),
        separator => joined(separator, &lines),
    }
});

/// Fields joined by a separator.
fn joined(separator: &str, lines: &[&str]) {
    let [x, y, z] = *lines else { return };
    let build = |[x, y, z]: [&str; 3]| {
        let recipe = json!({"fields": ["x", "y", "z"], "separator": separator, "secret": "passcode"});
        let input = json!({"recipe": recipe, "fields": {"x": x, "y": y, "z": z}});
        call(Some(&HPAY), "hpay.signature.build", &input.to_string()).map(|made| text_of(&made, "/signature"))
    };
    let Some(signature) = build([x, y, z]) else { return };
    let text = [x, y, z].join(separator);
    let places: Vec<usize> = (0..text.len())
        .filter(|at| text.as_bytes()[*at..].starts_with(separator.as_bytes()))
        .take(12)
        .collect();
    for first in &places {
        for second in places.iter().filter(|second| **second >= first + separator.len()) {
            let other = [
                &text[..*first],
                &text[first + separator.len()..*second],
                &text[second + separator.len()..],
            ];
            if other != [x, y, z] {
                assert_ne!(
                    build(other).as_ref(),
                    Some(&signature),
                    "{separator:?}: {:?} and {other:?}",
                    [x, y, z]
                );
            }
        }
    }
}

/// The link of the space-joined formula: no reading of its text by HPay's grammar has another order, price or currency.
fn legacy_link(lines: &[&str]) {
    let [info, description, buyer] = *lines else { return };
    let input = json!({"return_url": "https://shop.example/cb", "receiver": "m@example.com", "order_code": "OM_1",
        "price": 20_000_000, "transaction_info": info, "order_description": description, "buyer_info": buyer});
    if call(Some(&HPAY), "hpay.checkout.create_legacy_link", &input.to_string()).is_none() {
        return;
    }
    let text = format!("{info} OM_1 20000000 vnd 1 0 0 0 0 {description} {buyer}  0 0 0");
    let words: Vec<&str> = text.split(' ').collect();
    let is_number = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
    // Behind the block come three texts, of one word at least, and three numbers.
    for at in 1..words.len().saturating_sub(13) {
        let block = &words[at..at + 8];
        let fits = !block[0].is_empty()
            && is_number(&block[1])
            && ["vnd", "usd"].contains(&block[2])
            && block[3..].iter().all(is_number);
        assert!(
            !fits || block[..3] == ["OM_1", "20000000", "vnd"],
            "another reading of {text}"
        );
    }
}

/// Names that AppotaPay's families sign.
const NAMES: [&str; 8] = [
    "accountName",
    "accountNo",
    "amount",
    "bankCode",
    "bankId",
    "channel",
    "message",
    "partnerRefId",
];

/// `name=value` pairs in the order of their names.
fn pairs(lines: &[&str]) {
    let sign = |fields: &Map<String, Value>| {
        let made = call(
            Some(&APPOTAPAY),
            "appotapay.signature.sign",
            &json!({"fields": fields}).to_string(),
        );
        made.map(|made| text_of(&made, "/signature"))
    };
    let fields: Map<String, Value> = NAMES
        .iter()
        .zip(lines)
        .filter(|(_, line)| !line.is_empty())
        .map(|(name, line)| ((*name).to_owned(), json!(line)))
        .collect();
    let Some(signature) = sign(&fields) else { return };
    let text: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{name}={}", value.as_str().unwrap_or_default()))
        .collect();
    let text = text.join("&");
    let pieces: Vec<&str> = text.split('&').take(9).collect();
    // Each bit joins a piece to the one in front of it.
    for joins in 0..1_u32 << pieces.len().saturating_sub(1) {
        let mut parts: Vec<String> = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            match parts.last_mut() {
                Some(last) if at > 0 && joins >> (at - 1) & 1 == 1 => *last = format!("{last}&{piece}"),
                _ => parts.push((*piece).to_owned()),
            }
        }
        let other: Option<Vec<(&str, &str)>> = parts.iter().map(|part| part.split_once('=')).collect();
        let Some(other) = other.filter(|other| other.iter().all(|(name, _)| NAMES.contains(name))) else {
            continue;
        };
        let other: Map<String, Value> = other
            .into_iter()
            .map(|(name, value)| (name.to_owned(), json!(value)))
            .collect();
        if other != fields {
            assert_ne!(sign(&other).as_ref(), Some(&signature), "{fields:?} and {other:?}");
        }
    }
}
