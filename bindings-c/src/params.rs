//! Inputs for hosts without a JSON library.

use std::borrow::Cow;
use std::ffi::c_char;

use kyso::value::{MAX_DEPTH, Record, Value, parse};
use kyso::{Code, Error, Result};
use zeroize::Zeroize;

use crate::border::{guard, read_text};

/// An input that is put together member by member, for hosts without a JSON library.
///
/// The setters copy what they are given. A fault (NULL, bad UTF-8, bad JSON) is kept and reported by the call that
/// uses the parameters, so setters need no checking. A name that is set again has its last value. Not for several
/// threads at once. Freed by `kyso_params_free`, which wipes it.
pub struct kyso_params {
    /// The object, then the open objects and lists inside it, each with its name.
    open: Vec<(String, Value<'static>)>,
    fault: Option<Error>,
    /// The first value that no field can take; a null stands in its place.
    unsupported: Option<Error>,
}

impl kyso_params {
    /// The finished object, or the first fault.
    pub(crate) fn with_record<T>(&self, use_it: impl FnOnce(&Value<'static>) -> Result<T>) -> Result<T> {
        if let Some(fault) = &self.fault {
            return Err(fault.clone());
        }
        let outcome = match self.open.as_slice() {
            [(_, root)] => use_it(root),
            [_, (name, _), ..] => Err(Error::new(Code::MalformedInput).field(name)),
            [] => Err(Error::new(Code::Internal)),
        };
        let Some(unsupported) = &self.unsupported else {
            return outcome;
        };
        // The core refuses a null nearly everywhere, in its own order (unknown fields first) and by its own name.
        match outcome {
            Err(error) if matches!(error.code(), Code::UnknownField | Code::WrongType) => Err(error),
            _ => Err(unsupported.clone()),
        }
    }

    /// Adds to the innermost open object or list.
    fn put(&mut self, name: &str, value: Value<'static>) {
        match self.open.last_mut() {
            Some((_, Value::List(list))) => list.push(value),
            Some((_, Value::Record(record))) => {
                if let Some(mut old) = record.remove(name) {
                    old.zeroize();
                }
                record.push(name.to_owned(), value);
            }
            _ => {}
        }
    }

    fn begin(&mut self, name: &str, empty: Value<'static>) -> Result<()> {
        if self.open.len() >= MAX_DEPTH {
            return Err(Error::new(Code::MalformedInput).field(name));
        }
        let name = match self.open.last() {
            Some((_, Value::List(list))) => list.len().to_string(),
            _ => name.to_owned(),
        };
        self.open.push((name, empty));
        Ok(())
    }

    /// A fault at a member, under the names of what is open around it.
    fn fault(&self, code: Code, name: &str) -> Error {
        let mut field = String::new();
        for (outer, _) in self.open.iter().skip(1) {
            field.push_str(outer);
            field.push('.');
        }
        if let Some((_, Value::List(list))) = self.open.last() {
            field.push_str(&list.len().to_string());
        } else {
            // An error's field is short and printable, whatever the name holds.
            field.extend(name.chars().take(64).filter(char::is_ascii_graphic));
        }
        Error::new(code).field(&field)
    }
}

impl Drop for kyso_params {
    fn drop(&mut self) {
        self.open.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

/// An empty input. Never NULL; free it with `kyso_params_free`.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_params_new() -> *mut kyso_params {
    let make = || {
        Box::into_raw(Box::new(kyso_params {
            open: vec![(String::new(), Value::Record(Record::new()))],
            fault: None,
            unsupported: None,
        }))
    };
    guard(std::ptr::null_mut, make)
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
        set(params, name, name_length, || {
            let text = read_text(text, text_length, "")?;
            Ok(Value::Text(Cow::Owned(text.to_owned())))
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
        set(params, name, name_length, || {
            Ok(Value::Number(Cow::Owned(value.to_string())))
        })
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
    unsafe { set(params, name, name_length, || Ok(Value::Bool(value))) }
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
        set(params, name, name_length, || {
            let json = read_text(json, json_length, "")?;
            parse(json).map(Value::into_owned)
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
            let fault = params.fault(Code::WrongType, name);
            params.unsupported.get_or_insert(fault);
            params.put(name, Value::Null);
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
            params.begin(name, Value::Record(Record::new()))
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
            params.begin(name, Value::List(Vec::new()))
        })
    }
}

/// Closes the object or list that was opened last.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_params_end(params: *mut kyso_params) {
    let close = |params: &mut kyso_params, _: &str| {
        if params.open.len() < 2 {
            return Err(Error::new(Code::MalformedInput));
        }
        if let Some((name, value)) = params.open.pop() {
            params.put(&name, value);
        }
        Ok(())
    };
    // SAFETY: the caller's pointer, passed on under the header's contract.
    unsafe { change(params, std::ptr::null(), 0, close) }
}

/// Sets one member.
unsafe fn set(
    params: *mut kyso_params,
    name: *const c_char,
    name_length: usize,
    value: impl FnOnce() -> Result<Value<'static>>,
) {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        change(params, name, name_length, |params, name| {
            params.put(name, value()?);
            Ok(())
        });
    }
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
    // After a fault nothing counts, and what is open may not be what the caller thinks.
    if params.fault.is_some() {
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
        params.fault = Some(params.fault(fault.code(), name.as_ref().map_or("?", |name| name)));
    }
}
