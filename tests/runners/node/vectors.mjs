// Runs every vector file of a folder through the installed package and its typed face: node vectors.mjs FOLDER
// The last line is `node: N passed, M failed`.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as kyso from "kyso";
import { run } from "./check.mjs";

const names = readdirSync(process.argv[2], { recursive: true, encoding: "utf8" });
const files = names
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => [name, JSON.parse(readFileSync(join(process.argv[2], name), "utf8")).cases]);
const { passed, failed } = run(kyso, files, console.log);
console.log(`node: ${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
