//! Parameter pollution: each member of each signed message removed, emptied, doubled, renamed, reordered. What must
//! happen is written down for each kind of change; nothing may be accepted with another proven content.
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

use std::collections::BTreeMap;

use common::Random;
use messages::{Signed, digest_messages, proven};
use serde_json::Value;

/// What must happen.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// The text is refused as such, before anything is verified.
    Malformed,
    /// Refused for whatever comes first: absent, signature, merchant.
    Refused,
    /// Accepted or refused; what is proven stays the same.
    Same,
    /// Accepted, with the same content.
    Accepted,
}

/// Name and encoded value of each parameter, in order.
type Pairs = Vec<(String, String)>;

fn pairs(text: &str) -> Pairs {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    text.split('&').map(pair).collect()
}

fn query(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// The members of an object as JSON text: doubling needs the text.
fn members(message: &Value) -> Pairs {
    let all = message.as_object().unwrap().iter();
    all.map(|(name, value)| (name.clone(), value.to_string())).collect()
}

fn object(pairs: &[(String, String)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())))
        .collect();
    format!("{{{}}}", pairs.join(","))
}

fn other_case(name: &str) -> String {
    let upper = name.to_uppercase();
    if upper == name { name.to_lowercase() } else { upper }
}

struct Changed {
    what: &'static str,
    text: String,
    outcome: Outcome,
}

/// Every change of the member at `at`. `counts`: whether it is proven, or the signature itself.
fn changes(at: usize, all: &Pairs, counts: bool, is_query: bool) -> Vec<Changed> {
    use Outcome::{Accepted, Malformed, Refused, Same};
    let write = |pairs: &Pairs| if is_query { query(pairs) } else { object(pairs) };
    let (name, value) = all[at].clone();
    let with = |changed: &dyn Fn(&mut Pairs)| {
        let mut pairs = all.clone();
        changed(&mut pairs);
        write(&pairs)
    };
    let renamed = |new: &str| with(&|pairs: &mut Pairs| pairs[at].0 = new.to_owned());
    let added = |place: usize, new: &str, value: &str| {
        with(&|pairs: &mut Pairs| pairs.insert(place, (new.to_owned(), value.to_owned())))
    };
    let (empty, other) = if is_query { ("", "%31") } else { ("\"\"", "\"1\"") };
    let gone = if counts { Refused } else { Same };
    let strange = if is_query { Malformed } else { gone };
    let double = if is_query { Malformed } else { Same };
    let mut list = vec![
        ("removed", with(&|pairs: &mut Pairs| drop(pairs.remove(at))), gone),
        (
            "emptied",
            with(&|pairs: &mut Pairs| pairs[at].1 = empty.to_owned()),
            gone,
        ),
        ("doubled before", added(at, &name, other), Malformed),
        ("doubled behind", added(at + 1, &name, other), Malformed),
        ("doubled at the end", added(all.len(), &name, &value), Malformed),
        ("emptied double", added(all.len(), &name, empty), Malformed),
        ("other case", renamed(&other_case(&name)), gone),
        ("other case besides", added(0, &other_case(&name), other), double),
        ("[]", renamed(&format!("{name}[]")), strange),
        ("[] besides", added(all.len(), &format!("{name}[]"), other), double),
        ("[0] besides", added(0, &format!("{name}[0]"), other), double),
        ("dot", renamed(&format!("{name}.x")), strange),
        (
            "NUL besides",
            added(0, &format!("{name}{}", if is_query { "%00" } else { "\u{0}" }), other),
            double,
        ),
        (
            "space besides",
            added(0, &format!("{}{name}", if is_query { "+" } else { " " }), other),
            double,
        ),
        (
            "last",
            with(&|pairs: &mut Pairs| {
                let pair = pairs.remove(at);
                pairs.push(pair)
            }),
            Accepted,
        ),
        (
            "first",
            with(&|pairs: &mut Pairs| {
                let pair = pairs.remove(at);
                pairs.insert(0, pair)
            }),
            Accepted,
        ),
    ];
    if is_query {
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let twice = value.replace('%', "%25");
        let changed_twice = if twice == value { Accepted } else { gone };
        list.extend([
            ("encoded name", renamed(&encoded), Accepted),
            ("encoded double", added(all.len(), &encoded, other), Malformed),
            (
                "twice encoded",
                with(&|pairs: &mut Pairs| pairs[at].1.clone_from(&twice)),
                changed_twice,
            ),
            ("NUL", with(&|pairs: &mut Pairs| pairs[at].1.push_str("%00")), Malformed),
            (
                "overlong",
                with(&|pairs: &mut Pairs| pairs[at].1.push_str("%c0%af")),
                Malformed,
            ),
            (
                "bad percent",
                with(&|pairs: &mut Pairs| pairs[at].1.push_str("%4")),
                Malformed,
            ),
            (
                "bad hex",
                with(&|pairs: &mut Pairs| pairs[at].1.push_str("%gg")),
                Malformed,
            ),
            (
                "semicolon",
                with(&|pairs: &mut Pairs| pairs[at].1.push_str(";x=1")),
                gone,
            ),
            ("empty pairs", query(all).replacen('&', "&&", 1), Accepted),
            ("space", with(&|pairs: &mut Pairs| pairs[at].1.push('+')), gone),
        ]);
    } else {
        list.extend([
            ("null", with(&|pairs: &mut Pairs| pairs[at].1 = "null".into()), gone),
            (
                "list",
                with(&|pairs: &mut Pairs| pairs[at].1 = format!("[{}]", pairs[at].1)),
                gone,
            ),
            (
                "object",
                with(&|pairs: &mut Pairs| pairs[at].1 = format!("{{\"x\":{}}}", pairs[at].1)),
                gone,
            ),
            (
                "escaped double",
                object(all).replacen('{', &format!("{{\"\\u{:04x}{}\":1,", name.as_bytes()[0], &name[1..]), 1),
                Malformed,
            ),
            ("trailing text", format!("{}x", object(all)), Malformed),
            ("second object", format!("{0}{0}", object(all)), Malformed),
            ("byte order mark", format!("\u{feff}{}", object(all)), Malformed),
        ]);
    }
    list.into_iter()
        .map(|(what, text, outcome)| Changed { what, text, outcome })
        .collect()
}

/// Where AppotaPay's sorted pairs sign a member only if it is there: an absent one and an empty one are alike in the
/// formula, and the reader says so by leaving it out.
fn check(signed: &Signed, name: &str, changed: &Changed) {
    let original = proven(signed.read(&signed.message).unwrap());
    let result = signed.read_text(&changed.text);
    let place = format!("{} {name} {}: {}", signed.reader, changed.what, changed.text);
    match (changed.outcome, result) {
        (Outcome::Malformed, Err(error)) => assert_eq!(error.code().name(), "malformed_input", "{place}"),
        (Outcome::Refused, Err(_)) | (Outcome::Same, Err(_)) => {}
        (Outcome::Same | Outcome::Accepted, Ok(result)) => assert_eq!(proven(result), original, "{place}"),
        (outcome, result) => panic!("{outcome:?}, but {result:?}: {place}"),
    }
}

#[test]
fn every_member_of_every_signed_message() {
    let mut tried = BTreeMap::<&str, usize>::new();
    for signed in digest_messages(&mut Random::new(21)) {
        if signed.input == "fields" {
            continue;
        }
        let is_query = signed.input == "query";
        let all = if is_query {
            pairs(&signed.text())
        } else {
            members(&signed.message)
        };
        for (at, (name, _)) in all.iter().enumerate() {
            let pointer = format!("/{name}");
            let proven = signed
                .covered
                .iter()
                .any(|covered| pointer == *covered || covered.starts_with(&format!("{pointer}/")));
            let counts = proven || signed.signature == pointer;
            for changed in changes(at, &all, counts, is_query) {
                check(&signed, name, &changed);
                *tried.entry(signed.input).or_default() += 1;
            }
        }
    }
    println!("parameter pollution: {tried:?} cases");
    assert!(tried.values().all(|tried| *tried >= 600), "{tried:?}");
}

/// The same one level down, where the amounts are.
#[test]
fn every_member_inside() {
    let mut tried = 0;
    for signed in digest_messages(&mut Random::new(22)) {
        let inner: Vec<&str> = ["transaction", "data", "accountInfo"]
            .into_iter()
            .filter(|name| signed.input == "body" && signed.message[*name].is_object())
            .collect();
        for outer in inner {
            let all = members(&signed.message[outer]);
            for (at, (name, _)) in all.iter().enumerate() {
                let counts = signed.is_covered(&format!("/{outer}/{name}"));
                for mut changed in changes(at, &all, counts, false) {
                    if ["trailing text", "second object", "byte order mark"].contains(&changed.what) {
                        continue;
                    }
                    let mut outside = members(&signed.message);
                    outside.iter_mut().find(|(name, _)| name == outer).unwrap().1 = changed.text;
                    changed.text = object(&outside);
                    check(&signed, name, &changed);
                    tried += 1;
                }
            }
        }
    }
    assert!(tried >= 600, "{tried}");
}

/// The control: a reader that took the last of two, as PHP does, would be led astray by the same texts.
#[test]
fn the_texts_would_lead_a_lenient_reader_astray() {
    let mut astray = 0;
    for signed in digest_messages(&mut Random::new(23)) {
        if signed.input != "query" {
            continue;
        }
        let all = pairs(&signed.text());
        for (at, (name, value)) in all.iter().enumerate() {
            for changed in changes(at, &all, true, true) {
                let lenient: BTreeMap<String, String> = changed
                    .text
                    .split('&')
                    .filter_map(|pair| pair.split_once('='))
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect();
                astray += usize::from(lenient.get(name).is_some_and(|seen| seen != value));
            }
        }
    }
    assert!(astray > 100, "{astray}");
}
