// Reads each envelope of a file as a notification and prints what was seen, with its count: node oracle.mjs FILE

import { readFileSync } from "node:fs";
import { TConnect } from "kyso";

const key = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const client = new TConnect({ partner_code: "1", key, environment: "sandbox" });
const seen = new Map();
for (const data of readFileSync(process.argv[2], "ascii").trimEnd().split("\n")) {
  let found = "accepted\t";
  try {
    client.ipn.readCallback({ body: JSON.stringify({ data }) });
  } catch (error) {
    const record = error.toJSON?.() ?? String(error);
    const cause = error.cause === undefined ? "" : " with a cause";
    found = `${error.name}${cause}\t${JSON.stringify(record)}`;
  }
  seen.set(found, (seen.get(found) ?? 0) + 1);
}
for (const [found, count] of seen) console.log(`${count}\t${found}`);
