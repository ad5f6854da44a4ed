//! The one door between JavaScript and the core: one text in, one text out, both through buffers that are kept.
//!
//! JavaScript (`js/door.mjs`) writes a packed record (see [`packed`]) at [`input`], calls with the number of bytes, and
//! reads as many bytes of JSON as the answer says at [`output`]. A negative answer is an error record.
//! Types are checked in `js/strict.mjs` before anything gets here; this side still trusts nothing but the buffer.

mod packed;

use std::cell::RefCell;

use kyso::operations::Operation;
use kyso::value::Value;
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

struct Buffers {
    input: Vec<u8>,
    output: String,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = const { RefCell::new(Buffers { input: Vec::new(), output: String::new() }) };
    static OPERATIONS: Vec<&'static Operation> = operations::all().collect();
}

/// Where to write an input of at most `length` bytes; 0 where there is no memory for it.
#[wasm_bindgen]
#[must_use]
pub fn input(length: usize) -> *mut u8 {
    BUFFERS.with_borrow_mut(|Buffers { input, .. }| {
        if input.len() < length {
            let more = length.saturating_sub(input.len()).max(KEPT);
            if input.try_reserve_exact(more).is_err() {
                return core::ptr::null_mut();
            }
            input.resize(input.capacity(), 0);
        }
        input.as_mut_ptr()
    })
}

/// Where the last output stands.
#[wasm_bindgen]
#[must_use]
pub fn output() -> *const u8 {
    BUFFERS.with_borrow(|buffers| buffers.output.as_ptr())
}

/// The index of the operation whose name is the input, for [`run`]; -1 where there is none.
#[wasm_bindgen]
#[must_use]
pub fn find(length: usize) -> i32 {
    let index = with_input(length, |name| {
        OPERATIONS.with(|operations| {
            operations
                .iter()
                .position(|operation| operation.name.as_bytes() == name)
        })
    });
    index.and_then(|index| i32::try_from(index).ok()).unwrap_or(-1)
}

/// A client; its secrets are wiped when it is freed. Boxed, so that no copy passes through this side's stack.
#[wasm_bindgen]
pub struct Handle(Box<Client>);

/// Makes a client of the gateway named first in the input, before a line feed. Without one, [`output`] holds an error
/// of [`failed`] bytes.
#[wasm_bindgen]
#[must_use]
pub fn make(length: usize) -> Option<Handle> {
    let mut client = None;
    answer(length, |input| {
        let text = core::str::from_utf8(input).map_err(|_| Error::new(Code::NotUtf8))?;
        let (gateway, config) = text.split_once('\n').ok_or_else(|| Error::new(Code::Internal))?;
        let config = packed::read(config).ok_or_else(|| Error::new(Code::Internal))?;
        client = Some(Handle(Box::new(operations::client_from(gateway, &config, clock)?)));
        Ok(Value::Null)
    });
    wipe_stack();
    client
}

/// Number of bytes of the last output.
#[wasm_bindgen]
#[must_use]
pub fn failed() -> usize {
    BUFFERS.with_borrow(|buffers| buffers.output.len())
}

/// Runs an operation that needs no client.
#[wasm_bindgen]
#[must_use]
pub fn run(operation: usize, length: usize) -> i32 {
    run_with(None, operation, length)
}

#[wasm_bindgen]
impl Handle {
    /// Runs an operation of this client's gateway.
    #[must_use]
    pub fn run(&self, operation: usize, length: usize) -> i32 {
        run_with(Some(&self.0), operation, length)
    }
}

fn run_with(client: Option<&Client>, operation: usize, length: usize) -> i32 {
    let operation = OPERATIONS.with(|operations| operations.get(operation).copied());
    let length = answer(length, |input| {
        let operation = operation.ok_or_else(|| Error::new(Code::UnknownOperation))?;
        let text = core::str::from_utf8(input).map_err(|_| Error::new(Code::NotUtf8))?;
        let input = packed::read(text).ok_or_else(|| Error::new(Code::Internal))?;
        operation.run(client, &input)
    });
    wipe_stack();
    length
}

/// More than twice the stack that any operation was seen to use (13 KiB, for a client with RSA keys).
const STACK: usize = 32 * 1024;

/// Wipes what a call has left on the stack below: digests, key schedules and joined texts pass through there.
#[inline(never)]
fn wipe_stack() {
    let mut used = [0_u8; STACK];
    core::hint::black_box(&mut used);
}

/// Gives the input to `read` and wipes it. The buffer is taken out meanwhile: the clock is JavaScript, which may call
/// back in.
fn with_input<T>(length: usize, read: impl FnOnce(&[u8]) -> T) -> T {
    let mut input = BUFFERS.with_borrow_mut(|buffers| core::mem::take(&mut buffers.input));
    let used = length.min(input.len());
    let (text, _) = input.split_at_mut(used);
    let result = read(text);
    text.fill(0);
    optimization_barrier(text);
    if input.len() <= 2 * KEPT {
        BUFFERS.with_borrow_mut(|buffers| buffers.input = input);
    }
    result
}

/// Runs on the input and writes the output. Never inlined, so that [`wipe_stack`] reaches its frame.
#[inline(never)]
fn answer(length: usize, run: impl FnOnce(&[u8]) -> kyso::Result<Value<'static>>) -> i32 {
    let result = with_input(length, run);
    let failed = result.is_err();
    let mut value = result.unwrap_or_else(|error| Value::Record(error.to_record()));
    let mut output = BUFFERS.with_borrow_mut(|buffers| core::mem::take(&mut buffers.output));
    // Room from the start: growing would leave copies behind.
    output.clear();
    output.shrink_to(KEPT);
    output.reserve(KEPT);
    // The core gives numbers that were read as text: JavaScript would round them.
    value.write_json(&mut output);
    value.zeroize();
    let length = i32::try_from(output.len()).unwrap_or(0);
    BUFFERS.with_borrow_mut(|buffers| buffers.output = output);
    if failed { length.saturating_neg() } else { length }
}
