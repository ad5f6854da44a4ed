//! The version of the library.

use std::ffi::c_char;

/// Version of the library in use, e.g. "0.1.0". Compare with `KYSO_VERSION`, the version of the header.
#[unsafe(no_mangle)]
pub extern "C" fn kyso_version() -> *const c_char {
    const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
    VERSION.as_ptr().cast()
}
