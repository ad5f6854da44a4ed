//! Which key files are accepted, which are refused and that every refusal is `invalid_key` with the field's name.
//! The files in keys/ are throw-away keys, made by keys/make.sh.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)] // A test may fail loudly.

mod common;

use common::{hpay_config, now};
use serde_json::{Value, json};
use std::path::PathBuf;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/keys").join(name)).unwrap()
}

fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

/// Loads a key text; gives the code and the field of the refusal.
fn load(field: &str, text: &str) -> Result<(), (String, String)> {
    let mut config = hpay_config();
    config[field] = Value::from(text);
    match kyso::operations::client("hpay", &config.to_string(), now) {
        Ok(_) => Ok(()),
        Err(error) => {
            assert!(!error.to_json().contains("BEGIN"), "no part of a key in an error");
            Err((
                error.code().name().to_owned(),
                error.field_name().unwrap_or_default().to_owned(),
            ))
        }
    }
}

fn refused(field: &str, name: &str, text: &str) {
    let expected = Err(("invalid_key".to_owned(), field.to_owned()));
    assert_eq!(load(field, text), expected, "{name} as {field}");
}

#[test]
fn private_keys() {
    for name in ["rsa2048.pem", "rsa2049.pem", "rsa3072.pem", "rsa4096.pem", "pkcs1.pem"] {
        assert_eq!(load("private_key", &text(name)), Ok(()), "{name}");
    }
    for name in [
        "rsa512.pem",
        "rsa1024.pem",
        "rsa2047.pem",
        "rsa5120.pem",
        "e3.pem",
        "encrypted.pem",
        "encrypted_pkcs1.pem",
        "ec.pem",
        "ed25519.pem",
        "dsa.pem",
        "rsa2048.pub.pem",
        "pkcs1.pub.pem",
        "cert.pem",
    ] {
        refused("private_key", name, &text(name));
    }
}

#[test]
fn public_keys_and_certificates() {
    for name in [
        "rsa2048.pub.pem",
        "rsa2049.pub.pem",
        "rsa3072.pub.pem",
        "rsa4096.pub.pem",
        "pkcs1.pub.pem",
        "cert.pem",
        "cert_sha384.pem",
        "cert_sha512.pem",
        "cert_2049.pem",
        "cert_3021.pem",
        "cert_9999.pem",
        "cert_issued.pem",
    ] {
        for field in ["hpay_certificate", "merchant_certificate"] {
            assert_eq!(load(field, &text(name)), Ok(()), "{name} as {field}");
        }
    }
    for name in [
        "rsa512.pub.pem",
        "rsa1024.pub.pem",
        "rsa2047.pub.pem",
        "rsa5120.pub.pem",
        "rsa16384.pub.pem",
        "e3.pub.pem",
        "ec.pub.pem",
        "ed25519.pub.pem",
        "dsa.pub.pem",
        "cert_rsa1024.pem",
        "cert_ec.pem",
        "cert_sha1.pem",
        "rsa2048.pem",
        "pkcs1.pem",
        "encrypted.pem",
    ] {
        refused("hpay_certificate", name, &text(name));
    }
}

#[test]
fn der_comes_as_base64() {
    let der = base64(&file("cert.der"));
    assert_eq!(load("hpay_certificate", &der), Ok(()));
    let lines: Vec<&str> = (0..der.len())
        .step_by(64)
        .map(|at| &der[at..(at + 64).min(der.len())])
        .collect();
    assert_eq!(load("hpay_certificate", &lines.join("\r\n")), Ok(()));
    for bad in [&der[..der.len() - 4], &der[4..], "", "AAAA", &format!("{der}AAAA")] {
        refused("hpay_certificate", "damaged DER", bad);
    }
}

/// What editors, mail and tools do to key files.
#[test]
fn text_around_and_line_ends() {
    for (field, name) in [
        ("private_key", "rsa2048.pem"),
        ("hpay_certificate", "cert.pem"),
        ("hpay_certificate", "rsa2048.pub.pem"),
    ] {
        let pem = text(name);
        let one_line = pem
            .replacen("-----\n", "-----\u{1}", 1)
            .replace('\n', "")
            .replace('\u{1}', "\n")
            .replace("-----END", "\n-----END");
        for (what, changed) in [
            ("CRLF", pem.replace('\n', "\r\n")),
            ("byte order mark", format!("\u{feff}{pem}")),
            ("text before", format!("Bag Attributes\n    friendlyName: kyso\n{pem}")),
            ("text after", format!("{pem}\n# mine")),
            ("no line end", pem.trim_end().to_owned()),
            ("one long line", one_line),
            ("indented", pem.replace('\n', "\n  ")),
        ] {
            assert_eq!(load(field, &changed), Ok(()), "{name}: {what}");
        }
        let middle = pem.len() / 2;
        for (what, changed) in [
            ("truncated", pem[..middle].to_owned()),
            ("no BEGIN", pem.replacen("-----BEGIN", "", 1)),
            ("no END", pem.replacen("-----END", "", 1)),
            ("other END", pem.replacen("-----END ", "-----END X", 1)),
            (
                "other label",
                pem.replace("PRIVATE KEY", "SECRET")
                    .replace("CERTIFICATE", "CERT")
                    .replace("PUBLIC KEY", "KEY"),
            ),
            ("two objects", format!("{pem}{pem}")),
            ("cut inside", format!("{}{}", &pem[..middle], &pem[middle + 64..])),
            (
                "foreign character",
                format!("{}*{}", &pem[..middle], &pem[middle + 1..]),
            ),
            ("empty", String::new()),
            ("huge", format!("{}{pem}", "x".repeat(70_000))),
        ] {
            refused(field, &format!("{name}: {what}"), &changed);
        }
    }
}

/// As variables of an environment hold them: the error says what to do.
#[test]
fn line_ends_written_out() {
    for (field, name) in [("private_key", "rsa2048.pem"), ("hpay_certificate", "cert.pem")] {
        let mut config = hpay_config();
        config[field] = Value::from(text(name).replace('\n', r"\n"));
        let error = kyso::operations::client("hpay", &config.to_string(), now)
            .err()
            .unwrap();
        assert_eq!((error.code().name(), error.field_name()), ("invalid_key", Some(field)));
        assert!(error.to_json().contains(r"put line ends in their place"), "{name}");
    }
}

#[test]
fn a_certificate_belongs_to_its_key() {
    for (key, certificate, expected) in [
        ("rsa2048.pem", "cert.pem", Ok(())),
        ("rsa2049.pem", "rsa2049.pub.pem", Ok(())),
        ("rsa3072.pem", "cert.pem", Err("merchant_certificate")),
        ("rsa2049.pem", "rsa2048.pub.pem", Err("merchant_certificate")),
    ] {
        let mut config = hpay_config();
        config["private_key"] = Value::from(text(key));
        config["merchant_certificate"] = Value::from(text(certificate));
        let loaded = kyso::operations::client("hpay", &config.to_string(), now);
        let error = loaded.map(drop).map_err(|error| {
            assert_eq!(error.code().name(), "invalid_key");
            error.field_name().unwrap_or_default().to_owned()
        });
        assert_eq!(error, expected.map_err(str::to_owned), "{key} and {certificate}");
    }
}

/// A damaged certificate may hold another working key; its own signature tells.
#[test]
fn a_flipped_bit_never_gives_another_key() {
    let certificate = file("cert.der");
    let signature = SIGNED.replace(char::is_whitespace, "");
    let verifies = |der: &[u8]| -> Option<bool> {
        let mut config = hpay_config();
        config["hpay_certificate"] = Value::from(base64(der));
        let client = kyso::operations::client("hpay", &config.to_string(), now).ok()?;
        let recipe = json!({"fields": ["a"], "separator": "|", "secret": "passcode", "digest": "rsa_sha256"});
        let input = json!({"recipe": recipe, "fields": {"a": "1"}, "signature": signature});
        Some(common::call(&client, "hpay.signature.verify", &input).is_ok())
    };
    assert_eq!(verifies(&certificate), Some(true));
    let (mut refused, mut harmless) = (0, 0);
    // Every bit of the key, every eighth of the rest: names, dates, signature.
    let modulus = certificate
        .windows(5)
        .position(|bytes| bytes == [2, 0x82, 1, 1, 0])
        .unwrap()
        * 8;
    let key = modulus - 64..modulus + 270 * 8;
    for bit in (0..certificate.len() * 8).filter(|bit| key.contains(bit) || bit % 8 == 3) {
        let mut damaged = certificate.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        match verifies(&damaged) {
            None => refused += 1,
            Some(true) => harmless += 1,
            Some(false) => panic!("bit {bit} gives another key"),
        }
    }
    // Another name makes it a certificate that somebody else signed; the key is the same.
    assert!(
        refused > 2_000 && harmless < 100,
        "{refused} refused, {harmless} not seen"
    );
}

fn base64(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .chain([0; 2].iter())
            .take(3)
            .fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        for place in 0..4 {
            let digit = ALPHABET[word >> (18 - 6 * place) & 63];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// `1|test-pass-Bb2` signed with rsa2048.pem by OpenSSL.
const SIGNED: &str =
    "0a2DjFu5J8yEb7Dvr3mOlSa4QTtQw+WCCdNI99cMm2jrRupGncH5apPSrX5xMbSDhR5smt7WH0IenEgltXVEeOt/YALiddEuCpGM
H5htjUtNidl3CdzaEvyAQLyESOnyDLpFk4t4rOtB0BW7aUM8Yy6SOIfD4OLTWGcGRYUH+kF0Vqh01GZqmTipgMYrNqE3FOWMoDBG
qqXddQFxFXYyvi7LyecawNvhslHVtsy2YFfDYyYb2fVNjMI/ni9QFIzHE/q5VRS4ERs+FGwrhs3i0JFbd1r9gquXKiNhNQvvg7uu
lvJ5CFp7/UJiQ7XR1aHmsdGlg7YadWNzZw2emHcDFw==";
