// Puts the npm package together: node build.mjs GLUE FOLDER VERSION
// The layout and its reasons: one CommonJS instance that the ESM entry re-exports, so that there is one KysoError
// class; a module of its own for Workers, which refuse to compile bytes, and one for edge runtimes.

import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { build } from "esbuild";

const [glue, folder, version] = process.argv.slice(2);
const target = resolve(folder);
const source = import.meta.dirname;
const root = join(source, "..");
const dist = join(target, "dist");
rmSync(target, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });

const write = (name, text) => writeFileSync(join(dist, name), text);
const common = { bundle: true, target: "node20", platform: "neutral", charset: "utf8", logLevel: "warning" };

/** Takes the glue from dist, and leaves the module beside the entry. */
const beside = {
  name: "beside",
  setup({ onResolve }) {
    onResolve({ filter: /kyso_bg\.mjs$/ }, () => ({ path: join(dist, "kyso_bg.mjs") }));
    onResolve({ filter: /kyso_(bg\.wasm|wasm\.json)$/ }, ({ path }) => ({ path, external: true }));
  },
};

copyFileSync(join(glue, "kyso_bg.wasm"), join(dist, "kyso_bg.wasm"));
copyFileSync(join(glue, "kyso_bg.js"), join(dist, "kyso_bg.mjs"));
const base64 = readFileSync(join(glue, "kyso_bg.wasm")).toString("base64");
// As JSON: V8 takes twice as long for a script with a text of this size.
write("kyso_wasm.json", `"${base64}"\n`);

await build({
  ...common,
  // Without the mark `__esModule`, so that every bundler takes this object as the default import of index.mjs.
  stdin: { contents: 'module.exports = { ...require("./node.mjs") };', resolveDir: join(source, "js") },
  outfile: join(dist, "main.cjs"),
  format: "cjs",
  plugins: [beside],
});
// Node looks for the names of a CommonJS module that is imported in its text, which takes 15 ms for the whole of it.
// Here it finds none, and does not follow.
write("index.cjs", 'const kyso = require("./main.cjs");\nmodule.exports = kyso;\n');
await build({
  ...common,
  entryPoints: [join(source, "js/workerd.mjs")],
  outfile: join(dist, "workerd.mjs"),
  format: "esm",
  plugins: [beside],
});
// Next.js takes a compiled module by this query only; without it `next build` fails.
const workerd = readFileSync(join(dist, "workerd.mjs"), "utf8");
write("edge-light.mjs", workerd.replace('"./kyso_bg.wasm"', '"./kyso_bg.wasm?module"'));

const names = Object.keys(createRequire(import.meta.url)(join(dist, "index.cjs")));
write("index.mjs", `import kyso from "./index.cjs";\n\nexport const { ${names.join(", ")} } = kyso;\n`);

// One file for each of the two module systems: a shared one would be taken for one of them only.
const faces = readFileSync(join(source, "js/faces/index.mjs"), "utf8").matchAll(/"\.\/(\w+)\.mjs"/g);
const pieces = ["kyso", ...[...faces].map(([, name]) => name)];
const types = pieces.map((name) => readFileSync(join(source, `types/${name}.d.ts`), "utf8")).join("\n");
write("index.d.mts", types);
write("index.d.cts", types);
write("kyso_bg.wasm.d.ts", "declare const module: WebAssembly.Module;\nexport default module;\n");

const types_of = (file) => ({ types: `./dist/index.d.${file}ts`, default: `./dist/index.${file}js` });
const worker = (name) => ({ types: "./dist/index.d.mts", default: `./dist/${name}.mjs` });
const manifest = {
  name: "kyso",
  version,
  description: "TConnect, HPay and AppotaPay without the HTTP: signed requests to send, answers and callbacks read and verified",
  keywords: ["payment", "vietnam", "signature", "vietqr", "webhook", "tconnect", "hpay", "appotapay"],
  type: "commonjs",
  license: "MIT OR Apache-2.0",
  repository: { type: "git", url: "git+https://github.com/kyso-vn/kyso.git" },
  engines: { node: ">=20" },
  main: "./dist/index.cjs",
  module: "./dist/index.mjs",
  types: "./dist/index.d.cts",
  exports: {
    ".": {
      workerd: worker("workerd"),
      "edge-light": worker("edge-light"),
      import: types_of("m"),
      require: types_of("c"),
    },
    "./kyso_bg.wasm": { types: "./dist/kyso_bg.wasm.d.ts", default: "./dist/kyso_bg.wasm" },
    "./package.json": "./package.json",
  },
  // npm adds a README and a LICENSE by itself, but not two licences.
  files: ["dist", "LICENSE-*"],
  sideEffects: false,
};
writeFileSync(join(target, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of ["README.md", "LICENSE-MIT", "LICENSE-APACHE"]) copyFileSync(join(root, name), join(target, name));
