//! The ciphers, digests and keys. No gateway is known here, and nothing else calls the cipher crates.

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
#[path = "crypto/aes_crate.rs"]
mod aes;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
#[path = "crypto/aes_simd.rs"]
mod aes;
pub(crate) mod aes_cbc;
pub(crate) mod compare;
#[cfg(test)]
mod constant_time;
pub(crate) mod digest;
pub(crate) mod encoding;
mod graviola;
pub(crate) mod jwt;
#[cfg(test)]
mod nist;
pub(crate) mod random;
pub(crate) mod rsa;
mod rsa_verify;
pub(crate) mod stack;
#[cfg(test)]
mod wycheproof;
