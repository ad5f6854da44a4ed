// The entry for edge runtimes is the one for Workers, but for how the module is imported: node edge.mjs FOLDER
// `next build` itself is run by scripts/test-receivers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [folder] = process.argv.slice(2);
const text = (name) => readFileSync(join(folder, name), "utf8");
const entry = JSON.parse(text("package.json")).exports["."];

assert.equal(entry.workerd.default, "./dist/workerd.mjs");
assert.equal(entry["edge-light"].default, "./dist/edge-light.mjs");
const parts = text("dist/workerd.mjs").split('from "./kyso_bg.wasm"');
assert.equal(parts.length, 2);
// Not assert.equal: it would print both files.
assert.ok(text("dist/edge-light.mjs") === parts.join('from "./kyso_bg.wasm?module"'), "edge-light differs in more, or in nothing");
console.log("edge-light differs from workerd in one import");
