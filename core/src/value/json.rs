//! Reading and writing JSON text (RFC 8259) in one pass: texts without escapes are borrowed, numbers kept as printed.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write;

use super::{Record, Text, Value, same};
use crate::error::{Code, Error, Result};

/// How deep objects and lists may be nested.
pub const MAX_DEPTH: usize = 32;

/// How many values may stand in a text, objects, lists and what is in them. One of two bytes takes some hundred in memory.
pub const MAX_VALUES: usize = 131_072;

/// Reads one strict JSON value: no duplicate member at any level, nothing after it, at most [`MAX_DEPTH`] levels
/// and [`MAX_VALUES`] values.
///
/// # Errors
/// `malformed_input`, without a position: it would tell about the content.
pub fn parse(text: &str) -> Result<Value<'_>> {
    let mut scanner = Scanner::new(text);
    let value = scanner.value(MAX_DEPTH);
    value.filter(|_| scanner.skip_space().is_none()).ok_or_else(not_json)
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
    let mut scanner = Scanner::new(text);
    let mut found = None;
    scanner.members(MAX_DEPTH, |member, raw, _| {
        if member == name {
            found = Some(raw);
        }
        Some(())
    })?;
    found.filter(|_| scanner.skip_space().is_none())
}

fn not_json() -> Error {
    Error::say(
        Code::MalformedInput,
        "is not strict JSON (one value, each name once)",
        "không phải JSON chuẩn (một giá trị, mỗi tên chỉ xuất hiện một lần)",
    )
}

/// Walks over a text. `None` is the end of the text, or something that is no JSON.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    values_left: usize,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            values_left: MAX_VALUES,
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(byte)
    }

    /// The byte behind white space.
    fn skip_space(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at = self.at.saturating_add(1);
        }
        self.peek()
    }

    fn take(&mut self, wanted: u8) -> Option<()> {
        (self.next()? == wanted).then_some(())
    }

    fn since(&self, start: usize) -> Option<&'a str> {
        self.text.get(start..self.at)
    }

    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        self.values_left = self.values_left.checked_sub(1)?;
        match self.skip_space()? {
            b'"' => Some(Value::Text(self.string()?)),
            b'{' => Some(Value::Record(self.record(depth)?)),
            b'[' => Some(Value::List(self.list(depth)?)),
            b't' => self.word("true").map(|()| Value::Bool(true)),
            b'f' => self.word("false").map(|()| Value::Bool(false)),
            b'n' => self.word("null").map(|()| Value::Null),
            _ => Some(Value::Number(Cow::Borrowed(self.number()?))),
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        word.bytes().try_for_each(|byte| self.take(byte))
    }

    fn record(&mut self, depth: usize) -> Option<Record<'a>> {
        let mut record = Record(Vec::new());
        let mut seen: Option<HashSet<Text<'a>>> = None;
        self.members(depth, |name, _, value| {
            // A scan is faster for the few members that messages have; a set bounds the cost of hostile ones.
            let twice = if record.0.len() < 32 {
                record.0.iter().any(|(member, _)| same(member, &name))
            } else {
                let names = || record.0.iter().map(|(member, _)| member.clone()).collect();
                !seen.get_or_insert_with(names).insert(name.clone())
            };
            if record.0.is_empty() {
                record.0.reserve(8);
            }
            record.0.push((name, value));
            (!twice).then_some(())
        })?;
        Some(record)
    }

    /// Gives the name, the text and the value of each member of an object.
    fn members(
        &mut self,
        depth: usize,
        mut give: impl FnMut(Text<'a>, &'a str, Value<'a>) -> Option<()>,
    ) -> Option<()> {
        let deeper = depth.checked_sub(1)?;
        self.skip_space()?;
        self.take(b'{')?;
        if self.skip_space()? == b'}' {
            return self.take(b'}');
        }
        loop {
            self.skip_space()?;
            let name = self.string()?;
            self.skip_space()?;
            self.take(b':')?;
            self.skip_space()?;
            let start = self.at;
            let value = self.value(deeper)?;
            give(name, self.since(start)?, value)?;
            self.skip_space()?;
            match self.next()? {
                b',' => {}
                b'}' => return Some(()),
                _ => return None,
            }
        }
    }

    fn list(&mut self, depth: usize) -> Option<Vec<Value<'a>>> {
        let deeper = depth.checked_sub(1)?;
        let mut list = Vec::new();
        self.take(b'[')?;
        if self.skip_space()? == b']' {
            return self.take(b']').map(|()| list);
        }
        loop {
            list.push(self.value(deeper)?);
            self.skip_space()?;
            match self.next()? {
                b',' => {}
                b']' => return Some(list),
                _ => return None,
            }
        }
    }

    fn string(&mut self) -> Option<Text<'a>> {
        self.take(b'"')?;
        let plain = self.plain()?;
        if self.peek()? == b'"' {
            self.take(b'"')?;
            return Some(Cow::Borrowed(plain));
        }
        let mut text = String::with_capacity(plain.len().saturating_mul(2));
        text.push_str(plain);
        loop {
            match self.next()? {
                b'"' => return Some(Cow::Owned(text)),
                b'\\' => text.push(self.escape()?),
                // A control character.
                _ => return None,
            }
            text.push_str(self.plain()?);
        }
    }

    /// Everything up to a quotation mark, a backslash, a control character or the end.
    fn plain(&mut self) -> Option<&'a str> {
        let start = self.at;
        let length = plain_length(self.text.as_bytes().get(start..)?);
        self.at = start.saturating_add(length);
        self.since(start)
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.code_point(),
            _ => return None,
        })
    }

    /// A character as one or, outside the basic plane, two UTF-16 units; lone surrogates are none.
    fn code_point(&mut self) -> Option<char> {
        let first = self.unit()?;
        if !(0xd800..=0xdbff).contains(&first) {
            return char::from_u32(u32::from(first));
        }
        self.take(b'\\')?;
        self.take(b'u')?;
        let pair = [first, self.unit()?];
        char::decode_utf16(pair).next()?.ok()
    }

    fn unit(&mut self) -> Option<u16> {
        let mut unit = 0_u16;
        for _ in 0..4 {
            let digit = char::from(self.next()?).to_digit(16)?;
            unit = (unit << 4) | u16::try_from(digit).ok()?;
        }
        Some(unit)
    }

    fn number(&mut self) -> Option<&'a str> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.take(b'-')?;
        }
        match self.peek()? {
            b'0' => self.take(b'0')?,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.take(b'.')?;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.next()?;
            if let Some(b'+' | b'-') = self.peek() {
                self.next()?;
            }
            self.digits()?;
        }
        self.since(start)
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at = self.at.saturating_add(1);
        }
        (self.at > start).then_some(())
    }
}

/// Number of bytes in front of the first that JSON writes with an escape: 32 at a time without a branch, so that the
/// compiler can use wide registers, then words of 8, then single bytes.
fn plain_length(bytes: &[u8]) -> usize {
    const CHUNK: usize = 32;
    let (chunks, _) = bytes.as_chunks::<CHUNK>();
    let plain = chunks.iter().take_while(|chunk| !any_special(chunk)).count();
    let start = plain.saturating_mul(CHUNK);
    let (words, _) = bytes.get(start..).unwrap_or_default().as_chunks::<8>();
    let plain = words.iter().take_while(|word| !special_in_word(**word)).count();
    let start = start.saturating_add(plain.saturating_mul(8));
    let rest = bytes.get(start..).unwrap_or_default();
    let length = rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len());
    start.saturating_add(length)
}

fn special(byte: u8) -> bool {
    (byte < 0x20) | (byte == b'"') | (byte == b'\\')
}

/// Whether a byte of `word` is special. A difference borrows from the byte above it, so only the first find is exact.
fn special_in_word(word: [u8; 8]) -> bool {
    let splat = |byte: u8| u64::from_ne_bytes([byte; 8]);
    let word = u64::from_ne_bytes(word);
    let below = |word: u64, limit: u8| word.wrapping_sub(splat(limit)) & !word & splat(0x80);
    let equal = |byte: u8| below(word ^ splat(byte), 1);
    below(word, 0x20) | equal(b'"') | equal(b'\\') != 0
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
fn any_special(chunk: &[u8; 32]) -> bool {
    chunk.iter().fold(false, |found, byte| found | special(*byte))
}

/// The compiler takes no vectors of its own where it optimises for size.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
fn any_special(chunk: &[u8; 32]) -> bool {
    use core::arch::wasm32::{u8x16_eq, u8x16_lt, u8x16_splat, u64x2, v128, v128_any_true, v128_or};
    let special = |half: v128| {
        let below = u8x16_lt(half, u8x16_splat(0x20));
        let equal = |byte| u8x16_eq(half, u8x16_splat(byte));
        v128_or(below, v128_or(equal(b'"'), equal(b'\\')))
    };
    let (words, _) = chunk.as_chunks::<8>();
    let [a, b, c, d] = words else { return true };
    let half = |low: &[u8; 8], high: &[u8; 8]| u64x2(u64::from_le_bytes(*low), u64::from_le_bytes(*high));
    v128_any_true(v128_or(special(half(a, b)), special(half(c, d))))
}

pub(super) fn write(value: &Value<'_>, out: &mut String) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Integer(number) => write_display(number, out),
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

/// Writing to a text does not fail.
fn write_display(number: &u64, out: &mut String) {
    let _ = write!(out, "{number}");
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    loop {
        let (plain, tail) = rest
            .split_at_checked(plain_length(rest.as_bytes()))
            .unwrap_or((rest, ""));
        out.push_str(plain);
        let mut chars = tail.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(control) => {
                let _ = write!(out, "\\u{:04x}", u32::from(control));
            }
            None => break,
        }
        rest = chars.as_str();
    }
    out.push('"');
}

/// An upper limit for texts without escapes, so that writing does not have to grow.
pub(super) fn length(value: &Value<'_>) -> usize {
    let total: usize = match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Integer(_) => 20,
        Value::Number(text) | Value::Text(text) => text.len().saturating_add(2),
        Value::List(list) => list.iter().map(|item| length(item).saturating_add(1)).sum(),
        Value::Record(record) => record
            .iter()
            .map(|(name, member)| name.len().saturating_add(4).saturating_add(length(member)))
            .sum(),
    };
    total.saturating_add(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_special_byte_is_found_wherever_it_stands() {
        for length in 0..80 {
            assert_eq!(plain_length(&vec![b'a'; length]), length);
            for at in 0..length {
                for byte in 0..=255_u8 {
                    let mut bytes = vec![b'~'; length];
                    bytes[at] = byte;
                    let expected = if special(byte) { at } else { length };
                    assert_eq!(plain_length(&bytes), expected, "{byte} at {at} of {length}");
                }
            }
        }
    }
}
