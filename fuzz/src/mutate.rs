//! Half of the mutations change one value inside the JSON text, also in the JSON text or query that a member holds;
//! the other half is libFuzzer's own, byte by byte.

use libfuzzer_sys::fuzzer_mutate;
use serde_json::Value;

/// Numbers from one seed (SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % (bound.max(1) as u64)) as usize
    }
}

/// Values that have been trouble somewhere.
const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1e400",
    "00",
    "1000000000000000",
    "1000000000000001",
    "18446744073709551616",
    "1.0",
    "50.000",
    "a|b",
    "a&b=c",
    "a b",
    "\u{0}",
    "\u{202e}",
    "Đặng",
    "e\u{301}",
    "%",
    "%zz",
    "%00",
    "+",
    "null",
    "true",
    "{}",
    "[]",
    "https://a.vn/",
    "javascript:alert(1)",
    "a@b.vn",
    "2026-11-20 00:00:00",
    "vnd",
];

/// Mutates `operation`, line feed, JSON text in place and gives the new size.
pub fn mutate_call(data: &mut [u8], size: usize, max_size: usize, seed: u32) -> usize {
    let mut random = Random(u64::from(seed));
    let changed = (random.below(2) == 0)
        .then(|| changed(&data[..size], &mut random))
        .flatten();
    match changed {
        Some(text) if text.len() <= max_size => {
            data[..text.len()].copy_from_slice(text.as_bytes());
            text.len()
        }
        _ => fuzzer_mutate(data, size, max_size),
    }
}

fn changed(data: &[u8], random: &mut Random) -> Option<String> {
    let (operation, input) = std::str::from_utf8(data).ok()?.split_once('\n')?;
    let mut input: Value = serde_json::from_str(input).ok()?;
    change(&mut input, random, 0);
    Some(format!("{operation}\n{input}"))
}

/// Changes one place at or below a value.
fn change(value: &mut Value, random: &mut Random, depth: usize) {
    match value {
        Value::Object(members) if !members.is_empty() && depth < 8 => {
            let names: Vec<String> = members.keys().cloned().collect();
            let name = &names[random.below(names.len())];
            match random.below(8) {
                0 => drop(members.shift_remove(name)),
                1 => {
                    let other = members[&names[random.below(names.len())]].clone();
                    members.insert(name.clone(), other);
                }
                2 => {
                    let moved = members.shift_remove(name).unwrap_or_default();
                    members.insert(bytes(name, random), moved);
                }
                _ => change(&mut members[name], random, depth + 1),
            }
        }
        Value::Array(items) if !items.is_empty() && depth < 8 => {
            let at = random.below(items.len());
            match random.below(6) {
                0 => drop(items.remove(at)),
                1 if items.len() < 64 => items.push(items[at].clone()),
                _ => change(&mut items[at], random, depth + 1),
            }
        }
        Value::String(text) => change_text(text, random, depth),
        other => *other = scalar(random),
    }
}

fn change_text(text: &mut String, random: &mut Random, depth: usize) {
    // A body: JSON inside the text.
    if text.starts_with('{') && depth < 8 && random.below(4) > 0 {
        if let Ok(mut inner) = serde_json::from_str::<Value>(text) {
            change(&mut inner, random, depth + 1);
            *text = inner.to_string();
            return;
        }
    }
    match random.below(6) {
        0 => *text = TEXTS[random.below(TEXTS.len())].to_owned(),
        1 => {
            let piece = TEXTS[random.below(TEXTS.len())];
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            text.insert_str(places[random.below(places.len())], piece);
        }
        _ => *text = bytes(text, random),
    }
}

fn scalar(random: &mut Random) -> Value {
    match random.below(6) {
        0 => Value::Null,
        1 => Value::Bool(random.below(2) == 0),
        2 => Value::from(random.below(1 << 16)),
        3 => Value::from(u64::MAX),
        4 => Value::from(random.below(usize::MAX)),
        _ => Value::from(TEXTS[random.below(TEXTS.len())]),
    }
}

/// libFuzzer's mutation of a text.
fn bytes(text: &str, random: &mut Random) -> String {
    let room = text.len() + 8 + random.below(24);
    let mut data = vec![0; room];
    data[..text.len()].copy_from_slice(text.as_bytes());
    let size = fuzzer_mutate(&mut data, text.len(), room);
    String::from_utf8_lossy(&data[..size]).into_owned()
}
