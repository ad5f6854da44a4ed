// Entry for Node, Bun, Deno and bundlers: the bytes come with the code, so nothing is read from disk by its path and
// nothing is awaited. They are decoded and compiled at the first use, so that an import costs next to nothing.

import * as bindings from "./kyso_bg.mjs";
import { attach } from "./door.mjs";

attach(compile, bindings);

function compile() {
  const text = require("./kyso_wasm.json");
  const bytes = globalThis.Buffer?.from(text, "base64") ?? Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0));
  return new WebAssembly.Module(bytes);
}

export * from "./faces/index.mjs";
