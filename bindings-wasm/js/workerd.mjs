// Entry for Workers: they refuse to compile bytes, so the module is imported.

import * as bindings from "./kyso_bg.mjs";
import module from "./kyso_bg.wasm";
import { attach } from "./door.mjs";

attach(() => module, bindings);

export * from "./faces/index.mjs";
