// The calls of the test vectors and of good_calls.json, by the names of the installed package.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import * as kyso from "kyso";

const vectors = join(import.meta.dirname, "../../tests/vectors");

const camel = (name) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
const faces = new Map(Object.keys(kyso).map((name) => [name.toLowerCase(), name]));

/** Every case: names of the face, service and method, configuration, input, whether it is refused. */
export function allCalls() {
  const files = readdirSync(vectors, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".json")).sort();
  return [...files, "../runners/good_calls.json"].flatMap((file) =>
    JSON.parse(readFileSync(join(vectors, file), "utf8")).cases.map(({ operation, config, input, error }) => {
      const [gateway, service, method] = operation.split(".");
      return { operation, face: faces.get(gateway), service: camel(service), method: camel(method), config, input, refused: error !== undefined };
    }),
  );
}

/** Operation -> its first good input; face -> a good configuration. */
export function goodCalls() {
  const calls = new Map();
  const configs = new Map();
  for (const call of allCalls().filter(({ refused }) => !refused)) {
    const name = `${call.face}.${call.service}.${call.method}`;
    if (call.config !== undefined && !configs.has(call.face)) configs.set(call.face, call.config);
    if (!calls.has(name)) calls.set(name, call);
  }
  return { calls, configs };
}
