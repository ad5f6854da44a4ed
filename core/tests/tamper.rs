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
#[path = "common/messages.rs"]
mod messages;

use std::collections::{BTreeMap, BTreeSet};

use common::{Random, call, flip_hex, scale};
use kyso::operations;
use messages::{Signed, digest_messages, messages, proven, text_of, unsigned_messages};
use serde_json::{Value, json};

/// Readers with proofs of their own: encrypted notifications (tconnect_ipn.rs), and their confirmation, which compares
/// members of an answer that nobody signs (vectors of tconnect.ipn.confirm).
const ELSEWHERE: [&str; 2] = ["tconnect.ipn.read_callback", "tconnect.ipn.confirm"];

/// A reader that is added to the table must be added here.
#[test]
fn every_reader_of_the_table_is_tampered_with() {
    let signed = messages(&mut Random::new(1));
    let mut known: BTreeSet<String> = signed.iter().map(|signed| signed.reader.to_owned()).collect();
    known.extend(unsigned_messages().into_iter().map(|(name, ..)| name));
    known.extend(ELSEWHERE.map(str::to_owned));
    let readers = operations::all().filter(|operation| operation.kind.name() == "read");
    let unknown: Vec<&str> = readers
        .map(|operation| operation.name)
        .filter(|name| !known.contains(*name))
        .collect();
    assert!(unknown.is_empty(), "readers without a tamper case: {unknown:?}");
}

/// What a reader calls proven is what its formula covers, by the gateways' documents.
#[test]
fn readers_show_as_proven_what_the_formula_covers() {
    for signed in messages(&mut Random::new(2)) {
        let result = signed
            .read(&signed.message)
            .unwrap_or_else(|error| panic!("{error:?} {}", signed.text()));
        assert!(
            ["signed", "partly_signed"]
                .iter()
                .any(|proof| result["proof"] == *proof)
        );
        // Readers of single fields have nothing else; a payload's members come out under their own names.
        if signed.input == "fields" || signed.covered.contains(&"/data") {
            continue;
        }
        for pointer in signed.free() {
            assert!(
                result.pointer(&pointer).is_none(),
                "{} {pointer}: {result}",
                signed.reader
            );
        }
        for pointer in signed.covered_leaves() {
            assert!(
                result.pointer(&pointer).is_some(),
                "{} {pointer}: {result}",
                signed.reader
            );
        }
    }
}

/// The texts that one flipped bit makes of a value; what is no UTF-8 text or no number cannot be passed in at all.
fn flips(value: &Value) -> Vec<Value> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let flipped = (0..text.len() * 8).filter_map(|bit| {
        let changed = flip_bit(&text, bit)?;
        match value {
            Value::Number(_) => serde_json::from_str(&changed).ok(),
            _ => Some(Value::from(changed)),
        }
    });
    flipped.filter(|changed| changed != value).collect()
}

fn flip_bit(text: &str, bit: usize) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    String::from_utf8(bytes).ok()
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

/// The proven members and the signature, bit by bit. Gives the number of flips.
fn covered_bits(signed: &Signed) -> usize {
    let mut tried = 0;
    let mut refused = |pointer: &str, changed: Value| {
        let mut message = signed.message.clone();
        *message.pointer_mut(pointer).unwrap() = changed;
        assert!(
            signed.read(&message).is_err(),
            "accepted: {} {pointer}: {message}",
            signed.reader
        );
        tried += 1;
    };
    for pointer in signed.covered_leaves() {
        for changed in flips(signed.message.pointer(&pointer).unwrap()) {
            refused(&pointer, changed);
        }
    }
    let signature = signed.message.pointer(signed.signature).unwrap().as_str().unwrap();
    for changed in changed_signatures(signature) {
        refused(signed.signature, Value::from(changed));
    }
    tried
}

/// The members that nothing proves, bit by bit: what is proven stays the same.
fn free_bits(signed: &Signed) -> usize {
    let original = proven(signed.read(&signed.message).unwrap());
    let mut tried = 0;
    for pointer in signed.free() {
        for changed in flips(signed.message.pointer(&pointer).unwrap()) {
            let mut message = signed.message.clone();
            *message.pointer_mut(&pointer).unwrap() = changed;
            tried += 1;
            // A control character in a query, or a reported failure, is refused before anything is verified.
            if let Ok(found) = signed.read(&message) {
                assert_eq!(proven(found), original, "{} {pointer}", signed.reader);
            }
        }
    }
    tried
}

/// The whole text as it would be received, names and punctuation included: refused, or it proves the same.
fn raw_bits(signed: &Signed) -> usize {
    let text = signed.text();
    let original = proven(signed.read_text(&text).unwrap());
    for bit in (0..text.len() * 8).step_by(scale(5, 1)) {
        let Some(changed) = flip_bit(&text, bit) else { continue };
        if let Ok(found) = signed.read_text(&changed) {
            assert_eq!(proven(found), original, "{} bit {bit}: {changed}", signed.reader);
        }
    }
    text.len() * 8 / scale(5, 1)
}

/// The messages of a round; those with RSA are a hundred times as slow.
fn of_round(seed: usize, with_rsa: bool) -> Vec<Signed> {
    let mut random = Random::new(seed as u64);
    if with_rsa {
        messages(&mut random)
    } else {
        digest_messages(&mut random)
    }
}

#[test]
fn no_changed_member_and_no_changed_signature_is_accepted() {
    let mut tried = BTreeMap::<&str, usize>::new();
    let (rounds, rsa_rounds) = (scale(2, 100), scale(1, 10));
    for round in 0..rounds {
        for signed in of_round(1000 + round, round < rsa_rounds) {
            *tried.entry(signed.reader).or_default() += covered_bits(&signed);
            free_bits(&signed);
        }
    }
    let all: usize = tried.values().sum();
    println!(
        "{all} flips of proven members and signatures over {} readers",
        tried.len()
    );
    assert!(
        tried.len() >= scale(30, 40) && tried.values().all(|tried| *tried > 200),
        "{tried:?}"
    );
    assert!(all >= scale(10_000, 1_000_000), "{all}");
}

#[test]
fn whatever_bit_of_a_message_is_flipped_it_proves_the_same_or_nothing() {
    let mut tried = 0;
    for round in 0..scale(1, 25) {
        let texts = of_round(2000 + round, round < scale(0, 2)).into_iter();
        tried += texts
            .filter(|signed| signed.input != "fields")
            .map(|signed| raw_bits(&signed))
            .sum::<usize>();
    }
    println!("{tried} flips of whole messages");
    assert!(tried >= scale(10_000, 1_000_000), "{tried}");
}

/// Nothing makes an unsigned answer a signed one.
#[test]
fn unsigned_answers_never_rise() {
    let mut tried = 0;
    for (name, client, input) in unsigned_messages() {
        let proof = call(&client, &name, &input).unwrap()["proof"].clone();
        let carrier = if input.get("body").is_some() { "body" } else { "query" };
        let text = input[carrier].as_str().unwrap();
        let step = scale(5, 1);
        for bit in (0..text.len() * 8).step_by(step) {
            let Some(changed) = flip_bit(text, bit) else { continue };
            let mut input = input.clone();
            input[carrier] = Value::from(changed);
            tried += 1;
            if let Ok(result) = call(&client, &name, &input) {
                assert_eq!(result["proof"], proof, "{name} bit {bit}");
                assert_ne!(result["outcome"], json!("confirmed"));
            }
        }
    }
    assert!(tried > scale(10_000, 50_000), "{tried}");
}

/// A genuine message of one kind is refused by every other reader, whatever it looks like.
#[test]
fn no_message_passes_as_another_kind() {
    // Answers that are one and the same message by the documents, and formulas that the merchant configures alike.
    const ALIKE: &[&[&str]] = &[
        &[
            "appotapay.firm_banking.read_transfer",
            "appotapay.firm_banking.read_status",
        ],
        &["appotapay.bill.read_pay", "appotapay.bill.read_status"],
        &["appotapay.topup.read_status", "appotapay.topup.read_charge_v1"],
        &[
            "appotapay.orders.read_callback",
            "appotapay.orders.read_status",
            "appotapay.orders.read_redirect",
        ],
        &["appotapay.orders.read_create", "appotapay.orders.read_create_v1_1"],
        &["appotapay.payment.read_callback", "appotapay.payment.read_redirect"],
        &[
            "hpay.open_api.read",
            "hpay.open_api.read_create_va",
            "hpay.open_api.read_update_va",
            "hpay.open_api.read_revoke_va",
            "hpay.open_api.read_inquire_va",
            "hpay.open_api.read_transfer",
            "hpay.open_api.read_account_name",
            "hpay.open_api.read_inquire_transfer",
            "hpay.open_api.read_balance",
        ],
    ];
    let messages = messages(&mut Random::new(3));
    let mut crossings = 0;
    for (index, signed) in messages.iter().enumerate() {
        for (other_index, other) in messages.iter().enumerate() {
            let alike = ALIKE
                .iter()
                .any(|group| group.contains(&signed.reader) && group.contains(&other.reader));
            let fields = signed.input == "fields" || other.input == "fields";
            if index == other_index || alike || fields || signed.client.gateway() != other.client.gateway() {
                continue;
            }
            for input in ["body", "query"] {
                let input = json!({ input: text_of(signed.input, &signed.message) });
                let read = call(&other.client, other.reader, &input);
                assert!(read.is_err(), "{} read by {}", signed.reader, other.reader);
                crossings += 1;
            }
        }
    }
    assert!(crossings > 700, "{crossings}");
}

/// Deliveries of one payment have one key, whatever changes around it; two payments have two.
#[test]
fn idempotency_keys_follow_the_payment() {
    let mut keys = BTreeMap::<&str, BTreeMap<String, Value>>::new();
    let mut pairs = BTreeMap::<&str, usize>::new();
    let rounds = scale(25, 150);
    for round in 0..rounds {
        for signed in of_round(3000 + round, false) {
            let original = signed.read(&signed.message).unwrap();
            let Some(key) = original.get("idempotency_key") else {
                continue;
            };
            let mut message = signed.message.clone();
            for pointer in signed.free() {
                *message.pointer_mut(&pointer).unwrap() = Value::from("changed");
            }
            let signature = signed.message.pointer(signed.signature).unwrap().as_str().unwrap();
            for changed in [signature.to_uppercase(), mixed_case(signature)] {
                *message.pointer_mut(signed.signature).unwrap() = Value::from(changed);
                assert_eq!(
                    signed.read(&message).unwrap()["idempotency_key"],
                    *key,
                    "{}",
                    signed.reader
                );
            }
            let seen = keys.entry(signed.reader).or_default();
            *pairs.entry(signed.reader).or_default() += seen.len();
            let twin = seen.insert(key.as_str().unwrap().to_owned(), signed.message);
            assert!(twin.is_none(), "{}: two payments, one key", signed.reader);
        }
    }
    println!("idempotency: {pairs:?} pairs");
    assert!(
        pairs.len() >= 8 && pairs.values().all(|pairs| *pairs >= rounds * (rounds - 1) / 2),
        "{pairs:?}"
    );
}

fn mixed_case(signature: &str) -> String {
    let case = |(at, digit): (usize, char)| if at % 2 == 0 { digit.to_ascii_uppercase() } else { digit };
    signature.chars().enumerate().map(case).collect()
}

/// Base64 has one spelling for a signature: no spare bits, no line breaks, no other alphabet, no lost padding.
#[test]
fn signatures_have_one_spelling() {
    let rsa = messages(&mut Random::new(4)).into_iter().filter(Signed::is_rsa);
    for signed in rsa {
        let signature = signed
            .message
            .pointer(signed.signature)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        let spare = signature.trim_end_matches('=');
        let last = spare.chars().last().unwrap();
        let next = char::from(last as u8 + 1);
        for changed in [
            spare.to_owned(),
            format!("{}{next}==", &spare[..spare.len() - 1]),
            format!("{}\n{}", &signature[..76], &signature[76..]),
            signature.replace('+', "-").replace('/', "_"),
            format!(" {signature}"),
            format!("{signature}\n"),
            format!("{signature}AAAA"),
        ] {
            let mut message = signed.message.clone();
            let same = changed == signature;
            *message.pointer_mut(signed.signature).unwrap() = Value::from(changed);
            assert!(same || signed.read(&message).is_err(), "{}", signed.reader);
        }
    }
    // Hexadecimal is read in either case, in its full length only.
    for signed in digest_messages(&mut Random::new(5)) {
        let signature = signed
            .message
            .pointer(signed.signature)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        for length in (0..signature.len()).chain([signature.len() + 2]) {
            let changed = format!("{signature}00").chars().take(length).collect::<String>();
            let mut message = signed.message.clone();
            *message.pointer_mut(signed.signature).unwrap() = Value::from(changed);
            assert!(signed.read(&message).is_err(), "{} cut to {length}", signed.reader);
        }
        for changed in [
            format!("0x{signature}"),
            format!("{signature} "),
            format!("{signature}\n"),
        ] {
            let mut message = signed.message.clone();
            *message.pointer_mut(signed.signature).unwrap() = Value::from(changed);
            assert!(signed.read(&message).is_err(), "{}", signed.reader);
        }
    }
}
