//! Configurations: name of the gateway, line feed, JSON text.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let Some((gateway, config)) = text.split_once('\n') else {
        return;
    };
    match kyso_fuzz::client_of(gateway, config) {
        Ok(client) => assert_eq!(format!("{client:?}"), format!("Client({gateway})")),
        Err(error) => {
            kyso_fuzz::sound(&error);
            assert_eq!(error.stage().name(), "config");
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    kyso_fuzz::mutate_call(data, size, max_size, seed)
});
