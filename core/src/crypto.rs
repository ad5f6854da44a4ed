//! The ciphers, digests and keys. No gateway is known here, and nothing else calls the cipher crates.

pub(crate) mod aes_cbc;
pub(crate) mod compare;
pub(crate) mod digest;
pub(crate) mod encoding;
pub(crate) mod jwt;
pub(crate) mod rsa;
#[cfg(test)]
mod wycheproof;
