//! The primitives of the libraries that a merchant would take, each at its best use: keys and contexts kept.

use std::cell::RefCell;
use std::ffi::{CStr, c_char};
use std::ptr::{null, null_mut};

use aws_lc_rs::cipher::{
    AES_256, DecryptionContext, PaddedBlockDecryptingKey, PaddedBlockEncryptingKey, UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;
use openssl::cipher::Cipher;
use openssl::cipher_ctx::CipherCtx;
use openssl::md::Md;
use openssl::md_ctx::MdCtx;
use openssl::pkey::{PKey, Private, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::x509::X509;

use crate::inputs::Inputs;

/// AES-256-CBC with PKCS#7 padding, hexadecimal, the IV in front.
pub trait Seals {
    fn seal(&self, text: &[u8]) -> String;
    fn open(&self, data: &str) -> String;
}

/// HMAC-SHA256 under the AppotaPay secret.
pub trait Macs {
    fn mac(&self, text: &[u8]) -> [u8; 32];
}

/// MD5.
pub trait Digests {
    fn md5(&self, text: &[u8]) -> [u8; 16];
}

/// RSA-2048, PKCS#1 v1.5, SHA-256.
pub trait Signs {
    fn sign(&self, text: &[u8]) -> Vec<u8>;
    fn verify(&self, text: &[u8], signature: &[u8]) -> bool;
}

/// OpenSSL with every context kept (EVP_CIPHER_CTX, EVP_MAC_CTX, EVP_MD_CTX, EVP_PKEY_CTX).
pub struct OpenSsl {
    seal: RefCell<CipherCtx>,
    open: RefCell<CipherCtx>,
    mac: MacCtx,
    digest: RefCell<MdCtx>,
    md5: Md,
    sign: RefCell<PkeyCtx<Private>>,
    verify: RefCell<PkeyCtx<Public>>,
}

impl OpenSsl {
    pub fn new(inputs: &Inputs) -> Self {
        let key = const_hex::decode(&inputs.tconnect.key).unwrap();
        let cipher = Cipher::fetch(None, "AES-256-CBC", None).unwrap();
        let (mut seal, mut open) = (CipherCtx::new().unwrap(), CipherCtx::new().unwrap());
        seal.encrypt_init(Some(&cipher), Some(&key), Some(&[0; 16])).unwrap();
        open.decrypt_init(Some(&cipher), Some(&key), Some(&[0; 16])).unwrap();
        let private = PKey::private_key_from_pem(inputs.hpay.private_key.as_bytes()).unwrap();
        let certificate = X509::from_pem(inputs.hpay.hpay_certificate.as_bytes()).unwrap();
        let mut sign = PkeyCtx::new(&private).unwrap();
        sign.sign_init().unwrap();
        sign.set_rsa_padding(Padding::PKCS1).unwrap();
        sign.set_signature_md(Md::sha256()).unwrap();
        let mut verify = PkeyCtx::new(&certificate.public_key().unwrap()).unwrap();
        verify.verify_init().unwrap();
        verify.set_rsa_padding(Padding::PKCS1).unwrap();
        verify.set_signature_md(Md::sha256()).unwrap();
        Self {
            seal: RefCell::new(seal),
            open: RefCell::new(open),
            mac: MacCtx::new(inputs.appotapay.secret_key.as_bytes()),
            digest: RefCell::new(MdCtx::new().unwrap()),
            md5: Md::fetch(None, "MD5", None).unwrap(),
            sign: RefCell::new(sign),
            verify: RefCell::new(verify),
        }
    }
}

impl Seals for OpenSsl {
    fn seal(&self, text: &[u8]) -> String {
        let mut message = Vec::with_capacity(text.len() + 48);
        message.resize(16, 0);
        openssl::rand::rand_bytes(&mut message).unwrap();
        let mut context = self.seal.borrow_mut();
        let iv: [u8; 16] = message[..16].try_into().unwrap();
        context.encrypt_init(None, None, Some(&iv)).unwrap();
        context.cipher_update_vec(text, &mut message).unwrap();
        context.cipher_final_vec(&mut message).unwrap();
        const_hex::encode(message)
    }

    fn open(&self, data: &str) -> String {
        let message = const_hex::decode(data).unwrap();
        let (iv, ciphertext) = message.split_at(16);
        let mut context = self.open.borrow_mut();
        context.decrypt_init(None, None, Some(iv)).unwrap();
        let mut text = Vec::with_capacity(message.len());
        context.cipher_update_vec(ciphertext, &mut text).unwrap();
        context.cipher_final_vec(&mut text).unwrap();
        String::from_utf8(text).unwrap()
    }
}

impl Macs for OpenSsl {
    fn mac(&self, text: &[u8]) -> [u8; 32] {
        self.mac.mac(text)
    }
}

impl Digests for OpenSsl {
    fn md5(&self, text: &[u8]) -> [u8; 16] {
        let mut context = self.digest.borrow_mut();
        let mut digest = [0; 16];
        context.digest_init(&self.md5).unwrap();
        context.digest_update(text).unwrap();
        context.digest_final(&mut digest).unwrap();
        digest
    }
}

impl Signs for OpenSsl {
    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; 256];
        let digest = openssl::sha::sha256(text);
        self.sign.borrow_mut().sign(&digest, Some(&mut signature)).unwrap();
        signature
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        let digest = openssl::sha::sha256(text);
        self.verify.borrow_mut().verify(&digest, signature).unwrap_or(false)
    }
}

/// An EVP_MAC_CTX that keeps its key; the openssl crate has no wrapper for it.
struct MacCtx(*mut openssl_sys::EVP_MAC_CTX);

impl MacCtx {
    fn new(key: &[u8]) -> Self {
        const NAME: &CStr = c"HMAC";
        // SAFETY: the pointers are those that OpenSSL gave and the context is never freed; lengths are the slices'.
        unsafe {
            let mac = openssl_sys::EVP_MAC_fetch(null_mut(), NAME.as_ptr(), null());
            let context = openssl_sys::EVP_MAC_CTX_new(mac);
            let digest = OSSL_PARAM_construct_utf8_string(c"digest".as_ptr(), c"SHA256".as_ptr().cast_mut(), 0);
            let parameters = [digest, openssl_sys::OSSL_PARAM_construct_end()];
            let done = openssl_sys::EVP_MAC_init(context, key.as_ptr(), key.len(), parameters.as_ptr());
            assert_eq!(done, 1);
            Self(context)
        }
    }

    fn mac(&self, text: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        let mut length = 0;
        // SAFETY: as above; without a key the kept one is used again.
        unsafe {
            assert_eq!(openssl_sys::EVP_MAC_init(self.0, null(), 0, null()), 1);
            assert_eq!(openssl_sys::EVP_MAC_update(self.0, text.as_ptr(), text.len()), 1);
            assert_eq!(
                openssl_sys::EVP_MAC_final(self.0, digest.as_mut_ptr(), &mut length, 32),
                1
            );
        }
        digest
    }
}

/// HMAC(), the one call that most C-like code makes.
pub struct OneShotHmac(pub Vec<u8>);

unsafe extern "C" {
    fn OSSL_PARAM_construct_utf8_string(key: *const c_char, text: *mut c_char, size: usize) -> openssl_sys::OSSL_PARAM;
    fn HMAC(
        digest: *const openssl_sys::EVP_MD,
        key: *const u8,
        key_length: i32,
        text: *const u8,
        length: usize,
        out: *mut u8,
        out_length: *mut u32,
    ) -> *mut u8;
}

impl Macs for OneShotHmac {
    fn mac(&self, text: &[u8]) -> [u8; 32] {
        let mut digest = [0; 32];
        let mut length = 0;
        let key_length = i32::try_from(self.0.len()).unwrap();
        // SAFETY: lengths are the slices', and SHA-256 writes 32 bytes.
        let written = unsafe {
            let sha256 = openssl_sys::EVP_sha256();
            HMAC(
                sha256,
                self.0.as_ptr(),
                key_length,
                text.as_ptr(),
                text.len(),
                digest.as_mut_ptr(),
                &mut length,
            )
        };
        assert!(!written.is_null());
        digest
    }
}

/// ring has no CBC and no MD5.
pub struct Ring {
    mac: ring::hmac::Key,
    sign: ring::signature::RsaKeyPair,
    verify: ring::signature::UnparsedPublicKey<Vec<u8>>,
    random: ring::rand::SystemRandom,
}

impl Ring {
    pub fn new(inputs: &Inputs) -> Self {
        let (pkcs8, pkcs1) = der(inputs);
        Self {
            mac: ring::hmac::Key::new(ring::hmac::HMAC_SHA256, inputs.appotapay.secret_key.as_bytes()),
            sign: ring::signature::RsaKeyPair::from_pkcs8(&pkcs8).unwrap(),
            verify: ring::signature::UnparsedPublicKey::new(&ring::signature::RSA_PKCS1_2048_8192_SHA256, pkcs1),
            random: ring::rand::SystemRandom::new(),
        }
    }
}

impl Macs for Ring {
    fn mac(&self, text: &[u8]) -> [u8; 32] {
        ring::hmac::sign(&self.mac, text).as_ref().try_into().unwrap()
    }
}

impl Signs for Ring {
    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; 256];
        let padding = &ring::signature::RSA_PKCS1_SHA256;
        self.sign.sign(padding, &self.random, text, &mut signature).unwrap();
        signature
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        self.verify.verify(text, signature).is_ok()
    }
}

/// aws-lc-rs has no MD5.
pub struct AwsLc {
    seal: PaddedBlockEncryptingKey,
    open: PaddedBlockDecryptingKey,
    mac: aws_lc_rs::hmac::Key,
    sign: aws_lc_rs::rsa::KeyPair,
    verify: aws_lc_rs::signature::ParsedPublicKey,
    random: aws_lc_rs::rand::SystemRandom,
}

impl AwsLc {
    pub fn new(inputs: &Inputs) -> Self {
        let key = const_hex::decode(&inputs.tconnect.key).unwrap();
        let unbound = || UnboundCipherKey::new(&AES_256, &key).unwrap();
        let (pkcs8, pkcs1) = der(inputs);
        let padding = &aws_lc_rs::signature::RSA_PKCS1_2048_8192_SHA256;
        Self {
            seal: PaddedBlockEncryptingKey::cbc_pkcs7(unbound()).unwrap(),
            open: PaddedBlockDecryptingKey::cbc_pkcs7(unbound()).unwrap(),
            mac: aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, inputs.appotapay.secret_key.as_bytes()),
            sign: aws_lc_rs::rsa::KeyPair::from_pkcs8(&pkcs8).unwrap(),
            verify: aws_lc_rs::signature::ParsedPublicKey::new(padding, pkcs1).unwrap(),
            random: aws_lc_rs::rand::SystemRandom::new(),
        }
    }
}

impl Seals for AwsLc {
    fn seal(&self, text: &[u8]) -> String {
        let mut message = Vec::with_capacity(text.len() + 16);
        message.extend_from_slice(text);
        let context = self.seal.encrypt(&mut message).unwrap();
        let iv: &[u8] = (&context).try_into().unwrap();
        let mut data = String::with_capacity(2 * (message.len() + 16));
        data.push_str(&const_hex::encode(iv));
        data.push_str(&const_hex::encode(message));
        data
    }

    fn open(&self, data: &str) -> String {
        let mut message = const_hex::decode(data).unwrap();
        let (iv, ciphertext) = message.split_at_mut(16);
        let iv = DecryptionContext::Iv128(FixedLength::try_from(&*iv).unwrap());
        let text = self.open.decrypt(ciphertext, iv).unwrap();
        std::str::from_utf8(text).unwrap().to_owned()
    }
}

impl Macs for AwsLc {
    fn mac(&self, text: &[u8]) -> [u8; 32] {
        aws_lc_rs::hmac::sign(&self.mac, text).as_ref().try_into().unwrap()
    }
}

impl Signs for AwsLc {
    fn sign(&self, text: &[u8]) -> Vec<u8> {
        let mut signature = vec![0; 256];
        let padding = &aws_lc_rs::signature::RSA_PKCS1_SHA256;
        self.sign.sign(padding, &self.random, text, &mut signature).unwrap();
        signature
    }

    fn verify(&self, text: &[u8], signature: &[u8]) -> bool {
        self.verify.verify_sig(text, signature).is_ok()
    }
}

/// The private key as PKCS#8 and the public one as PKCS#1.
fn der(inputs: &Inputs) -> (Vec<u8>, Vec<u8>) {
    let private = PKey::private_key_from_pem(inputs.hpay.private_key.as_bytes()).unwrap();
    let certificate = X509::from_pem(inputs.hpay.hpay_certificate.as_bytes()).unwrap();
    let public = certificate.public_key().unwrap().rsa().unwrap();
    (
        private.private_key_to_pkcs8().unwrap(),
        public.public_key_to_der_pkcs1().unwrap(),
    )
}
