//! AES-CBC with PKCS#7 padding: AES-256 both ways, AES-128 for encryption only. The unpadding is our own:
//! `block-padding` branches on secret bytes.

use subtle::{Choice, ConstantTimeEq, ConstantTimeGreater};
use zeroize::Zeroizing;

use super::aes::{Decrypt256, Encrypt128, Encrypt256};
use super::{random, stack};
use crate::error::Result;
use crate::secret::wipe_bytes;

const BLOCK: usize = 16;
/// Whole blocks that are encrypted at once.
const PIECE: usize = 64 * BLOCK;

/// Both key schedules, expanded once and wiped on drop.
pub(crate) struct Key {
    encrypt: Box<Encrypt256>,
    decrypt: Box<Decrypt256>,
}

impl Key {
    pub(crate) fn new(bytes: &Zeroizing<[u8; 32]>) -> Self {
        let key = Self::expand(bytes);
        stack::wipe::<{ stack::SCHEDULE }>();
        key
    }

    #[inline(never)]
    fn expand(key: &[u8; 32]) -> Self {
        Self {
            encrypt: Box::new(Encrypt256::new(key)),
            decrypt: Box::new(Decrypt256::new(key)),
        }
    }

    /// Gives IV ‖ ciphertext under a fresh IV, in pieces that stay in the processor's nearest memory: a message of
    /// megabytes needs no buffer of its own.
    pub(crate) fn seal(&self, plaintext: &[u8], give: impl FnMut(&[u8])) -> Result<()> {
        let iv = random::iv()?;
        self.seal_with_iv(plaintext, iv, give);
        Ok(())
    }

    fn seal_with_iv(&self, plaintext: &[u8], iv: [u8; BLOCK], mut give: impl FnMut(&[u8])) {
        give(&iv);
        let (pieces, rest) = plaintext.as_chunks::<PIECE>();
        let mut chain = iv;
        let mut buffer = [0; PIECE];
        for piece in pieces {
            buffer = *piece;
            self.encrypt(&mut chain, &mut buffer);
            give(&buffer);
        }
        let length = pad(&mut buffer, rest);
        if let Some(last) = buffer.get_mut(..length) {
            self.encrypt(&mut chain, last);
            // Round keys that do not fit the registers are on the stack, below this frame.
            stack::wipe::<{ stack::SCHEDULE }>();
            give(last);
        }
    }

    /// Whole blocks in place; `chain` is the block before them, and then their last one.
    #[inline(never)]
    fn encrypt(&self, chain: &mut [u8; BLOCK], bytes: &mut [u8]) {
        let (blocks, _) = bytes.as_chunks_mut();
        self.encrypt.cbc(chain, blocks);
        if let Some(last) = blocks.last() {
            *chain = *last;
        }
    }

    /// The plaintext of a ciphertext, in its place; `None` for bad padding, decided after all 16 positions were looked
    /// at.
    ///
    /// The caller has checked that there is at least one block and nothing left over.
    pub(crate) fn open(&self, iv: &[u8; BLOCK], mut body: Vec<u8>) -> Option<Zeroizing<Vec<u8>>> {
        let (blocks, rest) = body.as_chunks_mut();
        if !rest.is_empty() {
            return None;
        }
        self.decrypt(iv, blocks);
        stack::wipe::<{ stack::SCHEDULE }>();
        let (good, padding) = padding_of(blocks.last()?);
        if !bool::from(good) {
            wipe_bytes(&mut body);
            return None;
        }
        let end = body.len().checked_sub(usize::from(padding))?;
        body.truncate(end);
        Some(Zeroizing::new(body))
    }
}

impl Key {
    /// Round keys that do not fit the registers are put on the stack, below this frame.
    #[inline(never)]
    fn decrypt(&self, iv: &[u8; BLOCK], blocks: &mut [[u8; BLOCK]]) {
        self.decrypt.cbc(iv, blocks);
    }
}

/// An AES-128 key for encryption, expanded once and wiped on drop.
pub(crate) struct Key128(Box<Encrypt128>);

impl Key128 {
    pub(crate) fn new(bytes: &Zeroizing<[u8; BLOCK]>) -> Self {
        let key = Self::expand(bytes);
        stack::wipe::<{ stack::SCHEDULE }>();
        key
    }

    #[inline(never)]
    fn expand(key: &[u8; BLOCK]) -> Self {
        Self(Box::new(Encrypt128::new(key)))
    }

    /// IV ‖ ciphertext. The caller sees to it that no IV comes twice.
    pub(crate) fn seal_with_iv(&self, plaintext: &[u8], iv: [u8; BLOCK]) -> Vec<u8> {
        let message = sealed(plaintext, iv, |blocks| self.0.cbc(&iv, blocks));
        stack::wipe::<{ stack::SCHEDULE }>();
        message
    }
}

/// IV ‖ ciphertext of the padded plaintext.
#[inline(never)]
fn sealed(plaintext: &[u8], iv: [u8; BLOCK], encrypt: impl FnOnce(&mut [[u8; BLOCK]])) -> Vec<u8> {
    let padding = BLOCK.saturating_sub(plaintext.len() % BLOCK);
    let mut message = Vec::with_capacity(plaintext.len().saturating_add(2 * BLOCK));
    message.extend_from_slice(&iv);
    message.extend_from_slice(plaintext);
    // `padding` is 1 to 16.
    message.resize(
        message.len().saturating_add(padding),
        u8::try_from(padding).unwrap_or(0),
    );
    let (_, body) = message.split_at_mut(BLOCK);
    encrypt(body.as_chunks_mut().0);
    message
}

/// The rest of a text and its padding; how long they are. A rest is shorter than a piece.
fn pad(buffer: &mut [u8; PIECE], rest: &[u8]) -> usize {
    let padding = BLOCK.saturating_sub(rest.len() % BLOCK);
    let length = rest.len().saturating_add(padding).min(PIECE);
    // `padding` is 1 to 16.
    buffer.fill(u8::try_from(padding).unwrap_or(0));
    if let Some(start) = buffer.get_mut(..rest.len()) {
        start.copy_from_slice(rest);
    }
    length
}

/// Whether the last block ends in valid PKCS#7 padding, and its length. No branch and no index depends on the bytes.
pub(super) fn padding_of(last: &[u8]) -> (Choice, u8) {
    let padding = last.last().copied().unwrap_or(0);
    let mut good = padding.ct_gt(&0) & !padding.ct_gt(&16);
    for (byte, distance) in last.iter().rev().zip(0_u8..) {
        let inside = padding.ct_gt(&distance);
        good &= byte.ct_eq(&padding) | !inside;
    }
    (good, padding)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal_with_iv(key: &Key, plaintext: &[u8], iv: [u8; BLOCK]) -> Vec<u8> {
        let mut message = Vec::new();
        key.seal_with_iv(plaintext, iv, |piece| message.extend_from_slice(piece));
        message
    }

    #[test]
    fn pieces_make_one_message() {
        let key = Key::new(&Zeroizing::new([0x2b; 32]));
        let iv = [7; BLOCK];
        let text: Vec<u8> = (0..=250).cycle().take(3 * PIECE + BLOCK).collect();
        for length in (0..=2 * BLOCK)
            .chain(PIECE - 17..=PIECE + 17)
            .chain(3 * PIECE - 1..=3 * PIECE + BLOCK)
        {
            let at_once = sealed(&text[..length], iv, |blocks| key.encrypt.cbc(&iv, blocks));
            assert_eq!(seal_with_iv(&key, &text[..length], iv), at_once, "{length} bytes");
            let opened = key.open(&iv, at_once[BLOCK..].to_vec()).unwrap();
            assert_eq!(opened.as_slice(), &text[..length], "{length} bytes");
        }
    }

    #[test]
    fn every_padding_byte_is_looked_at() {
        for length in 1..=16_u8 {
            let mut block = [0x41; 16];
            for byte in block.iter_mut().rev().take(usize::from(length)) {
                *byte = length;
            }
            assert!(bool::from(padding_of(&block).0), "{length} bytes of padding are valid");
            for position in (16 - usize::from(length))..15 {
                let mut bad = block;
                bad[position] ^= 1;
                let still_good = bool::from(padding_of(&bad).0);
                // A changed last byte may name another valid padding; every other change must be seen.
                assert!(!still_good, "length {length}, position {position}");
            }
        }
        for last in (0..=255_u8).filter(|last| *last == 0 || *last > 16) {
            let mut block = [last; 16];
            block[15] = last;
            assert!(!bool::from(padding_of(&block).0), "last byte {last}");
        }
    }

    #[test]
    fn nist_sp_800_38a_cbc_aes256() {
        let key = const_hex::decode_to_array("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let key = Key::new(&Zeroizing::new(key.unwrap()));
        let iv = const_hex::decode_to_array("000102030405060708090a0b0c0d0e0f").unwrap();
        let plaintext = const_hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
        let message = seal_with_iv(&key, &plaintext, iv);
        assert_eq!(const_hex::encode(&message[16..32]), "f58c4c04d6e5f1ba779eabfb5f7bfbd6");
        assert_eq!(key.open(&iv, message[BLOCK..].to_vec()).unwrap().as_slice(), plaintext);
    }

    #[test]
    fn nist_cavp_cbc_aes256() {
        let cases = crate::crypto::nist::cases("aes_256_cbc.txt");
        for case in &cases {
            let [key, iv, plaintext, ciphertext] = case.as_slice() else {
                panic!("four fields");
            };
            let key = Key::new(&Zeroizing::new(key.as_slice().try_into().unwrap()));
            let iv = iv.as_slice().try_into().unwrap();
            let message = seal_with_iv(&key, plaintext, iv);
            // The padding's block comes behind.
            assert_eq!(&message[16..message.len() - 16], ciphertext);
            assert_eq!(key.open(&iv, message[BLOCK..].to_vec()).unwrap().as_slice(), plaintext);
        }
        assert_eq!(cases.len(), 830);
    }

    #[test]
    fn nist_sp_800_38a_cbc_aes128() {
        let key = const_hex::decode_to_array("2b7e151628aed2a6abf7158809cf4f3c").unwrap();
        let iv = const_hex::decode_to_array("000102030405060708090a0b0c0d0e0f").unwrap();
        let plaintext = const_hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
        let message = Key128::new(&Zeroizing::new(key)).seal_with_iv(&plaintext, iv);
        assert_eq!(const_hex::encode(&message[16..32]), "7649abac8119b246cee98e9b12e9197d");
    }

    /// Made twice elsewhere, with `openssl enc` and Python's `cryptography`: the texts by recipe, the results by digest.
    #[test]
    fn messages_of_one_mebibyte() {
        let digits = "0123456789abcdef".repeat(65536);
        let accented = format!("{{\"narrative\":\"{}\"}}", "đ".repeat(524_280));
        for (key, text, expected) in [
            (
                "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
                digits,
                "8fec4df5585bea024abc47a85df610670e07f925f9041eb48abb581a526a7203",
            ),
            (
                "7bf84b7a022326f553564028324c9ef15d1ac04bcd3e4d498fe911d9bf0635a0",
                accented,
                "a389bd2c52ebc84037e39822bc218d6603bd724bea4dd88eca756b04420dcc40",
            ),
        ] {
            let key = Key::new(&Zeroizing::new(const_hex::decode_to_array(key).unwrap()));
            let iv = const_hex::decode_to_array("a6f7a671c1df85212c9514db629ab5f9").unwrap();
            let message = seal_with_iv(&key, text.as_bytes(), iv);
            let digest = crate::crypto::digest::sha256(const_hex::encode(&message).as_bytes());
            assert_eq!(const_hex::encode(digest), expected);
            assert_eq!(
                key.open(&iv, message[BLOCK..].to_vec()).unwrap().as_slice(),
                text.as_bytes()
            );
        }
    }
}
