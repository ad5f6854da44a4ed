// What every receiver does with a message, in the order in which it must be done. No framework in here.
//
//   raw text -> genuine? -> which order? -> the right amount? -> store once -> acknowledge

import { AppotaPay, HPay, KysoError, TConnect } from "kyso";
import Database from "libsql"; // SQLite with better-sqlite3's interface and ready-made binaries

const { env } = process;
const tconnect = new TConnect({
  partner_code: env.TCONNECT_PARTNER,
  key: env.TCONNECT_KEY,
  environment: "sandbox",
});
const hpay = new HPay({
  merchant_site_code: env.HPAY_MERCHANT,
  secure_pass: env.HPAY_SECURE_PASS,
  environment: "sandbox",
});
const appotapay = new AppotaPay({
  partner_code: env.APPOTAPAY_PARTNER,
  api_key: env.APPOTAPAY_API_KEY,
  secret_key: env.APPOTAPAY_SECRET_KEY,
  environment: "sandbox",
});

/** How each gateway tells of a payment. `read` throws a KysoError unless the message is genuine and as expected. */
const CALLBACKS = {
  tconnect: {
    read: (body, expected) => tconnect.ipn.readCallback({ body, expected }),
    orderOf: (message) => message.order_id,
    expected: (amount) => ({ amount }),
    acknowledge: () => tconnect.ipn.acknowledge(),
  },
  hpay: {
    read: (query, expected) => hpay.checkout.readCallback({ query, expected }),
    orderOf: (message) => message.order_code,
    expected: (amount) => ({ price: amount }),
    acknowledge: () => hpay.checkout.acknowledge(),
  },
  appotapay: {
    read: (body, expected) => appotapay.payment.readCallback({ body, expected }),
    orderOf: (message) => message.partnerReference?.order?.id,
    expected: (amount) => ({ transaction: { orderAmount: amount } }),
    acknowledge: () => appotapay.payment.acknowledge(),
  },
};

/** One answer for everything that is refused: a sender who tries things out learns nothing from it. */
const REFUSED = { status: 400, content_type: "text/plain", body: "refused" };

const db = new Database(env.DATABASE, { timeout: 5000 });
const findAmount = db.prepare("SELECT amount FROM orders WHERE code = ?");
const insert = db.prepare(
  "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING",
);
const credit = db.prepare("UPDATE orders SET credited = credited + ? WHERE code = ?");

/**
 * Takes the raw text (string or bytes) of a message; gives the status, content type and body to answer with.
 * A failing database throws: the framework answers 500 and the gateway sends the message again.
 */
export function receive(gateway, raw) {
  const callback = CALLBACKS[gateway];
  let message, order, amount;
  try {
    message = callback.read(raw);
    order = callback.orderOf(message);
    amount = findAmount.get(order ?? "")?.amount;
    if (amount === undefined) {
      console.warn(`refused: ${gateway} names no order of ours`);
      return REFUSED;
    }
    // The amount is compared with our own record, never taken from the message.
    callback.read(raw, callback.expected(amount));
  } catch (error) {
    if (!(error instanceof KysoError)) throw error;
    // Names of operation and field only: a KysoError never holds a value or a secret.
    console.warn(`refused: ${error.operation} ${error.code} ${error.field ?? ""}`);
    return REFUSED;
  }
  store(gateway, order, amount, message, Buffer.from(raw).toString());
  return callback.acknowledge();
}

/** Stores and credits in one transaction. The second delivery of a payment finds its key taken and changes nothing. */
const store = db.transaction((gateway, order, amount, message, raw) => {
  // A TConnect IPN is encrypted, not signed: it waits for ipn.confirm. "Genuine" is not yet "paid" either.
  const state = message.must_inquire ? "to_confirm" : (message.outcome ?? "undetermined");
  const { changes } = insert.run(message.idempotency_key, gateway, order, amount, state, raw);
  if (changes === 1 && state === "succeeded") credit.run(amount, order);
}).immediate;
