//! Values as flat lists, in both directions: what hosts with arrays of their own read and write without JSON text.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ffi::c_char;
use std::ptr;

use kyso::value::{MAX_DEPTH, Record, Value, parse};
use kyso::{Code, Error, Result};
use zeroize::Zeroize;

use crate::border::read_text;

/// `null`.
pub const KYSO_KIND_NULL: u32 = 0;
/// `true` or `false`: `integer` is 1 or 0.
pub const KYSO_KIND_BOOL: u32 = 1;
/// An integer, in `integer`: an amount in VND, a time in Unix seconds, a count.
pub const KYSO_KIND_INTEGER: u32 = 2;
/// A number exactly as a gateway printed it, in `text`. In results only.
pub const KYSO_KIND_NUMBER: u32 = 3;
/// A text, in `text`.
pub const KYSO_KIND_TEXT: u32 = 4;
/// A list of `count` values, which follow.
pub const KYSO_KIND_LIST: u32 = 5;
/// An object of `count` members, which follow.
pub const KYSO_KIND_OBJECT: u32 = 6;
/// A value of the host's language that no field can take, such as a float: the call answers `wrong_type` with this name.
/// In inputs only.
pub const KYSO_KIND_UNSUPPORTED: u32 = 7;

/// One value in a flat list, in which a list or an object is followed by what it holds, and that by what it holds itself.
///
/// For bindings of further languages and for hosts that keep records of their own: nothing is copied on the way in, and
/// nothing is looked up on the way out. Names and texts have a length and no NUL at their end.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct kyso_node {
    /// Name of the member; not used for the first node and inside a list.
    pub name: *const c_char,
    /// Its length in bytes.
    pub name_length: usize,
    /// UTF-8 text or digits.
    pub text: *const c_char,
    /// Its length in bytes.
    pub text_length: usize,
    /// Integer, or 1 for true.
    pub integer: i64,
    /// How many members or elements follow.
    pub count: usize,
    /// One of `KYSO_KIND_...`.
    pub kind: u32,
}

/// One value of a flat list, with its texts as `T`.
pub(crate) struct Part<T> {
    pub(crate) name: T,
    pub(crate) kind: Kind<T>,
}

/// What stands in such a place.
#[derive(Clone)]
pub(crate) enum Kind<T> {
    Null,
    Bool(bool),
    Integer(i64),
    Number(T),
    Text(T),
    /// JSON text of one value.
    Json(T),
    List(usize),
    Object(usize),
    /// A value that no field can take; a null stands in its place.
    Unsupported,
    /// The host gave something that is no value at all.
    Fault(Code),
}

/// An input that was put together.
pub(crate) struct Input<'a> {
    value: Value<'a>,
    /// The first value that no field can take.
    unsupported: Option<Error>,
}

impl<'a> Input<'a> {
    /// The object that a flat list holds.
    pub(crate) fn read(parts: impl ExactSizeIterator<Item = Part<&'a str>>) -> Result<Self> {
        let mut reader = Reader {
            parts,
            unsupported: None,
        };
        let value = match reader.next()?.kind {
            Kind::Object(count) => reader.record(count, MAX_DEPTH)?,
            _ => return Err(Error::new(Code::WrongType)),
        };
        if reader.parts.len() > 0 {
            return Err(Error::new(Code::MalformedInput));
        }
        let unsupported = reader.unsupported;
        Ok(Self { value, unsupported })
    }

    /// Uses it once and wipes what it owns.
    pub(crate) fn with<T>(mut self, use_it: impl FnOnce(&Value<'a>) -> Result<T>) -> Result<T> {
        let outcome = use_it(&self.value);
        self.value.zeroize();
        let Some(unsupported) = self.unsupported else {
            return outcome;
        };
        // The core refuses a null nearly everywhere, in its own order (unknown fields first) and by its own name.
        match outcome {
            Err(error) if matches!(error.code(), Code::UnknownField | Code::WrongType) => Err(error),
            _ => Err(unsupported),
        }
    }
}

/// Members that are looked through one by one.
const FEW: usize = 32;

struct Reader<I> {
    parts: I,
    unsupported: Option<Error>,
}

impl<'a, I: ExactSizeIterator<Item = Part<&'a str>>> Reader<I> {
    fn next(&mut self) -> Result<Part<&'a str>> {
        self.parts.next().ok_or_else(|| Error::new(Code::MalformedInput))
    }

    fn record(&mut self, count: usize, depth: usize) -> Result<Value<'a>> {
        // A host may have said any number.
        let mut members = Vec::with_capacity(count.min(self.parts.len()));
        let mut seen = HashSet::new();
        for _ in 0..count {
            if let Err(error) = self.member(&mut members, &mut seen, depth) {
                members.iter_mut().for_each(|(_, value)| value.zeroize());
                return Err(error);
            }
        }
        Ok(Value::Record(Record::from_iter(members)))
    }

    /// Adds a member. A name that comes again has its last value.
    fn member(
        &mut self,
        members: &mut Vec<(Cow<'a, str>, Value<'a>)>,
        seen: &mut HashSet<Cow<'a, str>>,
        depth: usize,
    ) -> Result<()> {
        let Part { name, kind } = self.next()?;
        let value = self.value(kind, depth, || shown(name))?;
        // A scan is faster for the few members that inputs have; a set bounds the cost of hostile ones.
        if members.len() >= FEW && seen.is_empty() {
            seen.extend(members.iter().map(|(known, _)| known.clone()));
        }
        let is_known = members.len() < FEW || !seen.insert(Cow::Borrowed(name));
        let before = is_known.then(|| members.iter().position(|(known, _)| known == name));
        if let Some(before) = before.flatten() {
            members.remove(before).1.zeroize();
        }
        members.push((Cow::Borrowed(name), value));
        Ok(())
    }

    fn list(&mut self, count: usize, depth: usize) -> Result<Value<'a>> {
        let mut list = Vec::with_capacity(count.min(self.parts.len()));
        for index in 0..count {
            let element = self.next();
            match element.and_then(|part| self.value(part.kind, depth, || index.to_string())) {
                Ok(value) => list.push(value),
                Err(error) => {
                    list.iter_mut().for_each(Zeroize::zeroize);
                    return Err(error);
                }
            }
        }
        Ok(Value::List(list))
    }

    /// A value, and its place in what is wrong with it.
    fn value(&mut self, kind: Kind<&'a str>, depth: usize, place: impl Fn() -> String) -> Result<Value<'a>> {
        let is_first = self.unsupported.is_none();
        let value = self.plain(kind, depth).map_err(|error| error.inside(&place()))?;
        if is_first {
            self.unsupported = self.unsupported.take().map(|error| error.inside(&place()));
        }
        Ok(value)
    }

    fn plain(&mut self, kind: Kind<&'a str>, depth: usize) -> Result<Value<'a>> {
        Ok(match kind {
            Kind::Null => Value::Null,
            Kind::Bool(value) => Value::Bool(value),
            Kind::Integer(value) => Value::Number(Cow::Owned(value.to_string())),
            Kind::Number(digits) => Value::Number(Cow::Borrowed(digits)),
            Kind::Text(text) => Value::Text(Cow::Borrowed(text)),
            Kind::Json(json) => parse(json)?,
            Kind::List(count) => self.list(count, deeper(depth)?)?,
            Kind::Object(count) => self.record(count, deeper(depth)?)?,
            Kind::Unsupported => {
                self.unsupported.get_or_insert_with(|| Error::new(Code::WrongType));
                Value::Null
            }
            Kind::Fault(code) => return Err(Error::new(code)),
        })
    }
}

/// `depth` counts the object around everything.
fn deeper(depth: usize) -> Result<usize> {
    match depth {
        0 | 1 => Err(Error::new(Code::MalformedInput)),
        depth => Ok(depth - 1),
    }
}

/// An error's field is short and printable, whatever the name holds.
pub(crate) fn shown(name: &str) -> String {
    name.chars().take(64).filter(char::is_ascii_graphic).collect()
}

/// A caller's flat list.
///
/// # Safety
/// `nodes` is NULL or points to `count` nodes whose texts are readable, and nobody changes them during the call.
pub(crate) unsafe fn read_nodes<'a>(nodes: *const kyso_node, count: usize, field: &str) -> Result<Input<'a>> {
    if nodes.is_null() {
        return Err(Error::new(Code::NullPointer).field(field));
    }
    // More than memory can hold.
    if count > isize::MAX as usize / size_of::<kyso_node>() {
        return Err(Error::new(Code::MalformedInput).field(field));
    }
    // SAFETY: not null, of a possible size; readable by this function's contract.
    let nodes = unsafe { std::slice::from_raw_parts(nodes, count) };
    // SAFETY: the texts of the caller, by this function's contract.
    Input::read(nodes.iter().map(|node| unsafe { part_of(node) }))
}

/// # Safety
/// The node's texts are readable, and nobody changes them during the call.
unsafe fn part_of<'a>(node: &kyso_node) -> Part<&'a str> {
    // SAFETY: as this function's contract says.
    let name = unsafe { read_text(node.name, node.name_length, "") };
    let text = |make: fn(&'a str) -> Kind<&'a str>| {
        // SAFETY: as this function's contract says.
        let text = unsafe { read_text(node.text, node.text_length, "") };
        text.map_or_else(|error| Kind::Fault(error.code()), make)
    };
    let kind = match node.kind {
        KYSO_KIND_NULL => Kind::Null,
        KYSO_KIND_BOOL => Kind::Bool(node.integer != 0),
        KYSO_KIND_INTEGER => Kind::Integer(node.integer),
        KYSO_KIND_TEXT => text(Kind::Text),
        KYSO_KIND_LIST => Kind::List(node.count),
        KYSO_KIND_OBJECT => Kind::Object(node.count),
        KYSO_KIND_UNSUPPORTED => Kind::Unsupported,
        _ => Kind::Fault(Code::MalformedInput),
    };
    match name {
        Ok(name) => Part { name, kind },
        Err(error) => Part {
            name: "?",
            kind: Kind::Fault(error.code()),
        },
    }
}

/// The flat list of a value. `print` gives the digits of an integer that is too large for `integer`.
pub(crate) fn nodes_of(
    value: &Value<'static>,
    print: &impl Fn(&Value<'static>) -> (*const c_char, usize),
) -> Vec<kyso_node> {
    let mut nodes = Vec::with_capacity(32);
    add(&mut nodes, "", value, print);
    nodes
}

fn add(
    nodes: &mut Vec<kyso_node>,
    name: &str,
    value: &Value<'static>,
    print: &impl Fn(&Value<'static>) -> (*const c_char, usize),
) {
    let mut node = kyso_node {
        name: name.as_ptr().cast(),
        name_length: name.len(),
        text: ptr::null(),
        text_length: 0,
        integer: 0,
        count: 0,
        kind: KYSO_KIND_NULL,
    };
    match value {
        Value::Null => {}
        Value::Bool(value) => (node.kind, node.integer) = (KYSO_KIND_BOOL, i64::from(*value)),
        Value::Integer(number) => match i64::try_from(*number) {
            Ok(number) => (node.kind, node.integer) = (KYSO_KIND_INTEGER, number),
            Err(_) => {
                node.kind = KYSO_KIND_NUMBER;
                (node.text, node.text_length) = print(value);
            }
        },
        Value::Number(text) => {
            (node.kind, node.text, node.text_length) = (KYSO_KIND_NUMBER, text.as_ptr().cast(), text.len());
        }
        Value::Text(text) => {
            (node.kind, node.text, node.text_length) = (KYSO_KIND_TEXT, text.as_ptr().cast(), text.len());
        }
        Value::List(list) => (node.kind, node.count) = (KYSO_KIND_LIST, list.len()),
        Value::Record(record) => (node.kind, node.count) = (KYSO_KIND_OBJECT, record.len()),
    }
    nodes.push(node);
    match value {
        Value::List(list) => list.iter().for_each(|item| add(nodes, "", item, print)),
        Value::Record(record) => record.iter().for_each(|(name, member)| add(nodes, name, member, print)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_comes_again_has_its_last_value() {
        for count in [2, FEW - 1, FEW, FEW + 1, 3 * FEW] {
            let names: Vec<String> = (0..count).map(|at| format!("m{at}")).collect();
            for again in [0, count / 2, count - 1] {
                let first = Part {
                    name: "",
                    kind: Kind::Object(count + 1),
                };
                let members = names.iter().chain([&names[again]]).enumerate();
                let members = members.map(|(at, name)| Part {
                    name: name.as_str(),
                    kind: Kind::Integer(at as i64),
                });
                let parts: Vec<_> = [first].into_iter().chain(members).collect();
                let input = Input::read(parts.into_iter()).ok().unwrap();
                let record = input.value.as_record().unwrap();
                assert_eq!(record.len(), count, "{count}, {again}");
                let last = record.printed(&names[again]).unwrap();
                assert_eq!(last, count.to_string(), "{count}, {again}");
            }
        }
    }
}
