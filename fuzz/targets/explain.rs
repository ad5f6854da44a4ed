//! The explanations of all gateways: name, line feed, JSON text.
#![no_main]

use std::sync::LazyLock;

use kyso::Client;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

static CLIENTS: LazyLock<[Client; 3]> =
    LazyLock::new(|| [kyso_fuzz::tconnect(), kyso_fuzz::hpay(), kyso_fuzz::appotapay()]);

fuzz_target!(|data: &[u8]| {
    let name = data.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if name.ends_with(b".explain.signature") {
        CLIENTS.iter().for_each(|client| kyso_fuzz::run(Some(client), data));
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    kyso_fuzz::mutate_call(data, size, max_size, seed)
});
