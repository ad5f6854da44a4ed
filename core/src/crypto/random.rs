//! Randomness of the host.

use crate::error::{Code, Error, Result};

/// A fresh initialisation vector. Always from the operating system: a store of them would repeat itself after a fork.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn iv() -> Result<[u8; 16]> {
    let mut iv = [0; 16];
    fill(&mut iv)?;
    Ok(iv)
}

/// A fresh initialisation vector. Nothing forks in WebAssembly, and asking JavaScript costs more than encrypting a
/// message: 64 are fetched at a time, and each is wiped where it was kept.
#[cfg(target_arch = "wasm32")]
pub(crate) fn iv() -> Result<[u8; 16]> {
    use std::cell::RefCell;
    thread_local! {
        static KEPT: RefCell<Vec<[u8; 16]>> = const { RefCell::new(Vec::new()) };
    }
    let take = || {
        KEPT.with_borrow_mut(|kept| {
            let iv = core::mem::take(kept.last_mut()?);
            kept.pop();
            Some(iv)
        })
    };
    if let Some(iv) = take() {
        return Ok(iv);
    }
    // Not while the store is borrowed: it is JavaScript that is asked.
    let mut fresh = vec![[0; 16]; 64];
    fill(fresh.as_flattened_mut())?;
    KEPT.set(fresh);
    take().ok_or_else(|| Error::new(Code::NoRandomness))
}

/// Random bytes of the host.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<()> {
    getrandom::fill(bytes).map_err(|_| Error::new(Code::NoRandomness))
}
