// Entry for Node, Bun, Deno and bundlers: the bytes come with the code and are compiled at once, so nothing is read
// from disk and nothing is awaited.

import * as bindings from "./kyso_bg.mjs";
import base64 from "./kyso_wasm.cjs";
import { attach } from "./door.mjs";

const text = typeof base64 === "string" ? base64 : base64.default;
const bytes = globalThis.Buffer?.from(text, "base64") ?? Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
attach(new WebAssembly.Module(bytes), bindings);

export * from "./faces/index.mjs";
