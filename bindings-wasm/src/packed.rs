//! The packed form of a record, as `js/strict.mjs` writes it: a letter and what belongs to it. `s` is a text's length
//! in UTF-16 units, `:` and the text; `i` digits and `;`; `t`, `f` and `n` stand alone; `l` is a count, `:` and as many
//! values; `d` a count, `:` and as many pairs of a name (a text without its letter) and a value.

use kyso::value::{MAX_DEPTH, Record, Text, Value};

/// The value of a packed text. `None` where the text was not written by `js/strict.mjs`.
pub(crate) fn read(text: &str) -> Option<Value<'_>> {
    let mut reader = Reader {
        text,
        ascii: text.is_ascii(),
    };
    let value = reader.value(MAX_DEPTH)?;
    reader.text.is_empty().then_some(value)
}

struct Reader<'a> {
    text: &'a str,
    /// UTF-16 units are bytes then.
    ascii: bool,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let (letter, rest) = self.text.split_at_checked(1)?;
        self.text = rest;
        Some(match letter {
            "s" => Value::Text(self.text()?),
            "i" => {
                let (digits, rest) = self.text.split_once(';')?;
                self.text = rest;
                Value::Number(digits.into())
            }
            "t" => Value::Bool(true),
            "f" => Value::Bool(false),
            "n" => Value::Null,
            "l" => {
                let (count, depth) = (self.count()?, depth.checked_sub(1)?);
                let mut list = Vec::with_capacity(count.min(64));
                for _ in 0..count {
                    list.push(self.value(depth)?);
                }
                Value::List(list)
            }
            "d" => {
                let (count, depth) = (self.count()?, depth.checked_sub(1)?);
                let mut members = Vec::with_capacity(count.min(64));
                for _ in 0..count {
                    members.push((self.text()?, self.value(depth)?));
                }
                Value::Record(Record::from_iter(members))
            }
            _ => return None,
        })
    }

    fn count(&mut self) -> Option<usize> {
        let mut count = 0_usize;
        for (at, byte) in self.text.bytes().enumerate() {
            if byte == b':' {
                self.text = self.text.get(at + 1..)?;
                return Some(count);
            }
            let digit = char::from(byte).to_digit(10)?;
            count = count.checked_mul(10)?.checked_add(digit as usize)?;
        }
        None
    }

    fn text(&mut self) -> Option<Text<'a>> {
        let units = self.count()?;
        let bytes = if self.ascii { units } else { bytes_of(self.text, units)? };
        let (text, rest) = self.text.split_at_checked(bytes)?;
        self.text = rest;
        Some(text.into())
    }
}

/// How many bytes the first UTF-16 units of a text have.
fn bytes_of(text: &str, units: usize) -> Option<usize> {
    let mut left = units;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return Some(at);
        }
        left = left.checked_sub(character.len_utf16())?;
    }
    (left == 0).then_some(text.len())
}
