// A merchant that uses all three gateways over HTTP. Prints one line per step: step, tab, result.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { AppotaPay, HPay, KysoError, TConnect } from "kyso";

const { env } = process;
// The merchant's own record: what each order or transfer should be worth.
const ORDERS = new Map([
  ["DH-1001", 150000],
  ["DH-1002", 200000],
  ["DH-1003", 350000],
  ["HD-1", 90000],
  ["NAP-1", 120000],
  ["RUT-2", 50000],
  ["RUT-3", 70000],
]);
const INFO = "Đơn hàng #2 & quà + 100%";

const connect = (key) => new TConnect({ partner_code: env.TCONNECT_PARTNER, key, base_url: env.TCONNECT_URL });
const tconnect = connect(env.TCONNECT_KEY);
const hpay = new HPay({
  merchant_site_code: env.HPAY_MERCHANT,
  secure_pass: env.HPAY_SECURE_PASS,
  passcode: env.HPAY_PASSCODE,
  receiver: env.HPAY_RECEIVER,
  private_key: readFileSync(env.HPAY_PRIVATE_KEY, "utf8"),
  hpay_certificate: readFileSync(env.HPAY_CERTIFICATE, "utf8"),
  client_id: env.HPAY_CLIENT_ID,
  client_secret: env.HPAY_CLIENT_SECRET,
  base_urls: { checkout: env.HPAY_URL, account: env.HPAY_URL, open_api: env.HPAY_URL },
  environment: "sandbox",
});
const appotapay = new AppotaPay({
  partner_code: env.APPOTAPAY_PARTNER,
  api_key: env.APPOTAPAY_API_KEY,
  secret_key: env.APPOTAPAY_SECRET_KEY,
  base_urls: { gateway: env.APPOTAPAY_URL },
  environment: "sandbox",
});

// Failures come with a body to read, so the status is not looked at.
const send = async ({ url, ...options }) => (await fetch(url, options)).text();
const post = async (url, body) => (await fetch(url, { method: "POST", body })).text();
const browse = async (url) => {
  const page = await fetch(url);
  const text = await page.text();
  return page.status === 200 ? text : `${page.status} ${text}`;
};

// Callbacks

class NotOurs extends Error {}

const ourOwn = (order, amount) => {
  if (ORDERS.get(order) !== amount) throw new NotOurs();
};

const readTConnect = (path, query, body) => {
  const ipn = tconnect.ipn.readCallback({ body });
  ourOwn(ipn.order_id, ipn.amount);
  const text = `order ${ipn.order_id}, ${ipn.amount} VND, ${ipn.proof}`;
  return { key: ipn.idempotency_key, text, answer: tconnect.ipn.acknowledge() };
};

const readHPay = (path, query) => {
  const paid = hpay.checkout.readCallback({ query, link: path.startsWith("/hpay/legacy/") ? "legacy" : "v1" });
  ourOwn(paid.order_code, paid.price);
  if (paid.transaction_info !== INFO) throw new NotOurs();
  const text = `order ${paid.order_code}, ${paid.price} VND, ${paid.proof}, ${paid.outcome}, ${paid.evidence}`;
  return { key: paid.idempotency_key, text, answer: hpay.checkout.acknowledge() };
};

const readWebhook = (path, query) => {
  const paid = hpay.openApi.readCallback({ query });
  ourOwn(paid.client_request_id, paid.amount);
  const text = `${paid.client_request_id}, ${paid.amount} VND, ${paid.proof}`;
  return { key: paid.idempotency_key, text, answer: hpay.openApi.acknowledge() };
};

const readAppotaPay = (path, query, body) => {
  const result = appotapay.firmBanking.readCallback({ body });
  const { partnerRefId, amount } = result.transaction;
  ourOwn(partnerRefId, amount);
  const text = `${partnerRefId}, ${amount} VND, ${result.proof}, ${result.outcome}`;
  return { key: result.idempotency_key, text, answer: appotapay.firmBanking.acknowledge() };
};

const readBill = (path, query, body) => {
  const paid = appotapay.virtualAccount.readCallback({ body });
  ourOwn(paid.billCode, paid.amount);
  const text = `${paid.billCode}, ${paid.amount} VND, ${paid.proof}, ${paid.outcome}`;
  return { key: paid.idempotency_key, text, answer: appotapay.virtualAccount.acknowledge() };
};

const READERS = {
  "/tconnect/ipn": readTConnect,
  "/hpay/webhook": readWebhook,
  "/hpay/v1/notify": readHPay,
  "/hpay/v1/return": readHPay,
  "/hpay/legacy/notify": readHPay,
  "/hpay/legacy/return": readHPay,
  "/appotapay/callback": readAppotaPay,
  "/appotapay/bill": readBill,
};
const calls = new Map(); // path → number
const stored = new Map(); // path → (key → payment)
const paymentsOf = (path) => stored.get(path) ?? stored.set(path, new Map()).get(path);
const plain = (status, body) => ({ status, content_type: "text/plain", body });

// Every message that is not genuine gets the same answer.
const called = (path, query, body) => {
  const returned = path.endsWith("/return");
  calls.set(path, (calls.get(path) ?? 0) + 1);
  if (calls.get(path) === 1 && !returned) return plain(503, "the database is down");
  try {
    const { key, text, answer } = READERS[path](path, query, body);
    if (returned) {
      const known = paymentsOf(path.replace("/return", "/notify")).has(key);
      return plain(200, `${text}, ${known ? "stored before" : "not stored"}`);
    }
    if (!paymentsOf(path).has(key)) paymentsOf(path).set(key, { text, raw: body });
    return answer;
  } catch (error) {
    if (error instanceof KysoError || error instanceof NotOurs) return plain(400, "refused");
    throw error;
  }
};

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const [path, query = ""] = request.url.split(/\?(.*)/s);
  const { status, content_type, body } = called(path, query, Buffer.concat(chunks));
  response.writeHead(status, { "Content-Type": content_type }).end(body);
});

// What is printed

const show = (step, result) => console.log(`${step}\t${result}`);
const refused = (step, call) => {
  try {
    call();
    show(step, "ACCEPTED: this must not happen");
  } catch (error) {
    if (!(error instanceof KysoError)) throw error;
    const parts = [error.code, error.field, error.gateway_code, error.outcome, error.next_operation];
    show(step, `refused: ${parts.filter(Boolean).join(" ")}`);
  }
};
// What the gateway was answered, and what was stored.
const showCalls = (step, path, statuses) => {
  const payments = [...paymentsOf(path).values()];
  show(step, `${statuses}; stored ${payments.length}: ${payments.at(-1)?.text ?? ""}`);
};
const showTransfer = (step, { proof, outcome, transaction }) =>
  show(step, `${proof}, ${outcome}, ${transaction.transferAmount} VND, ${transaction.appotapayTransId}`);
const yes = (answer) => (answer ? "yes" : "no");

// The gateways

async function payByTConnect(address) {
  const credentials = {
    username: env.TCONNECT_USERNAME,
    password: env.TCONNECT_PASSWORD,
    client_id: env.TCONNECT_CLIENT_ID,
    client_secret: env.TCONNECT_CLIENT_SECRET,
  };
  const tokens = tconnect.auth.readLogin({ body: await send(tconnect.auth.login(credentials)) });
  show("TConnect login", `${tokens.proof}, ${tokens.token_type}, ${tokens.expires_in} s`);
  const stranger = await send(connect("0123456789abcdef".repeat(4)).auth.login(credentials));
  refused("TConnect login, other key", () => tconnect.auth.readLogin({ body: stranger }));

  const { refresh_token } = tokens;
  const newer = tconnect.auth.readRefresh({ body: await send(tconnect.auth.refresh({ refresh_token })) });
  const { access_token } = newer;
  show("TConnect refresh", `${newer.proof}, new token: ${yes(access_token !== tokens.access_token)}`);
  const used = await send(tconnect.auth.refresh({ refresh_token }));
  refused("TConnect refresh, used token", () => tconnect.auth.readRefresh({ body: used }));

  const list = tconnect.services.readList({ body: await send(tconnect.services.list({ access_token, payment_method: "qr" })) });
  const service = list.data.find((row) => row.allowed_va_creation);
  show("TConnect services", `${service.code} of ${list.data.length}`);

  const create = (access_token) =>
    send(tconnect.virtualAccount.create({ access_token, bank_code: "970454", account_name: "NGUYEN VAN A" }));
  const account = tconnect.virtualAccount.readCreate({ body: await create(access_token) });
  show("TConnect virtual account", `${account.va_number}, ${account.status}`);
  const unknown = await create("no-such-token");
  refused("TConnect virtual account, bad token", () => tconnect.virtualAccount.readCreate({ body: unknown }));

  const code = {
    access_token,
    accountNumber: account.va_number,
    amount: 150000,
    orderId: "DH-1001",
    narrative: "Thanh toán đơn hàng",
    extraData: { table: "B12" },
    service_code: service.code,
  };
  const body = await send(tconnect.qr.create(code));
  const { qrString, vietqr } = tconnect.qr.readCreate({ body, requested: code });
  show("TConnect QR", `${vietqr.bin} ${vietqr.account}, ${vietqr.amount} VND, bill ${vietqr.bill_number}`);
  const other = { ...code, amount: 15000 };
  refused("TConnect QR, other amount asked", () => tconnect.qr.readCreate({ body, requested: other }));

  await post(`${env.TCONNECT_URL}/portal/callback_url`, `${address}/tconnect/ipn`);
  const statuses = await post(`${env.TCONNECT_URL}/portal/pay`, qrString);
  showCalls("TConnect IPN", "/tconnect/ipn", statuses);
  await confirm(access_token);
}

// The gateway lists one payment per page here; ours is on the second.
async function confirm(access_token) {
  const ipn = [...paymentsOf("/tconnect/ipn").values()][0].raw.toString();
  const period = { access_token, from_date: "2026-01-01 00:00:00", to_date: "2099-12-31 23:59:59", limit: 1 };
  const first = await send(tconnect.transactions.qr({ ...period, page: 1 }));
  const { data, pagination } = tconnect.transactions.readQr({ body: first });
  const row = `${data[0].order_id}, ${data[0].amount} VND`;
  show("TConnect transactions, page 1", `${row}, of ${pagination.total_pages} pages`);
  refused("TConnect confirm, page 1", () => tconnect.ipn.confirm({ ipn, kind: "qr", body: first }));
  const second = await send(tconnect.transactions.qr({ ...period, page: 2 }));
  const found = tconnect.ipn.confirm({ ipn, kind: "qr", body: second });
  const payment = `order ${found.order_id}, ${found.amount} VND, reference equal: ${yes(found.reference_equal)}`;
  show("TConnect confirm, page 2", `${found.proof}, ${payment}`);
}

async function payByHPay(address) {
  const order = { transaction_info: INFO, order_description: "Áo dài cỡ M/L = 2 chiếc?", buyer_info: "Trần Thị B" };
  const link = hpay.checkout.createLink({
    return_url: `${address}/hpay/v1/return`,
    notify_url: `${address}/hpay/v1/notify`,
    order_code: "DH-1002",
    price: 200000,
    lang: "vi",
    ...order,
  });
  await openLink("V1", "/hpay/v1/notify", link.url);
  const legacy = hpay.checkout.createLegacyLink({
    return_url: `${address}/hpay/legacy/return`,
    notify_url: `${address}/hpay/legacy/notify`,
    order_code: "DH-1003",
    price: 350000,
    ...order,
  });
  await openLink("legacy", "/hpay/legacy/notify", legacy.url);
}

// What the buyer's browser does, first with a price of his own.
async function openLink(kind, notify, url) {
  show(`HPay ${kind} link, price changed`, await browse(url.replace("0000&currency", "000&currency")));
  show(`HPay ${kind} link, return_url`, await browse(url));
  showCalls(`HPay ${kind} link, notify_url`, notify, await browse(`${env.HPAY_URL}/portal/deliveries`));
  show(`HPay ${kind} link, opened again`, await browse(url));
}

async function transferByHPay() {
  const banking = hpay.firmBanking;
  const transfer = (requestId, bankAccountNumber) =>
    send(
      banking.transfer({
        requestId,
        bankName: "TCB",
        bankAccountNumber,
        bankAccountName: "NGUYEN VAN A",
        amount: 500000,
        note: "hoan tien DH-1002",
      }),
    );
  const read = (body, requestId) => banking.readTransfer({ body, expected: { data: { requestId } } });
  const body = await transfer("CK-1", "19036000123");
  const { proof, data } = read(body, "CK-1");
  show("HPay transfer", `${proof}, account ${data.bankAccountNumber}, cash-out ${data.omiCashoutId}`);
  refused("HPay transfer, answer changed", () => read(body.replace("19036000123", "19036000124"), "CK-1"));
  refused("HPay transfer, answer to another", () => read(body, "CK-2"));
  const unclear = await transfer("CK-2", "19036000199");
  refused("HPay transfer, unclear", () => read(unclear, "CK-2"));
  const again = await transfer("CK-1", "19036000123");
  refused("HPay transfer, sent again", () => read(again, "CK-1"));
  for (const requestId of ["CK-1", "CK-2"]) {
    const { proof, outcome } = banking.readInquire({ body: await send(banking.inquire({ requestId })) });
    show(`HPay inquiry, ${requestId}`, `${proof}, ${outcome}`);
  }
  const unknown = await send(banking.inquire({ requestId: "CK-3" }));
  refused("HPay inquiry, CK-3", () => banking.readInquire({ body: unknown }));
}

async function useOpenApi(address) {
  const api = hpay.openApi;
  const tokens = {};
  for (const scope of ["va", "ibft", "account"]) tokens[scope] = api.readToken({ body: await send(api.token({ scope })) });
  const { proof, token_type, expires_in } = tokens.va;
  show("HPay Open API token", `${proof}, ${token_type}, ${expires_in} s`);

  const create = api.createVa({
    access_token: tokens.va.access_token,
    requestId: "NAP-1",
    vaType: "1",
    vaName: "NGUYEN VAN A",
    vaCondition: "1",
    vaAmount: 120000,
    remark: "nap vi 1",
    notifyUrl: `${address}/hpay/webhook`,
  });
  const account = api.readCreateVa({ body: await send(create), expected: { vaAmount: 120000 } });
  show("HPay Open API virtual account", `${account.proof}, ${account.vaAccount}, ${account.vaAmount} VND`);
  const statuses = await post(`${env.HPAY_URL}/portal/pay`, account.vaAccount);
  showCalls("HPay Open API webhook", "/hpay/webhook", statuses);

  const transfer = (scope, amount) =>
    send(
      api.transfer({
        access_token: tokens[scope].access_token,
        requestId: "CK-9",
        bankName: "TCB",
        bankAccountNumber: "19036000123",
        bankAccountName: "NGUYEN VAN A",
        amount,
      }),
    );
  const body = await transfer("ibft", 45000);
  const done = api.readTransfer({ body, expected: { requestId: "CK-9", amount: 45000 } });
  show("HPay Open API transfer", `${done.proof}, ${done.amount} VND, cash-out ${done.cashoutId}`);
  const tooMuch = await transfer("ibft", 20000000);
  refused("HPay Open API transfer, too much", () => api.readTransfer({ body: tooMuch }));
  const otherScope = await transfer("va", 45000);
  refused("HPay Open API transfer, other scope", () => api.readTransfer({ body: otherScope }));
  const { access_token } = tokens.account;
  const balance = api.readBalance({ body: await send(api.balance({ access_token, requestId: "SD-1" })) });
  show("HPay Open API balance", `${balance.proof}, ${balance.balance} VND`);
}

async function transferByAppotaPay(address) {
  const banking = appotapay.firmBanking;
  const wanted = { bankCode: "TPBANK", accountNo: "132100132400000", accountType: "account", partnerRefId: "TEN-1" };
  const owner = banking.readAccountInfo({ body: await send(banking.accountInfo(wanted)) });
  show("AppotaPay account", `${owner.proof}, ${owner.accountInfo.accountName}`);

  const transfer = (partnerRefId, accountNo, accountType, amount) =>
    send(
      banking.transfer({
        bankCode: "TPBANK",
        accountNo,
        accountType,
        accountName: "NGUYEN VAN A",
        amount,
        feeType: "payer",
        partnerRefId,
        message: "rut tien vi",
      }),
    );
  const status = () => send(banking.status({ partnerRefId: "RUT-2" }));

  const card = await transfer("RUT-1", "9704000000000018", "card", 30000);
  showTransfer("AppotaPay transfer", banking.readTransfer({ body: card }));
  const pending = await transfer("RUT-2", "132100132400001", "account", 50000);
  refused("AppotaPay transfer, pending", () => banking.readTransfer({ body: pending }));
  const waiting = await status();
  refused("AppotaPay status, pending", () => banking.readStatus({ body: waiting }));

  const [url, path] = [env.APPOTAPAY_URL, "/appotapay/callback"];
  await post(`${url}/portal/callback_url`, address + path);
  showCalls("AppotaPay callback", path, await post(`${url}/portal/settle`, "RUT-2"));
  showTransfer("AppotaPay status", banking.readStatus({ body: await status() }));
  const again = await transfer("RUT-2", "132100132400001", "account", 50000);
  refused("AppotaPay transfer, sent again", () => banking.readTransfer({ body: again }));
  await transfer("RUT-3", "132100132400000", "account", 70000);
  showCalls("AppotaPay callback, bank refused", path, await post(`${url}/portal/settle`, "RUT-3"));
  const balance = banking.readBalance({ body: await send(banking.balance()) });
  show("AppotaPay balance", `${balance.proof}, ${balance.account.balance} VND`);
}

async function bePaidByAppotaPay(address) {
  const create = appotapay.virtualAccount.create({
    billCode: "HD-1",
    billInfo: "Thanh toán hóa đơn",
    customerName: "PHAM MINH TUAN",
    amount: 90000,
    paymentCondition: "EQ",
    bankCode: "WOORIBANK",
    notifyUrl: `${address}/appotapay/bill`,
    extraData: "",
  });
  const bill = appotapay.virtualAccount.readCreate({ body: await send(create), expected: { billCode: "HD-1" } });
  const { accountNo, bankBranch } = bill.payment.bankAccounts[0];
  show("AppotaPay virtual account", `${bill.proof}, ${accountNo}, ${bankBranch}, ${bill.matched}`);
  const statuses = await post(`${env.APPOTAPAY_URL}/portal/pay`, "HD-1");
  showCalls("AppotaPay virtual account, IPN", "/appotapay/bill", statuses);
}

await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const address = `http://127.0.0.1:${server.address().port}`;
await payByTConnect(address);
await payByHPay(address);
await transferByHPay();
await useOpenApi(address);
await transferByAppotaPay(address);
await bePaidByAppotaPay(address);
process.exit();
