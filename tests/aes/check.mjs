// node check.mjs MODULE VECTORS RUNS: the core's AES for WebAssembly against NIST's CAVP vectors (a folder of CBC*.rsp),
// Wycheproof's, and as many random runs beside the aes crate. Every comparison has a control that must fail.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const [path, vectors, runs] = process.argv.slice(2);
const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)));

/** Runs one of the ciphers on hexadecimal texts. */
function run(cipher, key, iv, text) {
  const input = Buffer.from(key + iv + text, "hex");
  const memory = Buffer.from(exports.memory.buffer, exports.buffer(), 4096);
  input.copy(memory);
  exports[cipher](text.length / 32);
  return memory.toString("hex", (key.length + iv.length) / 2, input.length);
}

/** The cases of a CAVP file: blocks of `NAME = value` under [ENCRYPT] or [DECRYPT]. */
function* cases(text) {
  let direction;
  for (const block of text.split(/\r?\n\r?\n/)) {
    direction = /^\[(\w+)\]/m.exec(block)?.[1] ?? direction;
    const members = Object.fromEntries([...block.matchAll(/^(\w+) = (\w+)/gm)].map(([, name, value]) => [name, value]));
    if (members.COUNT !== undefined) yield { direction, ...members };
  }
}

function nist() {
  let count = 0;
  for (const file of readdirSync(vectors).filter((name) => /^CBC.*(128|256)\.rsp$/.test(name))) {
    for (const { direction, KEY, IV, PLAINTEXT, CIPHERTEXT } of cases(readFileSync(join(vectors, file), "utf8"))) {
      const bits = KEY.length * 4;
      if (direction === "ENCRYPT") {
        assert.equal(run(`encrypt_${bits}`, KEY, IV, PLAINTEXT), CIPHERTEXT, file);
        assert.notEqual(run(`encrypt_${bits}`, KEY, CIPHERTEXT.slice(0, 32), PLAINTEXT), CIPHERTEXT, file);
      } else if (bits === 256) {
        assert.equal(run("decrypt_256", KEY, IV, CIPHERTEXT), PLAINTEXT, file);
      } else {
        // AES-128 is only ever encrypted: the case is run the other way round.
        assert.equal(run("encrypt_128", KEY, IV, PLAINTEXT), CIPHERTEXT, file);
      }
      count++;
    }
  }
  return count;
}

const published = nist();
assert.ok(published >= 1418, `${published} NIST vectors`);
const wycheproof = exports.wycheproof();
assert.ok(wycheproof >= 72, `Wycheproof ${wycheproof}`);
const seed = BigInt(Date.now());
assert.equal(exports.differences(seed, 100, 50), 1, "control: a flipped bit is seen");
assert.equal(exports.differences(seed, Number(runs), -1), 0, `seed ${seed}`);
console.log(`AES in WebAssembly: ${published} NIST and ${wycheproof} Wycheproof vectors, ${runs} random runs (seed ${seed})`);
