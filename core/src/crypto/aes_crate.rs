//! AES from the `aes` crate, wherever `aes_simd` does not run.

use aes::cipher::block::{BlockCipherDecrypt, BlockCipherEncrypt, BlockModeDecrypt, BlockModeEncrypt};
use aes::cipher::consts::U16;
use aes::cipher::{BlockSizeUser, InnerIvInit, Key, KeyInit};
use aes::{Aes128Enc, Aes256Dec, Aes256Enc, Block};

type Blocks = [[u8; 16]];

/// A key for encryption, expanded; the crate wipes it.
pub(crate) struct Encrypt<C>(C);

/// A key for decryption, expanded; the crate wipes it.
pub(crate) struct Decrypt<C>(C);

pub(crate) type Encrypt128 = Encrypt<Aes128Enc>;
pub(crate) type Encrypt256 = Encrypt<Aes256Enc>;
pub(crate) type Decrypt256 = Decrypt<Aes256Dec>;

impl<C: KeyInit + BlockCipherEncrypt + BlockSizeUser<BlockSize = U16>> Encrypt<C> {
    pub(crate) fn new<'k>(key: impl Into<&'k Key<C>>) -> Self {
        Self(C::new(key.into()))
    }

    /// CBC in place.
    pub(crate) fn cbc(&self, iv: &[u8; 16], blocks: &mut Blocks) {
        cbc::Encryptor::inner_iv_init(&self.0, iv.into()).encrypt_blocks(Block::cast_slice_from_core_mut(blocks));
    }
}

impl<C: KeyInit + BlockCipherDecrypt + BlockSizeUser<BlockSize = U16>> Decrypt<C> {
    pub(crate) fn new<'k>(key: impl Into<&'k Key<C>>) -> Self {
        Self(C::new(key.into()))
    }

    /// CBC in place.
    pub(crate) fn cbc(&self, iv: &[u8; 16], blocks: &mut Blocks) {
        cbc::Decryptor::inner_iv_init(&self.0, iv.into()).decrypt_blocks(Block::cast_slice_from_core_mut(blocks));
    }
}
