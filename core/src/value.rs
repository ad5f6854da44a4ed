//! JSON as this library needs it: strict, ordered, duplicates refused, numbers kept exactly as printed.

mod de;
mod json;
mod take;

pub use de::{AnyJson, Json};
pub(crate) use de::{Others, WHITE_SPACE, WHOLE, from_input, from_output, from_part, names_of, whole};
pub use json::{MAX_DEPTH, MAX_VALUES, parse};
pub(crate) use json::{parse_record, raw_member};
pub(crate) use take::from_own_output;

use std::borrow::Cow;

use zeroize::Zeroize;

use crate::secret::wipe;

/// Text that borrows from the message it was read from where it can.
pub type Text<'a> = Cow<'a, str>;

/// A JSON value. Numbers that were read stay text; only amounts in dong become integers.
// A tag of one byte would leave the rest of the word to `Bool`, and values be copied in pieces of odd length.
#[derive(Clone, Default, PartialEq)]
#[repr(u64)]
pub enum Value<'a> {
    /// `null`
    #[default]
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer of ours: an amount in dong, a time, a count.
    Integer(u64),
    /// A number exactly as it was printed.
    Number(Text<'a>),
    /// A text.
    Text(Text<'a>),
    /// An array.
    List(Vec<Value<'a>>),
    /// An object.
    Record(Record<'a>),
}

/// A JSON object: members in their order, each name once.
#[derive(Clone, Default, PartialEq)]
pub struct Record<'a>(Vec<(Text<'a>, Value<'a>)>);

impl<'a> Value<'a> {
    /// A text value.
    pub fn text(text: impl Into<Text<'a>>) -> Self {
        Value::Text(text.into())
    }

    /// The text of a text, or the digits of a number as printed.
    #[must_use]
    pub fn printed(&self) -> Option<Text<'_>> {
        match self {
            Value::Text(text) | Value::Number(text) => Some(Cow::Borrowed(text)),
            Value::Integer(number) => Some(Cow::Owned(number.to_string())),
            _ => None,
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, where it is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<u64> {
        match self {
            Value::Integer(number) => Some(*number),
            _ => None,
        }
    }

    /// The record, where it is one.
    #[must_use]
    pub fn as_record(&self) -> Option<&Record<'a>> {
        match self {
            Value::Record(record) => Some(record),
            _ => None,
        }
    }

    /// The value at a JSON Pointer such as `/data/0/amount`.
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Value<'a>> {
        if pointer.is_empty() {
            return Some(self);
        }
        let mut at = self;
        for step in pointer.strip_prefix('/')?.split('/') {
            at = match at {
                Value::Record(record) if step.contains('~') => {
                    record.get(&step.replace("~1", "/").replace("~0", "~"))?
                }
                Value::Record(record) => record.get(step)?,
                Value::List(list) => list.get(usize::try_from(whole(step)?).ok()?)?,
                _ => return None,
            };
        }
        Some(at)
    }

    /// Compact JSON, raw UTF-8, numbers as printed.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = String::with_capacity(json::length(self));
        json::write(self, &mut out);
        out
    }

    /// Appends what [`Value::to_json`] gives.
    pub fn write_json(&self, out: &mut String) {
        json::write(self, out);
    }

    /// The same value, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Bool(value) => Value::Bool(value),
            Value::Integer(value) => Value::Integer(value),
            Value::Number(text) => Value::Number(Cow::Owned(text.into_owned())),
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::List(list) => Value::List(list.into_iter().map(Value::into_owned).collect()),
            Value::Record(record) => Value::Record(record.into_owned()),
        }
    }

    pub(crate) fn kind(&self) -> (&'static str, &'static str) {
        match self {
            Value::Null => ("null", "null"),
            Value::Bool(_) => ("a boolean", "giá trị đúng/sai"),
            Value::Integer(_) | Value::Number(_) => ("a number", "số"),
            Value::Text(_) => ("text", "văn bản"),
            Value::List(_) => ("a list", "danh sách"),
            Value::Record(_) => ("an object", "đối tượng"),
        }
    }
}

/// Whether two names are equal. Names are short and mostly differ in their first bytes, where a call of memcmp costs
/// more than the whole comparison.
pub(crate) fn same(left: &str, right: &str) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let ((left_words, left_rest), (right_words, right_rest)) = (words(left), words(right));
    equal(left_words, right_words) && equal(left_rest, right_rest)
}

fn words(text: &str) -> (&[[u8; 8]], &[u8]) {
    text.as_bytes().as_chunks()
}

fn equal<T: PartialEq>(left: &[T], right: &[T]) -> bool {
    left.iter().zip(right).all(|(left, right)| left == right)
}

/// Whether a name is among others.
pub(crate) fn among(name: &str, names: &[&str]) -> bool {
    names.iter().any(|other| same(name, other))
}

/// A member's name without a copy, where it is one of the known ones.
pub(crate) fn known_name(name: Text<'_>, known: &'static [&'static str]) -> Text<'static> {
    match known.iter().find(|known| same(known, &name)) {
        Some(known) => Cow::Borrowed(*known),
        None => Cow::Owned(name.into_owned()),
    }
}

impl Zeroize for Value<'_> {
    /// Wipes every text that this value owns.
    fn zeroize(&mut self) {
        match self {
            Value::Number(Cow::Owned(text)) | Value::Text(Cow::Owned(text)) => wipe(text),
            Value::List(list) => list.iter_mut().for_each(Zeroize::zeroize),
            Value::Record(record) => record.0.iter_mut().for_each(|(_, value)| value.zeroize()),
            _ => {}
        }
    }
}

impl<'a> Record<'a> {
    /// A record with no members.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub(crate) fn with_capacity(members: usize) -> Self {
        Self(Vec::with_capacity(members))
    }

    /// The member of that name, looked for from a place on: the place behind it, and its value.
    pub(crate) fn get_from(&self, place: usize, name: &str) -> Option<(usize, &Value<'a>)> {
        let (before, behind) = self.0.split_at_checked(place)?;
        let behind = (place..).zip(behind);
        let (at, (_, value)) = behind
            .chain((0..).zip(before))
            .find(|(_, (member, _))| same(member, name))?;
        Some((at.saturating_add(1), value))
    }

    /// The member of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0
            .iter()
            .find(|(member, _)| same(member, name))
            .map(|(_, value)| value)
    }

    /// The text or number of that name as printed.
    #[must_use]
    pub fn printed(&self, name: &str) -> Option<Text<'_>> {
        self.get(name)?.printed()
    }

    /// Takes the member of that name out.
    pub fn remove(&mut self, name: &str) -> Option<Value<'a>> {
        let at = self.0.iter().position(|(member, _)| same(member, name))?;
        Some(self.0.remove(at).1)
    }

    /// Adds a member at the end. The caller sees to it that the name is new.
    pub fn push(&mut self, name: impl Into<Text<'a>>, value: Value<'a>) {
        self.0.push((name.into(), value));
    }

    /// The members in their order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// The members in their order, with names that tell whether they are the library's own.
    pub fn members(&self) -> impl Iterator<Item = (&Text<'a>, &Value<'a>)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The members in their order, to change their values.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (&str, &mut Value<'a>)> {
        self.0.iter_mut().map(|(name, value)| (&**name, value))
    }

    /// Number of members.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no member.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same record, owning its texts.
    #[must_use]
    pub fn into_owned(self) -> Record<'static> {
        Record(
            self.0
                .into_iter()
                .map(|(name, value)| (Cow::Owned(name.into_owned()), value.into_owned()))
                .collect(),
        )
    }
}

impl<'a> IntoIterator for Record<'a> {
    type Item = (Text<'a>, Value<'a>);
    type IntoIter = std::vec::IntoIter<(Text<'a>, Value<'a>)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a, N: Into<Text<'a>>> FromIterator<(N, Value<'a>)> for Record<'a> {
    fn from_iter<I: IntoIterator<Item = (N, Value<'a>)>>(members: I) -> Self {
        Self(members.into_iter().map(|(name, value)| (name.into(), value)).collect())
    }
}

/// Shape only: answers and inputs may hold secrets and personal data.
impl core::fmt::Debug for Value<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Value::Record(record) => record.fmt(f),
            other => f.write_str(other.kind().0),
        }
    }
}

/// Names only: answers and inputs may hold secrets and personal data.
impl core::fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(name, _)| name)).finish()
    }
}
