//! Hexadecimal and base64, strict in both directions.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result, Rule};

/// Bytes whose digits are made at once, before they are put where they belong.
const HEX_PIECE: usize = 512;

pub(crate) fn hex(bytes: &[u8]) -> String {
    const_hex::encode(bytes)
}

/// Appends the digits of bytes.
pub(crate) fn push_hex(bytes: &[u8], out: &mut String) {
    let mut digits = [0; 2 * HEX_PIECE];
    for piece in bytes.chunks(HEX_PIECE) {
        let room = digits.get_mut(..piece.len().saturating_mul(2)).unwrap_or_default();
        // It fails only where the room has another length.
        out.push_str(const_hex::encode_to_str(piece, room).unwrap_or_default());
    }
}

/// Bytes of hexadecimal text in either case; `None` for anything else, a `0x` in front included.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    // const-hex takes a prefix away.
    if text.as_bytes().get(1) == Some(&b'x') {
        return None;
    }
    const_hex::decode(text).ok()
}

/// The same for text of exactly so many bytes.
pub(crate) fn array_from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    // It refuses any other length, but takes a prefix away.
    let plain = text.as_bytes().get(1) != Some(&b'x');
    (plain && const_hex::decode_to_slice(text, &mut bytes).is_ok()).then_some(bytes)
}

/// The 32 bytes of a secret key in hexadecimal, without a table look-up or a branch on its digits.
pub(crate) fn key_from_hex(field: &str, text: &str) -> Result<Zeroizing<[u8; 32]>> {
    if let Ok(digits) = <&[u8; 64]>::try_from(text.as_bytes()) {
        let (key, good) = decode_key(digits);
        if bool::from(good) {
            return Ok(key);
        }
    }
    Err(why_no_key(text).field(field))
}

/// The bytes, and whether all digits are hexadecimal and not all bytes equal.
pub(super) fn decode_key(digits: &[u8; 64]) -> (Zeroizing<[u8; 32]>, Choice) {
    let mut key = Zeroizing::new([0_u8; 32]);
    let mut fault = 0_u8;
    let (pairs, _) = digits.as_chunks::<2>();
    for (byte, [high, low]) in key.iter_mut().zip(pairs) {
        let ([high, bad_high], [low, bad_low]) = (nibble(*high), nibble(*low));
        *byte = (high << 4) | low;
        fault |= bad_high | bad_low;
    }
    let first = key.first().copied().unwrap_or(0);
    let difference = key.iter().fold(0, |all, byte| all | (byte ^ first));
    let good = fault.ct_eq(&0) & !difference.ct_eq(&0);
    (key, good)
}

/// Names the rule that a text breaks. Only a text that is no key gets here.
fn why_no_key(text: &str) -> Error {
    let refuse = |rule| Error::rule(Code::InvalidKey, rule);
    if text.trim().len() != text.len() {
        return refuse(Rule::Say(
            "must not begin or end with white space",
            "không được có khoảng trắng ở đầu hoặc cuối",
        ));
    }
    let count = text.chars().count();
    if count != 64 {
        return refuse(Rule::Count("64 hexadecimal digits", "64 chữ số thập lục phân", count));
    }
    match text.chars().position(|digit| !digit.is_ascii_hexdigit()) {
        Some(index) => refuse(Rule::Position(
            "a character that is no hexadecimal digit",
            "ký tự không phải chữ số thập lục phân",
            index.saturating_add(1),
        )),
        None => refuse(Rule::Say(
            "must not consist of one repeated byte",
            "không được gồm một byte lặp lại",
        )),
    }
}

/// The value of one hexadecimal digit, and 0; for anything else the second byte is 255. Arithmetic alone: comparisons
/// would become branches.
fn nibble(digit: u8) -> [u8; 2] {
    let digit = i16::from(digit);
    // One more than the value where first <= digit <= last, else 0.
    let range = |first: i16, last: i16, base: i16| {
        let inside = first.wrapping_sub(1).wrapping_sub(digit) & digit.wrapping_sub(last).wrapping_sub(1);
        (inside >> 8) & digit.wrapping_sub(base)
    };
    let found = range(48, 57, 47) | range(65, 70, 54) | range(97, 102, 86);
    found.wrapping_sub(1).to_le_bytes()
}

pub(crate) fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

/// Canonical padded base64 only: no line breaks, no spare bits.
pub(crate) fn from_base64(text: &str) -> Option<Vec<u8>> {
    Base64::decode_vec(text).ok()
}

pub(crate) fn base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    Base64UrlUnpadded::decode_vec(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nibbles_are_the_hexadecimal_digits_and_nothing_else() {
        for digit in 0..=255_u8 {
            let expected = char::from(digit).to_digit(16).filter(|_| digit.is_ascii());
            match (nibble(digit), expected) {
                ([value, 0], Some(expected)) => assert_eq!(u32::from(value), expected, "{digit}"),
                ([_, 255], None) => {}
                other => panic!("{digit}: {other:?}"),
            }
        }
    }

    #[test]
    fn keys_are_64_digits_in_either_case() {
        let text = "603DEB1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
        let key = key_from_hex("key", text).unwrap();
        assert_eq!(hex(&key[..]), text.to_ascii_lowercase());
        // One digit in any place, one bad place in any byte, one differing byte in any place.
        for at in 0..64 {
            let bad = format!("{}g{}", &text[..at], &text[at + 1..]);
            let message = key_from_hex("key", &bad).unwrap_err().to_string();
            assert!(message.contains(&(at + 1).to_string()), "{at}: {message}");
            let repeated = "ab".repeat(32);
            assert!(key_from_hex("key", &repeated).is_err());
            let other = format!("{}0{}", &repeated[..at], &repeated[at + 1..]);
            assert!(key_from_hex("key", &other).is_ok(), "{at}");
        }
        for bad in [
            &text[..63],
            &format!("{text}0"),
            "",
            &format!(" {}", &text[..63]),
            &format!("{}đ", &text[..62]),
        ] {
            assert!(key_from_hex("key", bad).is_err());
        }
    }

    #[test]
    fn base64_is_canonical() {
        assert!(from_base64("YWI=").is_some());
        for bad in ["YWI", "YWJ=", "YW I=", "YWI=\n", "YW-_"] {
            assert!(from_base64(bad).is_none(), "{bad:?}");
        }
    }
}
