// What a host has for turning texts into UTF-8 and back.

/** Node's own writer and reader are several times as fast as TextEncoder and TextDecoder. */
const HostBuffer =
  typeof globalThis.Buffer?.prototype?.utf8Write === "function" &&
  typeof globalThis.Buffer.prototype.utf8Slice === "function"
    ? globalThis.Buffer
    : undefined;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** A memory as bytes. */
export const viewOf = (buffer) => (HostBuffer === undefined ? new Uint8Array(buffer) : HostBuffer.from(buffer));

/** How many bytes a text has in UTF-8. */
export const byteLength = (text) =>
  HostBuffer === undefined ? encoder.encode(text).length : HostBuffer.byteLength(text);

/** Writes a text into a view, and says how many bytes it has. */
export function write(text, view, start, most) {
  if (HostBuffer !== undefined) return view.utf8Write(text, start, most);
  return encoder.encodeInto(text, view.subarray(start, start + most)).written;
}

export const read = (view, start, end) =>
  HostBuffer === undefined ? decoder.decode(view.subarray(start, end)) : view.utf8Slice(start, end);
