// All vectors in a Worker; the answer to any request is the result.

import * as kyso from "kyso";
import { files } from "./cases.mjs";
import { run } from "./check.mjs";

export default {
  fetch() {
    const lines = [];
    const { passed, failed } = run(kyso, files, (line) => lines.push(line));
    return new Response([...lines, `${passed} passed, ${failed} failed`].join("\n"));
  },
};
