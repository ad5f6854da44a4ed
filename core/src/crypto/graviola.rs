//! RSA signatures by graviola: s2n-bignum's assembly, whose results and whose independence of time and memory accesses
//! from the key are proven by machine (HOL Light), with table look-ups that read every entry. Each signature is checked
//! with the public key before it is given out, so that a fault in the computation shows nothing of the key; blinding
//! has nothing to hide then. Key files are read and checked by `rsa.rs` alone.
//!
//! The crate exists for two architectures and panics on processors that lack an instruction it uses: `None` here means
//! that the portable crate has to do it.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub(super) use assembly::{SigningKey, VerifyingKey};
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) use nothing::{SigningKey, VerifyingKey};

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod assembly {
    use ::graviola::signing::rsa;
    use ::rsa::RsaPublicKey;
    use ::rsa::pkcs1::EncodeRsaPublicKey;
    use zeroize::zeroize_stack;

    /// Bytes of the longest signature.
    const MAX_SIGNATURE: usize = 512;
    /// graviola moves a key about on the stack while it makes one, 46 KiB deep in an optimised build (tests/memory.rs).
    const KEY_ON_STACK: usize = 64 * 1024;

    pub(in crate::crypto) struct SigningKey(Box<rsa::SigningKey>);

    impl SigningKey {
        /// A key that `rsa.rs` has read and checked, as its file holds it: written anew by the `rsa` crate, its numbers
        /// would stay in freed memory. Exponents of the file that do not fit give signatures that fail the check.
        pub(in crate::crypto) fn new(pkcs1: &[u8]) -> Option<Self> {
            if !is_supported() {
                return None;
            }
            let made = boxed(pkcs1);
            zeroize_stack::<KEY_ON_STACK>();
            made.map(Self)
        }

        /// The PKCS#1 v1.5 signature of a text with SHA-256.
        pub(in crate::crypto) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
            let mut signature = [0; MAX_SIGNATURE];
            let signature = self.0.sign_pkcs1_sha256(&mut signature, message).ok()?;
            Some(signature.to_vec())
        }
    }

    #[inline(never)]
    fn boxed(pkcs1: &[u8]) -> Option<Box<rsa::SigningKey>> {
        rsa::SigningKey::from_pkcs1_der(pkcs1).ok().map(Box::new)
    }

    pub(in crate::crypto) struct VerifyingKey(Box<rsa::VerifyingKey>);

    impl VerifyingKey {
        pub(in crate::crypto) fn new(key: &RsaPublicKey) -> Option<Self> {
            if !is_supported() {
                return None;
            }
            let der = key.to_pkcs1_der().ok()?;
            let key = rsa::VerifyingKey::from_pkcs1_der(der.as_bytes()).ok()?;
            Some(Self(Box::new(key)))
        }

        pub(in crate::crypto) fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
            self.0.verify_pkcs1_sha256(signature, message).is_ok()
        }
    }

    /// What graviola 0.4 asserts on entry, and what its assembly uses besides.
    #[cfg(target_arch = "x86_64")]
    fn is_supported() -> bool {
        use std::arch::is_x86_feature_detected as has;
        has!("aes")
            && has!("pclmulqdq")
            && has!("ssse3")
            && has!("bmi1")
            && has!("bmi2")
            && has!("adx")
            && has!("avx")
            && has!("avx2")
    }

    #[cfg(target_arch = "aarch64")]
    fn is_supported() -> bool {
        use std::arch::is_aarch64_feature_detected as has;
        has!("aes") && has!("sha2") && has!("pmull") && has!("neon")
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod nothing {
    use ::rsa::RsaPublicKey;

    pub(in crate::crypto) enum SigningKey {}

    impl SigningKey {
        pub(in crate::crypto) const fn new(_: &[u8]) -> Option<Self> {
            None
        }

        pub(in crate::crypto) const fn sign(&self, _: &[u8]) -> Option<Vec<u8>> {
            match *self {}
        }
    }

    pub(in crate::crypto) enum VerifyingKey {}

    impl VerifyingKey {
        pub(in crate::crypto) const fn new(_: &RsaPublicKey) -> Option<Self> {
            None
        }

        pub(in crate::crypto) const fn verify(&self, _: &[u8], _: &[u8]) -> bool {
            match *self {}
        }
    }
}
