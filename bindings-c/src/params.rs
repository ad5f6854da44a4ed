//! Inputs for hosts without a JSON library.

use std::ffi::c_char;
use std::fmt::Write;
use std::ops::Range;

use kyso::value::{MAX_DEPTH, Value, parse};
use kyso::{Code, Error, Result};
use zeroize::Zeroize;

use crate::border::{guard, read_text};
use crate::node::{Input, Kind, Part, shown};

/// Room for the names and values of most inputs, and for their number: neither grows then.
const TEXT_ROOM: usize = 1024;
const PARTS_ROOM: usize = 24;

/// An input that is put together member by member, for hosts without a JSON library.
///
/// The setters copy what they are given. A fault (NULL, bad UTF-8, bad JSON) is kept and reported by the call that
/// uses the parameters, so setters need no checking. A name that is set again has its last value. Not for several
/// threads at once. Freed by `kyso_params_free`, which wipes it.
pub struct kyso_params {
    /// All names and values, one behind the other: one place to fill, and one to wipe.
    text: String,
    /// The object as a flat list.
    parts: Vec<Part<Range<usize>>>,
    /// Places of the open objects and lists inside it.
    open: Vec<usize>,
    /// After a fault nothing counts, and what is open may not be what the caller thinks.
    is_faulty: bool,
}

impl kyso_params {
    /// The finished object, or the first fault.
    pub(crate) fn with_record<T>(&self, use_it: impl FnOnce(&Value<'_>) -> Result<T>) -> Result<T> {
        let open = self.open.first().and_then(|place| self.parts.get(*place));
        if let Some(open) = open.filter(|_| !self.is_faulty) {
            return Err(Error::new(Code::MalformedInput).field(&shown(self.at(&open.name))));
        }
        Input::read(self.parts.iter().map(|part| self.part(part)))?.with(use_it)
    }

    fn at(&self, range: &Range<usize>) -> &str {
        self.text.get(range.clone()).unwrap_or_default()
    }

    fn part(&self, part: &Part<Range<usize>>) -> Part<&str> {
        let kind = match &part.kind {
            Kind::Null => Kind::Null,
            Kind::Bool(value) => Kind::Bool(*value),
            Kind::Integer(value) => Kind::Integer(*value),
            Kind::Number(range) => Kind::Number(self.at(range)),
            Kind::Text(range) => Kind::Text(self.at(range)),
            Kind::Json(range) => Kind::Json(self.at(range)),
            Kind::List(count) => Kind::List(*count),
            Kind::Object(count) => Kind::Object(*count),
            Kind::Unsupported => Kind::Unsupported,
            Kind::Fault(code) => Kind::Fault(*code),
        };
        Part {
            name: self.at(&part.name),
            kind,
        }
    }

    /// Sees to it that so many bytes fit. Memory that becomes too small is wiped.
    fn reserve(&mut self, length: usize) {
        let needed = self.text.len().saturating_add(length);
        if needed > self.text.capacity() {
            let room = needed.max(self.text.capacity().saturating_mul(2));
            let mut larger = String::with_capacity(room);
            larger.push_str(&self.text);
            wipe(std::mem::replace(&mut self.text, larger));
        }
    }

    /// Copies a text.
    fn keep(&mut self, text: &str) -> Range<usize> {
        self.reserve(text.len());
        let start = self.text.len();
        self.text.push_str(text);
        start..self.text.len()
    }

    /// The digits of an integer.
    fn keep_digits(&mut self, value: i64) -> Range<usize> {
        // The most digits that one has, and the sign.
        self.reserve(20);
        let start = self.text.len();
        // Writing to a text does not fail.
        let _ = write!(self.text, "{value}");
        start..self.text.len()
    }

    /// Adds to the innermost open object or list.
    fn put(&mut self, name: &str, kind: Kind<Range<usize>>) {
        let name = self.keep(name);
        let around = self.open.last().copied().unwrap_or(0);
        if let Some(Kind::List(count) | Kind::Object(count)) = self.parts.get_mut(around).map(|part| &mut part.kind) {
            *count += 1;
        }
        self.parts.push(Part { name, kind });
    }

    fn begin(&mut self, name: &str, empty: Kind<Range<usize>>) -> Result<()> {
        if self.open.len() + 1 >= MAX_DEPTH {
            return Err(Error::new(Code::MalformedInput));
        }
        self.put(name, empty);
        self.open.push(self.parts.len() - 1);
        Ok(())
    }
}

impl Drop for kyso_params {
    fn drop(&mut self) {
        wipe(std::mem::take(&mut self.text));
    }
}

/// Frees a text after wiping it.
pub(crate) fn wipe(text: String) {
    Value::text(text).zeroize();
}

/// An empty input. Never NULL; free it with `kyso_params_free`.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_params_new() -> *mut kyso_params {
    let make = || {
        Box::into_raw(Box::new(kyso_params {
            text: String::with_capacity(TEXT_ROOM),
            parts: object(),
            open: Vec::new(),
            is_faulty: false,
        }))
    };
    guard(std::ptr::null_mut, make)
}

/// An object without members.
fn object() -> Vec<Part<Range<usize>>> {
    let mut parts = Vec::with_capacity(PARTS_ROOM);
    parts.push(Part {
        name: 0..0,
        kind: Kind::Object(0),
    });
    parts
}

/// Frees parameters and wipes them. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_free(params: *mut kyso_params) {
    if !params.is_null() {
        // SAFETY: made by `kyso_params_new`, and not freed before, by the header's contract.
        guard(|| (), || unsafe { drop(Box::from_raw(params)) });
    }
}

/// Sets a text.
///
/// @param name  Name of the field; not used inside a list.
/// @param text  UTF-8; NULL with length 0 is the empty text.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_set_text(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
    text: *const c_char,
    text_length: usize,
) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            let text = read_text(text, text_length, "")?;
            params.reserve(text.len().saturating_add(name.len()));
            let text = params.keep(text);
            params.put(name, Kind::Text(text));
            Ok(())
        });
    }
}

/// Sets an integer, e.g. an amount in VND.
///
/// @param name   Name of the field; not used inside a list.
/// @param value  The integer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_set_integer(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
    value: i64,
) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            let digits = params.keep_digits(value);
            params.put(name, Kind::Number(digits));
            Ok(())
        });
    }
}

/// Sets a boolean.
///
/// @param name   Name of the field; not used inside a list.
/// @param value  The boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_set_bool(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
    value: bool,
) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            params.put(name, Kind::Bool(value));
            Ok(())
        });
    }
}

/// Sets any value from its JSON text, e.g. a list of records.
///
/// @param name  Name of the field; not used inside a list.
/// @param json  JSON text of one value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_set_json(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
    json: *const c_char,
    json_length: usize,
) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            let json = read_text(json, json_length, "")?;
            // Read again by the call; a fault belongs to this place.
            parse(json)?.zeroize();
            let json = params.keep(json);
            params.put(name, Kind::Json(json));
            Ok(())
        });
    }
}

/// Says that the host has a value which no field can take (a float, a null, an object of the host's language): the
/// call answers `wrong_type` with this name. For bindings of further languages.
///
/// @param name  Name of the field; not used inside a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_set_unsupported(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            params.put(name, Kind::Unsupported);
            Ok(())
        });
    }
}

/// Opens an object: what is set from here to `kyso_params_end` becomes its members.
///
/// @param name  Name of the field; not used inside a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_begin_object(params: *mut kyso_params, name: *const c_char, name_length: usize) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            params.begin(name, Kind::Object(0))
        })
    }
}

/// Opens a list: what is set from here to `kyso_params_end` becomes its elements, whose names are not used.
///
/// @param name  Name of the field; not used inside a list.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_begin_list(params: *mut kyso_params, name: *const c_char, name_length: usize) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            params.begin(name, Kind::List(0))
        })
    }
}

/// Closes the object or list that was opened last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_end(params: *mut kyso_params) {
    let close = |params: &mut kyso_params, _: &str| {
        let closed = params.open.pop();
        closed.map(drop).ok_or_else(|| Error::new(Code::MalformedInput))
    };
    // SAFETY: the caller's pointer, passed on under the header's contract.
    unsafe { change(params, std::ptr::null(), 0, close) }
}

/// Changes parameters that have no fault yet, and keeps the first fault.
unsafe fn change(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
    body: impl FnOnce(&mut kyso_params, &str) -> Result<()>,
) {
    // SAFETY: NULL or live parameters that no other thread uses, by the header's contract.
    let Some(params) = (unsafe { params.as_mut() }) else {
        return;
    };
    if params.is_faulty {
        return;
    }
    // SAFETY: the caller's text.
    let name = unsafe { read_text(name, name_length, "") };
    let done = guard(
        || Err(Error::new(Code::Internal)),
        || match &name {
            Ok(name) => body(params, name),
            Err(fault) => Err(fault.clone()),
        },
    );
    if let Err(fault) = done {
        params.is_faulty = true;
        params.put(name.unwrap_or("?"), Kind::Fault(fault.code()));
    }
}
