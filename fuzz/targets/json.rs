//! The JSON reader against `serde_json`: what it reads comes back the same, is JSON, and it refuses only what is
//! nested too deep, holds a name twice or is no JSON.
#![no_main]

use kyso::value::{MAX_DEPTH, Value, parse};
use libfuzzer_sys::fuzz_target;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let strict = serde_json::from_str::<Strict>(text);
    // It turns numbers into floats, and refuses what none can hold.
    let too_large = strict
        .as_ref()
        .is_err_and(|error| error.to_string().starts_with("number out of range"));
    match parse(text) {
        Ok(value) => {
            let written = value.to_json();
            let again = parse(&written).expect("what was written is JSON");
            assert!(again == value, "what was read comes back");
            assert_eq!(again.to_json(), written);
            assert!(
                too_large || strict.is_ok_and(|depth| depth.0 <= MAX_DEPTH),
                "serde_json refuses it"
            );
            same(&value, &serde_json::from_str(text).unwrap_or_default());
        }
        Err(error) => {
            kyso_fuzz::sound(&error);
            assert!(!strict.is_ok_and(|depth| depth.0 <= MAX_DEPTH), "refused, but good");
        }
    }
});

/// Texts and structure are those of `serde_json`; numbers it may round or refuse.
fn same(ours: &Value<'_>, theirs: &serde_json::Value) {
    match (ours, theirs) {
        (Value::Text(ours), serde_json::Value::String(theirs)) => assert_eq!(ours, theirs),
        (Value::List(ours), serde_json::Value::Array(theirs)) => {
            assert_eq!(ours.len(), theirs.len());
            ours.iter().zip(theirs).for_each(|(ours, theirs)| same(ours, theirs));
        }
        (Value::Record(ours), serde_json::Value::Object(theirs)) => {
            assert_eq!(ours.len(), theirs.len());
            for (name, value) in ours.iter() {
                same(value, &theirs[name]);
            }
        }
        _ => {}
    }
}

/// Depth of a value in which no name comes twice; numbers are not looked at.
struct Strict(usize);

impl<'de> serde::Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Strict;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("JSON")
            }
            fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
                Ok(Strict(0))
            }
            fn visit_unit<E>(self) -> Result<Strict, E> {
                Ok(Strict(0))
            }
            fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
                Ok(Strict(0))
            }
            fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
                Ok(Strict(0))
            }
            fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
                Ok(Strict(0))
            }
            fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
                Ok(Strict(0))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Strict, A::Error> {
                let mut depth = 0;
                while let Some(Strict(item)) = items.next_element()? {
                    depth = depth.max(item);
                }
                Ok(Strict(depth + 1))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Strict, A::Error> {
                let mut depth = 0;
                let mut names = std::collections::HashSet::new();
                while let Some(name) = members.next_key::<String>()? {
                    let Strict(member) = members.next_value()?;
                    depth = depth.max(member);
                    if !names.insert(name) {
                        return Err(serde::de::Error::custom("twice"));
                    }
                }
                Ok(Strict(depth + 1))
            }
        }
        deserializer.deserialize_any(Read)
    }
}
