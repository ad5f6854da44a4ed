// Prints all vectors as one module, for hosts that may not read files: node cases.mjs FOLDER

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const names = readdirSync(process.argv[2], { recursive: true, encoding: "utf8" });
const files = names
  .filter((name) => name.endsWith(".json"))
  .sort()
  .map((name) => [name, JSON.parse(readFileSync(join(process.argv[2], name), "utf8")).cases]);
// As text, so that no host's parser of programs has to take megabytes of literals.
console.log(`export const files = JSON.parse(${JSON.stringify(JSON.stringify(files))});`);
