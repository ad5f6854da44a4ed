//! What crosses the border: checked texts in, no panic out.

use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

use kyso::{Code, Error, Result};

/// Runs the body of an exported function. A panic must not reach C, where it would end the process.
pub(crate) fn guard<T>(on_panic: impl FnOnce() -> T, body: impl FnOnce() -> T) -> T {
    // Nothing that a panic could leave half-done is seen again: the panicking call's own result is replaced.
    let body = || {
        #[cfg(kyso_fault)]
        fault();
        body()
    };
    catch_unwind(AssertUnwindSafe(body)).unwrap_or_else(|_| on_panic())
}

/// Panics while the environment says so: the test of what callers see then. Never part of a package.
#[cfg(kyso_fault)]
fn fault() {
    if std::env::var_os("KYSO_FAULT").is_some() {
        panic!("planted");
    }
}

/// The caller's text as it lies in his memory. NULL with length 0 is the empty text.
///
/// # Safety
/// `text` is NULL or points to `length` readable bytes that nobody changes during the call.
pub(crate) unsafe fn read_text<'a>(text: *const c_char, length: usize, field: &str) -> Result<&'a str> {
    if text.is_null() && length == 0 {
        return Ok("");
    }
    if text.is_null() {
        return Err(Error::new(Code::NullPointer).field(field));
    }
    // A negative number turned into a length, in practice.
    if isize::try_from(length).is_err() {
        return Err(Error::new(Code::MalformedInput).field(field));
    }
    // SAFETY: not null, at most isize::MAX bytes; readable and unchanged by this function's contract.
    let bytes = unsafe { std::slice::from_raw_parts(text.cast::<u8>(), length) };
    std::str::from_utf8(bytes).map_err(|_| Error::new(Code::NotUtf8).field(field))
}

/// Stores a value where the caller wants it, unless he passed NULL.
///
/// # Safety
/// `to` is NULL or points to a place for a `T`.
pub(crate) unsafe fn store<T>(to: *mut T, value: T) {
    if !to.is_null() {
        // SAFETY: not null, and a place for a `T` by this function's contract.
        unsafe { to.write(value) };
    }
}
