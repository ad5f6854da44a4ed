// All vectors through the package that this host resolves as "kyso". The same program for every host of ES modules.

import * as kyso from "kyso";
import { files } from "./cases.mjs";
import { run } from "./check.mjs";

const { passed, failed } = run(kyso, files, (line) => console.log(line));
console.log(`${passed} passed, ${failed} failed`);
if (failed > 0 || passed === 0) throw new Error("not every vector passed");
