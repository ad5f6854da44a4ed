//! No copy of a key stays in memory after its client is dropped: neither on the heap nor on the stack, after success, an
//! error and a panic. The process looks at all of its own writable memory through /proc/self/mem, for fragments of 16
//! bytes from the middle: an allocator overwrites the beginning of a freed block. One test, since two would find each
//! other's keys, and a process of its own, which meets the keys through the library only.
#![cfg(target_os = "linux")]
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

use std::fs::File;
use std::os::unix::fs::FileExt;

use kyso::{Client, operations};
use zeroize::Zeroizing;

/// Kept apart from the text itself, or the search would find what it searches for.
const MASK: u8 = 0x5a;

/// 16 masked bytes, and what they are part of.
#[derive(serde::Serialize, serde::Deserialize)]
struct Needle {
    masked: [u8; 16],
    name: String,
}

fn needle(name: &str, bytes: &[u8]) -> Needle {
    let from = bytes.len() / 2 - 8;
    let mut masked = [0; 16];
    for (masked, byte) in masked.iter_mut().zip(&bytes[from..]) {
        *masked = byte ^ MASK;
    }
    Needle {
        masked,
        name: name.to_owned(),
    }
}

/// How often each needle is found in the writable memory of the process.
fn copies(needles: &[Needle], window: &mut [u8]) -> Vec<(String, usize)> {
    let mut found = vec![0; needles.len()];
    let own = window.as_ptr() as usize..window.as_ptr() as usize + window.len();
    let memory = File::open("/proc/self/mem").unwrap();
    for line in std::fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let (range, rest) = line.split_once(' ').unwrap();
        if !rest.starts_with("rw") || rest.contains("[vvar") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let (mut at, to) = (
            usize::from_str_radix(from, 16).unwrap(),
            usize::from_str_radix(to, 16).unwrap(),
        );
        while at < to {
            let length = window.len().min(to - at);
            let Ok(read) = memory.read_at(&mut window[..length], at as u64) else {
                break;
            };
            if read < 16 {
                break;
            }
            for (offset, bytes) in window[..read].windows(16).enumerate() {
                if own.contains(&(at + offset)) {
                    continue;
                }
                for (found, needle) in found.iter_mut().zip(needles) {
                    let equal = bytes
                        .iter()
                        .zip(&needle.masked)
                        .all(|(byte, masked)| byte ^ MASK == *masked);
                    *found += usize::from(equal);
                }
            }
            // Windows that lie across two reads.
            at += if read == length && length > 15 && at + read < to {
                read - 15
            } else {
                read
            };
        }
    }
    window.fill(0);
    needles
        .iter()
        .zip(found)
        .map(|(needle, found)| (needle.name.clone(), found))
        .collect()
}

/// A text put together where it is used, and wiped.
fn unmask(masked: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(masked.len()));
    text.extend(masked.iter().map(|byte| char::from(byte ^ MASK)));
    text
}

fn mask(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte ^ MASK).collect()
}

/// Random digits, masked from the beginning.
fn secret(alphabet: &[u8], length: usize) -> Vec<u8> {
    let mut random = vec![0; length];
    getrandom::fill(&mut random).unwrap();
    random
        .iter()
        .map(|byte| alphabet[usize::from(*byte) % alphabet.len()] ^ MASK)
        .collect()
}

/// A configuration in which `$` stands for the secret, in one piece of memory that is wiped.
fn config(template: &str, masked: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(template.len() + 4 * masked.len()));
    for piece in template.split_inclusive('$') {
        text.push_str(piece.trim_end_matches('$'));
        if piece.ends_with('$') {
            text.extend(masked.iter().map(|byte| char::from(byte ^ MASK)));
        }
    }
    text
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Case {
    gateway: String,
    template: String,
    masked: Vec<u8>,
    needles: Vec<Needle>,
    /// Found while the client lives.
    alive: String,
    /// An operation that uses the secret, and one that fails.
    good: (String, String),
    bad: (String, String),
}

impl Case {
    fn new(
        gateway: &str,
        template: &str,
        masked: Vec<u8>,
        needles: Vec<Needle>,
        alive: &str,
        calls: [(&str, &str); 2],
    ) -> Self {
        let [good, bad] = calls.map(|(operation, input)| (operation.to_owned(), input.to_owned()));
        Self {
            gateway: gateway.to_owned(),
            template: template.to_owned(),
            masked,
            needles,
            alive: alive.to_owned(),
            good,
            bad,
        }
    }
}

fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let key = secret(b"0123456789abcdef", 64);
    let bytes: Vec<u8> = key
        .chunks(2)
        .map(|pair| {
            let digit = |byte: u8| char::from(byte ^ MASK).to_digit(16).unwrap() as u8;
            digit(pair[0]) << 4 | digit(pair[1])
        })
        .collect();
    let bytes = Zeroizing::new(bytes);
    let envelope = "000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f";
    cases.push(Case::new(
        "tconnect",
        r#"{"partner_code":"P1","key":"$","environment":"sandbox"}"#,
        key.clone(),
        vec![
            needle("AES key in digits", unmask(&key).as_bytes()),
            needle("AES key", &bytes),
        ],
        "AES key",
        [
            ("tconnect.envelope.seal", r#"{"plaintext":"x"}"#),
            ("tconnect.envelope.open", &format!(r#"{{"data":"{envelope}"}}"#)),
        ],
    ));
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    let text = secret(LETTERS, 40);
    cases.push(Case::new(
        "hpay",
        r#"{"merchant_site_code":"65001","environment":"sandbox","secure_pass":"$","passcode":"$"}"#,
        text.clone(),
        vec![needle("passcode", unmask(&text).as_bytes())],
        "passcode",
        [
            (
                "hpay.signature.build",
                r#"{"fields":{"a":"1"},"recipe":{"fields":["a"],"separator":"|","secret":"passcode"}}"#,
            ),
            (
                "hpay.signature.verify",
                r#"{"fields":{"a":"1"},"signature":"00","recipe":{"fields":["a"],"separator":"|","secret":"passcode"}}"#,
            ),
        ],
    ));
    let text = secret(LETTERS, 40);
    let mut needles = vec![needle("secret_key", unmask(&text).as_bytes())];
    for pad in [0x36, 0x5c] {
        let padded: Vec<u8> = unmask(&text).bytes().map(|byte| byte ^ pad).collect();
        needles.push(needle(&format!("HMAC key ^ {pad:02x}"), &padded));
    }
    cases.push(Case::new(
        "appotapay",
        r#"{"partner_code":"KYSO","api_key":"public-part","environment":"sandbox","secret_key":"$"}"#,
        text,
        needles,
        "secret_key",
        [
            ("appotapay.signature.sign", r#"{"fields":{"a":"1"}}"#),
            ("appotapay.signature.verify", r#"{"fields":{"a":"1"},"signature":"00"}"#),
        ],
    ));
    cases.push(rsa_case());
    cases.push(decryption_case());
    cases
}

/// The PEM text and the numbers of a private key, in the order of bytes of a big number's words and in that of DER.
fn rsa_needles(pem: &str) -> Vec<Needle> {
    use rsa::pkcs8::DecodePrivateKey;
    use rsa::traits::PrivateKeyParts;
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(pem).unwrap();
    let qinv = key.qinv().unwrap();
    let numbers = [
        ("d", key.d().clone()),
        ("p", (*key.primes()[0]).clone()),
        ("q", (*key.primes()[1]).clone()),
        ("dp", key.dp().unwrap().clone()),
        ("dq", key.dq().unwrap().clone()),
        ("qinv", qinv.retrieve()),
        ("qinv of Montgomery", qinv.as_montgomery().clone()),
    ];
    let mut needles = vec![needle("PEM text", pem.as_bytes())];
    for (name, number) in &numbers {
        let little = Zeroizing::new(number.to_le_bytes().to_vec());
        let big = Zeroizing::new(number.to_be_bytes().to_vec());
        needles.push(needle(&format!("RSA {name}"), &little));
        needles.push(needle(&format!("RSA {name} of DER"), &big));
    }
    needles
}

fn escaped(pem: &str) -> Zeroizing<String> {
    Zeroizing::new(pem.replace('\n', "\\n"))
}

/// A key that signs.
fn rsa_case() -> Case {
    let path = format!("{}/tests/keys/rsa2048.pem", env!("CARGO_MANIFEST_DIR"));
    let pem = Zeroizing::new(std::fs::read_to_string(path).unwrap());
    let recipe = r#""recipe":{"fields":["a"],"separator":"|","secret":"passcode","digest":"rsa_sha256"}"#;
    Case::new(
        "hpay",
        r#"{"merchant_site_code":"65001","environment":"sandbox","passcode":"test-pass-Bb2","private_key":"$"}"#,
        mask(&escaped(&pem)),
        rsa_needles(&pem),
        "RSA p",
        [
            ("hpay.signature.build", &format!(r#"{{"fields":{{"a":"1"}},{recipe}}}"#)),
            ("hpay.signature.build", &format!(r#"{{"fields":{{"a":"|"}},{recipe}}}"#)),
        ],
    )
}

/// A key that decrypts codes of cards: the vectors' own, with a code that it opens and one that it does not.
fn decryption_case() -> Case {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/appotapay/cards.json");
    let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let cases = file["cases"].as_array().unwrap();
    let vector = cases
        .iter()
        .find(|case| case["id"] == "decrypt_code-oaep-sha1")
        .unwrap();
    let pem = vector["config"]["private_key"].as_str().unwrap();
    let good = vector["input"].to_string();
    let code = vector["input"]["code"].as_str().unwrap();
    let bad = good.replace(code, &format!("AAAA{}", &code[4..]));
    Case::new(
        "appotapay",
        r#"{"partner_code":"KYSO","api_key":"public-part","environment":"sandbox","secret_key":"test-secret-key-01","private_key":"$"}"#,
        mask(&escaped(pem)),
        rsa_needles(pem),
        "RSA p",
        [
            ("appotapay.cards.decrypt_code", &good),
            ("appotapay.cards.decrypt_code", &bad),
        ],
    )
}

#[inline(never)]
fn make(case: &Case) -> Client {
    let config = config(&case.template, &case.masked);
    operations::client(&case.gateway, &config, panicking_clock).unwrap_or_else(|error| panic!("{error:?}"))
}

fn panicking_clock() -> u64 {
    panic!("planted")
}

/// A configuration that is refused after the secret was read.
#[inline(never)]
fn refused(case: &Case) {
    let template = case.template.replace("sandbox", "nowhere");
    let config = config(&template, &case.masked);
    assert!(operations::client(&case.gateway, &config, common::now).is_err());
}

#[inline(never)]
fn use_it(client: &Client, case: &Case) {
    assert!(operations::call(Some(client), &case.good.0, &case.good.1).is_ok());
    assert!(operations::call(Some(client), &case.bad.0, &case.bad.1).is_err());
}

/// Drops a client while a panic unwinds.
#[inline(never)]
fn panics_with_it(case: &Case) {
    let client = make(case);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        let client = client;
        use_it(&client, case);
        let token = operations::call(Some(&client), "appotapay.auth.token", "{}");
        assert!(token.is_err(), "the clock panics where there is one");
        panic!("planted");
    }));
    assert!(caught.is_err());
}

const CASES: &str = "KYSO_MEMORY_CASES";

#[test]
#[cfg_attr(
    debug_assertions,
    ignore = "an optimised build keeps fewer copies; make security runs it"
)]
fn no_copy_of_a_key_stays_in_memory() {
    if let Ok(cases) = std::env::var(CASES) {
        return search(&serde_json::from_str::<Vec<Case>>(&cases).unwrap());
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "no_copy_of_a_key_stays_in_memory", "--nocapture"])
        .env(CASES, serde_json::to_string(&cases()).unwrap())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
    println!("{said}");
    assert!(child.status.success());
}

/// What the rsa crate frees unwiped stays on the heap until its block is used again, a fragment of a number each time:
/// p and q in what it computes with them while a key is read (p - 1, q - 1, parameters of Montgomery), qinv where a key
/// is dropped (its `PrecomputedValues` wipe everything else). The numbers are what was seen. Everything else must be gone.
fn allowed(name: &str) -> usize {
    match name {
        "RSA p" | "RSA q" => 4,
        "RSA qinv of Montgomery" => 2,
        _ => 0,
    }
}

fn search(cases: &[Case]) {
    let mut window = vec![0; 1 << 20];
    std::panic::set_hook(Box::new(|_| {}));
    let mut left = Vec::new();
    for case in cases {
        let mut none = |path: &str| {
            let found = copies(&case.needles, &mut window);
            println!("{} {path}: {found:?}", case.gateway);
            let found = found.into_iter().filter(|(name, copies)| *copies > allowed(name));
            left.extend(found.map(|(name, copies)| format!("{}: {name}, {path}: {copies}", case.gateway)));
        };
        none("before");
        let client = make(case);
        use_it(&client, case);
        drop(client);
        none("success");
        refused(case);
        none("error");
        panics_with_it(case);
        none("panic");
        // The control: while the client lives the search finds its key.
        let client = make(case);
        let found = copies(&case.needles, &mut window);
        let alive = found.iter().find(|(name, _)| *name == case.alive).unwrap().1;
        println!("{}: while alive {found:?}", case.gateway);
        drop(client);
        if alive == 0 {
            left.push(format!("{}: {} is not found while alive", case.gateway, case.alive));
        }
    }
    let _ = std::panic::take_hook();
    assert!(left.is_empty(), "{left:#?}");
}
