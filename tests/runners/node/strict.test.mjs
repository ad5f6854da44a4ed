// The strict layer of the installed package: what is a record, secrets in texts, misuse of clients.
// Run with node --test beside node_modules/kyso (scripts/test-node does).

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";
import { inspect } from "node:util";
import { AppotaPay, HPay, KysoError, TConnect, VietQR } from "kyso";

const dist = new URL("node_modules/kyso/dist/", import.meta.url);
const require = createRequire(import.meta.url);
const KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const tconnect = new TConnect({ partner_code: "1111111", key: KEY, environment: "sandbox" });
const hpay = new HPay({
  merchant_site_code: "65001",
  secure_pass: "test-pass-Aa1",
  passcode: "test-code-Aa1",
  environment: "sandbox",
});
const appotapay = new AppotaPay({
  partner_code: "PARTNER",
  api_key: "test-key-Aa1",
  secret_key: "test-secret-Aa1",
  environment: "sandbox",
});

function detached() {
  const bytes = new Uint8Array(8);
  structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
  return bytes;
}

const LOGIN = { username: "a@b.vn", password: "p", client_id: "c", client_secret: "s" };
const LINK = { return_url: "https://a.vn/r", receiver: "m@a.vn", order_code: "OM_1", price: 20000 };

test("what is no record at all is a TypeError", () => {
  const records = [undefined, null, true, 1, 1n, "{}", [], () => 1, Symbol("1"), new Date(), new Map(), new String("{}")];
  records.push(new Uint8Array(2), Buffer.from("{}"), new (class Login {})());
  for (const value of records) {
    assert.throws(() => tconnect.auth.login(value), TypeError, inspect(value));
    assert.throws(() => new TConnect(value), TypeError, inspect(value));
  }
});

test("plain objects of every making are records", () => {
  const members = { plaintext: "x" };
  assert.ok(tconnect.envelope.seal(Object.assign(Object.create(null), members)).data);
  assert.ok(tconnect.envelope.seal(JSON.parse(JSON.stringify(members))).data);
  assert.ok(tconnect.envelope.seal(require("node:vm").runInNewContext("({ plaintext: 'x' })")).data);
  assert.equal(tconnect.ipn.acknowledge().status, 200);
});

test("texts of every plane and values of every kind arrive as they are", () => {
  const texts = ["", "a", "Đồng", "🏦", "a🏦Đ", "5:x;", "\u0000\n\u2028\"\\", "é".repeat(70000), "x".repeat(200000), "🏦".repeat(50000)];
  for (const plaintext of texts) {
    assert.equal(tconnect.envelope.open(tconnect.envelope.seal({ plaintext })).plaintext, plaintext);
  }
  const extra = { "tên 🏦": ["Đ", [], {}, true, false, null, -1, 2 ** 53 - 1, [{ "": "🏦" }]], "": "", "3:a": { s: "1:b" } };
  const { body } = tconnect.auth.login({ ...LOGIN, extra });
  const payload = JSON.parse(tconnect.envelope.open(JSON.parse(body)).plaintext);
  for (const [name, value] of Object.entries(extra)) assert.deepEqual(payload[name], value, name);
});

test("an expectation that was forgotten is not met", () => {
  const input = { body: "{}", expected: { order_id: "DH-1", amount: undefined } };
  const refused = (field) => ({ code: "wrong_type", field, message: /: is undefined$/, message_vi: /: là undefined$/ });
  assert.throws(() => tconnect.ipn.readCallback(input), refused("expected.amount"));
  assert.throws(() => tconnect.auth.login({ ...LOGIN, extra: { a: [{ b: undefined }] } }), refused("extra.a.0.b"));
  assert.throws(() => tconnect.auth.login({ ...LOGIN, extra: { a: [undefined] } }), refused("extra.a.0"));
  assert.ok(tconnect.auth.login({ ...LOGIN, extra: undefined }).body);
});

test("only own members count", () => {
  const inherited = Object.create(Object.assign(Object.create(null), { plaintext: "x" }));
  assert.throws(() => tconnect.envelope.seal(inherited), TypeError);
});

test("every member is read exactly once", () => {
  const reads = [];
  const input = new Proxy(
    { plaintext: "first" },
    {
      get(target, name) {
        reads.push(name);
        return reads.filter((read) => read === name).length > 1 ? "second" : target[name];
      },
    },
  );
  const sealed = tconnect.envelope.seal(input);
  assert.equal(tconnect.envelope.open(sealed).plaintext, "first");
  assert.deepEqual(reads, ["plaintext"]);
});

test("names and nested values are named in errors, values never", () => {
  const bad = { "a\ud800": 1 };
  const login = LOGIN;
  const cases = [
    [{ ...login, extra: bad }, "wrong_type", "extra.a"],
    [{ ...login, extra: { list: [1, "\udc00"] } }, "wrong_type", "extra.list.1"],
    [{ ...login, extra: { when: new Date() } }, "wrong_type", "extra.when"],
    [{ ...login, usename: "canary-value" }, "unknown_field", "usename"],
  ];
  for (const [input, code, field] of cases) {
    assert.throws(() => tconnect.auth.login(input), (error) => {
      assert.deepEqual([error.code, error.field], [code, field]);
      assert.doesNotMatch(inspect(error), /canary-value/);
      return true;
    });
  }
});

test("objects that contain themselves end in an error", () => {
  const loop = {};
  loop.loop = loop;
  const list = [];
  list.push(list);
  for (const extra of [loop, { list }]) {
    assert.throws(() => tconnect.auth.login({ ...LOGIN, extra }), { code: "malformed_input" });
  }
  assert.throws(() => tconnect.envelope.seal({ plaintext: "x".repeat(2 ** 25) }), { code: "malformed_input" });
});

test("raw texts may be bytes, strict UTF-8", () => {
  const body = '{"access_token":"Đ"}';
  for (const bytes of [Buffer.from(body), new TextEncoder().encode(body)]) {
    assert.equal(tconnect.auth.readLogin({ body: bytes }).access_token, "Đ");
  }
  const refused = { code: "not_utf8", field: "body" };
  assert.throws(() => tconnect.auth.readLogin({ body: Buffer.from([0x22, 0xff]) }), refused);
  assert.throws(() => tconnect.auth.readLogin({ body: Buffer.from([0xed, 0xa0, 0x80]) }), refused);
  for (const body of [new Uint8ClampedArray(2), new Uint16Array(2), new DataView(new ArrayBuffer(2)), detached()]) {
    assert.throws(() => tconnect.auth.readLogin({ body }), { code: "wrong_type", field: "body" });
  }
  assert.throws(() => tconnect.envelope.seal({ plaintext: Buffer.from("x") }), { code: "wrong_type" });
});

test("amounts cross the border exactly", () => {
  const link = (price) => hpay.checkout.createLegacyLink({ ...LINK, price }).signature;
  assert.equal(link(4294967297), link("4294967297"));
  assert.equal(link(4294967297n), link("4294967297"));
  assert.notEqual(link(1), link(4294967297));
});

test("no secret is shown anywhere", () => {
  const secret = "Canary-7f3a9c51e2d84b60";
  const key = "c0ffee5eed".repeat(6) + "c0de";
  const clients = [
    new TConnect({ partner_code: "1111111", key, environment: "sandbox" }),
    new HPay({ merchant_site_code: "65001", secure_pass: secret, passcode: secret, environment: "sandbox" }),
    // The api_key stands in every token, by protocol.
    new AppotaPay({ partner_code: "P", api_key: "key-1", secret_key: secret, environment: "sandbox" }),
  ];
  const shown = [];
  const attempt = (call) => {
    try {
      shown.push(inspect(call(), { showHidden: true, depth: null }));
    } catch (error) {
      shown.push(inspect(error, { showHidden: true, depth: null }), error.stack, String(error), JSON.stringify(error));
    }
  };
  for (const client of clients) {
    shown.push(inspect(client, { showHidden: true, depth: null, getters: true }), JSON.stringify(client), String(client));
    for (const service of Object.values(client)) {
      for (const method of Object.getOwnPropertyNames(Object.getPrototypeOf(service))) {
        if (method === "constructor") continue;
        for (const input of [{}, { body: "{}" }, { query: "a=b" }]) attempt(() => service[method](input));
      }
    }
  }
  attempt(() => clients[1].checkout.createLegacyLink(LINK));
  attempt(() => clients[1].checkout.readCallback({ query: "secure_code=00&order_code=1" }));
  attempt(() => new TConnect({ partner_code: "1", key: `${secret}zz`, environment: "sandbox" }));
  attempt(() => new HPay({ merchant_site_code: "1", secure_pass: `${secret} `, environment: "sandbox" }));
  attempt(() => clients[0].auth.login({ ...LOGIN, password: `${secret}\u0000` }));
  const text = shown.join("\n");
  const bytes = Buffer.from(secret);
  for (const form of [secret, key, bytes.toString("hex"), bytes.toString("base64").slice(0, -2), encodeURIComponent(secret)]) {
    assert.ok(!text.includes(form), `a secret is shown after: ${text.slice(0, text.indexOf(form)).slice(-200)}`);
  }
});

test("a freed client refuses, and can be freed again", () => {
  const client = new TConnect({ partner_code: "1", key: KEY, environment: "sandbox" });
  client.free();
  client.free();
  client[Symbol.dispose]();
  assert.throws(() => client.auth.login(LOGIN), { name: "KysoError", code: "null_pointer" });
});

test("a face cannot run on another object", () => {
  const { login } = tconnect.auth;
  for (const self of [undefined, {}, { __wbg_ptr: 1 }]) {
    assert.throws(() => login.call(self, LOGIN), TypeError);
  }
});

test("the error holds the whole record", () => {
  const error = (() => {
    try {
      tconnect.auth.login({});
    } catch (thrown) {
      return thrown;
    }
  })();
  assert.ok(error instanceof Error && error instanceof KysoError);
  assert.deepEqual(Object.keys(JSON.parse(JSON.stringify(error))), [
    "code",
    "operation",
    "field",
    "stage",
    "message",
    "message_vi",
  ]);
});

test("ESM and CommonJS share one instance", async () => {
  assert.equal(require("kyso").KysoError, KysoError);
  assert.equal(require("kyso").TConnect, TConnect);
});

/** Runs a script in a process of its own, since it breaks something. */
const alone = (script) => execFileSync(process.execPath, ["-e", script], { cwd: import.meta.dirname, encoding: "utf8" });
const SETUP = `
  const { AppotaPay, TConnect } = require("kyso");
  const code = (call) => { try { call(); return "accepted"; } catch (error) { return error.code ?? error.name; } };
  const tconnect = new TConnect({ partner_code: "1", key: "${KEY}", environment: "sandbox" });
  const seal = () => tconnect.envelope.seal({ plaintext: "x" });`;

test("no secret stays in memory", () => {
  const script = `
    const { Instance } = WebAssembly;
    let memory;
    WebAssembly.Instance = class extends Instance {
      constructor(...given) {
        super(...given);
        memory = this.exports.memory;
      }
    };
    const { AppotaPay, HPay, TConnect } = require("kyso");
    const secrets = Array.from({ length: 13 }, (_, index) => "Canary-" + String(index).repeat(20));
    // A fragment from the middle: allocators overwrite the beginning of what is freed.
    const found = () => secrets.map((secret) => Buffer.from(memory.buffer).includes(secret.slice(5, 21)));
    const [passcode, pass, secret, previous, user, password, token, refused, typed, read, sealed, opened, order] = secrets;
    const refuse = (call) => {
      try {
        call();
      } catch (error) {
        return;
      }
      throw new Error("was accepted");
    };
    const clients = [
      new TConnect({ partner_code: "1", key: "${KEY}", environment: "sandbox" }),
      new HPay({ merchant_site_code: "65001", secure_pass: pass, passcode, environment: "sandbox" }),
      new AppotaPay({ partner_code: "P", api_key: "k-1", secret_key: secret, previous_secrets: [previous], environment: "sandbox" }),
    ];
    const alive = found();
    clients[0].auth.login({ username: user, password, client_id: "c", client_secret: "s" });
    clients[0].auth.readLogin({ body: JSON.stringify({ access_token: token }) });
    // Long texts go another way.
    for (const plaintext of [sealed, opened]) {
      for (const size of [5000, 200000]) {
        const { data } = clients[0].envelope.seal({ plaintext: plaintext.padEnd(size) });
        if (plaintext === opened) clients[0].envelope.open({ data });
      }
    }
    clients[1].checkout.createLink({ return_url: "https://a.vn/", receiver: "m@a.vn", order_code: order, price: 1000 });
    clients[2].auth.token({});
    // What ends in an error leaves nothing behind either.
    refuse(() => new HPay({ merchant_site_code: "65001", passcode: refused + " ", environment: "sandbox" }));
    refuse(() => clients[0].auth.login({ username: user, password: typed + "\\u0000", client_id: "c", client_secret: "s" }));
    refuse(() => clients[0].auth.readLogin({ body: JSON.stringify({ access_token: read }) + "x" }));
    clients.forEach((client) => client.free());
    console.log(JSON.stringify({ alive, freed: found() }));`;
  const { alive, freed } = JSON.parse(alone(script));
  assert.ok(alive[0] && alive[1], "the scan finds what is there");
  // The last is an order code, no secret.
  assert.deepEqual(freed.slice(0, 12), new Array(12).fill(false));
});

test("hosts without Node's own writer and reader get the same texts", () => {
  const script = (before) => `
    ${before}
    ${SETUP}
    const texts = ["", "a", "Đồng 🏦", "x".repeat(70000), "é".repeat(70000)];
    console.log(texts.every((plaintext) => tconnect.envelope.open(tconnect.envelope.seal({ plaintext })).plaintext === plaintext));
    console.log(code(() => tconnect.envelope.seal({ plaintext: 1 })));`;
  for (const before of ["", "delete Buffer.prototype.utf8Write;", "globalThis.Buffer = undefined;"]) {
    assert.equal(alone(script(before)), "true\nwrong_type\n", before);
  }
});

test("without randomness nothing is sealed", () => {
  const script = `${SETUP}
    Object.defineProperty(globalThis, "crypto", { value: undefined });
    console.log(code(seal));`;
  assert.equal(alone(script).trim(), "no_randomness");
});

test("the clock may call back in", () => {
  const script = `${SETUP}
    const appotapay = new AppotaPay({ partner_code: "P", api_key: "k-1", secret_key: "s-1", environment: "sandbox" });
    const now = Date.now;
    const quiet = JSON.stringify(appotapay.auth.token({})).length;
    const large = "Đ".repeat(100000);
    let inner;
    Date.now = () => {
      Date.now = now;
      inner = tconnect.envelope.open(tconnect.envelope.seal({ plaintext: large })).plaintext === large;
      return now();
    };
    console.log(JSON.stringify(appotapay.auth.token({})).length === quiet, inner);`;
  assert.equal(alone(script), "true true\n");
});

test("a fault inside WebAssembly is an error, and nothing runs on what it left behind", () => {
  const script = `${SETUP}
    const appotapay = new AppotaPay({ partner_code: "P", api_key: "k-1", secret_key: "s-1", environment: "sandbox" });
    const now = Date.now;
    Date.now = () => { throw new Error("no clock"); };
    const first = code(() => appotapay.auth.token({}));
    Date.now = () => Symbol("no number");
    const second = code(() => appotapay.auth.token({}));
    Date.now = now;
    console.log(first, second, code(seal), code(() => new TConnect({})));`;
  assert.match(alone(script), / internal internal internal$/m);
});

test("a trap in any export is an error, and nothing runs afterwards", () => {
  const script = `
    const { Instance } = WebAssembly;
    let trap;
    let exported;
    // Each export can be made to trap, as a panic inside it would.
    WebAssembly.Instance = class extends Instance {
      constructor(...given) {
        super(...given);
        const wrapped = Object.entries(this.exports).map(([name, real]) => [
          name,
          typeof real !== "function" ? real : (...values) => {
            if (name === trap) throw new WebAssembly.RuntimeError("unreachable");
            return real(...values);
          },
        ]);
        exported = Object.fromEntries(wrapped);
        Object.defineProperty(this, "exports", { value: exported });
      }
    };
    const seen = {};
    const names = (require("kyso").VietQR.bank.find({ bin: "970403" }), Object.keys(exported)).filter((name) => typeof exported[name] === "function");
    for (const name of names) {
      for (const file of Object.keys(require.cache)) delete require.cache[file];
      const { KysoError, TConnect, VietQR } = require("kyso");
      const make = () => new TConnect({ partner_code: "1", key: "${KEY}", environment: "sandbox" });
      const code = (call) => {
        try {
          call();
          return "done";
        } catch (error) {
          return error instanceof KysoError ? error.code : String(error);
        }
      };
      const client = make();
      const calls = [() => client.envelope.seal({ plaintext: "x" }), () => VietQR.bank.find({ bin: "970403" }), make,
        () => new TConnect({}), () => client.envelope.seal({}), () => make().free()];
      trap = name;
      const first = calls.map(code);
      trap = undefined;
      seen[name] = [first, calls.map(code)];
    }
    console.log(JSON.stringify(seen));`;
  const seen = JSON.parse(alone(script));
  const good = ["done", "done", "done", "missing_field", "missing_field", "done"];
  let trapped = 0;
  for (const [name, [during, after]] of Object.entries(seen)) {
    if (!during.includes("internal")) {
      assert.deepEqual([during, after], [good, good], `${name} is not used`);
      continue;
    }
    trapped++;
    const from = during.indexOf("internal");
    // The one that trapped and all behind it; nothing but our own error is thrown.
    assert.deepEqual(during, [...good.slice(0, from), ...during.slice(from).map(() => "internal")], name);
    assert.deepEqual(after, after.map(() => "internal"), name);
  }
  console.log(`${trapped} exports trapped, of ${Object.keys(seen).length}`);
  assert.ok(trapped >= 6);
});

test("what a record inherits or hides is refused, not left out", () => {
  const query = "order_code=1&price=1&payment_id=1&payment_type=1&secure_code=00";
  class Expected {}
  Expected.prototype.price = 2;
  for (const expected of [
    Object.create(Object.assign(Object.create(null), { price: 2 })),
    Object.defineProperty({}, "price", { value: 2 }),
    { [Symbol("price")]: 2 },
    Expected.prototype,
  ]) {
    assert.throws(() => hpay.checkout.readCallback({ query, expected }), { code: "wrong_type", field: "expected" });
  }
});

test("as many values as the core reads, not more", () => {
  const seal = (list) => tconnect.auth.login({ ...LOGIN, extra: { list } });
  assert.ok(seal(new Array(100_000).fill(true)).body);
  for (const list of [new Array(300_000).fill(true), new Array(200_000).fill([1]), new Array(4e7)]) {
    assert.throws(() => seal(list), { code: "malformed_input" });
  }
  const lying = new Proxy([], { get: (target, name) => (name === "length" ? -0.25 : target[name]) });
  assert.throws(() => seal(lying), { code: "wrong_type" });
});

test("a host that recurses too deeply gets its RangeError, and kyso works on", () => {
  const strip = () => VietQR.text.stripDiacritics({ text: "x" });
  let depth = 0;
  const recurse = () => {
    if (++depth > 5000) {
      try {
        strip();
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }
    recurse();
  };
  assert.throws(recurse, RangeError);
  assert.equal(strip().text, "x");
});
