//! Reading and writing JSON text. The scanner is `serde_json`'s; `RawValue` keeps numbers as printed.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use super::{Record, Text, Value};
use crate::error::{Code, Error, Result};

/// How deep objects and lists may be nested.
pub const MAX_DEPTH: usize = 32;

/// Reads one strict JSON value: no duplicate member at any level, nothing after it, at most [`MAX_DEPTH`] levels.
///
/// # Errors
/// `malformed_input`, without a position: it would tell about the content.
pub fn parse(text: &str) -> Result<Value<'_>> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|_| not_json())?;
    read(raw, MAX_DEPTH)
}

/// Reads one strict JSON object.
///
/// # Errors
/// `malformed_input` where the text is not JSON or not an object.
pub(crate) fn parse_record(text: &str) -> Result<Record<'_>> {
    match parse(text)? {
        Value::Record(record) => Ok(record),
        _ => Err(Error::say(
            Code::MalformedInput,
            "must be the text of a JSON object",
            "phải là chuỗi JSON chứa một đối tượng",
        )),
    }
}

/// The text of a top-level member exactly as it stands in an object's text.
pub(crate) fn raw_member<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let members: Members<'t> = serde_json::from_str(text).ok()?;
    let (_, raw) = members.0.into_iter().find(|(member, _)| member == name)?;
    Some(raw.get())
}

fn not_json() -> Error {
    Error::say(
        Code::MalformedInput,
        "is not strict JSON (one value, each name once)",
        "không phải JSON chuẩn (một giá trị, mỗi tên chỉ xuất hiện một lần)",
    )
}

fn read<'a>(raw: &'a RawValue, depth: usize) -> Result<Value<'a>> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let deeper = depth.checked_sub(1).ok_or_else(not_json)?;
            let members: Members<'a> = serde_json::from_str(text).map_err(|_| not_json())?;
            let mut record = Record(Vec::with_capacity(members.0.len()));
            for (name, value) in members.0 {
                record.0.push((name, read(value, deeper)?));
            }
            Ok(Value::Record(record))
        }
        Some(b'[') => {
            let deeper = depth.checked_sub(1).ok_or_else(not_json)?;
            let items: Items<'a> = serde_json::from_str(text).map_err(|_| not_json())?;
            items
                .0
                .into_iter()
                .map(|item| read(item, deeper))
                .collect::<Result<_>>()
                .map(Value::List)
        }
        Some(b'"') => {
            let Str(text) = serde_json::from_str(text).map_err(|_| not_json())?;
            Ok(Value::Text(text))
        }
        Some(b't') => Ok(Value::Bool(true)),
        Some(b'f') => Ok(Value::Bool(false)),
        Some(b'n') => Ok(Value::Null),
        _ => Ok(Value::Number(Cow::Borrowed(text))),
    }
}

/// An object's members, unread; a name that comes twice is an error.
struct Members<'a>(Vec<(Text<'a>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members: Vec<(Text<'de>, &'de RawValue)> = Vec::with_capacity(16);
                let mut seen = std::collections::HashSet::new();
                while let Some(Str(name)) = map.next_key()? {
                    // A scan is faster for the few members that messages have; a set bounds the cost of hostile ones.
                    let twice = if members.len() < 32 {
                        members.iter().any(|(member, _)| *member == name)
                    } else {
                        if seen.is_empty() {
                            seen.extend(members.iter().map(|(member, _)| member.clone()));
                        }
                        !seen.insert(name.clone())
                    };
                    if twice {
                        return Err(serde::de::Error::custom("duplicate member"));
                    }
                    members.push((name, map.next_value()?));
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Read)
    }
}

struct Items<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Items<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Items<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Items(items))
            }
        }
        deserializer.deserialize_seq(Read)
    }
}

/// A text that borrows where it has no escapes (serde's own `Cow` always copies).
struct Str<'a>(Text<'a>);

impl<'de: 'a, 'a> Deserialize<'de> for Str<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Read;
        impl<'de> Visitor<'de> for Read {
            type Value = Str<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> std::result::Result<Self::Value, E> {
                Ok(Str(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> std::result::Result<Self::Value, E> {
                Ok(Str(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

pub(super) fn write(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Integer(number) => out.push_str(&number.to_string()),
        Value::Number(text) => out.push_str(text),
        Value::Text(text) => write_text(text, out),
        Value::List(list) => {
            out.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Value::Record(record) => {
            out.push('{');
            for (index, (name, member)) in record.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_text(name, out);
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest
        .bytes()
        .position(|byte| byte < 0x20 || byte == b'"' || byte == b'\\')
    {
        let (plain, tail) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => out.push_str(&format!("\\u{:04x}", u32::from(control))),
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}
