//! What the tests share.
#![allow(dead_code, clippy::unwrap_used, clippy::panic)]

use kyso::{Client, Error, operations};
use serde_json::{Value, json};

/// How much to try: little with `make test`, all of it with `make security`.
pub fn scale(little: usize, full: usize) -> usize {
    match std::env::var_os("KYSO_PROOFS") {
        Some(_) => full,
        None => little,
    }
}

pub fn now() -> u64 {
    1_768_392_000
}

pub fn client(gateway: &str, config: &Value) -> Client {
    operations::client(gateway, &config.to_string(), now).unwrap()
}

pub fn call(client: &Client, operation: &str, input: &Value) -> Result<Value, Error> {
    let result = operations::call(Some(client), operation, &input.to_string())?;
    Ok(serde_json::from_str(&result.to_json()).unwrap())
}

/// The public example key of NIST SP 800-38A.
pub const KEY: &str = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";

pub fn tconnect() -> Client {
    client(
        "tconnect",
        &json!({"partner_code": "PARTNER01", "key": KEY, "environment": "sandbox"}),
    )
}

pub fn hpay_config() -> Value {
    json!({"merchant_site_code": "65001", "environment": "sandbox", "secure_pass": "test-pass-Aa1", "passcode": "test-pass-Bb2"})
}

pub fn appotapay() -> Client {
    client(
        "appotapay",
        &json!({"partner_code": "KYSO", "api_key": "test-api-key", "secret_key": "test-secret-key-01", "environment": "sandbox"}),
    )
}

/// Numbers for generated tests: the same on every run.
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(bound).unwrap()).unwrap()
    }

    pub fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        from[self.below(from.len())]
    }
}

/// Hexadecimal text with one bit of the decoded bytes changed.
pub fn flip_hex(text: &str, bit: usize) -> String {
    let digit = (bit / 4).min(text.len() - 1);
    let value = text[digit..=digit].chars().next().unwrap().to_digit(16).unwrap() ^ (1 << (bit % 4));
    let flipped = char::from_digit(value, 16).unwrap();
    format!("{}{flipped}{}", &text[..digit], &text[digit + 1..])
}
