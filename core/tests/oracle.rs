//! TConnect's notifications are encrypted with CBC and no MAC, so a reader that told one failure from another would
//! decrypt and forge for everybody. Here: 100,000 failures of the five classes have one answer, and the attack that
//! builds a false notification out of such a difference (Rizzo and Duong's CBC-R) learns nothing from it. The control is
//! the same attack on a reader that leaks whether the padding was good.
#![allow(
    unreachable_pub,
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used
)] // A test may fail loudly.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use aes::cipher::block::{BlockModeDecrypt, BlockModeEncrypt};
use aes::cipher::{InnerIvInit, KeyInit};
use aes::{Aes256Dec, Aes256Enc, Block};
use common::{KEY, Random, call, scale, tconnect};
use kyso::Client;
use serde_json::{Value, json};

type Bytes = [u8; 16];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn bytes(text: &str) -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(digit).collect()
}

/// The gateway's side: AES-256-CBC without any padding of its own.
struct Cipher {
    encrypt: Aes256Enc,
    decrypt: Aes256Dec,
}

impl Cipher {
    fn new() -> Self {
        let key: [u8; 32] = bytes(KEY).try_into().unwrap();
        Self {
            encrypt: Aes256Enc::new((&key).into()),
            decrypt: Aes256Dec::new((&key).into()),
        }
    }

    fn seal_blocks(&self, iv: Bytes, text: &[u8]) -> Vec<u8> {
        let mut blocks: Vec<Block> = text.chunks(16).map(|chunk| Block::try_from(chunk).unwrap()).collect();
        cbc::Encryptor::inner_iv_init(&self.encrypt, (&iv).into()).encrypt_blocks(&mut blocks);
        iv.into_iter().chain(blocks.into_iter().flatten()).collect()
    }

    fn seal(&self, iv: Bytes, text: &[u8]) -> Vec<u8> {
        self.seal_blocks(iv, &padded(text))
    }

    /// The control: whether the padding was good.
    fn leaks(&self, message: &[u8]) -> bool {
        let iv: Bytes = message[..16].try_into().unwrap();
        let mut blocks: Vec<Block> = message[16..]
            .chunks(16)
            .map(|chunk| Block::try_from(chunk).unwrap())
            .collect();
        cbc::Decryptor::inner_iv_init(&self.decrypt, (&iv).into()).decrypt_blocks(&mut blocks);
        let last = blocks.last().unwrap();
        let padding = usize::from(last[15]);
        (1..=16).contains(&padding) && last[16 - padding..].iter().all(|byte| usize::from(*byte) == padding)
    }
}

fn padded(text: &[u8]) -> Vec<u8> {
    let padding = 16 - text.len() % 16;
    text.iter()
        .copied()
        .chain(std::iter::repeat_n(padding as u8, padding))
        .collect()
}

fn random_block(random: &mut Random) -> Bytes {
    let mut block = [0; 16];
    block[..8].copy_from_slice(&random.next().to_le_bytes());
    block[8..].copy_from_slice(&random.next().to_le_bytes());
    block
}

fn notification(random: &mut Random) -> Value {
    json!({"order_id": format!("01{:08}", random.below(100_000_000)), "amount": random.below(100_000_000) + 1, "payment_type": "QR",
        "retrieval_ref_no": random.below(1_000_000_000).to_string(), "request_id": format!("{:032x}", random.next()),
        "narrative": "thanh toán đơn hàng", "acc_no": "VA1"})
}

/// A failing envelope of one of five classes: padding, UTF-8, JSON, shape, members.
fn failing(cipher: &Cipher, random: &mut Random, class: usize) -> Vec<u8> {
    let iv = random_block(random);
    let mut message = notification(random);
    match class {
        0 => {
            // No padding at all, wrong bytes inside it, longer than a block, or a message cut and flipped.
            let mut text = padded(message.to_string().as_bytes());
            let last = text.len() - 1;
            match random.below(4) {
                0 => text[last] = 0,
                1 => text[last] = 17 + random.below(239) as u8,
                2 => {
                    text[last] = 16;
                    text[last - 15] = 0;
                }
                _ => {
                    text[last] = 2;
                    text[last - 1] = 3;
                }
            }
            cipher.seal_blocks(iv, &text)
        }
        1 => {
            let mut text = message.to_string().into_bytes();
            let at = random.below(text.len());
            let never = [0xc0, 0xc1, 0xf5, 0xff];
            text[at] = never[random.below(4)];
            cipher.seal(iv, &text)
        }
        2 => {
            let text = message.to_string();
            let cut = random.below(text.len());
            let broken = match random.below(5) {
                0 => text.chars().take(cut.min(text.chars().count() - 1)).collect(),
                1 => format!("{text},"),
                2 => text.replacen(':', "=", 1),
                3 => format!("\u{feff}{text}"),
                _ => text.replacen("\"amount\":", "\"amount\":0", 1),
            };
            cipher.seal(iv, broken.as_bytes())
        }
        3 => {
            let shapes = [
                json!([message]),
                json!(message.to_string()),
                json!(1),
                json!(null),
                json!(true),
                json!({}),
            ];
            cipher.seal(iv, shapes[random.below(shapes.len())].to_string().as_bytes())
        }
        _ => {
            let name = ["amount", "request_id", "retrieval_ref_no"][random.below(3)];
            let text = match random.below(4) {
                0 => {
                    message.as_object_mut().unwrap().remove(name);
                    message.to_string()
                }
                1 => {
                    message[name] = json!([1]);
                    message.to_string()
                }
                2 => {
                    message[name] = json!("");
                    message.to_string()
                }
                _ => message
                    .to_string()
                    .replacen('{', &format!("{{\"{name}\":{},", message[name]), 1),
            };
            cipher.seal(iv, text.as_bytes())
        }
    }
}

fn read(client: &Client, data: &str) -> Result<Value, kyso::Error> {
    let body = json!({ "data": data }).to_string();
    call(client, "tconnect.ipn.read_callback", &json!({ "body": body }))
}

/// With `KYSO_ENVELOPES=file` the envelopes are also written down, one in hexadecimal on a line, for the other languages.
#[test]
fn a_hundred_thousand_failures_have_one_answer() {
    let (client, cipher, mut random) = (tconnect(), Cipher::new(), Random::new(6));
    let good = hex(&cipher.seal(
        random_block(&mut random),
        notification(&mut random).to_string().as_bytes(),
    ));
    assert!(read(&client, &good).is_ok());
    let mut answers = BTreeSet::new();
    let mut written = String::new();
    let count = scale(10_000, 100_000);
    for number in 0..count {
        let envelope = hex(&failing(&cipher, &mut random, number % 5));
        let error = read(&client, &envelope).expect_err(&envelope);
        assert!(std::error::Error::source(&error).is_none());
        answers.insert((
            error.to_json(),
            format!("{error:?}"),
            error.to_string(),
            error.message_vi(),
        ));
        written.push_str(&envelope);
        written.push('\n');
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    assert!(answers.first().unwrap().0.contains("decrypt_failed"));
    if let Some(path) = std::env::var_os("KYSO_ENVELOPES") {
        std::fs::write(path, written).unwrap();
    }
}

/// The control of the test above: an error that names its class has five texts.
#[test]
fn the_generator_makes_all_five_classes() {
    let (cipher, mut random) = (Cipher::new(), Random::new(7));
    let mut classes = BTreeMap::<&str, usize>::new();
    for number in 0..1000 {
        let message = failing(&cipher, &mut random, number % 5);
        let class = if !cipher.leaks(&message) {
            "padding"
        } else {
            let iv: Bytes = message[..16].try_into().unwrap();
            let mut blocks: Vec<Block> = message[16..]
                .chunks(16)
                .map(|chunk| Block::try_from(chunk).unwrap())
                .collect();
            cbc::Decryptor::inner_iv_init(&cipher.decrypt, (&iv).into()).decrypt_blocks(&mut blocks);
            let text: Vec<u8> = blocks.into_iter().flatten().collect();
            let end = text.len() - usize::from(*text.last().unwrap());
            match std::str::from_utf8(&text[..end]) {
                Err(_) => "UTF-8",
                Ok(text) => match serde_json::from_str::<Value>(text) {
                    Err(_) => "JSON",
                    Ok(Value::Object(members)) if !members.is_empty() => "members",
                    Ok(_) => "shape",
                },
            }
        };
        *classes.entry(class).or_default() += 1;
    }
    assert!(
        classes.len() == 5 && classes.values().all(|count| *count >= 150),
        "{classes:?}"
    );
}

/// The attacker: makes `D(block)` known, byte by byte from the last, by an oracle that answers whether the padding was
/// good.
fn decrypt_block(block: &Bytes, random: &mut Random, oracle: &mut dyn FnMut(&[u8]) -> bool) -> Bytes {
    let mut known = [0_u8; 16];
    for position in (0..16).rev() {
        let padding = (16 - position) as u8;
        let mut forged = random_block(random);
        for at in position + 1..16 {
            forged[at] = known[at] ^ padding;
        }
        for guess in 0..=255 {
            forged[position] = guess;
            if !oracle(&[forged.as_slice(), block].concat()) {
                continue;
            }
            // A padding of several bytes may have been met by chance: it changes with the byte before.
            if position == 15 {
                forged[14] ^= 1;
                let still = oracle(&[forged.as_slice(), block].concat());
                forged[14] ^= 1;
                if !still {
                    continue;
                }
            }
            known[position] = guess ^ padding;
            break;
        }
    }
    known
}

/// CBC-R: a message of the attacker's choice, without the key and without any genuine message.
fn forge(text: &[u8], random: &mut Random, oracle: &mut dyn FnMut(&[u8]) -> bool) -> Vec<u8> {
    let mut blocks = vec![random_block(random)];
    for plain in padded(text).chunks(16).rev() {
        let opened = decrypt_block(blocks.last().unwrap(), random, oracle);
        let mut previous = opened;
        previous.iter_mut().zip(plain).for_each(|(byte, plain)| *byte ^= plain);
        blocks.push(previous);
    }
    blocks.into_iter().rev().flatten().collect()
}

const FALSE: &str =
    r#"{"order_id":"0106002530","amount":99000000,"retrieval_ref_no":"2026","request_id":"39b7c1d4","x":"forged"}"#;

#[test]
fn the_control_leaks_and_is_forged() {
    let (client, cipher, mut random) = (tconnect(), Cipher::new(), Random::new(8));
    let mut calls = 0;
    let forged = forge(FALSE.as_bytes(), &mut random, &mut |message| {
        calls += 1;
        cipher.leaks(message)
    });
    println!(
        "CBC-R against a leaking reader: {calls} calls for {} blocks",
        forged.len() / 16 - 1
    );
    assert!(calls < 20_000, "{calls}");
    // The forgery is perfect, which is why it is never more than decrypted.
    let read = read(&client, &hex(&forged)).unwrap();
    assert_eq!(
        (&read["amount"], &read["proof"]),
        (&json!(99_000_000), &json!("decrypted_only"))
    );
}

/// The same attack on the public reader: every answer is the same, so no byte comes out right but by chance.
#[test]
fn the_attack_gains_nothing_on_the_public_reader() {
    let (client, cipher, mut random) = (tconnect(), Cipher::new(), Random::new(9));
    let usual = read(&client, &hex(&[0; 32])).unwrap_err().to_json();
    let (mut right, mut bytes, mut calls) = (0, 0, 0);
    for _ in 0..scale(4, 64) {
        let block = random_block(&mut random);
        let guessed = decrypt_block(&block, &mut random, &mut |message| {
            calls += 1;
            read(&client, &hex(message)).map_or_else(|error| error.to_json() != usual, |_| true)
        });
        let mut real = [Block::from(block)];
        cbc::Decryptor::inner_iv_init(&cipher.decrypt, (&[0; 16]).into()).decrypt_blocks(&mut real);
        right += guessed
            .iter()
            .zip(&real[0])
            .filter(|(guessed, real)| guessed == real)
            .count();
        bytes += 16;
    }
    println!("CBC-R against the public reader: {right} of {bytes} bytes right after {calls} calls");
    // One in 256 by chance: 4 of 1,024; 15 or more would come once in 10^5 runs.
    assert!(right < 4 + bytes / 90, "{right} of {bytes}");
}
