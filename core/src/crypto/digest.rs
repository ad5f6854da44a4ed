//! MD5, SHA-256 and HMAC-SHA256. Secrets are streamed in, never joined to a text.

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use sha2::{Digest, Sha256};

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

    pub(crate) fn finish(self) -> Vec<u8> {
        match self {
            Hasher::Md5(hasher) => hasher.finalize().to_vec(),
            Hasher::Sha256(hasher) => hasher.finalize().to_vec(),
            Hasher::HmacSha256(mac) => mac.finalize().into_bytes().to_vec(),
        }
    }
}

/// SHA-256 of one piece of bytes.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// An HMAC-SHA256 key with both pads already absorbed.
#[derive(Clone)]
pub(crate) struct HmacKey(Hmac<Sha256>);

impl HmacKey {
    pub(crate) fn new(secret: &[u8]) -> Self {
        // HMAC takes keys of every length; the type system does not know it.
        match Hmac::new_from_slice(secret) {
            Ok(mac) => Self(mac),
            Err(_) => Self(Hmac::new(&Default::default())),
        }
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
