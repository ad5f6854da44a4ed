// What is signed is what is sent: Node's own URL parser reads the values back, and the host that the library checked.

import assert from "node:assert/strict";
import test from "node:test";
import { HPay } from "kyso";

const config = { merchant_site_code: "65001", environment: "sandbox", secure_pass: "test-pass-Aa1" };
const hpay = new HPay(config);

/** The same on every run. */
let state = 1;
function below(bound) {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * bound);
}

/** Letters that encoders differ on, letters of every length in UTF-8, and what ends a value. */
const LETTERS = [..." ~!'()*-._&=+%#?/:;,@$[]{}|\\^`\"<>", ..."aZđĐếỆ\u0302€漢🏦\u200d\u{10ffff}"];
const text = () => Array.from({ length: 1 + below(20) }, () => LETTERS[below(LETTERS.length)]).join("");

test("WHATWG's parser reads back what was signed", () => {
  let read = 0;
  for (let round = 0; round < 10_000; round++) {
    const values = { transaction_info: text(), order_description: text(), buyer_info: text() };
    const return_url = `https://shop.example/cb?a=${encodeURIComponent(text())}`;
    const fixed = { receiver: "m@example.com", order_code: "OM_1", price: 20000 };
    const { url } = hpay.checkout.createLegacyLink({ ...fixed, ...values, return_url });
    const { searchParams, host, hash } = new URL(url);
    assert.equal(host, "checkout-sandbox.hpay.com.vn");
    assert.equal(hash, "");
    for (const [name, value] of Object.entries({ ...fixed, ...values })) {
      assert.deepEqual(searchParams.getAll(name), [String(value)], url);
      read++;
    }
  }
  assert.equal(read, 60_000);
});

test("both see the same host in the addresses that requests go to", () => {
  const hosts = ["a.example", "A.example:8443", "localhost:1", "127.0.0.1", "[::1]:9", "xn--bcher-kva.example", "a_b.example"];
  const tricks = ["a.example@b.example", "a.example\\@b.example", "a.example%2eb", "a.example#@b", "a.example?@b", "a。example", "a\tb.example"];
  for (const host of [...hosts, ...tricks]) {
    const checkout = `https://${host}/x`;
    let made;
    try {
      made = new HPay({ ...config, base_urls: { checkout } });
    } catch (error) {
      assert.equal(error.field, "base_urls.checkout");
      assert.ok(tricks.includes(host), host);
      continue;
    }
    assert.ok(hosts.includes(host), host);
    const { url } = made.checkout.createLink({ return_url: "https://shop.example/", receiver: "m@e.example", order_code: "O", price: 1000 });
    assert.equal(new URL(url).host, host.toLowerCase());
  }
});
