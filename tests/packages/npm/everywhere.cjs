// All vectors through `require`.

const kyso = require("kyso");

Promise.all([import("./cases.mjs"), import("./check.mjs")]).then(([{ files }, { run }]) => {
  const { passed, failed } = run(kyso, files, console.log);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0) process.exitCode = 1;
});
