//! The one door between JavaScript and the core: a packed record in, one JSON text out, through buffers that are kept.
//!
//! JavaScript (`js/door.mjs`) writes a packed record (see [`packed`]) at [`words`] and [`input`] and calls with the number
//! of each. At [`words`] it then finds where the output stands (see [`answer`]).
//! Types are checked in `js/strict.mjs` before anything gets here; this side still trusts nothing but the buffers.

mod packed;

use std::cell::RefCell;

use kyso::operations::Operation;
use kyso::value::{Text, Value};
use kyso::{Client, Code, Error, operations};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::{Zeroize, optimization_barrier};

#[wasm_bindgen]
extern "C" {
    /// Looked up at every call, so that a test's own clock is seen.
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    fn now() -> Result<f64, wasm_bindgen::JsValue>;
}

/// Unix seconds of the host's clock. The conversion saturates, so any number is harmless.
fn clock() -> u64 {
    (now().unwrap_or_default() / 1000.0) as u64
}

/// Larger buffers are given back after the call.
const KEPT: usize = 64 * 1024;
/// Numbers that an answer has; see [`answer`].
const ANSWER: usize = 5;
/// A text of more bytes is not written into the JSON text.
const LONG: usize = 4096;
/// Nor is JSON of more bytes, a request's body or what was read: each quotation mark in it would have to be escaped, and
/// both sides are slow there.
const LONG_JSON: usize = 64;
/// Most names of parameters that are kept.
const NAMES: usize = 1024;

struct Buffers {
    words: Vec<u32>,
    input: Vec<u8>,
    output: String,
    long: String,
}

impl Buffers {
    const NONE: Self = Self {
        words: Vec::new(),
        input: Vec::new(),
        output: String::new(),
        long: String::new(),
    };
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = const { RefCell::new(Buffers::NONE) };
    static OPERATIONS: Vec<&'static Operation> = operations::all().collect();
    static KNOWN: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// Makes room for so many items; `false` where there is no memory for them.
fn extend<T: Default + Clone>(buffer: &mut Vec<T>, length: usize, least: usize) -> bool {
    if buffer.len() < length {
        let more = length.saturating_sub(buffer.len()).max(least);
        if buffer.try_reserve_exact(more).is_err() {
            return false;
        }
        buffer.resize(buffer.capacity(), T::default());
    }
    true
}

/// Where to write so many numbers, and where those of the answer will stand; 0 where there is no memory for them.
#[wasm_bindgen]
#[must_use]
pub fn words(count: usize) -> *mut u32 {
    BUFFERS.with_borrow_mut(|Buffers { words, .. }| match extend(words, count.max(ANSWER), 256) {
        true => words.as_mut_ptr(),
        false => core::ptr::null_mut(),
    })
}

/// Where to write an input of at most `length` bytes; 0 where there is no memory for it.
#[wasm_bindgen]
#[must_use]
pub fn input(length: usize) -> *mut u8 {
    BUFFERS.with_borrow_mut(|Buffers { input, .. }| match extend(input, length, KEPT) {
        true => input.as_mut_ptr(),
        false => core::ptr::null_mut(),
    })
}

/// The index of the operation whose name is the input, for [`run`]; -1 where there is none.
#[wasm_bindgen]
#[must_use]
pub fn find(length: usize) -> i32 {
    let index = with_input(0, length, |_, name| {
        OPERATIONS.with(|operations| {
            operations
                .iter()
                .position(|operation| operation.name.as_bytes() == name)
        })
    });
    index.and_then(|index| i32::try_from(index).ok()).unwrap_or(-1)
}

/// Keeps the input as a parameter's name and gives its number; -1 where there is no room for it.
#[wasm_bindgen]
#[must_use]
pub fn learn(length: usize) -> i32 {
    let name = with_input(0, length, |_, name| core::str::from_utf8(name).map(str::to_owned));
    KNOWN.with_borrow_mut(|known| match name {
        Ok(name) if known.len() < NAMES => {
            known.push(Box::leak(name.into_boxed_str()));
            i32::try_from(known.len() - 1).unwrap_or(-1)
        }
        _ => -1,
    })
}

/// A client; its secrets are wiped when it is freed. Boxed, so that no copy passes through this side's stack.
#[wasm_bindgen]
pub struct Handle(Box<Client>);

/// Makes a client of the gateway whose name stands in front of the input; its length is the first number. Without one,
/// the answer is an error.
#[wasm_bindgen]
#[must_use]
pub fn make(words: usize, joined: usize, length: usize) -> Option<Handle> {
    let mut client = None;
    answer(words, length, |words, input| {
        let (name, words) = words.split_first().ok_or_else(|| Error::new(Code::Internal))?;
        let (gateway, input) = utf8(input)?
            .split_at_checked(*name as usize)
            .ok_or_else(|| Error::new(Code::Internal))?;
        let config = unpack(words, input, joined.saturating_sub(gateway.len()))?;
        client = Some(Handle(Box::new(operations::client_from(gateway, &config, clock)?)));
        Ok(Value::Null)
    });
    wipe_stack::<MAKE>();
    client
}

/// Runs an operation that needs no client, and says whether it has failed. Of the input's bytes `joined` are texts that
/// are joined, the others long ones.
#[wasm_bindgen]
#[must_use]
pub fn run(operation: usize, words: usize, joined: usize, length: usize) -> bool {
    run_with(None, operation, [words, joined, length])
}

#[wasm_bindgen]
impl Handle {
    /// Runs an operation of this client's gateway.
    #[must_use]
    pub fn run(&self, operation: usize, words: usize, joined: usize, length: usize) -> bool {
        run_with(Some(&self.0), operation, [words, joined, length])
    }
}

fn run_with(client: Option<&Client>, operation: usize, [words, joined, length]: [usize; 3]) -> bool {
    let operation = OPERATIONS.with(|operations| operations.get(operation).copied());
    let failed = answer(words, length, |words, input| {
        let operation = operation.ok_or_else(|| Error::new(Code::UnknownOperation))?;
        let input = unpack(words, utf8(input)?, joined)?;
        operation.run(client, &input)
    });
    wipe_stack::<RUN>();
    failed
}

fn utf8(input: &[u8]) -> kyso::Result<&str> {
    core::str::from_utf8(input).map_err(|_| Error::new(Code::NotUtf8))
}

fn unpack<'a>(words: &[u32], input: &'a str, joined: usize) -> kyso::Result<Value<'a>> {
    let (text, long) = input
        .split_at_checked(joined)
        .ok_or_else(|| Error::new(Code::Internal))?;
    KNOWN
        .with_borrow(|known| packed::read(words, text, long, known))
        .ok_or_else(|| Error::new(Code::Internal))
}

/// More than twice the stack that any operation of the vectors was seen to use: 7.3 KiB.
const RUN: usize = 16 * 1024;
/// The same for making a client with RSA keys: 13 KiB, besides what the core itself wipes there.
const MAKE: usize = 32 * 1024;

/// Wipes what a call has left on the stack below: digests, key schedules and joined texts pass through there.
#[inline(never)]
fn wipe_stack<const SIZE: usize>() {
    let mut used = [0_u8; SIZE];
    core::hint::black_box(&mut used);
}

/// Gives the input to `read` and wipes it. The buffers are taken out meanwhile: the clock is JavaScript, which may call
/// back in.
fn with_input<T>(count: usize, length: usize, read: impl FnOnce(&[u32], &[u8]) -> T) -> T {
    let (mut words, mut input) =
        BUFFERS.with_borrow_mut(|Buffers { words, input, .. }| (core::mem::take(words), core::mem::take(input)));
    let (count, length) = (count.min(words.len()), length.min(input.len()));
    let (numbers, _) = words.split_at_mut(count);
    let (text, _) = input.split_at_mut(length);
    let result = read(numbers, text);
    numbers.fill(0);
    text.fill(0);
    optimization_barrier(text);
    BUFFERS.with_borrow_mut(|buffers| {
        buffers.words = words;
        if input.len() <= 2 * KEPT {
            buffers.input = input;
        }
    });
    result
}

/// Runs on the input and writes the answer's numbers: where the output stands and how many bytes of JSON it has, the
/// bytes of a name behind it, and, where there is one, where the long text of that name stands and its bytes. Says whether
/// the run has failed. Never inlined, so that [`wipe_stack`] reaches its frame.
#[inline(never)]
fn answer(words: usize, length: usize, run: impl FnOnce(&[u32], &[u8]) -> kyso::Result<Value<'static>>) -> bool {
    let result = with_input(words, length, run);
    let failed = result.is_err();
    let value = result.unwrap_or_else(|error| Value::Record(error.to_record()));
    let (mut value, name, text) = without_long(value);
    let mut output = BUFFERS.with_borrow_mut(|buffers| core::mem::take(&mut buffers.output));
    // Room from the start: growing would leave copies behind.
    output.clear();
    output.shrink_to(KEPT);
    output.reserve(KEPT);
    // The core gives numbers that were read as text: JavaScript would round them.
    value.write_json(&mut output);
    value.zeroize();
    let size = output.len();
    output.push_str(&name);
    let word = |size: usize| u32::try_from(size).unwrap_or(0);
    BUFFERS.with_borrow_mut(|buffers| {
        let numbers = [
            output.as_ptr() as usize,
            size,
            name.len(),
            text.as_ptr() as usize,
            text.len(),
        ];
        for (slot, number) in buffers.words.iter_mut().zip(numbers) {
            *slot = word(number);
        }
        buffers.output = output;
        buffers.long = text;
    });
    failed
}

fn is_long(value: &Value<'_>) -> bool {
    let is_long = |text: &str| text.len() > LONG || (text.len() > LONG_JSON && text.starts_with('{'));
    value.as_text().is_some_and(is_long)
}

/// A result without its first long text, and that text with its name. Its place is kept.
fn without_long(mut value: Value<'static>) -> (Value<'static>, Text<'static>, String) {
    let Value::Record(record) = &mut value else {
        return (value, Text::default(), String::new());
    };
    let Some((name, long)) = record.iter_mut().find(|(_, member)| is_long(member)) else {
        return (value, Text::default(), String::new());
    };
    let name = name.to_owned().into();
    match core::mem::take(long) {
        Value::Text(text) => (value, name, text.into_owned()),
        _ => (value, Text::default(), String::new()),
    }
}
