//! The packed form of a record, as `js/strict.mjs` writes it and describes it: a list of numbers, the texts that they
//! measure, joined, and the long texts.

use kyso::value::{MAX_DEPTH, Record, Text, Value};

/// The value of a packed record. `None` where it was not written by `js/strict.mjs`.
pub(crate) fn read<'a>(words: &[u32], text: &'a str, long: &'a str, names: &[&'static str]) -> Option<Value<'a>> {
    let mut reader = Reader {
        words: words.iter(),
        ascii: text.is_ascii(),
        text,
        long,
        names,
    };
    let value = reader.value(MAX_DEPTH)?;
    (reader.words.len() == 0 && reader.text.is_empty() && reader.long.is_empty()).then_some(value)
}

struct Reader<'a, 'w> {
    words: core::slice::Iter<'w, u32>,
    text: &'a str,
    /// UTF-16 units of the joined texts are bytes then.
    ascii: bool,
    long: &'a str,
    names: &'w [&'static str],
}

impl<'a> Reader<'a, '_> {
    fn value(&mut self, depth: usize) -> Option<Value<'a>> {
        let word = *self.words.next()? as usize;
        let size = word >> 3;
        Some(match word & 7 {
            0 => Value::Null,
            1 => Value::Bool(false),
            2 => Value::Bool(true),
            3 => Value::Text(self.text(size)?),
            4 => Value::Number(self.text(size)?),
            5 => {
                let depth = depth.checked_sub(1)?;
                let mut list = Vec::with_capacity(size.min(64));
                for _ in 0..size {
                    list.push(self.value(depth)?);
                }
                Value::List(list)
            }
            6 => {
                let depth = depth.checked_sub(1)?;
                let mut members = Vec::with_capacity(size.min(64));
                for _ in 0..size {
                    members.push((self.name()?, self.value(depth)?));
                }
                Value::Record(Record::from_iter(members))
            }
            _ => {
                let (text, rest) = self.long.split_at_checked(size)?;
                self.long = rest;
                Value::Text(text.into())
            }
        })
    }

    fn name(&mut self) -> Option<Text<'a>> {
        let word = *self.words.next()? as usize;
        match word & 1 {
            0 => self.text(word >> 1),
            _ => self.names.get(word >> 1).map(|name| Text::Borrowed(name)),
        }
    }

    fn text(&mut self, units: usize) -> Option<Text<'a>> {
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
