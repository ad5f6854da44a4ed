// Serves the built site on this machine and uses it in Chromium: node site.mjs SITE SCREENSHOTS

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { createRequire } from "node:module";
import { extname, join, resolve } from "node:path";

// Installed beside the test of the playground, which pins its version.
const { chromium } = createRequire(resolve("tests/playground/package.json"))("playwright-core");

const [site, screenshots] = process.argv.slice(2).map((path) => resolve(path));
const pages = readdirSync(site, { recursive: true }).filter((path) => path.endsWith(".html") && path !== "404.html");
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const server = createServer((request, response) => {
  const path = join(site, decodeURIComponent(new URL(request.url, "http://site").pathname));
  try {
    response.setHeader("Content-Type", TYPES[extname(path)] ?? "application/octet-stream").end(readFileSync(path));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
const origin = `http://127.0.0.1:${server.address().port}`;
const profile = mkdtempSync(join(tmpdir(), "kyso-site-"));
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"];
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [...quiet, "--disable-component-update", "--disable-sync"],
  viewport: { width: 1200, height: 900 },
});
const page = await browser.newPage();
page.setDefaultTimeout(60000);
const outside = [];
const complaints = [];
browser.on("request", (request) => {
  if (!request.url().startsWith(origin) && !/^(data|blob):/.test(request.url())) outside.push(request.url());
});
page.on("console", (line) => line.type() !== "info" && complaints.push(`${page.url()}: ${line.text()}`));
page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
const open = (path) => page.goto(`${origin}/${path}`);

let passed = 0;
const step = async (name, run) => {
  await run();
  passed += 1;
  console.log(`ok ${name}`);
};

/** Waits until the search shows a page. Typed, since it looks for results on key strokes. */
async function find(text, wanted) {
  await page.fill(".md-search__input", "");
  await page.locator(".md-search__input").pressSequentially(text);
  const links = () => page.$$eval(".md-search-result__item > a", (found) => found.map(({ href }) => href));
  for (let tries = 0; tries < 100; tries += 1) {
    if ((await links()).some((href) => href.includes(wanted))) return;
    await page.waitForTimeout(200);
  }
  assert.fail(`«${text}» finds ${await links()}`);
}

try {
  await step("every page loads and has a title and text", async () => {
    assert.ok(pages.length > 50, `${pages.length} pages`);
    for (const path of pages) {
      await open(path);
      const text = await page.locator("article").innerText();
      assert.ok(text.length > 100 && (await page.title()).includes("kyso"), path);
    }
  });
  await step("search finds sai chữ ký, invalid signature and an operation", async () => {
    await open("index.html");
    await page.click(".md-search__input");
    await find("sai chữ ký", "vi/invalid-signature.html");
    await page.screenshot({ path: join(screenshots, "search.png") });
    await find("invalid signature", "docs/invalid-signature.html");
    await find("virtual_account.read_callback", "virtual_account.html");
  });
  await step("a found page opens", async () => {
    await find("sai chữ ký", "vi/invalid-signature.html");
    await page.click('.md-search-result__item > a[href*="vi/invalid-signature.html"]');
    await page.waitForURL(/vi\/invalid-signature\.html/);
    assert.match(await page.locator("article").innerText(), /Sai chữ ký/);
  });
  await step("tabs of languages switch", async () => {
    await open("docs/gateways/hpay/checkout.html");
    await page.getByText("PHP", { exact: true }).first().click();
    assert.ok(await page.locator("code.language-php:visible, .language-php code:visible").first().isVisible());
    await page.screenshot({ path: join(screenshots, "gateway.png") });
  });
  await step("nothing is fetched from elsewhere, nothing complains", async () => {
    assert.deepEqual(outside, []);
    assert.deepEqual(complaints, []);
  });
} catch (error) {
  console.error(complaints);
  await page.screenshot({ path: join(screenshots, "failed.png") });
  throw error;
} finally {
  await browser.close();
  server.close();
  rmSync(profile, { recursive: true, force: true });
}
console.log(`site: ${passed} passed, 0 failed; ${pages.length} pages`);
