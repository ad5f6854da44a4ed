//! The one result of every call: a document or an error, and getters that borrow from it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::c_char;
use std::ptr;
use std::sync::{Mutex, OnceLock, PoisonError};

use kyso::value::{Record, Value};
use kyso::{Code, Error, Result};
use zeroize::Zeroize;

use crate::border::{guard, read_text, store};
use crate::generated::codes::kyso_code;
use crate::node::{kyso_node, nodes_of};
use crate::params::wipe;

/// What a call gave: the operation's result or its error.
///
/// Never NULL, freed once by `kyso_result_free`. Texts that getters return belong to it: they are UTF-8, end with a
/// NUL and live until it is freed. Threads may read it at the same time.
pub struct kyso_result {
    /// Absent for a success.
    error: Option<Code>,
    /// The result's members, or the error's. Texts with spare room have a NUL in it.
    document: Value<'static>,
    /// Texts without such room that were handed out, with a NUL behind them.
    texts: Mutex<BTreeMap<(Form, usize), HandedOut>>,
    /// The document as a flat list, once it was asked for.
    nodes: OnceLock<Vec<kyso_node>>,
}

/// A text that ends with a NUL.
struct HandedOut(String);

impl Drop for HandedOut {
    fn drop(&mut self) {
        wipe(std::mem::take(&mut self.0));
    }
}

/// What a handed-out text shows of a part of the document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Form {
    Text,
    Json,
}

impl kyso_result {
    /// The result of a call's body; a panic in it is `internal`.
    pub(crate) fn of(body: impl FnOnce() -> Result<Value<'static>>) -> *mut kyso_result {
        let panicked = || Err(Error::new(Code::Internal));
        let (error, mut document) = match guard(panicked, body) {
            Ok(document) => (None, document),
            Err(error) => (Some(error.code()), Value::Record(error.to_record())),
        };
        end_texts(&mut document);
        Box::into_raw(Box::new(kyso_result {
            error,
            document,
            texts: Mutex::new(BTreeMap::new()),
            nodes: OnceLock::new(),
        }))
    }

    /// Hands out a text; the same part gives the same text again.
    fn hand_out(&self, form: Form, part: usize, make: impl FnOnce() -> String) -> (*const c_char, usize) {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let text = texts.entry((form, part)).or_insert_with(|| with_nul(make()));
        (text.0.as_ptr().cast(), text.0.len() - 1)
    }

    fn text_of(&self, value: &Value<'static>) -> Option<(*const c_char, usize)> {
        if let Value::Text(Cow::Owned(text)) | Value::Number(Cow::Owned(text)) = value
            && text.len() < text.capacity()
        {
            return Some((text.as_ptr().cast(), text.len()));
        }
        let text = value.printed()?;
        Some(self.hand_out(Form::Text, address(value), || text.into_owned()))
    }

    fn nodes(&self) -> &[kyso_node] {
        let print = |value: &Value<'static>| self.text_of(value).unwrap_or((ptr::null(), 0));
        self.nodes.get_or_init(|| nodes_of(&self.document, &print))
    }

    fn json_of(&self, value: &Value<'static>) -> (*const c_char, usize) {
        self.hand_out(Form::Json, address(value), || value.to_json())
    }

    fn members(&self) -> Option<&Record<'static>> {
        self.document.as_record()
    }
}

impl Drop for kyso_result {
    /// Results hold tokens and personal data.
    fn drop(&mut self) {
        self.document.zeroize();
    }
}

/// What identifies a part of a document that does not change: where it lies.
fn address<T>(part: *const T) -> usize {
    part.addr()
}

/// Puts a NUL behind each text that has room for it, so that handing it out takes no copy.
fn end_texts(value: &mut Value<'static>) {
    match value {
        Value::Text(Cow::Owned(text)) | Value::Number(Cow::Owned(text)) if text.len() < text.capacity() => {
            text.push('\0');
            text.pop();
        }
        Value::List(list) => list.iter_mut().for_each(end_texts),
        Value::Record(record) => record.iter_mut().for_each(|(_, value)| end_texts(value)),
        _ => {}
    }
}

fn with_nul(mut text: String) -> HandedOut {
    if text.len() == text.capacity() {
        let mut larger = String::with_capacity(text.len() + 1);
        larger.push_str(&text);
        wipe(std::mem::replace(&mut text, larger));
    }
    text.push('\0');
    HandedOut(text)
}

/// Frees a result and all texts that its getters returned. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_free(result: *mut kyso_result) {
    if !result.is_null() {
        // SAFETY: made by `kyso_result::of` with `Box::into_raw`, and not freed before, by the header's contract.
        guard(|| (), || unsafe { drop(Box::from_raw(result)) });
    }
}

/// Whether the call succeeded. A reading that succeeded says what it proves in its member `proof`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_is_ok(result: *const kyso_result) -> bool {
    // SAFETY: NULL or a live result by the header's contract.
    guard(
        || false,
        || unsafe { result.as_ref() }.is_some_and(|result| result.error.is_none()),
    )
}

/// All of a result as a flat list, in document order: for bindings that make records of their host's own. Names and texts
/// in it have no NUL at their end.
///
/// @param count  Receives the number of nodes; may be NULL.
/// @return NULL for an error (see `kyso_error_json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_nodes(result: *const kyso_result, count: *mut usize) -> *const kyso_node {
    let find = || {
        // SAFETY: NULL or a live result by the header's contract; the borrow ends with the call.
        let result = unsafe { result.as_ref() }?;
        result.error.is_none().then(|| result.nodes())
    };
    let nodes = guard(|| None, find).unwrap_or_default();
    // SAFETY: NULL or a place for the number by the header's contract.
    unsafe { store(count, nodes.len()) };
    if nodes.is_empty() { ptr::null() } else { nodes.as_ptr() }
}

/// JSON text of the part of a result that a JSON Pointer names; all of it for the empty pointer (NULL, 0).
///
/// @param pointer  JSON Pointer (RFC 6901), e.g. `/headers`.
/// @param length   Receives the length of the text without its NUL; may be NULL.
/// @return NULL where there is no such part, and for an error (see `kyso_error_json`).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_json(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
    length: *mut usize,
) -> *const c_char {
    let find = |result: &'static kyso_result, pointer: &str| {
        let value = result.document.pointer(pointer)?;
        Some(result.json_of(value))
    };
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give_text(length, || find_part(result, pointer, pointer_length, find)) }
}

/// The text that a JSON Pointer names, or the digits of a number exactly as they were printed.
///
/// A text may hold a NUL of its own where a gateway sent one: compare lengths, not only the text up to the first NUL.
///
/// @param pointer  JSON Pointer (RFC 6901), e.g. `/data/0/amount`.
/// @param length   Receives the length of the text without its NUL; may be NULL.
/// @return NULL where there is no such text, and for an error.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_text(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
    length: *mut usize,
) -> *const c_char {
    let find = |result: &'static kyso_result, pointer: &str| result.text_of(result.document.pointer(pointer)?);
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give_text(length, || find_part(result, pointer, pointer_length, find)) }
}

/// The integer that a JSON Pointer names: an amount in VND, a time in Unix seconds, a count.
///
/// @param pointer  JSON Pointer (RFC 6901), e.g. `/data/0/amount`.
/// @param value    Receives the integer; left alone when the function returns false.
/// @return Whether there is such an integer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_integer(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
    value: *mut i64,
) -> bool {
    let find = |result: &'static kyso_result, pointer: &str| {
        let integer = result.document.pointer(pointer)?.as_integer()?;
        i64::try_from(integer).ok()
    };
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give(value, || find_part(result, pointer, pointer_length, find)) }
}

/// The boolean that a JSON Pointer names.
///
/// @param pointer  JSON Pointer (RFC 6901), e.g. `/must_inquire`.
/// @param value    Receives the boolean; left alone when the function returns false.
/// @return Whether there is such a boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_bool(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
    value: *mut bool,
) -> bool {
    let find = |result: &'static kyso_result, pointer: &str| match result.document.pointer(pointer)? {
        Value::Bool(value) => Some(*value),
        _ => None,
    };
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give(value, || find_part(result, pointer, pointer_length, find)) }
}

/// Number of members of the object, or of elements of the list, that a JSON Pointer names; 0 for anything else.
///
/// @param pointer  JSON Pointer (RFC 6901), e.g. `/headers`; NULL, 0 for the result itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_count(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
) -> usize {
    let find = |result: &'static kyso_result, pointer: &str| match result.document.pointer(pointer)? {
        Value::Record(record) => Some(record.len()),
        Value::List(list) => Some(list.len()),
        _ => None,
    };
    // SAFETY: the caller's pointers, passed on under the header's contract.
    guard(|| None, || unsafe { find_part(result, pointer, pointer_length, find) }).unwrap_or(0)
}

/// Name of the n-th member of the object that a JSON Pointer names, e.g. of a header in `/headers`.
///
/// @param pointer  JSON Pointer (RFC 6901); NULL, 0 for the result itself.
/// @param index    From 0 to one less than `kyso_result_count`.
/// @param length   Receives the length of the text without its NUL; may be NULL.
/// @return NULL where there is no such member.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_member_name(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let find = |result: &'static kyso_result, pointer: &str| {
        let (name, _) = result.document.pointer(pointer)?.as_record()?.iter().nth(index)?;
        // An empty name lies nowhere; all empty texts are the same.
        Some(result.hand_out(Form::Text, address(name.as_ptr()), || name.to_owned()))
    };
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give_text(length, || find_part(result, pointer, pointer_length, find)) }
}

/// Text of the n-th member of the object that a JSON Pointer names, as `kyso_result_text` gives it.
///
/// @param pointer  JSON Pointer (RFC 6901); NULL, 0 for the result itself.
/// @param index    From 0 to one less than `kyso_result_count`.
/// @param length   Receives the length of the text without its NUL; may be NULL.
/// @return NULL where there is no such member, and where it is no text and no number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_result_member_value(
    result: *const kyso_result,
    pointer: *const c_char,
    pointer_length: usize,
    index: usize,
    length: *mut usize,
) -> *const c_char {
    let find = |result: &'static kyso_result, pointer: &str| {
        let (_, value) = result.document.pointer(pointer)?.as_record()?.iter().nth(index)?;
        result.text_of(value)
    };
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give_text(length, || find_part(result, pointer, pointer_length, find)) }
}

/// The error's stable number; `KYSO_CODE_OK` for a success, `KYSO_CODE_NULL_POINTER` for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_code(result: *const kyso_result) -> kyso_code {
    let code = || {
        // SAFETY: NULL or a live result by the header's contract.
        match unsafe { result.as_ref() } {
            None => Code::NullPointer.into(),
            Some(result) => result.error.map_or(kyso_code::Ok, Into::into),
        }
    };
    guard(|| Code::Internal.into(), code)
}

/// The error's stable name, e.g. `signature_mismatch`. NULL for a success.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_code_name(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "code", length) }
}

/// The field at fault, with dots between nested names. NULL where no field is concerned.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_field(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "field", length) }
}

/// The sentence for people in English. It never holds a value. NULL for a success.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_message(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "message", length) }
}

/// The sentence for people in Vietnamese. It never holds a value. NULL for a success.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_message_vi(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "message_vi", length) }
}

/// The gateway's own code where it reported a failure, as printed; otherwise NULL.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_gateway_code(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "gateway_code", length) }
}

/// `undetermined` where money may have moved: query, never send again. So is whatever a reader of such an answer cannot
/// read. `refused` where no money moved; NULL where no money was asked for.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_outcome(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "outcome", length) }
}

/// The operation to call next, e.g. the status query after an undetermined transfer; otherwise NULL.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_next_operation(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { error_text(result, "next_operation", length) }
}

/// Any member of the error by name: also `operation`, `stage`, `gateway_message`, `reason`, `position`, ….
///
/// @param name    Name of the member.
/// @param length  Receives the length of the text without its NUL; may be NULL.
/// @return NULL where the error has no such text or number.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_text(
    result: *const kyso_result,
    name: *const c_char,
    name_length: usize,
    length: *mut usize,
) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        match read_text(name, name_length, "name") {
            Ok(name) => error_text(result, name, length),
            Err(_) => give_text(length, || None),
        }
    }
}

/// The whole error as JSON text: code, operation, field, stage, message, message_vi and what else applies. NULL for a
/// success.
///
/// @param length  Receives the length of the text without its NUL; may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn kyso_error_json(result: *const kyso_result, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe { give_text(length, || failed(result).map(|result| result.json_of(&result.document))) }
}

/// A member of an error.
unsafe fn error_text(result: *const kyso_result, name: &str, length: *mut usize) -> *const c_char {
    // SAFETY: the caller's pointers, passed on under the header's contract.
    unsafe {
        give_text(length, || {
            let result = failed(result)?;
            result.text_of(result.members()?.get(name)?)
        })
    }
}

/// The result, where it is an error.
unsafe fn failed(result: *const kyso_result) -> Option<&'static kyso_result> {
    // SAFETY: NULL or a live result by the header's contract; the borrow ends with the call.
    unsafe { result.as_ref() }.filter(|result| result.error.is_some())
}

/// Looks into a success.
unsafe fn find_part<T>(
    result: *const kyso_result,
    pointer: *const c_char,
    length: usize,
    find: impl FnOnce(&'static kyso_result, &str) -> Option<T>,
) -> Option<T> {
    // SAFETY: NULL or a live result, and the caller's text; the borrow ends with the call.
    let (result, pointer) = unsafe { (result.as_ref()?, read_text(pointer, length, "pointer").ok()?) };
    if result.error.is_some() {
        return None;
    }
    find(result, pointer)
}

unsafe fn give<T>(to: *mut T, find: impl FnOnce() -> Option<T>) -> bool {
    let Some(value) = guard(|| None, find) else {
        return false;
    };
    // SAFETY: NULL or a place for the value by the header's contract.
    unsafe { store(to, value) };
    true
}

unsafe fn give_text(length: *mut usize, find: impl FnOnce() -> Option<(*const c_char, usize)>) -> *const c_char {
    let (text, count) = guard(|| None, find).unwrap_or((ptr::null(), 0));
    // SAFETY: NULL or a place for the length by the header's contract.
    unsafe { store(length, count) };
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_internal() {
        let result = kyso_result::of(|| panic!("planted"));
        // SAFETY: made here, freed once.
        unsafe {
            assert!(!kyso_result_is_ok(result));
            assert_eq!((*result).error, Some(Code::Internal));
            assert!(!kyso_error_message_vi(result, ptr::null_mut()).is_null());
            kyso_result_free(result);
        }
    }

    #[test]
    fn a_panic_in_a_getter_gives_nothing() {
        let mut length = 7;
        // SAFETY: a place for a length.
        let text = unsafe { give_text(&mut length, || panic!("planted")) };
        assert!(text.is_null() && length == 0);
        // SAFETY: NULL is allowed.
        assert!(!unsafe { give(ptr::null_mut::<bool>(), || panic!("planted")) });
    }

    #[test]
    fn the_same_part_gives_the_same_text() {
        let result = kyso_result::of(|| Ok(Value::Record(Record::from_iter([("a", Value::text("b"))]))));
        let name = c"/a".as_ptr();
        // SAFETY: made here, freed once; the pointer has two bytes.
        unsafe {
            let first = kyso_result_text(result, name, 2, ptr::null_mut());
            assert_eq!(first, kyso_result_text(result, name, 2, ptr::null_mut()));
            assert_eq!(std::ffi::CStr::from_ptr(first), c"b");
            let json = kyso_result_json(result, name, 2, ptr::null_mut());
            assert_eq!(std::ffi::CStr::from_ptr(json), c"\"b\"");
            kyso_result_free(result);
        }
    }
}
