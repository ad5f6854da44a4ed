// Canary secrets through every call of the vectors: neither errors nor results nor the clients themselves show them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import * as kyso from "kyso";
import { allCalls } from "./calls.mjs";

const SECRETS = ["canary-SECURE-PASS-7Qx!", "canary-PASSCODE-8Wz+1/2", "canary-CLIENT-SECRET-9Yv", "canary-API-SECRET-KEY-0Tu",
  "canary-PREVIOUS-1Sr&x=y", "5eca9a51c0ffee00112233445566778899aabbccddeeff0123456789abcdef01"];
const [pass, passcode, client_secret, secret_key, previous, key] = SECRETS;
const CLIENTS = {
  TConnect: new kyso.TConnect({ partner_code: "P1", key, environment: "sandbox" }),
  HPay: new kyso.HPay({ merchant_site_code: "65001", environment: "sandbox", secure_pass: pass, passcode, client_id: "id",
    client_secret, previous_secrets: [previous] }),
  AppotaPay: new kyso.AppotaPay({ partner_code: "P1", api_key: "public-part", secret_key, environment: "sandbox",
    previous_secrets: [previous] }),
  VietQR: kyso.VietQR,
};
/** OAuth's client credentials stand in the body by protocol. */
const SENDS_ITS_SECRET = ["hpay.open_api.token", "appotapay.wallet.access_token", "appotapay.wallet.refresh_token"];

/** A piece from the middle, in the encodings in which it could be hidden. */
const NEEDLES = SECRETS.flatMap((secret) => {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((shift) => Buffer.concat([Buffer.alloc(shift, "x"), bytes]).toString("base64").slice(4, -4));
  return [secret.slice(7, 19), bytes.toString("hex"), encodeURIComponent(secret), ...base64];
});
const leak = (text) => NEEDLES.find((needle) => text.includes(needle));
const shown = (value) => inspect(value, { showHidden: true, depth: null, getters: true, maxStringLength: null, maxArrayLength: null });

test("no call shows a secret", () => {
  const count = { errors: 0, results: 0 };
  for (const { operation, face, service, method, input } of allCalls()) {
    if (input.include_bytes !== undefined) continue; // Gives the passcode, on request.
    let text;
    try {
      const result = CLIENTS[face][service][method](input);
      if (SENDS_ITS_SECRET.includes(operation)) continue;
      text = shown(result);
      count.results++;
    } catch (error) {
      text = [shown(error), error.stack, String(error), JSON.stringify(error), JSON.stringify(Object.entries(error))].join("\n");
      count.errors++;
    }
    assert.equal(leak(text), undefined, `${operation} shows a secret`);
  }
  console.log(`${count.errors} errors and ${count.results} results searched`);
  assert.ok(count.errors >= 2_000 && count.results >= 500);
});

test("no client shows a secret", () => {
  for (const [face, client] of Object.entries(CLIENTS)) {
    const texts = [shown(client), JSON.stringify(client), String(client), shown(Object.getOwnPropertyDescriptors(client))];
    for (const service of Object.values(client)) texts.push(shown(service), JSON.stringify(service), String(service));
    assert.equal(leak(texts.join("\n")), undefined, `${face} shows a secret`);
    if (face === "VietQR") continue;
    // A copy by the host holds nothing; it cannot be used either.
    assert.equal(leak(shown(structuredClone({ ...JSON.parse(JSON.stringify(client)) }))), undefined);
  }
});

test("control: a planted leak is found in every form", () => {
  for (const secret of SECRETS) {
    const bytes = Buffer.from(`x${secret}`);
    for (const text of [shown({ config: { secret } }), bytes.toString("hex"), bytes.toString("base64"), new Error(secret).stack]) {
      assert.ok(leak(text), text);
    }
  }
});
