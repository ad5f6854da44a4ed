//! Secrets marked as undefined: run under valgrind (scripts/constant-time), memcheck reports every branch and every
//! address that depends on them. Without valgrind the same functions run unwatched.

use kyso_memcheck::{make_defined, make_undefined};
use std::hint::black_box;

use super::aes_cbc::{Key, padding_of};
use super::compare::equal;
use super::digest::{Hasher, HmacKey};
use super::encoding::decode_key;
use zeroize::Zeroizing;

/// The result of a function of its own: inlined here, the test's own look at it would be reported.
#[inline(never)]
fn watched<const N: usize>(work: impl FnOnce() -> [u8; N]) -> [u8; N] {
    black_box(work())
}

/// A verdict that may be looked at.
fn public(verdict: [u8; 1]) -> bool {
    make_defined(&verdict);
    // Read from memory: a copy in a register would still be marked.
    black_box(&verdict)[0] == 1
}

#[test]
fn comparison() {
    for (left, right) in [([7_u8; 32], [7; 32]), ([7; 32], [8; 32])] {
        make_undefined(&left);
        let verdict = watched(|| [u8::from(equal(&left, &right))]);
        assert_eq!(public(verdict), right[0] == 7);
    }
}

#[test]
fn unpadding() {
    for last in 0..=17_u8 {
        let block = black_box([last; 16]);
        make_undefined(&block);
        let [good, padding] = watched(|| {
            let (good, padding) = padding_of(&block);
            [good.unwrap_u8(), padding]
        });
        assert_eq!(public([good]), (1..=16).contains(&last));
        let padding = [padding];
        make_defined(&padding);
        assert_eq!(black_box(&padding)[0], last);
    }
}

#[test]
fn key_decoding() {
    let digits = black_box(*b"603DEB1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    make_undefined(&digits);
    let verdict = watched(|| [decode_key(&digits).1.unwrap_u8()]);
    assert!(public(verdict));
}

#[test]
fn message_authentication() {
    for length in [5, 64, 131] {
        let secret = vec![0x0b; length];
        make_undefined(&secret);
        let mac = HmacKey::new(&secret).sign(b"Hi There");
        make_defined(&mac);
        black_box(mac);
        for mut hasher in [Hasher::md5(), Hasher::sha256()] {
            hasher.update(&secret);
            let digest = hasher.finish();
            make_defined(&digest);
            black_box(digest);
        }
    }
}

#[test]
fn decryption() {
    let key = Zeroizing::new([0x2b; 32]);
    make_undefined(&key[..]);
    let mut message = Vec::new();
    let give = |piece: &[u8]| message.extend_from_slice(piece);
    Key::new(&key).seal(b"plaintext", give).unwrap();
    make_defined(&message);
    assert_eq!(message.len(), 32);
}

/// The control: what a plain comparison does must be reported.
#[test]
#[ignore = "valgrind must find an error here"]
fn control_plain_comparison() {
    let secret = black_box([7_u8; 32]);
    make_undefined(&secret);
    assert!(black_box(&secret[..]) == black_box(&[7_u8; 32][..]));
}
