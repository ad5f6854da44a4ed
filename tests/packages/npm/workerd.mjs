// Starts workerd on a bundled Worker and prints its answer: node workerd.mjs FOLDER, with worker.mjs and *.wasm in it.

import { Miniflare } from "miniflare";

// workerd takes no path that leaves its starting folder.
process.chdir(process.argv[2]);
const worker = new Miniflare({
  scriptPath: "worker.mjs",
  modules: true,
  modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
  compatibilityDate: "2026-01-01",
});
const answer = await (await worker.dispatchFetch("http://worker.local/")).text();
await worker.dispose();
console.log(answer);
if (!/^\d+ passed, 0 failed$/.test(answer) || answer.startsWith("0 ")) process.exitCode = 1;
