// Node: whole operations of the installed package beside the same jobs by hand. Prints one JSON text.
// Usage: node --expose-gc bench.mjs INPUTS ROUNDS [WORKLOAD,...]
//        node --expose-gc bench.mjs INPUTS memory       growth of the process over a million calls
import crypto from "node:crypto";
import { readFileSync } from "node:fs";
import { cbc } from "@noble/ciphers/aes.js";
import { bytesToHex, hexToBytes, randomBytes } from "@noble/ciphers/utils.js";
import { hmac } from "@noble/hashes/hmac.js";
import { md5 as nobleMd5 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import CryptoJS from "crypto-js";
import jsonwebtoken from "jsonwebtoken";
import { AppotaPay, HPay, TConnect } from "kyso";
import forge from "node-forge";

const [, , inputsFile, roundsText] = process.argv;
const inputs = JSON.parse(readFileSync(inputsFile, "utf8"));
const rounds = Number(roundsText);
/** Long enough for the clock and short enough to interleave, in microseconds of CPU time. */
const BATCH = 8000;
/** V8 compiles WebAssembly a second time after some ten thousand calls, on threads whose time is counted. */
const WARM_UP = 1500000;
/** JavaScript is compiled well after a few hundred. */
const WARM_UP_SCRIPT = 300000;

const tconnect = new TConnect(inputs.tconnect);
const appotapay = new AppotaPay(inputs.appotapay);
const hpay = new HPay(inputs.hpay);

// What a careful merchant keeps between calls.
const keyBytes = Buffer.from(inputs.tconnect.key, "hex");
const aesKey = crypto.createSecretKey(keyBytes);
const secret = inputs.appotapay.secret_key;
const macKey = crypto.createSecretKey(Buffer.from(secret));
const { merchant_site_code, secure_pass, passcode, receiver } = inputs.hpay;
const signKey = crypto.createPrivateKey(inputs.hpay.private_key);
const verifyKey = new crypto.X509Certificate(inputs.hpay.hpay_certificate).publicKey;
const forgeKey = forge.util.hexToBytes(inputs.tconnect.key);
const forgeSignKey = forge.pki.privateKeyFromPem(inputs.hpay.private_key);
const forgeVerifyKey = forge.pki.certificateFromPem(inputs.hpay.hpay_certificate).publicKey;
const cryptoJsKey = CryptoJS.enc.Hex.parse(inputs.tconnect.key);
const nobleKey = hexToBytes(inputs.tconnect.key);
const utf8 = new TextEncoder();
const fromUtf8 = new TextDecoder("utf-8", { fatal: true });
const nobleMacKey = utf8.encode(secret);

// The four ways to do the primitives.
const node = {
  seal(text) {
    const iv = crypto.randomBytes(16);
    const cipher = crypto.createCipheriv("aes-256-cbc", aesKey, iv);
    return iv.toString("hex") + cipher.update(text, "utf8", "hex") + cipher.final("hex");
  },
  open(data) {
    const bytes = Buffer.from(data, "hex");
    if (bytes.length * 2 !== data.length) throw new Error("no hexadecimal text");
    const decipher = crypto.createDecipheriv("aes-256-cbc", aesKey, bytes.subarray(0, 16));
    return Buffer.concat([decipher.update(bytes.subarray(16)), decipher.final()]).toString("utf8");
  },
  mac: (text) => crypto.createHmac("sha256", macKey).update(text).digest("hex"),
  md5: (text) => crypto.createHash("md5").update(text).digest("hex"),
  sign: (text) => crypto.sign("sha256", Buffer.from(text), signKey).toString("base64"),
  verify: (text, signature) => crypto.verify("sha256", Buffer.from(text), verifyKey, Buffer.from(signature, "base64")),
};
const cryptoJs = {
  seal(text) {
    const iv = CryptoJS.lib.WordArray.random(16);
    return iv.toString() + CryptoJS.AES.encrypt(text, cryptoJsKey, { iv }).ciphertext.toString();
  },
  open(data) {
    const iv = CryptoJS.enc.Hex.parse(data.slice(0, 32));
    const ciphertext = CryptoJS.enc.Hex.parse(data.slice(32));
    return CryptoJS.AES.decrypt({ ciphertext }, cryptoJsKey, { iv }).toString(CryptoJS.enc.Utf8);
  },
  mac: (text) => CryptoJS.HmacSHA256(text, secret).toString(),
  md5: (text) => CryptoJS.MD5(text).toString(),
};
const nodeForge = {
  seal(text) {
    const iv = forge.random.getBytesSync(16);
    const cipher = forge.cipher.createCipher("AES-CBC", forgeKey);
    cipher.start({ iv });
    cipher.update(forge.util.createBuffer(text, "utf8"));
    cipher.finish();
    return forge.util.bytesToHex(iv) + cipher.output.toHex();
  },
  open(data) {
    const decipher = forge.cipher.createDecipher("AES-CBC", forgeKey);
    decipher.start({ iv: forge.util.hexToBytes(data.slice(0, 32)) });
    decipher.update(forge.util.createBuffer(forge.util.hexToBytes(data.slice(32))));
    if (!decipher.finish()) throw new Error("padding");
    return decipher.output.toString("utf8");
  },
  mac(text) {
    const mac = forge.hmac.create();
    mac.start("sha256", secret);
    mac.update(forge.util.encodeUtf8(text));
    return mac.digest().toHex();
  },
  md5: (text) => forge.md.md5.create().update(text, "utf8").digest().toHex(),
  sign: (text) => forge.util.encode64(forgeSignKey.sign(forge.md.sha256.create().update(text, "utf8"))),
  verify(text, signature) {
    const digest = forge.md.sha256.create().update(text, "utf8").digest().getBytes();
    return forgeVerifyKey.verify(digest, forge.util.decode64(signature));
  },
};
const noble = {
  seal(text) {
    const iv = randomBytes(16);
    return bytesToHex(iv) + bytesToHex(cbc(nobleKey, iv).encrypt(utf8.encode(text)));
  },
  open(data) {
    const bytes = hexToBytes(data);
    return fromUtf8.decode(cbc(nobleKey, bytes.subarray(0, 16)).decrypt(bytes.subarray(16)));
  },
  mac: (text) => bytesToHex(hmac(sha256, nobleMacKey, utf8.encode(text))),
  md5: (text) => bytesToHex(nobleMd5(utf8.encode(text))),
};

// The jobs by hand, over any of them.
const equal = (left, right) => {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && crypto.timingSafeEqual(one, other);
};
const refuse = () => {
  throw new Error("signature");
};

const login = (by) => () => {
  const { username, password, client_id, client_secret } = inputs.login;
  const payload = JSON.stringify({ username, password, client_id, client_secret });
  return {
    method: "POST",
    url: "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login",
    headers: { "Content-Type": "application/json", "Partner-Code": inputs.tconnect.partner_code },
    body: JSON.stringify({ data: by.seal(payload) }),
  };
};

const readIpn = (by) => () => {
  const ipn = JSON.parse(by.open(JSON.parse(inputs.ipn).data));
  if (typeof ipn.request_id !== "string" || typeof ipn.retrieval_ref_no !== "string") throw new Error("members");
  if (!Number.isSafeInteger(ipn.amount) || ipn.amount <= 0) throw new Error("amount");
  return ipn;
};

const TRANSFER_URL = "https://gateway.dev.appotapay.com/api/v1/service/transfer/make";
const transfer = (by, token) => () => {
  const fields = { ...inputs.transfer };
  const text = Object.keys(fields)
    .sort()
    .map((name) => `${name}=${fields[name]}`)
    .join("&");
  const signature = by.mac(text);
  const headers = { "Content-Type": "application/json", "X-APPOTAPAY-AUTH": `Bearer ${token()}` };
  return { method: "POST", url: TRANSFER_URL, headers, body: JSON.stringify({ ...fields, signature }), signature };
};

const readCallback = (by) => () => {
  const { errorCode, transaction, signature } = JSON.parse(inputs.callback);
  const { amount, appotapayTransId, partnerRefId, time, transferAmount, transferStatus } = transaction;
  const text =
    `amount=${amount}&appotapayTransId=${appotapayTransId}&errorCode=${errorCode}&partnerRefId=${partnerRefId}` +
    `&time=${time}&transferAmount=${transferAmount}&transferStatus=${transferStatus}`;
  if (!equal(by.mac(text), signature)) refuse();
  return { errorCode, transaction };
};

const claims = () => {
  const { partner_code, api_key } = inputs.appotapay;
  const now = inputs.issued_at;
  return { iss: partner_code, jti: `${api_key}-${now}`, api_key, exp: now + 300 };
};
const JOSE = { typ: "JWT", alg: "HS256", cty: "appotapay-api;v=1" };
const jwtByHand = () => {
  const text = `${base64url(JSON.stringify(JOSE))}.${base64url(JSON.stringify(claims()))}`;
  return `${text}.${crypto.createHmac("sha256", macKey).update(text).digest("base64url")}`;
};
const base64url = (text) => Buffer.from(text).toString("base64url");
const jwtBy = (key) => () => jsonwebtoken.sign(claims(), key, { algorithm: "HS256", header: JOSE, noTimestamp: true });
const headersOf = (token) => () => ({ headers: { "X-APPOTAPAY-AUTH": `Bearer ${token()}` } });

const formEncode = (fields) => new URLSearchParams(fields).toString();
const percentEncode = (fields) => {
  const pairs = [];
  for (const name in fields) pairs.push(`${name}=${encodeURIComponent(fields[name])}`);
  return pairs.join("&");
};

const link = (by, encode) => () => {
  const record = inputs.link;
  const text = `${merchant_site_code}|${receiver}|${record.price}|vnd|${record.order_code}|${secure_pass}`;
  const secure_code = by.md5(text);
  const fields = {
    merchant_site_code,
    return_url: record.return_url,
    receiver,
    transaction_info: record.transaction_info,
    order_code: record.order_code,
    price: record.price,
    currency: "vnd",
    buyer_info: record.buyer_info,
    lang: record.lang,
    secure_code,
    cancel_url: record.cancel_url,
    notify_url: record.notify_url,
    installment: 0,
  };
  const url = `https://checkout-sandbox.hpay.com.vn/v1/checkout.php?${encode(fields)}`;
  return { method: "GET", url, headers: {}, signature: secure_code };
};

const LEGACY = [
  ["merchant_site_code", "return_url", "receiver", "transaction_info", "order_code", "price", "currency", "quantity"],
  ["tax", "discount", "fee_cal", "fee_shipping", "order_description", "buyer_info", "affiliate_code", "installment"],
  ["inpage", "payment_method_id"],
].flat();
const legacyLink = (by, encode) => () => {
  const record = { merchant_site_code, receiver, ...inputs.legacy_link };
  const fields = {};
  for (const name of LEGACY) fields[name] = record[name];
  const secure_code = by.md5(`${LEGACY.map((name) => fields[name]).join(" ")} ${secure_pass}`);
  Object.assign(fields, { secure_code, token: "", token_type: "" });
  const url = `https://checkout-sandbox.hpay.com.vn/checkout.php?${encode(fields)}`;
  return { method: "GET", url, headers: {}, signature: secure_code };
};

const readReturn = (by) => () => {
  const fields = Object.fromEntries(new URLSearchParams(inputs.return_query));
  const { transaction_info, order_code, price, payment_id, payment_type, error_text } = fields;
  const text =
    ` ${transaction_info} ${order_code} ${price} ${payment_id} ${payment_type} ${error_text}` +
    ` ${merchant_site_code} ${secure_pass}`;
  if (!equal(by.md5(text), fields.secure_code)) refuse();
  if (order_code !== inputs.expected.order_code || Number(price) !== inputs.expected.price) throw new Error("differs");
  return fields;
};

const ibft = (by) => () => {
  const { requestId, bankAccountName, bankName, bankAccountNumber, note } = inputs.ibft;
  const amount = String(inputs.ibft.amount);
  const text = `${requestId}|${merchant_site_code}|${amount}|${bankAccountName}|${passcode}`;
  const secureChain = by.sign(text);
  const body = JSON.stringify({
    requestId,
    merchantId: merchant_site_code,
    merchantEmail: receiver,
    bankName,
    bankAccountNumber,
    bankAccountName,
    amount,
    note,
    secureChain,
  });
  const headers = { "Content-Type": "application/json" };
  const url = "https://account-sandbox.hpay.com.vn/api/ibft/create";
  return { method: "POST", url, headers, body, signature: secureChain };
};

const readIbft = (by) => () => {
  const answer = JSON.parse(inputs.ibft_answer);
  if (answer.error_code !== "000") throw new Error("refused");
  const { requestId, bankAccountNumber, omiCashoutId, secureChain } = answer.data;
  const text = `${requestId}|${bankAccountNumber}|${omiCashoutId}|${passcode}`;
  if (!by.verify(text, secureChain)) refuse();
  return answer;
};

// Records as a merchant writes them, from values that he has.
const i = inputs;
// One literal: a spread in front of it would cost more than the call.
const oursTransfer = (token, issued_at) => ({
  token,
  issued_at,
  bankCode: i.transfer.bankCode,
  accountNo: i.transfer.accountNo,
  accountType: i.transfer.accountType,
  accountName: i.transfer.accountName,
  amount: i.transfer.amount,
  feeType: i.transfer.feeType,
  partnerRefId: i.transfer.partnerRefId,
  message: i.transfer.message,
  customerPhoneNumber: i.transfer.customerPhoneNumber,
  contractNumber: i.transfer.contractNumber,
  channel: i.transfer.channel,
  bankId: i.transfer.bankId,
});
const keptToken = jwtByHand();
const kept = () => keptToken;

const open = (request) => ({ ...request, body: JSON.parse(node.open(JSON.parse(request.body).data)) });
const parsedBody = (request) => ({ ...request, body: JSON.parse(request.body) });
// The order of a token's members is free.
const claimsOf = ({ headers }) => {
  const token = headers["X-APPOTAPAY-AUTH"].slice("Bearer ".length);
  return jsonwebtoken.verify(token, macKey, { complete: true, ignoreExpiration: true, algorithms: ["HS256"] });
};
const withToken = (request) => {
  const { header, payload } = claimsOf(request);
  return { ...parsedBody(request), headers: { ...request.headers, "X-APPOTAPAY-AUTH": [header, payload] } };
};
const parsedUrl = (request) => {
  const [address, query] = request.url.split("?");
  return { ...request, url: address, query: [...new URLSearchParams(query)] };
};
const pick = (record, names) => names.map((name) => String(record[name]));
const IPN = ["order_id", "amount", "payment_type", "retrieval_ref_no", "request_id", "narrative", "acc_no"];
const PAYMENT = ["transaction_info", "order_code", "price", "payment_id", "payment_type", "error_text"];

function large(size) {
  const text = i.line.repeat(Math.ceil(size / i.line.length)).slice(0, size);
  const { data } = tconnect.envelope.seal({ plaintext: text });
  const by = { "node:crypto": node, "crypto-js": cryptoJs, "node-forge": nodeForge, noble };
  const peers = (job) => Object.fromEntries(Object.entries(by).map(([name, way]) => [name, job(way)]));
  return {
    seal: {
      kyso: () => tconnect.envelope.seal({ plaintext: text }).data,
      ...peers((way) => () => way.seal(text)),
      same: (sealed) => node.open(sealed) === text,
    },
    open: {
      kyso: () => tconnect.envelope.open({ data }).plaintext,
      ...peers((way) => () => way.open(data)),
      same: (opened) => opened === text,
    },
  };
}
const [small, big] = [large(64 * 1024), large(1024 * 1024)];

// `same` turns a result into what must be equal for all of them.
const workloads = {
  login: {
    kyso: () =>
      tconnect.auth.login({
        username: i.login.username,
        password: i.login.password,
        client_id: i.login.client_id,
        client_secret: i.login.client_secret,
      }),
    "node:crypto": login(node),
    "crypto-js": login(cryptoJs),
    "node-forge": login(nodeForge),
    noble: login(noble),
    same: open,
  },
  ipn: {
    kyso: () => tconnect.ipn.readCallback({ body: i.ipn }),
    "node:crypto": readIpn(node),
    "crypto-js": readIpn(cryptoJs),
    "node-forge": readIpn(nodeForge),
    noble: readIpn(noble),
    same: (record) => pick(record, IPN),
  },
  seal_64k: small.seal,
  open_64k: small.open,
  seal_1m: big.seal,
  open_1m: big.open,
  transfer: {
    kyso: () => appotapay.firmBanking.transfer(oursTransfer(keptToken)),
    "node:crypto": transfer(node, kept),
    "crypto-js": transfer(cryptoJs, kept),
    "node-forge": transfer(nodeForge, kept),
    noble: transfer(noble, kept),
    same: parsedBody,
  },
  transfer_token: {
    kyso: () => appotapay.firmBanking.transfer(oursTransfer(undefined, i.issued_at)),
    "node:crypto": transfer(node, jwtByHand),
    jsonwebtoken: transfer(node, jwtBy(macKey)),
    same: withToken,
  },
  callback: {
    kyso: () => appotapay.firmBanking.readCallback({ body: i.callback }),
    "node:crypto": readCallback(node),
    "crypto-js": readCallback(cryptoJs),
    "node-forge": readCallback(nodeForge),
    noble: readCallback(noble),
    same: ({ transaction }) => Object.entries(transaction).map(String).sort(),
  },
  token: {
    kyso: () => appotapay.auth.token({ issued_at: i.issued_at }),
    "node:crypto": headersOf(jwtByHand),
    jsonwebtoken: headersOf(jwtBy(macKey)),
    "jsonwebtoken, text key": headersOf(jwtBy(secret)),
    same: (record) => {
      const { header, payload } = claimsOf(record);
      return { header, payload };
    },
  },
  link: {
    kyso: () =>
      hpay.checkout.createLink({
        return_url: i.link.return_url,
        transaction_info: i.link.transaction_info,
        order_code: i.link.order_code,
        price: i.link.price,
        buyer_info: i.link.buyer_info,
        lang: i.link.lang,
        cancel_url: i.link.cancel_url,
        notify_url: i.link.notify_url,
      }),
    "node:crypto": link(node, formEncode),
    "node:crypto, encodeURIComponent": link(node, percentEncode),
    "crypto-js": link(cryptoJs, formEncode),
    "node-forge": link(nodeForge, formEncode),
    noble: link(noble, formEncode),
    same: parsedUrl,
  },
  legacy_link: {
    kyso: () =>
      hpay.checkout.createLegacyLink({
        return_url: i.legacy_link.return_url,
        transaction_info: i.legacy_link.transaction_info,
        order_code: i.legacy_link.order_code,
        price: i.legacy_link.price,
        currency: i.legacy_link.currency,
        quantity: i.legacy_link.quantity,
        tax: i.legacy_link.tax,
        discount: i.legacy_link.discount,
        fee_cal: i.legacy_link.fee_cal,
        fee_shipping: i.legacy_link.fee_shipping,
        order_description: i.legacy_link.order_description,
        buyer_info: i.legacy_link.buyer_info,
        affiliate_code: i.legacy_link.affiliate_code,
        installment: i.legacy_link.installment,
        inpage: i.legacy_link.inpage,
        payment_method_id: i.legacy_link.payment_method_id,
      }),
    "node:crypto": legacyLink(node, formEncode),
    "node:crypto, encodeURIComponent": legacyLink(node, percentEncode),
    "crypto-js": legacyLink(cryptoJs, formEncode),
    "node-forge": legacyLink(nodeForge, formEncode),
    noble: legacyLink(noble, formEncode),
    same: parsedUrl,
  },
  return: {
    kyso: () => hpay.checkout.readCallback({ query: i.return_query, link: "legacy", expected: i.expected }),
    "node:crypto": readReturn(node),
    "crypto-js": readReturn(cryptoJs),
    "node-forge": readReturn(nodeForge),
    noble: readReturn(noble),
    same: (record) => pick(record, PAYMENT),
  },
  rsa_sign: {
    kyso: () =>
      hpay.firmBanking.transfer({
        requestId: i.ibft.requestId,
        bankName: i.ibft.bankName,
        bankAccountNumber: i.ibft.bankAccountNumber,
        bankAccountName: i.ibft.bankAccountName,
        amount: i.ibft.amount,
        note: i.ibft.note,
      }),
    "node:crypto": ibft(node),
    "node-forge": ibft(nodeForge),
    same: parsedBody,
  },
  rsa_verify: {
    kyso: () => hpay.firmBanking.readTransfer({ body: i.ibft_answer }),
    "node:crypto": readIbft(node),
    "node-forge": readIbft(nodeForge),
    same: ({ data }) => pick(data, ["requestId", "bankAccountNumber", "omiCashoutId"]),
  },
};

function cpu() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of CPU time for so many calls. */
function time(call, calls) {
  const start = cpu();
  for (let call_ = 0; call_ < calls; call_++) sink = call();
  return cpu() - start;
}
let sink;

/** How many calls make a batch, found while the call gets warm. */
function calibrate(call, warmUp) {
  let calls = 1;
  let spent = 0;
  for (let total = 0; total < warmUp; total += spent) {
    spent = time(call, calls);
    if (spent < BATCH / 2) calls *= 2;
  }
  return Math.max(1, Math.round((calls * BATCH) / Math.max(spent, 1)));
}

function check(name, contenders, same) {
  const results = contenders.map(([, call]) => JSON.stringify(same(call()), (_, value) => sorted(value)));
  contenders.forEach(([contender], at) => {
    if (results[at] !== results[0] || results[at] === "false") {
      throw new Error(`${name}: ${contender} gives another result:\n${results[at]}\n${results[0]}`);
    }
  });
}
/** Members of an object in one order: the order of headers is free. */
function sorted(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort());
}

function measure(name, { same, ...rest }) {
  const contenders = Object.entries(rest);
  check(name, contenders, same);
  const calls = contenders.map(([contender, call]) => calibrate(call, contender === "kyso" ? WARM_UP : WARM_UP_SCRIPT));
  const samples = contenders.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const at = (turn + round) % contenders.length;
      // Nobody pays for another's garbage.
      globalThis.gc();
      samples[at].push((time(contenders[at][1], calls[at]) / calls[at]) * 1000);
    }
  }
  return Object.fromEntries(contenders.map(([contender], at) => [contender, samples[at]]));
}

const SMALL = ["login", "ipn", "transfer", "callback", "token", "link", "legacy_link", "return"];

/** Bytes by which the process grows over a million calls of kyso, after as many calls as warm it up. */
function growth() {
  const calls = SMALL.map((name) => workloads[name].kyso);
  const resident = () => {
    globalThis.gc();
    return process.memoryUsage.rss();
  };
  for (let call = 0; call < 200000; call++) sink = calls[call % calls.length]();
  const before = resident();
  for (let call = 0; call < 1000000; call++) sink = calls[call % calls.length]();
  return resident() - before;
}

if (roundsText === "memory") {
  console.log(JSON.stringify({ host: "node", growth: growth() }));
  process.exit();
}

const only = process.argv[4] ? process.argv[4].split(",") : Object.keys(workloads);
const measured = {};
for (const name of only) measured[name] = measure(name, workloads[name]);
const { node: nodeVersion, openssl } = process.versions;
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
const versions = { node: nodeVersion, openssl };
for (const name of ["kyso", "crypto-js", "node-forge", "@noble/ciphers", "@noble/hashes", "jsonwebtoken"]) {
  versions[name] = version(name);
}
console.log(JSON.stringify({ host: "node", versions, workloads: measured }));
