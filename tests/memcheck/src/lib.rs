//! Marks bytes as undefined for valgrind's memcheck, which then reports every branch and every address that depends on
//! them: a check for constant time. Outside valgrind, and on other machines than x86-64, the calls do nothing. And
//! counts what is on the heap.

pub mod heap;

/// A client request of valgrind: 0 where nobody listens.
#[cfg(target_arch = "x86_64")]
fn request(number: usize, address: usize, length: usize) -> usize {
    let arguments = [number, address, length, 0, 0, 0];
    let mut answer = 0_usize;
    // SAFETY: valgrind's documented sequence (valgrind.h, amd64): rdi is rotated by 128 bits in all and rbx exchanged
    // with itself, so a processor does nothing; valgrind reads the arguments at rax and answers in rdx.
    unsafe {
        core::arch::asm!(
            "rol rdi, 3",
            "rol rdi, 13",
            "rol rdi, 61",
            "rol rdi, 51",
            "xchg rbx, rbx",
            inout("rdx") answer,
            in("rax") arguments.as_ptr(),
        );
    }
    answer
}

#[cfg(not(target_arch = "x86_64"))]
fn request(_: usize, _: usize, _: usize) -> usize {
    0
}

/// memcheck.h: the tool's letters, then the number of the request.
const MEMCHECK: usize = 0x4d43_0000;

/// Whether valgrind runs the program.
#[must_use]
pub fn is_running() -> bool {
    request(0x1001, 0, 0) > 0
}

/// Marks bytes as secret.
pub fn make_undefined(bytes: &[u8]) {
    request(MEMCHECK + 1, bytes.as_ptr() as usize, bytes.len());
}

/// Marks bytes as public: the result, which may be looked at.
pub fn make_defined(bytes: &[u8]) {
    request(MEMCHECK + 2, bytes.as_ptr() as usize, bytes.len());
}
