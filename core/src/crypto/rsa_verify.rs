//! Verifies PKCS#1 v1.5 signatures with SHA-256 (RFC 8017, 8.2.2) where graviola cannot run. All of it is public, so
//! nothing need be hidden, and the exponent is always 65537: seventeen products, where `rsa` takes forty for a secret
//! exponent of as many bits. Keys are read and checked by `rsa.rs` alone.

use crypto_bigint::BoxedUint;
use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use rsa::RsaPublicKey;
use rsa::traits::PublicKeyParts;

use super::compare;

/// What stands in front of a SHA-256 digest: its DigestInfo in DER (RFC 8017, 9.2, note 1).
const SHA256_PREFIX: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04, 0x20,
];

/// A modulus with what multiplication needs of it.
pub(super) struct PortableKey {
    modulus: BoxedMontyParams,
    modulus_bytes: usize,
}

impl PortableKey {
    /// A key with the exponent 65537.
    pub(super) fn new(key: &RsaPublicKey) -> Self {
        Self {
            modulus: key.n_params().clone(),
            modulus_bytes: key.size(),
        }
    }

    /// Whether it is this key.
    pub(super) fn has_modulus(&self, modulus: &BoxedUint) -> bool {
        **self.modulus.modulus() == *modulus
    }

    /// Length of the modulus, and so of every signature.
    pub(super) fn modulus_bytes(&self) -> usize {
        self.modulus_bytes
    }

    /// Whether a signature of that length is the one of a SHA-256 digest.
    pub(super) fn verify(&self, sha256: &[u8], signature: &[u8]) -> bool {
        match self.opened(signature) {
            Some(encoded) => compare::equal(&encoded, &self.encoded(sha256)),
            None => false,
        }
    }

    /// signature ^ 65537 mod n, as long as the modulus. `None` for numbers that are not below n.
    fn opened(&self, signature: &[u8]) -> Option<Vec<u8>> {
        let number = BoxedUint::from_be_slice(signature, self.modulus.bits_precision()).ok()?;
        if number >= **self.modulus.modulus() {
            return None;
        }
        let base = BoxedMontyForm::new(number, &self.modulus);
        let power = (0..16).fold(base.clone(), |power, _| power.square()).mul(&base);
        let bytes = power.retrieve().to_be_bytes();
        // A modulus that does not fill its last word has zeros in front.
        let zeros = bytes.len().checked_sub(self.modulus_bytes)?;
        bytes.get(zeros..).map(<[u8]>::to_vec)
    }

    /// The one text that may come out: `00 01 ff … ff 00`, prefix, digest.
    fn encoded(&self, sha256: &[u8]) -> Vec<u8> {
        let mut encoded = vec![0x00, 0x01];
        let tail = [&[0x00], SHA256_PREFIX.as_slice(), sha256].concat();
        encoded.resize(self.modulus_bytes.saturating_sub(tail.len()), 0xff);
        encoded.extend(tail);
        encoded
    }
}

#[cfg(test)]
mod tests {
    use rsa::RsaPrivateKey;
    use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
    use rsa::pkcs8::DecodePrivateKey;
    use rsa::signature::SignatureEncoding;
    use rsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
    use sha2::Sha256;

    use super::super::digest;
    use super::*;

    /// One modulus does not fill its last byte.
    fn keys() -> impl Iterator<Item = RsaPrivateKey> {
        ["rsa2048.pem", "rsa2049.pem", "rsa3072.pem", "rsa4096.pem"]
            .into_iter()
            .map(|name| {
                let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/keys");
                RsaPrivateKey::from_pkcs8_pem(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap()
            })
    }

    #[test]
    fn takes_what_the_crate_takes() {
        for private in keys() {
            let public = RsaPublicKey::from(&private);
            let (own, crates) = (PortableKey::new(&public), VerifyingKey::<Sha256>::new(public));
            let sign = SigningKey::<Sha256>::new(private);
            for message in 0_u8..3 {
                let sha256 = digest::sha256(&[message]);
                let signature = sign.sign_prehash(&sha256).unwrap().to_vec();
                assert!(own.verify(&sha256, &signature));
                assert!(!own.verify(&digest::sha256(b"another"), &signature));
                for at in (0..signature.len()).step_by(13) {
                    let mut changed = signature.clone();
                    changed[at] ^= 1 << (at % 8);
                    let theirs = Signature::try_from(changed.as_slice()).unwrap();
                    assert!(crates.verify_prehash(&sha256, &theirs).is_err());
                    assert!(!own.verify(&sha256, &changed), "byte {at}");
                }
            }
        }
    }

    /// The same number modulo n: a second spelling of a good signature.
    #[test]
    fn a_signature_is_below_the_modulus() {
        let mut tried = 0;
        for private in keys() {
            let own = PortableKey::new(&RsaPublicKey::from(&private));
            let sign = SigningKey::<Sha256>::new(private.clone());
            for message in 0_u8..16 {
                let sha256 = digest::sha256(&[message]);
                let signature = sign.sign_prehash(&sha256).unwrap().to_vec();
                if let Some(larger) = plus(&signature, &private.n_bytes()) {
                    tried += 1;
                    assert!(!own.verify(&sha256, &larger));
                }
            }
        }
        assert!(tried >= 16, "{tried}");
    }

    /// The sum of two numbers of one length, where it has that length too.
    fn plus(left: &[u8], right: &[u8]) -> Option<Vec<u8>> {
        const BITS: u32 = 8192;
        let wide = |bytes| BoxedUint::from_be_slice(bytes, BITS).unwrap();
        let sum = wide(left).wrapping_add(wide(right)).to_be_bytes();
        let (front, sum) = sum.split_at(sum.len().checked_sub(left.len())?);
        front.iter().all(|byte| *byte == 0).then(|| sum.to_vec())
    }
}
