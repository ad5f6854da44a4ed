//! What a key schedule leaves on the stack: AES-256's first two round keys are the key itself, and the cipher crates do
//! not wipe the copies that the compiler makes of them.

use zeroize::Zeroize;

/// Deeper than any function here that expands a key; core/tests/memory.rs finds what is left.
const DEPTH: usize = 4096;

/// Overwrites the part of the stack that the functions called before have used.
#[inline(never)]
pub(super) fn wipe() {
    let mut used = [0_u8; DEPTH];
    used.zeroize();
    core::hint::black_box(&used);
}
