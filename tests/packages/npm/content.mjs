// Size of the unpacked package, and no path of the machine that built it: node content.mjs FOLDER
// Which files it may hold says tests/packages/npm.txt.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const [folder] = process.argv.slice(2);
/** Growth beyond it needs a reason; see docs/performance.md for the goal. */
const MOST_GZIP = 450 * 1024;

const found = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
const faults = [];
const wasm = readFileSync(join(folder, "dist/kyso_bg.wasm"));
const gzip = gzipSync(wasm, { level: 9 }).length;
if (gzip > MOST_GZIP) faults.push(`the wasm has ${gzip} bytes gzip, more than ${MOST_GZIP}`);
for (const name of found) {
  const text = readFileSync(join(folder, name), "latin1");
  if (/\/(home|root|Users|work)\/|\.cargo\/registry/.test(text)) faults.push(`${name} holds a path of the build machine`);
}
console.log(faults.join("\n") || `content:                     ${found.length} files, wasm ${gzip} bytes gzip`);
if (faults.length > 0) process.exitCode = 1;
