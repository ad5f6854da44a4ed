//! Every operation of VietQR (its name, a line feed, the JSON text of its input), and any other text as a code. Its
//! checksum is also put right, so that the reader is reached; what the builder can write of it is read as the same.
#![no_main]

use kyso::value::{Record, Value};
use kyso_fuzz::{call, text_of};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if text.starts_with("vietqr.") {
        return kyso_fuzz::run(None, data);
    }
    read(text);
    let Some((body, _)) = text
        .char_indices()
        .rev()
        .nth(3)
        .and_then(|(at, _)| text.split_at_checked(at))
    else {
        return;
    };
    if let Some(code) = read(&format!("{body}{:04X}", crc(body.as_bytes()))) {
        rebuilt(&code);
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    kyso_fuzz::mutate_call(data, size, max_size, seed)
});

fn read(text: &str) -> Option<Value<'static>> {
    let [strict, lenient] = [false, true].map(|lenient| {
        let input = Record::from_iter([("text", Value::text(text)), ("lenient", Value::Bool(lenient))]);
        call(None, "vietqr.code.read", &Value::Record(input).to_json())
    });
    assert!(strict.is_none() || lenient.is_some(), "strict, but not lenient: {text}");
    strict
}

/// Account, amount and purpose of a code survive building and reading.
fn rebuilt(code: &Value<'_>) {
    let mut input = Record::new();
    for name in ["bin", "account", "amount", "service", "purpose"] {
        if let Some(value) = code.pointer(&format!("/{name}")) {
            input.push(name, value.clone());
        }
    }
    let Some(built) = call(None, "vietqr.code.build", &Value::Record(input).to_json()) else {
        return;
    };
    let again = read(&text_of(&built, "/text")).expect("what is built can be read");
    for name in ["/bin", "/account", "/amount", "/service", "/purpose"] {
        assert!(
            again.pointer(name) == code.pointer(name),
            "{name} of {}",
            built.to_json()
        );
    }
}

/// CRC-16/IBM-3740, as EMV QR codes have it.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xffff, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| {
            crc << 1 ^ if crc & 0x8000 == 0 { 0 } else { 0x1021 }
        })
    })
}
