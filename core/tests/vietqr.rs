//! VietQR: what is built is read back, and no damaged text is read as another account or amount.

#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use kyso::VietQR;
use kyso::vietqr::code::{Beneficiary, Build, Payload, Read};

/// xorshift64*: the same numbers on every machine.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % bound
    }

    fn pick<'a>(&mut self, alphabet: &'a [u8]) -> &'a u8 {
        &alphabet[self.below(alphabet.len())]
    }

    fn text(&mut self, alphabet: &[u8], most: usize) -> String {
        let length = 1 + self.below(most);
        (0..length).map(|_| char::from(*self.pick(alphabet))).collect()
    }

    fn sometimes<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        self.below(2).eq(&0).then(|| make(self))
    }
}

const DIGITS: &[u8] = b"0123456789";
const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

fn request(numbers: &mut Numbers) -> Build {
    let printable: Vec<u8> = (0x20..0x7f).collect();
    let card = numbers.below(4) == 0;
    Build {
        bin: (0..6).map(|_| char::from(*numbers.pick(DIGITS))).collect(),
        account: numbers.text(if card { DIGITS } else { LETTERS }, 19),
        service: Some(if card { Beneficiary::Card } else { Beneficiary::Account }),
        amount: numbers.sometimes(|numbers| {
            let digits = 1 + u32::try_from(numbers.below(13)).unwrap();
            kyso::Dong(1 + numbers.next() % (10_u64.pow(digits) - 1))
        }),
        bill_number: numbers.sometimes(|numbers| numbers.text(&printable, 20)),
        mobile: None,
        store: None,
        loyalty: None,
        reference: numbers.sometimes(|numbers| numbers.text(&printable, 20)),
        customer: None,
        terminal: None,
        purpose: numbers.sometimes(|numbers| numbers.text(&printable, 25)),
        consumer_data: numbers.sometimes(|_| "AE".to_owned()),
        long_purpose: None,
    }
}

fn read(text: &str, lenient: bool) -> Option<Payload> {
    let input = Read {
        text: text.to_owned(),
        lenient: Some(lenient),
    };
    VietQR.code().read(&input).ok()
}

/// Written apart from the crate's own, bit by bit.
fn crc(text: &str) -> u16 {
    let mut register = 0xffff_u16;
    for bit in text.bytes().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)) {
        let carry = u8::try_from(register >> 15).unwrap() ^ bit;
        register <<= 1;
        if carry == 1 {
            register ^= 0x1021;
        }
    }
    register
}

fn with_crc(text: &str) -> String {
    let text = format!("{text}6304");
    format!("{text}{:04X}", crc(&text))
}

#[test]
fn what_is_built_is_read_back() {
    let mut numbers = Numbers(20_261_120);
    for _ in 0..5_000 {
        let request = request(&mut numbers);
        let text = VietQR.code().build(&request).unwrap().text;
        let payload = read(&text, false).unwrap();
        assert_eq!(payload.bin, request.bin);
        assert_eq!(payload.account, request.account);
        assert_eq!(payload.amount, request.amount.map(|amount| amount.0));
        assert_eq!(payload.bill_number, request.bill_number);
        assert_eq!(payload.reference, request.reference);
        assert_eq!(payload.purpose, request.purpose);
        assert_eq!(payload.consumer_data, request.consumer_data);
        assert_eq!(
            payload.initiation.unwrap(),
            if request.amount.is_some() { "12" } else { "11" }
        );
        assert!(payload.unknown.is_empty());
        assert_eq!(with_crc(&text[..text.len() - 8]), text);
    }
}

/// Damage without a new CRC: characters changed, lost, doubled, exchanged or moved.
fn damaged(text: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(bytes.len());
        match numbers.below(6) {
            0 => bytes[at] = *numbers.pick(DIGITS),
            1 => bytes[at] = *numbers.pick(LETTERS),
            2 => {
                bytes.remove(at);
            }
            3 => bytes.insert(at, *numbers.pick(DIGITS)),
            4 => {
                let other = numbers.below(bytes.len());
                bytes.swap(at, other);
            }
            _ => {
                let piece: Vec<u8> = bytes[at..].iter().copied().take(12).collect();
                let to = numbers.below(bytes.len());
                bytes.splice(to..to, piece);
            }
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// Damage of the structure with a right CRC: IDs and lengths, what the parsers of the public packages fall for.
fn restructured(text: &str, numbers: &mut Numbers) -> String {
    let mut bytes = text.as_bytes()[..text.len() - 8].to_vec();
    let headers = headers(&bytes);
    let (at, length) = headers[numbers.below(headers.len())];
    let object = bytes[at..at + 4 + length].to_vec();
    match numbers.below(6) {
        // Another length, for the object alone.
        0 => bytes[at + 3] = *numbers.pick(DIGITS),
        1 => bytes[at + 2] = *numbers.pick(DIGITS),
        // The object twice: as it is, and with another value.
        2 => drop(bytes.splice(at..at, object)),
        3 => {
            let mut other = object;
            for digit in other.iter_mut().skip(4).filter(|byte| byte.is_ascii_digit()) {
                *digit = *numbers.pick(DIGITS);
            }
            bytes.splice(at..at, other);
        }
        // Something left over behind the object, in front of the next.
        4 => drop(bytes.splice(at + 4 + length..at + 4 + length, *b"7")),
        _ => {
            let junk = numbers.text(DIGITS, 8).into_bytes();
            let end = bytes.len();
            bytes.splice(end..end, junk);
        }
    }
    with_crc(&String::from_utf8(bytes).unwrap())
}

/// Where each object begins, and how long its value is; those in templates included.
fn headers(bytes: &[u8]) -> Vec<(usize, usize)> {
    fn walk(bytes: &[u8], from: usize, to: usize, level: usize, found: &mut Vec<(usize, usize)>) {
        let mut at = from;
        while at < to {
            let length = usize::from(bytes[at + 2] - b'0') * 10 + usize::from(bytes[at + 3] - b'0');
            found.push((at, length));
            let id = &bytes[at..at + 2];
            if (level == 0 && (id == b"38" || id == b"62")) || (level == 1 && id == b"01" && length > 13) {
                walk(bytes, at + 4, at + 4 + length, level + 1, found);
            }
            at += 4 + length;
        }
    }
    let mut found = Vec::new();
    walk(bytes, 0, bytes.len(), 0, &mut found);
    found
}

/// The CRC misses one random damage in 65536, so a wrong reading here would take a collision and a good structure.
#[test]
fn no_damaged_text_is_read_as_another_account_or_amount() {
    let mut numbers = Numbers(970_454);
    let mut accepted = 0;
    for round in 0..100_000 {
        let mut request = request(&mut numbers);
        request.bill_number = None;
        let text = VietQR.code().build(&request).unwrap().text;
        let mutated = if round % 2 == 0 {
            damaged(&text, &mut numbers)
        } else {
            restructured(&text, &mut numbers)
        };
        for lenient in [false, true] {
            if let Some(payload) = read(&mutated, lenient) {
                accepted += 1;
                let same = payload.bin == request.bin
                    && payload.account == request.account
                    && payload.amount == request.amount.map(|amount| amount.0);
                assert!(same, "lenient {lenient}: {text} -> {mutated}");
            }
        }
    }
    // Equal digits written over each other: the text is what it was.
    assert!(accepted < 10_000, "{accepted}");
}
