//! The JSON reader beside serde_json's: what one takes the other takes, with the same texts and the same digits.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)] // A test may fail loudly.

use kyso::value::{MAX_DEPTH, Record, Value, parse};
use serde_json::value::RawValue;
use std::collections::HashSet;

/// The same value by serde_json: `RawValue` keeps the members' order, duplicates and digits.
fn by_serde(text: &str, depth: usize) -> Option<Value<'static>> {
    let raw: Box<RawValue> = serde_json::from_str(text).ok()?;
    let text = raw.get();
    Some(match text.as_bytes()[0] {
        b'{' => {
            let members: Members = serde_json::from_str(text).ok()?;
            let names: HashSet<&str> = members.0.iter().map(|(name, _)| name.as_str()).collect();
            if depth == 0 || names.len() != members.0.len() {
                return None;
            }
            let mut record = Record::new();
            for (name, value) in &members.0 {
                record.push(name.clone(), by_serde(value.get(), depth - 1)?);
            }
            Value::Record(record)
        }
        b'[' => {
            let items: Vec<Box<RawValue>> = serde_json::from_str(text).ok()?;
            depth.checked_sub(1)?;
            let items = items.iter().map(|item| by_serde(item.get(), depth - 1));
            Value::List(items.collect::<Option<_>>()?)
        }
        b'"' => Value::text(serde_json::from_str::<String>(text).ok()?),
        b't' => Value::Bool(true),
        b'f' => Value::Bool(false),
        b'n' => Value::Null,
        _ => Value::Number(text.to_owned().into()),
    })
}

struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> serde::Deserialize<'de> for Members {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> serde::de::Visitor<'de> for Read {
            type Value = Members;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

/// Whether both take it, after they agreed.
fn agree(text: &str) -> bool {
    let ours = parse(text).ok();
    let theirs = by_serde(text, MAX_DEPTH);
    assert!(
        ours == theirs,
        "{text:?}: ours {}, theirs {}",
        ours.is_some(),
        theirs.is_some()
    );
    if let Some(value) = &ours {
        assert!(
            parse(&value.to_json()).as_ref() == Ok(value),
            "written and read: {text:?}"
        );
    }
    ours.is_some()
}

#[test]
fn texts_that_parsers_differ_on() {
    let good = [
        "0",
        "-0",
        "1e5",
        "1E+5",
        "0.10",
        "-1.5e-7",
        "\"\"",
        "[]",
        "{}",
        " \t\r\n[ 1 , 2 ]\n",
        "\"\\u0111\\ud83d\\ude00\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\u{7f}\u{80}\u{2028}\"",
        "{\"\":1}",
        "{\"a\":{\"a\":1},\"b\":[{\"a\":1}]}",
        "12345678901234567890123456789.000",
        "true",
        "false",
        "null",
        "\"\u{fffe}\"",
    ];
    let bad = [
        "",
        " ",
        "01",
        "-",
        "+1",
        "1.",
        ".5",
        "1e",
        "1e+",
        "0x10",
        "NaN",
        "Infinity",
        "tru",
        "truex",
        "nul",
        "\"",
        "\"\\\"",
        "\"\\x41\"",
        "\"\\u12\"",
        "\"\\u+123\"",
        "\"\\ud800\"",
        "\"\\ud800x\"",
        "\"\\ud800\\u0041\"",
        "\"\\udc00\"",
        "\"\u{1}\"",
        "\"\n\"",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[",
        "]",
        "{\"a\":1,}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{1:1}",
        "{\"a\":1 \"b\":2}",
        "{\"a\":1,\"a\":1}",
        "{\"a\":1,\"\\u0061\":1}",
        "[{\"x\":[{\"a\":1,\"a\":2}]}]",
        "1 1",
        "{} x",
        "\u{feff}1",
        "\u{a0}1",
        "// x\n1",
        "'a'",
        "\u{c}1",
        "\"\\u00e\u{111}\"",
    ];
    for text in good {
        assert!(agree(text), "{text:?}");
    }
    for text in bad {
        assert!(!agree(text), "{text:?}");
    }
    for depth in [MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 1000] {
        let list = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(parse(&list).is_ok(), depth <= MAX_DEPTH, "{depth}");
        let object = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
        assert_eq!(parse(&object).is_ok(), depth <= MAX_DEPTH, "{depth}");
    }
    // More members than are looked through one by one, the last one twice.
    let members: Vec<String> = (0..100).map(|at| format!("\"n{at}\":{at}")).collect();
    assert!(agree(&format!("{{{}}}", members.join(","))));
    for twice in [0, 31, 32, 99] {
        assert!(!agree(&format!("{{{},\"n{twice}\":1}}", members.join(","))), "{twice}");
    }
}

/// Every length around the width in which texts are looked through, with what ends them at every place.
#[test]
fn special_characters_at_every_place() {
    for length in 0..100 {
        let plain = "x".repeat(length);
        assert!(agree(&format!("\"{plain}\"")), "{length}");
        for at in 0..=length {
            let (before, behind) = plain.split_at(at);
            assert!(agree(&format!("\"{before}\\n{behind}\"")), "{length} {at}");
            assert!(agree(&format!("\"{before}đ{behind}\"")), "{length} {at}");
            assert!(!agree(&format!("\"{before}\u{1f}{behind}\"")), "{length} {at}");
            assert!(!agree(&format!("\"{before}\"{behind}\"")), "{length} {at}");
            let value = Value::text(format!("{before}\"\\\u{1}\n{behind}"));
            assert!(parse(&value.to_json()) == Ok(value), "{length} {at}");
        }
    }
}

/// Texts with a few characters changed, added or taken away.
#[test]
fn changed_texts() {
    let seeds = [
        r#"{"errorCode":0,"message":"Th\u00e0nh c\u00f4ng","transaction":{"amount":50000.50,"list":[1,-2e+7,true,null]},"s":"đ"}"#,
        r#"[{"a":"\ud83d\ude00 \\ \" \/"},"",{"":{}},[[]],0.1E-3, false ]"#,
    ];
    const ALPHABET: &[char] = &[
        '{', '}', '[', ']', ',', ':', '"', '\\', 'u', 'd', '8', '0', '1', '-', '+', '.', 'e', 'E', ' ', '\n', 't', 'n',
        'đ', '\u{1}',
    ];
    let mut state = 7_u64;
    let mut random = |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    let mut taken = 0;
    for round in 0..40_000 {
        let mut text: Vec<char> = seeds[round % seeds.len()].chars().collect();
        for _ in 0..=random(3) {
            let at = random(text.len());
            match random(3) {
                0 => text[at] = ALPHABET[random(ALPHABET.len())],
                1 => text.insert(at, ALPHABET[random(ALPHABET.len())]),
                _ => drop(text.remove(at)),
            }
        }
        taken += usize::from(agree(&text.iter().collect::<String>()));
    }
    // Both answers came often enough for the comparison to mean something.
    assert!((1_000..39_000).contains(&taken), "{taken}");
}
