//! MD5, SHA-256 and HMAC-SHA256, and what explanations try besides. Secrets are streamed in, never joined to a text.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha2::{Digest, Sha256, Sha512};
use zeroize::Zeroizing;

/// A digest under construction.
pub(crate) enum Hasher {
    Md5(Md5),
    Sha256(Sha256),
    HmacSha256(Hmac<Sha256>),
}

impl Hasher {
    pub(crate) fn md5() -> Self {
        Hasher::Md5(Md5::new())
    }

    pub(crate) fn sha256() -> Self {
        Hasher::Sha256(Sha256::new())
    }

    pub(crate) fn update(&mut self, bytes: &[u8]) {
        match self {
            Hasher::Md5(hasher) => Digest::update(hasher, bytes),
            Hasher::Sha256(hasher) => Digest::update(hasher, bytes),
            Hasher::HmacSha256(mac) => Mac::update(mac, bytes),
        }
    }

    pub(crate) fn finish(self) -> Output {
        match self {
            Hasher::Md5(hasher) => Output::of(&hasher.finalize()),
            Hasher::Sha256(hasher) => Output::of(&hasher.finalize()),
            Hasher::HmacSha256(mac) => Output::of(&mac.finalize().into_bytes()),
        }
    }
}

/// The bytes of a digest, at most 32.
#[derive(Clone, Copy)]
pub(crate) struct Output {
    bytes: [u8; 32],
    length: usize,
}

impl Output {
    fn of(digest: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.iter_mut().zip(digest).for_each(|(place, byte)| *place = *byte);
        Self {
            bytes,
            length: digest.len(),
        }
    }
}

impl core::ops::Deref for Output {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or(&self.bytes)
    }
}

/// SHA-256 of one piece of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// MD5 of one piece of bytes.
pub(crate) fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}

/// SHA-512, which no formula has: explanations try it.
pub(crate) fn sha512(bytes: &[u8]) -> [u8; 64] {
    Sha512::digest(bytes).into()
}

/// HMAC-SHA512, for explanations.
pub(crate) fn hmac_sha512(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    hmac::<Hmac<Sha512>>(key, bytes)
}

/// HMAC-MD5, for explanations.
pub(crate) fn hmac_md5(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    hmac::<Hmac<Md5>>(key, bytes)
}

fn hmac<M: Mac + KeyInit>(key: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(bytes);
    Some(mac.finalize().into_bytes().to_vec())
}

/// An HMAC-SHA256 key with both pads already absorbed.
#[derive(Clone)]
pub(crate) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    /// A key longer than a block is replaced by its SHA-256, a shorter one filled with zeros (RFC 2104).
    pub(crate) fn new(secret: &[u8]) -> Self {
        let mut block = Zeroizing::new([0_u8; 64]);
        let hashed = Zeroizing::new(sha256(secret));
        let key = if secret.len() > block.len() {
            hashed.as_slice()
        } else {
            secret
        };
        block.iter_mut().zip(key).for_each(|(place, byte)| *place = *byte);
        let block: &[u8; 64] = &block;
        Self(Hmac::new(block.into()))
    }

    pub(crate) fn hasher(&self) -> Hasher {
        Hasher::HmacSha256(self.0.clone())
    }

    pub(crate) fn sign(&self, bytes: &[u8]) -> [u8; 32] {
        let mut mac = self.0.clone();
        Mac::update(&mut mac, bytes);
        mac.finalize().into_bytes().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hmac_of_keys_shorter_and_longer_than_a_block() {
        // RFC 4231, test cases 2 and 6.
        let short = HmacKey::new(b"Jefe").sign(b"what do ya want for nothing?");
        assert_eq!(
            const_hex::encode(short),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
        let long = HmacKey::new(&[0xaa; 131]).sign(b"Test Using Larger Than Block-Size Key - Hash Key First");
        assert_eq!(
            const_hex::encode(long),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        );
        // Exactly one block, and one byte more: computed with Python's hmac.
        for (length, expected) in [
            (64, "21cd586aeca0579d99a1c938127c92525a371f807bc5ba6eb78bc825bd4f2be3"),
            (65, "727b82fba264393c5d67fd6d6ad783e9019a1fa6a857fccb70f5852f04be5d5d"),
        ] {
            let mac = const_hex::encode(HmacKey::new(&vec![0x0b; length]).sign(b"Hi There"));
            assert_eq!(mac, expected, "{length}");
        }
    }
}
