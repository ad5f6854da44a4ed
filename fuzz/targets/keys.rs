//! Key files: any bytes as a certificate in DER (base64) or PEM, and as a private key.
#![no_main]

use kyso_fuzz::{base64, client_of};
use libfuzzer_sys::fuzz_target;
use serde_json::json;

fuzz_target!(|data: &[u8]| {
    let Some((kind, file)) = data.split_first() else { return };
    let (member, text) = match kind % 4 {
        0 => ("hpay_certificate", base64(file)),
        1 => ("private_key", pem("PRIVATE KEY", file)),
        2 => ("private_key", pem("RSA PRIVATE KEY", file)),
        _ => match std::str::from_utf8(file) {
            Ok(text) if kind & 4 == 0 => ("hpay_certificate", text.to_owned()),
            Ok(text) => ("private_key", text.to_owned()),
            Err(_) => ("hpay_certificate", pem("PUBLIC KEY", file)),
        },
    };
    let config =
        json!({"merchant_site_code": "65001", "environment": "sandbox", "passcode": "test-code-Bb2", member: text});
    match client_of("hpay", &config.to_string()) {
        Ok(client) => drop(client),
        Err(error) => {
            kyso_fuzz::sound(&error);
            assert_eq!(error.stage().name(), "config");
        }
    }
});

fn pem(label: &str, file: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", base64(file))
}
