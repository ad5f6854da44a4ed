//! Messages that are genuine: made by `testing.*`, read, and read again with one character changed.
#![no_main]

use std::sync::LazyLock;

use kyso::Client;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static CLIENT: LazyLock<Client> = LazyLock::new(kyso_fuzz::hpay_with_key);

fuzz_target!(|data: &[u8]| kyso_fuzz::callback(&CLIENT, "hpay", data));

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    kyso_fuzz::mutate_call(data, size, max_size, seed)
});
