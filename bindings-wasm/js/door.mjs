// The border: one packed text in, one JSON text out, through buffers of the WebAssembly side that are kept.

import { KysoError, refusal } from "./error.mjs";
import { pack } from "./strict.mjs";

// Node's own writer and reader are several times as fast as TextEncoder and TextDecoder.
const HostBuffer =
  typeof globalThis.Buffer?.prototype?.utf8Write === "function" &&
  typeof globalThis.Buffer.prototype.utf8Slice === "function"
    ? globalThis.Buffer
    : undefined;
const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** In UTF-16 units. Longer texts are measured first: three bytes for each unit would take more time and memory. */
const LONG = 16 * 1024;

/** The other side's functions. Not the module itself: bundlers put a getter before each of its exports. */
let glue;
let memory;
let bytes;
/** After a trap nothing in the instance can be trusted. */
let broken = false;

/** Makes the instance, at the first use. */
let start;

/** Called once by the entry, with what gives the compiled module. */
export function attach(compile, bindings) {
  start = () => instantiate(compile(), bindings);
}

function instantiate(module, bindings) {
  const { exports } = new WebAssembly.Instance(module, { "./kyso_bg.js": bindings });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  memory = exports.memory;
  const { failed, find, input, make, output, run } = bindings;
  glue = { failed, find, input, make, output, run };
}

/** The memory as bytes; it moves when it grows. */
function view() {
  const buffer = memory.buffer;
  if (bytes === undefined || bytes.buffer !== buffer) {
    bytes = HostBuffer === undefined ? new Uint8Array(buffer) : HostBuffer.from(buffer);
  }
  return bytes;
}

/** Writes a text where the other side reads it, and says how many bytes it has. */
function write(text) {
  const most = text.length > LONG && HostBuffer !== undefined ? HostBuffer.byteLength(text) : text.length * 3;
  const start = glue.input(most);
  if (start === 0) throw new RangeError("out of memory");
  if (HostBuffer !== undefined) return view().utf8Write(text, start, most);
  return encoder.encodeInto(text, view().subarray(start, start + most)).written;
}

/** Reads the output and wipes it: it may hold tokens. */
function read(length) {
  const start = glue.output();
  const end = start + length;
  const all = view();
  const text = HostBuffer === undefined ? decoder.decode(all.subarray(start, end)) : all.utf8Slice(start, end);
  all.fill(0, start, end);
  return JSON.parse(text);
}

/** Whatever is thrown inside WebAssembly is a defect, never the caller's data. */
function enter(where, call) {
  if (broken) throw internal(where);
  try {
    if (glue === undefined) start();
    return call();
  } catch {
    broken = true;
    throw internal(where);
  }
}

const internal = (where) =>
  refusal(
    "internal",
    where,
    undefined,
    "the WebAssembly instance has failed; restart the process",
    "phiên WebAssembly đã hỏng; hãy khởi động lại tiến trình",
  );

/** Indexes of the operations' names on the other side. */
const indexes = new Map();

function indexOf(operation) {
  let index = indexes.get(operation);
  if (index === undefined) indexes.set(operation, (index = glue.find(write(operation))));
  return index;
}

/** Runs an operation with a client's handle, or without. */
function run(native, operation, input, raw) {
  const where = { operation, stage: "input" };
  const text = pack(input, where, raw);
  let failed = false;
  const record = enter(where, () => {
    const index = indexOf(operation);
    const answer = (native ?? glue).run(index, write(text));
    failed = answer < 0;
    return read(Math.abs(answer));
  });
  if (failed) throw new KysoError(record);
  return record;
}

/** A client on the other side. Nothing of it can be seen or copied from outside. */
export class Handle {
  #native;

  constructor(gateway, config) {
    const where = { operation: gateway, stage: "config" };
    const text = `${gateway}\n${pack(config, where)}`;
    let record;
    const native = enter(where, () => {
      const made = glue.make(write(text));
      if (made === undefined) record = read(glue.failed());
      return made;
    });
    if (native === undefined) throw new KysoError(record);
    this.#native = native;
  }

  run(operation, input, raw) {
    if (this.#native === undefined) throw freed(operation);
    return run(this.#native, operation, input, raw);
  }

  free() {
    const native = this.#native;
    this.#native = undefined;
    if (native !== undefined && !broken) enter({ operation: "free", stage: "input" }, () => native.free());
  }
}

/** What operations without a client run on. */
export const none = { run: (operation, input, raw) => run(undefined, operation, input, raw) };

const freed = (operation) =>
  refusal(
    "null_pointer",
    { operation, stage: "input" },
    undefined,
    "the client has been freed",
    "client đã được giải phóng",
  );

/** What every gateway's class has. */
export class Client {
  #handle;

  constructor(handle) {
    this.#handle = handle;
  }

  free() {
    this.#handle.free();
  }
}
if (Symbol.dispose) Client.prototype[Symbol.dispose] = Client.prototype.free;
