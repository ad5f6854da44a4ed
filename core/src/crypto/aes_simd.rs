//! AES on the 128-bit vectors of WebAssembly, after Hamburg, "Accelerating AES with Vector Permute Instructions"
//! (CHES 2009). Every look-up is a byte permutation of a register: no address and no branch depends on a secret.
//!
//! A byte is two nibbles (i, k): the field element k + i·τ over the subfield of 16 elements. With τ + τ¹⁶ = τ·τ¹⁶ = a
//! and j = i + k, its inverse is a linear function of 1/x and 1/y, where x = 1/(1/i + a/k) + j and
//! y = 1/(1/j + a/k) + i. What comes next (affine map, MixColumns' factors, nibbles) is linear and in the same tables.

use core::arch::wasm32::{
    i8x16_swizzle, u8x16_shr, u8x16_splat, u32x4, u32x4_extract_lane, u32x4_splat, u64x2, u64x2_extract_lane, v128,
    v128_and, v128_xor,
};

use zeroize::{Zeroize, ZeroizeOnDrop};

type Block = [u8; 16];
/// A vector as it is kept: so it can be wiped.
type Stored = [u64; 2];

/// Round keys of encryption, with 9 in the middle for AES-128 and 13 for AES-256.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Encrypt<const MIDDLE: usize> {
    first: Stored,
    middle: [Stored; MIDDLE],
    last: Stored,
}

pub(crate) type Encrypt128 = Encrypt<9>;
pub(crate) type Encrypt256 = Encrypt<13>;

/// Round keys of AES-256 decryption, in the order of their use.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Decrypt256 {
    first: Stored,
    middle: [Stored; 13],
    last: Stored,
}

impl Encrypt128 {
    pub(crate) fn new(key: &[u8; 16]) -> Self {
        let [first, middle @ .., last] = schedule::<11>(load(key), None);
        Self::of(first, middle, last)
    }
}

impl Encrypt256 {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let [first, middle @ .., last] = schedule_256(key);
        Self::of(first, middle, last)
    }
}

impl<const MIDDLE: usize> Encrypt<MIDDLE> {
    /// The constant of the S-box is added with the key that follows it: MixColumns does not change it.
    fn of(first: v128, middle: [v128; MIDDLE], last: v128) -> Self {
        Self {
            first: store(map(tables::SPLIT, first)),
            middle: middle.map(|key| store(map(tables::SPLIT, add_constant(key)))),
            last: store(add_constant(last)),
        }
    }

    /// CBC in place.
    pub(crate) fn cbc(&self, iv: &Block, blocks: &mut [Block]) {
        let mut chain = load(iv);
        for block in blocks {
            chain = self.block(v128_xor(load(block), chain));
            *block = bytes(chain);
        }
    }

    #[inline(always)]
    fn block(&self, block: v128) -> v128 {
        let mut state = v128_xor(map(tables::SPLIT, block), vector(&self.first));
        for key in &self.middle {
            let inverse = invert(state);
            let once = look(tables::AFFINE, inverse);
            let twice = look(tables::AFFINE_TWICE, inverse);
            state = v128_xor(mix(tables::SHIFT, once, twice), vector(key));
        }
        let bytes = look(tables::AFFINE_BYTES, invert(state));
        v128_xor(i8x16_swizzle(bytes, tables::SHIFT[0]), vector(&self.last))
    }
}

impl Decrypt256 {
    pub(crate) fn new(key: &[u8; 32]) -> Self {
        let [last, mut middle @ .., first] = schedule_256(key);
        middle.reverse();
        // Keys are added after MixColumns is undone, so it is undone in them too: it is its own third power's inverse.
        let unmix = |key| (0..3).fold(key, |key, _| mix(tables::STAY, key, map(tables::TWICE, key)));
        let prepare = |key| store(map(tables::UNDO_AFFINE, add_constant(key)));
        Self {
            first: prepare(first),
            middle: middle.map(|key| prepare(unmix(key))),
            last: store(last),
        }
    }

    /// CBC in place, two blocks at a time: the processor works on one while it waits for the other.
    pub(crate) fn cbc(&self, iv: &Block, blocks: &mut [Block]) {
        let mut previous = load(iv);
        for pair in blocks.chunks_mut(2) {
            let [one, other] = match pair {
                [one, other] => [load(one), load(other)],
                _ => pair.first().map_or([previous; 2], |one| [load(one); 2]),
            };
            let chain = [previous, one];
            previous = other;
            for ((block, plain), chain) in pair.iter_mut().zip(self.two(one, other)).zip(chain) {
                *block = bytes(v128_xor(plain, chain));
            }
        }
    }

    #[inline(always)]
    fn two(&self, one: v128, other: v128) -> [v128; 2] {
        let begin = |block| v128_xor(map(tables::UNDO_AFFINE, block), vector(&self.first));
        let end = |state| {
            let bytes = look(tables::BYTES, invert(state));
            v128_xor(i8x16_swizzle(bytes, tables::UNSHIFT[0]), vector(&self.last))
        };
        let (mut one, mut other) = (begin(one), begin(other));
        for key in &self.middle {
            (one, other) = (unround(one, key), unround(other, key));
        }
        [end(one), end(other)]
    }
}

/// One round of decryption: inverse, InvShiftRows, InvMixColumns, key.
#[inline(always)]
fn unround(state: v128, key: &Stored) -> v128 {
    let inverse = invert(state);
    let [own, next, second, third] = tables::UNMIX;
    let [stay, one, two, three] = tables::UNSHIFT;
    let row = |table, place| i8x16_swizzle(look(table, inverse), place);
    let upper = v128_xor(row(own, stay), row(next, one));
    let lower = v128_xor(row(second, two), row(third, three));
    v128_xor(v128_xor(upper, lower), vector(key))
}

/// Where the inverses of the bytes are looked up.
#[inline(always)]
fn invert(state: v128) -> [v128; 2] {
    let k = v128_and(state, u8x16_splat(0x0f));
    let i = u8x16_shr(state, 4);
    let j = v128_xor(i, k);
    let a_by_k = i8x16_swizzle(tables::A_BY, k);
    let inverse = |nibble| i8x16_swizzle(tables::INVERSE, nibble);
    let x = inverse(v128_xor(inverse(i), a_by_k));
    let y = inverse(v128_xor(inverse(j), a_by_k));
    [v128_xor(x, j), v128_xor(y, i)]
}

#[inline(always)]
fn look([of_x, of_y]: [v128; 2], [x, y]: [v128; 2]) -> v128 {
    v128_xor(i8x16_swizzle(of_x, x), i8x16_swizzle(of_y, y))
}

/// A linear map of all bytes.
#[inline(always)]
fn map(table: [v128; 2], bytes: v128) -> v128 {
    look(table, [v128_and(bytes, u8x16_splat(0x0f)), u8x16_shr(bytes, 4)])
}

/// MixColumns on bytes that are given once and doubled.
#[inline(always)]
fn mix(rows: [v128; 4], once: v128, twice: v128) -> v128 {
    let [stay, next, second, third] = rows;
    let own = v128_xor(i8x16_swizzle(twice, stay), i8x16_swizzle(v128_xor(once, twice), next));
    v128_xor(own, v128_xor(i8x16_swizzle(once, second), i8x16_swizzle(once, third)))
}

fn add_constant(key: v128) -> v128 {
    v128_xor(key, u8x16_splat(0x63))
}

fn schedule_256(key: &[u8; 32]) -> [v128; 15] {
    let mut halves = [Block::default(); 2];
    halves.as_flattened_mut().copy_from_slice(key);
    let [first, second] = halves.map(|half| load(&half));
    schedule(first, Some(second))
}

/// The round keys of FIPS 197, section 5.2. AES-256 makes one from the two before it, AES-128 from one.
fn schedule<const KEYS: usize>(first: v128, second: Option<v128>) -> [v128; KEYS] {
    let (mut older, mut newer) = (first, second.unwrap_or(first));
    let mut factor = 1;
    core::array::from_fn(|round| {
        match (round, second) {
            (0, _) => return first,
            (1, Some(second)) => return second,
            _ => {}
        }
        let word = if second.is_none() || round.is_multiple_of(2) {
            let word = sub_word(newer).rotate_right(8) ^ factor;
            // The largest that is used is 0x36.
            factor = (factor << 1) ^ (factor >> 7).wrapping_mul(0x11b);
            word
        } else {
            sub_word(newer)
        };
        let next = chain(older, word);
        older = second.map_or(next, |_| newer);
        newer = next;
        next
    })
}

/// SubWord of the last word.
fn sub_word(key: v128) -> u32 {
    let word = u32x4_splat(u32x4_extract_lane::<3>(key));
    u32x4_extract_lane::<0>(add_constant(look(
        tables::AFFINE_BYTES,
        invert(map(tables::SPLIT, word)),
    )))
}

fn chain(key: v128, word: u32) -> v128 {
    let a = u32x4_extract_lane::<0>(key) ^ word;
    let b = u32x4_extract_lane::<1>(key) ^ a;
    let c = u32x4_extract_lane::<2>(key) ^ b;
    let d = u32x4_extract_lane::<3>(key) ^ c;
    u32x4(a, b, c, d)
}

#[inline(always)]
#[allow(clippy::as_conversions, reason = "cut in halves")]
fn load(block: &Block) -> v128 {
    let number = u128::from_le_bytes(*block);
    u64x2(number as u64, (number >> 64) as u64)
}

#[inline(always)]
fn bytes(vector: v128) -> Block {
    let [low, high] = store(vector);
    (u128::from(low) | (u128::from(high) << 64)).to_le_bytes()
}

#[inline(always)]
fn vector(&[low, high]: &Stored) -> v128 {
    u64x2(low, high)
}

#[inline(always)]
fn store(vector: v128) -> Stored {
    [u64x2_extract_lane::<0>(vector), u64x2_extract_lane::<1>(vector)]
}

/// Worked out by the compiler from the field of FIPS 197, section 4.
#[allow(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "evaluated by the compiler: a fault stops the build"
)]
mod tables {
    use core::arch::wasm32::{u8x16, v128};

    /// Bytes to nibbles.
    pub(super) const SPLIT: [v128; 2] = linear(&BYTE_TO_NIBBLES);
    /// Bytes to bytes that are doubled.
    pub(super) const TWICE: [v128; 2] = linear(&factor(2));
    /// Bytes to nibbles, with the affine map of the S-box undone but for its constant.
    pub(super) const UNDO_AFFINE: [v128; 2] = linear(&INVERSE_AFFINE_TO_NIBBLES);

    /// 1/n of a nibble. Infinity is 128: a look-up gives 0 for it and for all that it is added to.
    pub(super) const INVERSE: v128 = quotients(1);
    /// a/n of a nibble.
    pub(super) const A_BY: v128 = quotients(A);

    /// The inverse's affine map, without its constant, as nibbles.
    pub(super) const AFFINE: [v128; 2] = of_inverse(&then(&AFFINE_MAP, &BYTE_TO_NIBBLES));
    /// The same, doubled.
    pub(super) const AFFINE_TWICE: [v128; 2] = of_inverse(&then(&then(&AFFINE_MAP, &factor(2)), &BYTE_TO_NIBBLES));
    /// The same as bytes.
    pub(super) const AFFINE_BYTES: [v128; 2] = of_inverse(&AFFINE_MAP);
    /// The inverse as bytes.
    pub(super) const BYTES: [v128; 2] = of_inverse(&factor(1));
    /// The inverse times the factors of InvMixColumns, then [`UNDO_AFFINE`].
    pub(super) const UNMIX: [[v128; 2]; 4] = [
        of_inverse(&then(&factor(14), &INVERSE_AFFINE_TO_NIBBLES)),
        of_inverse(&then(&factor(11), &INVERSE_AFFINE_TO_NIBBLES)),
        of_inverse(&then(&factor(13), &INVERSE_AFFINE_TO_NIBBLES)),
        of_inverse(&then(&factor(9), &INVERSE_AFFINE_TO_NIBBLES)),
    ];

    /// For every byte the one that MixColumns adds from 0, 1, 2 and 3 rows below, where ShiftRows has moved it.
    pub(super) const SHIFT: [v128; 4] = [rows(1, 0), rows(1, 1), rows(1, 2), rows(1, 3)];
    /// The same for InvShiftRows.
    pub(super) const UNSHIFT: [v128; 4] = [rows(3, 0), rows(3, 1), rows(3, 2), rows(3, 3)];
    /// The same where nothing moves.
    pub(super) const STAY: [v128; 4] = [rows(0, 0), rows(0, 1), rows(0, 2), rows(0, 3)];

    /// A map of bytes.
    type Map = [u8; 256];

    /// Generates the subfield of 16 elements: 3 generates all 255 that are not zero.
    const G: u8 = power(3, 17);
    const TAU: u8 = tau();
    const A: u8 = TAU ^ power(TAU, 16);

    const BYTE_TO_NIBBLES: Map = undo(&nibbles_to_byte());
    const AFFINE_MAP: Map = affine();
    const INVERSE_AFFINE_TO_NIBBLES: Map = then(&undo(&AFFINE_MAP), &BYTE_TO_NIBBLES);

    /// Product modulo x⁸ + x⁴ + x³ + x + 1.
    const fn times(mut one: u8, other: u8) -> u8 {
        let mut product = 0;
        let mut bit = 0;
        while bit < 8 {
            product ^= one * (other >> bit & 1);
            one = (one << 1) ^ ((one >> 7) * 0x1b);
            bit += 1;
        }
        product
    }

    const fn power(base: u8, exponent: u32) -> u8 {
        let mut result = 1;
        let mut count = 0;
        while count < exponent {
            result = times(result, base);
            count += 1;
        }
        result
    }

    /// 0 for 0.
    const fn inverse(element: u8) -> u8 {
        power(element, 254)
    }

    /// The first element outside the subfield whose sum and product with its conjugate are equal.
    const fn tau() -> u8 {
        let mut element = 2;
        loop {
            let conjugate = power(element, 16);
            if element != conjugate && element ^ conjugate == times(element, conjugate) {
                return element;
            }
            element += 1;
        }
    }

    /// The element of the subfield that a nibble stands for.
    const fn element(nibble: u8) -> u8 {
        let mut sum = 0;
        let mut bit = 0;
        while bit < 4 {
            sum ^= power(G, bit) * (nibble >> bit & 1);
            bit += 1;
        }
        sum
    }

    const fn nibbles_to_byte() -> Map {
        let mut map = [0; 256];
        let mut pair = 0;
        while pair < 256 {
            map[pair] = element(pair as u8 & 15) ^ times(element(pair as u8 >> 4), TAU);
            pair += 1;
        }
        map
    }

    /// The linear part of the S-box after the inverse.
    const fn affine() -> Map {
        let mut map = [0; 256];
        let mut at = 0;
        while at < 256 {
            let byte = at as u8;
            map[at] = byte ^ byte.rotate_left(1) ^ byte.rotate_left(2) ^ byte.rotate_left(3) ^ byte.rotate_left(4);
            at += 1;
        }
        map
    }

    const fn factor(factor: u8) -> Map {
        let mut map = [0; 256];
        let mut at = 0;
        while at < 256 {
            map[at] = times(at as u8, factor);
            at += 1;
        }
        map
    }

    const fn then(first: &Map, second: &Map) -> Map {
        let mut map = [0; 256];
        let mut at = 0;
        while at < 256 {
            map[at] = second[first[at] as usize];
            at += 1;
        }
        map
    }

    const fn undo(done: &Map) -> Map {
        let mut map = [0; 256];
        let mut at = 0;
        while at < 256 {
            map[done[at] as usize] = at as u8;
            at += 1;
        }
        map
    }

    /// Tables of a linear map for the low and the high nibble.
    const fn linear(map: &Map) -> [v128; 2] {
        let mut tables = [[0; 16]; 2];
        let mut nibble = 0;
        while nibble < 16 {
            tables[0][nibble] = map[nibble];
            tables[1][nibble] = map[nibble << 4];
            nibble += 1;
        }
        [vector(&tables[0]), vector(&tables[1])]
    }

    /// Tables of what a map makes of the inverse, 1/x·(1 + τ·(1/a + 1/a²)) + 1/y·τ/a².
    const fn of_inverse(map: &Map) -> [v128; 2] {
        let by_a = inverse(A);
        let of_y = times(TAU, times(by_a, by_a));
        let of_x = 1 ^ times(TAU, by_a) ^ of_y;
        let mut tables = [[0; 16]; 2];
        let mut nibble = 0;
        while nibble < 16 {
            let inverse = inverse(element(nibble as u8));
            tables[0][nibble] = map[times(inverse, of_x) as usize];
            tables[1][nibble] = map[times(inverse, of_y) as usize];
            nibble += 1;
        }
        [vector(&tables[0]), vector(&tables[1])]
    }

    const fn quotients(dividend: u8) -> v128 {
        let mut table = [128; 16];
        let mut nibble = 1;
        while nibble < 16 {
            // In the subfield: the high nibble is 0.
            table[nibble] = BYTE_TO_NIBBLES[times(dividend, inverse(element(nibble as u8))) as usize];
            nibble += 1;
        }
        vector(&table)
    }

    /// Column after column: byte 4c + r stands in column c and row r.
    const fn rows(shift: usize, below: usize) -> v128 {
        let mut table = [0; 16];
        let mut at = 0;
        while at < 16 {
            let row = (at + below) % 4;
            table[at] = ((at / 4 + shift * row) % 4 * 4 + row) as u8;
            at += 1;
        }
        vector(&table)
    }

    const fn vector(b: &[u8; 16]) -> v128 {
        u8x16(
            b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15],
        )
    }
}
