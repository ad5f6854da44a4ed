//! What a key schedule leaves on the stack: AES-256's first two round keys are the key itself, and the cipher crates do
//! not wipe the copies that the compiler makes of them.

use zeroize::optimization_barrier;

/// Overwrites the part of the stack that the functions called before have used: `WORDS` words of 8 bytes. How deep they
/// reach is found by core/tests/memory.rs.
#[inline(never)]
pub(crate) fn wipe<const WORDS: usize>() {
    let used = [0_u64; WORDS];
    optimization_barrier(&used);
}

/// Enough for one key schedule or one digest.
pub(crate) const SCHEDULE: usize = 512;

/// Enough for the making of a client; once for each.
pub(crate) const CLIENT: usize = 2048;
