// The border: a packed record in, one JSON text out, through buffers of the WebAssembly side that are kept.

import { KysoError, refusal } from "./error.mjs";
import { byteLength, read, viewOf, write } from "./host.mjs";
import { MANY, names, pack } from "./strict.mjs";

/** The other side's functions. Not the module itself: bundlers put a getter before each of its exports. */
let glue;
let memory;
let bytes;
let numbers;
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
  const { find, input, learn, make, run, words } = bindings;
  glue = { find, input, learn, make, run, words };
}

/** The memory as bytes and as numbers; it moves when it grows. */
function look() {
  const buffer = memory.buffer;
  if (bytes !== undefined && bytes.buffer === buffer) return;
  bytes = viewOf(buffer);
  numbers = new Uint32Array(buffer);
}

/** Where the other side reads so many bytes. */
function room(most) {
  const start = glue.input(most);
  if (start === 0) throw new RangeError("out of memory");
  look();
  return start;
}

/** Writes a name where the other side reads it, and says how many bytes it has. */
function writeName(name) {
  const most = name.length * 3;
  const start = room(most);
  return write(name, bytes, start, most);
}

/**
 * Writes a packed record: its numbers, its text, its long texts. `call` is given the number of each, and of all bytes,
 * and says whether the operation has failed; then its output is read.
 */
function exchange({ words, text, long, longBytes }, call) {
  const at = glue.words(words.length) >>> 2;
  if (at === 0) throw new RangeError("out of memory");
  // Three bytes for each unit of a longer text would take more time and memory.
  const most = text.length > MANY ? byteLength(text) : text.length * 3;
  const start = room(most + longBytes);
  for (let index = 0; index < words.length; index++) numbers[at + index] = words[index];
  const size = write(text, bytes, start, most);
  let end = start + size;
  for (let index = 0; index < long.length; index++) end += write(long[index], bytes, end, longBytes);
  const failed = call(words.length, size, end - start);
  return failed === undefined ? undefined : { failed, record: answer(at) };
}

/** Reads the output and wipes it: it may hold tokens. */
function answer(at) {
  look();
  const start = numbers[at];
  const end = start + numbers[at + 1];
  const record = JSON.parse(read(bytes, start, end));
  const nameEnd = end + numbers[at + 2];
  if (nameEnd > end) {
    // A long text is not in the JSON text; its place is.
    const long = numbers[at + 3];
    const longEnd = long + numbers[at + 4];
    record[read(bytes, end, nameEnd)] = read(bytes, long, longEnd);
    bytes.fill(0, long, longEnd);
  }
  bytes.fill(0, start, end);
  return record;
}

/**
 * Uses more of the stack than WebAssembly will: where the host has recursed too deeply, the RangeError comes from here,
 * and not from the middle of a call, after which the instance would be lost. All arguments are on the stack.
 */
function needStack(depth, a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) {
  return depth === 0 ? a : needStack(depth - 1, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, a) + b;
}

/** Whatever is thrown inside WebAssembly is a defect, never the caller's data. */
function enter(where, call) {
  if (broken) throw internal(where);
  needStack(64, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
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
  if (index === undefined) indexes.set(operation, (index = glue.find(writeName(operation))));
  return index;
}

/** Tells the other side new names of parameters, so that they need not be written again. */
function learn(fresh) {
  for (const name of fresh) {
    const id = glue.learn(writeName(name));
    if (id >= 0) names.set(name, id);
  }
}

/** Runs an operation with a client's handle, or without. */
function run(native, operation, input, raw) {
  const where = { operation, stage: "input" };
  const packed = pack(input, where, raw);
  const { failed, record } = enter(where, () => {
    const index = indexOf(operation);
    const { fresh } = packed;
    const result = exchange(packed, (words, size, all) => (native ?? glue).run(index, words, size, all));
    // What was refused may be any name.
    if (fresh.length > 0 && !result.failed) learn(fresh);
    return result;
  });
  if (failed) throw new KysoError(record);
  return record;
}

/** A client on the other side. Nothing of it can be seen or copied from outside. */
export class Handle {
  #native;

  constructor(gateway, config) {
    const where = { operation: gateway, stage: "config" };
    const packed = pack(config, where);
    packed.words.unshift(gateway.length);
    packed.text = gateway + packed.text;
    let native;
    const answered = enter(where, () =>
      exchange(packed, (words, size, all) => {
        native = glue.make(words, size, all);
        return native === undefined ? true : undefined;
      }),
    );
    if (native === undefined) throw new KysoError(answered.record);
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
