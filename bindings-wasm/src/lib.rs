//! The one door between JavaScript and the core: one text in, one text out, both through buffers that are kept.
//!
//! JavaScript (`js/door.mjs`) writes `name`, a line feed and the JSON text of a record at [`input`], calls with the
//! number of bytes, and reads as many bytes as the answer says at [`output`]. A negative answer is an error record.
//! Types are checked in `js/strict.mjs` before anything gets here; this side still trusts nothing but the buffer.

use std::cell::RefCell;

use kyso::{Client, Code, Error, operations};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroize;

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
    output: Vec<u8>,
}

thread_local! {
    static BUFFERS: RefCell<Buffers> = const { RefCell::new(Buffers { input: Vec::new(), output: Vec::new() }) };
}

/// Where to write an input of at most `length` bytes; 0 where there is no memory for it.
#[wasm_bindgen]
#[must_use]
pub fn input(length: usize) -> *mut u8 {
    BUFFERS.with_borrow_mut(|buffers| {
        buffers.input.clear();
        if buffers.input.try_reserve_exact(length).is_err() {
            return core::ptr::null_mut();
        }
        buffers.input.resize(length, 0);
        buffers.input.as_mut_ptr()
    })
}

/// Where the last output stands.
#[wasm_bindgen]
#[must_use]
pub fn output() -> *const u8 {
    BUFFERS.with_borrow(|buffers| buffers.output.as_ptr())
}

/// A client; its secrets are wiped when it is freed. Boxed, so that no copy passes through this side's stack.
#[wasm_bindgen]
pub struct Handle(Box<Client>);

/// Makes a client of the gateway named in the input. Without one, [`output`] holds an error of [`failed`] bytes.
#[wasm_bindgen]
#[must_use]
pub fn make(length: usize) -> Option<Handle> {
    let mut client = None;
    answer(length, |gateway, config| {
        client = Some(Handle(Box::new(operations::client(gateway, config, clock)?)));
        Ok(kyso::value::Value::Null)
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
pub fn run(length: usize) -> i32 {
    let length = answer(length, |operation, input| operations::call(None, operation, input));
    wipe_stack();
    length
}

#[wasm_bindgen]
impl Handle {
    /// Runs an operation of this client's gateway.
    #[must_use]
    pub fn run(&self, length: usize) -> i32 {
        let length = answer(length, |operation, input| {
            operations::call(Some(&self.0), operation, input)
        });
        wipe_stack();
        length
    }
}

/// More than twice the stack that any operation was seen to use (13 KiB, for a client with RSA keys).
const STACK: usize = 32 * 1024;

/// Wipes what a call has left on the stack below: digests, key schedules and joined texts pass through there.
#[inline(never)]
fn wipe_stack() {
    let mut used = [0_u8; STACK];
    core::hint::black_box(&mut used);
}

/// Reads the input, wipes it, and writes the output. The buffers are taken out meanwhile: the clock is JavaScript,
/// which may call back in. Never inlined, so that [`wipe_stack`] reaches its frame.
#[inline(never)]
fn answer(length: usize, run: impl FnOnce(&str, &str) -> kyso::Result<kyso::value::Value<'static>>) -> i32 {
    let Buffers { mut input, mut output } = BUFFERS.with_borrow_mut(|buffers| Buffers {
        input: core::mem::take(&mut buffers.input),
        output: core::mem::take(&mut buffers.output),
    });
    output.clear();
    let result = read(&input, length).and_then(|(name, text)| run(name, text));
    input.as_mut_slice().zeroize();
    input.clear();
    let failed = result.is_err();
    let mut value = result.unwrap_or_else(|error| kyso::value::Value::Record(error.to_record()));
    // Numbers become text exactly as printed: JavaScript would round them.
    let written = serde_json::to_writer(&mut output, &value);
    value.zeroize();
    debug_assert!(written.is_ok(), "records are always JSON");
    if input.capacity() > KEPT {
        input = Vec::new();
    }
    output.shrink_to(output.len().max(KEPT));
    let length = i32::try_from(output.len()).unwrap_or(0);
    BUFFERS.with_borrow_mut(|buffers| *buffers = Buffers { input, output });
    if failed { length.saturating_neg() } else { length }
}

/// Splits the input into the name and the text of the record.
fn read(input: &[u8], length: usize) -> kyso::Result<(&str, &str)> {
    let bytes = input.get(..length).ok_or_else(|| Error::new(Code::Internal))?;
    let text = core::str::from_utf8(bytes).map_err(|_| Error::new(Code::NotUtf8))?;
    text.split_once('\n').ok_or_else(|| Error::new(Code::Internal))
}
