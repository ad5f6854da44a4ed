// Opens the playground from disk in Chromium and does what a visitor does: node test.mjs PAGE MESSAGES SCREENSHOTS

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [file, messages, screenshots] = process.argv.slice(2).map((path) => resolve(path));
const message = (name) => readFileSync(join(messages, name), "utf8");
const address = pathToFileURL(file).href;
const profile = mkdtempSync(join(tmpdir(), "kyso-playground-"));
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...quiet, "--disable-component-update", "--disable-sync"],
  locale: "en-GB",
  viewport: { width: 1100, height: 1000 },
});
const page = await browser.newPage();
page.setDefaultTimeout(15000);
const requests = [];
const complaints = [];
browser.on("request", (request) => requests.push(request.url()));
page.on("console", (line) => complaints.push(line.text()));
page.on("pageerror", (error) => complaints.push(String(error)));

const secrets = {
  tconnect: { partner_code: "1111111", key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4" },
  hpay: { merchant_site_code: "65001", secure_pass: "test-pass-Aa1" },
  appotapay: {
    partner_code: "APPOTAPAY",
    api_key: "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8",
    secret_key: "XAonJgy14YhtePEITXhyBS2unjfJLAV3",
  },
};
const HIDDEN = ["key", "secure_pass", "api_key", "secret_key"];

/** A link, and what md5sum makes of its text with the address in lower case. */
const LINK = JSON.stringify({
  return_url: "https://Shop.Example.com/Return",
  receiver: "merchant@example.com",
  transaction_info: "Ghi chú đơn hàng",
  order_code: "OM_1",
  price: 20000,
});
const LOWER_CASED = "096f02d67c01f1d88c973161fce40260";
/** The same as it went out, signed right by md5sum. */
const SENT =
  "https://checkout-sandbox.hpay.com.vn/checkout.php?merchant_site_code=65001" +
  "&return_url=https%3A%2F%2FShop.Example.com%2FReturn&receiver=merchant%40example.com" +
  "&transaction_info=Ghi+ch%C3%BA+%C4%91%C6%A1n+h%C3%A0ng&order_code=OM_1&price=20000&currency=vnd&quantity=1&tax=0" +
  "&discount=0&fee_cal=0&fee_shipping=0&order_description=&buyer_info=&affiliate_code=&installment=0&inpage=0" +
  "&payment_method_id=0&secure_code=2feb8ca71502b4a1c4c716613af7ac5f";

let passed = 0;
const step = async (name, run) => {
  await run();
  passed += 1;
  console.log(`ok ${name}`);
};
const task = (name) => page.click(`[data-task=${name}]`);
const result = () => page.locator("#result").innerText();

async function choose(gateway, operation) {
  await page.selectOption("#gateway", gateway);
  for (const [name, value] of Object.entries(secrets[gateway])) {
    await page.fill(`#settings #${name}`, value);
    assert.equal(await page.getAttribute(`#${name}`, "type"), HIDDEN.includes(name) ? "password" : "text");
  }
  await page.selectOption("#operation", operation);
}

async function check(text) {
  await page.fill("#text", text);
  await page.click("#message button.main");
  const shown = await result();
  for (const values of Object.values(secrets)) {
    for (const name of HIDDEN) assert.ok(!(name in values) || !shown.includes(values[name]), `${name} is shown`);
  }
  return shown;
}

try {
  await page.goto(address);

  await step("HPay return_url: verified", async () => {
    await choose("hpay", "hpay.checkout.read_callback");
    const shown = await check(message("hpay_return_url.txt"));
    assert.match(shown, /^Verified/);
    assert.match(shown, /"price": 200000/);
    await page.screenshot({ path: join(screenshots, "verified.png"), fullPage: true });
  });
  await step("HPay return_url inside its address: the same", async () => {
    assert.match(await check(`https://shop.example.com/return?${message("hpay_return_url.txt")}`), /^Verified/);
  });
  await step("HPay return_url, price changed: refused and explained, without the right digest", async () => {
    const shown = await check(message("hpay_return_url_tampered.txt"));
    assert.match(shown, /^Refused: signature_mismatch/);
    assert.match(shown, /tichhopthanhtoan OM_1768202539 900000 96138500 1 {2}65001 \*\*\*/);
    assert.match(shown, /token_omipay.*does not cover it/);
    assert.doesNotMatch(shown, /Right signature/);
    await page.screenshot({ path: join(screenshots, "tampered.png"), fullPage: true });
  });

  await step("HPay legacy link as another program signed it: the mistake is named", async () => {
    await task("built");
    await page.selectOption("#operation", "hpay.checkout.create_legacy_link");
    await page.fill("#signature", LOWER_CASED);
    const shown = await check(LINK);
    assert.match(shown, /addresses are lower-cased/);
    assert.match(shown, /Right signature/);
  });
  await step("HPay legacy link as it was sent: right, wrong, the mistake named; no right digest", async () => {
    await task("sent");
    assert.equal(await page.inputValue("#operation"), "hpay.checkout.create_legacy_link");
    await page.fill("#signature", "");
    assert.match(await check(SENT), /^The signature is right/);
    const wrong = await check(SENT.replace("price=20000", "price=30000"));
    assert.match(wrong, /^The given signature is not right/);
    const named = await check(SENT.replace(/secure_code=.*/, `secure_code=${LOWER_CASED}`));
    assert.match(named, /^The given signature comes out when addresses are lower-cased/);
    assert.doesNotMatch(wrong + named, /Right signature/);
    await task("built");
  });
  await step("In Vietnamese", async () => {
    await page.click("#language");
    assert.equal(await page.getAttribute("html", "lang"), "vi");
    await page.fill("#signature", LOWER_CASED);
    assert.match(await check(LINK), /địa chỉ URL bị đổi thành chữ thường/);
    await page.screenshot({ path: join(screenshots, "explained_vi.png"), fullPage: true });
    await page.click("#language");
  });

  await step("AppotaPay callback: verified", async () => {
    await task("received");
    await choose("appotapay", "appotapay.firm_banking.read_callback");
    assert.equal(await page.inputValue("#signature"), "");
    const shown = await check(message("appotapay_callback.json"));
    assert.match(shown, /^Verified/);
    assert.match(shown, /615fb520099dq4/);
  });
  await step("AppotaPay callback, amount changed: refused", async () => {
    assert.match(await check(message("appotapay_callback_tampered.json")), /^Refused: signature_mismatch/);
  });
  await step("AppotaPay callback under another secret: refused", async () => {
    await page.fill("#secret_key", "YAonJgy14YhtePEITXhyBS2unjfJLAV3");
    assert.match(await check(message("appotapay_callback.json")), /^Refused: signature_mismatch/);
  });

  await step("TConnect payload: opened", async () => {
    await task("opened");
    await choose("tconnect", "tconnect.envelope.open");
    const shown = await check(message("tconnect_ipn.json"));
    assert.match(shown, /^Decrypted/);
    assert.match(shown, /"amount": 2000\.0,/);
    assert.equal(await check(JSON.parse(message("tconnect_ipn.json")).data), shown);
    await page.screenshot({ path: join(screenshots, "opened.png"), fullPage: true });
  });
  await step("TConnect payload, one bit changed: refused", async () => {
    assert.match(await check(message("tconnect_ipn_tampered.json")), /^Refused: decrypt_failed/);
  });
  await step("No JSON, no configuration: said", async () => {
    assert.match(await check("{"), /not a JSON object/);
    await page.fill("#key", "");
    assert.match(await check("00"), /^Refused: missing_field/);
  });

  await step("VietQR: drawn as a picture", async () => {
    await task("vietqr");
    await page.selectOption("#bin", "970436");
    await page.fill("#account", "0123456789");
    await page.fill("#amount", "50000");
    await page.fill("#purpose", "Đơn hàng 1");
    await page.click("#vietqr button.main");
    const shown = await result();
    assert.match(shown, /0208QRIBFTTA5303704540550000/);
    assert.match(shown, /"purpose": "Don hang 1"/);
    await page.waitForFunction(() => document.querySelector("#result img")?.naturalWidth > 100);
    await page.locator("#result img").screenshot({ path: join(screenshots, "code.png") });
    await page.screenshot({ path: join(screenshots, "vietqr.png"), fullPage: true });
  });
  await step("VietQR text with a wrong CRC: refused", async () => {
    const made = (await page.locator("#result pre").first().innerText()).replace(/.{4}$/, "0000");
    await page.fill("#qr_text", made);
    await page.click("#vietqr button.main");
    assert.match(await result(), /^Refused/);
  });

  await step("A secret does not move to another gateway's form; forget empties everything", async () => {
    await task("received");
    await choose("hpay", "hpay.checkout.read_callback");
    await page.selectOption("#gateway", "appotapay");
    assert.equal(await page.locator("#secure_pass").count(), 0);
    await choose("appotapay", "appotapay.firm_banking.read_callback");
    await check(message("appotapay_callback.json"));
    await page.click("#forget");
    const left = await page.$$eval("input, textarea", (fields) => fields.map(({ value }) => value).join(""));
    assert.equal(left + (await result()), "");
  });
  await step("Nothing is stored, nothing is in the address", async () => {
    const kept = await page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]);
    assert.deepEqual(kept, [0, 0, ""]);
    assert.equal(page.url(), address);
  });
  await step("No request but the page itself and its inline pictures, no complaint in the console", async () => {
    assert.deepEqual(requests.filter((url) => !url.startsWith("data:")), [address]);
    assert.deepEqual(complaints, []);
  });
  await step("The policy lets nothing out and no other script run", async () => {
    const outside = { connections: 0, bytes: 0 };
    const server = createServer((socket) => {
      outside.connections += 1;
      socket.on("data", ({ length }) => (outside.bytes += length)).on("error", () => {});
    });
    await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
    const url = `http://127.0.0.1:${server.address().port}/`;
    const tried = await page.evaluate(async (url) => {
      window.blocked = [];
      document.addEventListener("securitypolicyviolation", (event) => blocked.push(event.effectiveDirective));
      await fetch(url).catch(() => {});
      navigator.sendBeacon(url, "x");
      new WebSocket(url.replace("http", "ws"));
      new Image().src = url;
      document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" }));
      await new Promise((done) => setTimeout(done, 300));
      return { blocked: blocked.sort(), ran: window.ran === true };
    }, url);
    const directives = ["connect-src", "connect-src", "connect-src", "img-src", "script-src-elem"];
    assert.deepEqual(tried, { blocked: directives, ran: false });
    assert.equal(outside.connections, 0);

    // For a form Chromium opens a connection ahead of the check of the policy, and then sends nothing on it.
    const refused = await page.evaluate(async (url) => {
      const form = document.body.appendChild(document.createElement("form"));
      form.action = url;
      form.submit();
      await new Promise((done) => setTimeout(done, 300));
      return blocked.includes("form-action");
    }, url);
    assert.ok(refused);
    assert.equal(outside.bytes, 0);
    assert.equal(page.url(), address);
    server.close();
  });
} catch (error) {
  console.error(complaints);
  await page.screenshot({ path: join(screenshots, "failed.png"), fullPage: true });
  throw error;
} finally {
  await browser.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`playground: ${passed} passed, 0 failed`);
