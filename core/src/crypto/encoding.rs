//! Hexadecimal and base64, strict in both directions.

use base64ct::{Base64, Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result, Rule};

pub(crate) fn hex(bytes: &[u8]) -> String {
    const_hex::encode(bytes)
}

/// Bytes of hexadecimal text in either case; `None` for anything else, a `0x` in front included.
pub(crate) fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    const_hex::decode(text).ok()
}

/// The 32 bytes of a secret key in hexadecimal, without a table look-up on its digits.
pub(crate) fn key_from_hex(field: &str, text: &str) -> Result<Zeroizing<[u8; 32]>> {
    let refuse = |rule| Err(Error::rule(Code::InvalidKey, rule).field(field));
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
    let mut key = Zeroizing::new([0_u8; 32]);
    let mut pairs = text.as_bytes().chunks_exact(2).zip(1_usize..);
    for byte in key.iter_mut() {
        let Some((&[high, low], index)) = pairs
            .next()
            .map(|(pair, index)| (<&[u8; 2]>::try_from(pair), index))
            .and_then(|(pair, index)| pair.ok().map(|pair| (pair, index)))
        else {
            return refuse(Rule::Count("64 hexadecimal digits", "64 chữ số thập lục phân", count));
        };
        let (Some(high), Some(low)) = (nibble(high), nibble(low)) else {
            let position = if nibble(high).is_none() {
                index.saturating_mul(2).saturating_sub(1)
            } else {
                index.saturating_mul(2)
            };
            return refuse(Rule::Position(
                "a character that is no hexadecimal digit",
                "ký tự không phải chữ số thập lục phân",
                position,
            ));
        };
        *byte = (high << 4) | low;
    }
    if key.iter().all(|byte| Some(byte) == key.first()) {
        return refuse(Rule::Say(
            "must not consist of one repeated byte",
            "không được gồm một byte lặp lại",
        ));
    }
    Ok(key)
}

/// One hexadecimal digit by arithmetic alone: each range contributes through a mask, no branch, no table.
fn nibble(digit: u8) -> Option<u8> {
    let digit = i32::from(digit);
    let mask = |low: i32, high: i32| {
        // All ones where low <= digit <= high.
        low.wrapping_sub(1).wrapping_sub(digit) & digit.wrapping_sub(high.wrapping_add(1)) & -256
    };
    let mut value = -1_i32;
    value = value.wrapping_add((mask(48, 57) >> 8) & digit.wrapping_sub(47));
    value = value.wrapping_add((mask(65, 70) >> 8) & digit.wrapping_sub(54));
    value = value.wrapping_add((mask(97, 102) >> 8) & digit.wrapping_sub(86));
    u8::try_from(value).ok()
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
            let expected = char::from(digit)
                .to_digit(16)
                .and_then(|value| u8::try_from(value).ok());
            let expected = expected.filter(|_| digit.is_ascii());
            assert_eq!(nibble(digit), expected, "{digit}");
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
