// The border: one packed text in, one JSON text out, through buffers of the WebAssembly side that are kept.

import { KysoError, refusal } from "./error.mjs";
import { pack } from "./strict.mjs";

// Node's own writer and reader are about twice as fast as TextEncoder and TextDecoder.
const HostBuffer = globalThis.Buffer;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

let glue;
let memory;
let bytes;
/** After a trap nothing in the instance can be trusted. */
let broken = false;

/** Called once by the entry that has the bytes or the module. */
export function attach(module, bindings) {
  const { exports } = new WebAssembly.Instance(module, { "./kyso_bg.js": bindings });
  bindings.__wbg_set_wasm(exports);
  exports.__wbindgen_start();
  memory = exports.memory;
  glue = bindings;
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
  const most = text.length * 3;
  const start = glue.input(most);
  if (start === 0) throw new RangeError("out of memory");
  if (HostBuffer !== undefined) return view().write(text, start, "utf8");
  return encoder.encodeInto(text, view().subarray(start, start + most)).written;
}

/** Reads the output and wipes it: it may hold tokens. */
function read(length) {
  const start = glue.output();
  const end = start + length;
  const all = view();
  const text = HostBuffer === undefined ? decoder.decode(all.subarray(start, end)) : all.toString("utf8", start, end);
  all.fill(0, start, end);
  return JSON.parse(text);
}

/** Runs what enters WebAssembly. Whatever it throws is a defect, never the caller's data. */
function guarded(where, enter) {
  if (broken) throw internal(where);
  try {
    return enter();
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

/** Runs an operation with a client's handle, or without. */
function run(native, operation, input, raw) {
  const where = { operation, stage: "input" };
  const text = `${operation}\n${pack(input, where, raw)}`;
  const [failed, record] = guarded(where, () => {
    const length = write(text);
    const answer = native === undefined ? glue.run(length) : native.run(length);
    return [answer < 0, read(Math.abs(answer))];
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
    const [native, record] = guarded(where, () => {
      const made = glue.make(write(text));
      return [made, made === undefined ? read(glue.failed()) : undefined];
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
    if (native !== undefined && !broken) native.free();
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
