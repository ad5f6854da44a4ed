// Puts the page together: node build.mjs PACKAGE FILE
// PACKAGE is the installed npm package. Style and program are inlined and named in the policy by their digests, so that
// nothing else runs and nothing is loaded.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "../bindings-wasm/node_modules/esbuild/lib/main.js";

const [folder, file] = process.argv.slice(2);
const source = import.meta.dirname;
const read = (name) => readFileSync(join(source, name), "utf8");

/** Every operation, as the declarations document it. */
function operations() {
  const declared = readFileSync(join(folder, "dist/index.d.mts"), "utf8");
  const found = [...declared.matchAll(/\* (.+)\n\s+\*\n\s+\* `((\w+)\.(\w+)\.(\w+))`\. Evidence: /g)];
  return found.map(([, doc, path, gateway, service, name]) => ({ path, gateway, service, name, doc }));
}

const provided = {
  name: "provided",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^kyso$/ }, () => ({ path: join(folder, "dist/index.mjs") }));
    onResolve({ filter: /^operations$/ }, ({ path }) => ({ path, namespace: "provided" }));
    onLoad({ filter: /./, namespace: "provided" }, () => ({ contents: JSON.stringify(operations()), loader: "json" }));
  },
};

const { outputFiles } = await build({
  entryPoints: [join(source, "playground.mjs")],
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  platform: "browser",
  target: "es2022",
  charset: "utf8",
  logLevel: "warning",
  plugins: [provided],
});
const script = outputFiles[0].text;
const style = read("style.css");
const digest = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${digest(script)} 'wasm-unsafe-eval'`,
  `style-src ${digest(style)}`,
  "img-src data:",
  "connect-src 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join("; ");
const parts = { policy, style, script };
writeFileSync(file, read("index.html").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]));
