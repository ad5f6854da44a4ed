// A user's program: must compile with `strict` and `skipLibCheck: false`, for several libraries, with @types/node or not.

import { AppotaPay, HPay, KysoError, TConnect, type ErrorCode, type HttpRequest, type JsonValue } from "kyso";

const config: TConnect.Config = { partner_code: "1111111", key: "00", environment: "sandbox" };
const tconnect = new TConnect(config);
const login: TConnect.AuthLogin = { username: "a", password: "b", client_id: "c", client_secret: "d" };
const request: HttpRequest = tconnect.auth.login({ ...login, extra: { count: 1n, list: [true, null, "x"] } });
const tokens = tconnect.auth.readLogin({ body: new Uint8Array(2) });
export const token: string = tokens.access_token;
export const undocumented = (tokens as { something_new?: JsonValue }).something_new;
export const body: string | undefined = request.body;

const ipn = tconnect.ipn.readCallback({ body: "{}", expected: { amount: 1000, order_id: "A" } });
export const amount: number = ipn.amount;
// @ts-expect-error a member that is misspelt: it would never be true
if (ipn.mustInquire) tconnect.ipn.acknowledge();
// @ts-expect-error a member of another result
tokens.amount;
tconnect.ipn.confirm({ ipn, kind: "qr", body: "{}" });
tconnect.ipn.acknowledge();
tconnect[Symbol.dispose]();

export function bank(hpay: HPay, query: string): JsonValue | undefined {
  return hpay.checkout.readCallback({ query }).unverified?.["bank_code"];
}

export function signLink(hpay: HPay): string | undefined {
  return hpay.checkout.createLink({ return_url: "https://a.vn", order_code: "A", price: 20000n }).signature;
}

export function undetermined(appotapay: AppotaPay, answer: string): ErrorCode | undefined {
  try {
    const { outcome } = appotapay.firmBanking.readTransfer({ body: answer });
    return outcome === "pending" ? "ambiguous" : undefined;
  } catch (error) {
    if (error instanceof KysoError && error.outcome === "undetermined") return error.code;
    throw error;
  }
}

export function pages(error: KysoError): [boolean | undefined, string | undefined, string[] | undefined] {
  // @ts-expect-error a member that is misspelt
  error.morePages;
  return [error.more_pages, error.appotapayTransId ?? error.transactionId, error.candidates];
}

// An option may be undefined, a member of a record may not.
tconnect.ipn.readCallback({ body: "{}", expected: undefined });
// @ts-expect-error an amount that was forgotten
tconnect.ipn.readCallback({ body: "{}", expected: { amount: undefined } });
// @ts-expect-error an unknown field
tconnect.auth.login({ ...login, usename: "x" });
// @ts-expect-error a wrong type
tconnect.auth.login({ ...login, username: 1 });
// @ts-expect-error a parsed object instead of the raw text
tconnect.auth.readLogin({ body: { access_token: "x" } });
// @ts-expect-error an environment that does not exist
new HPay({ merchant_site_code: "1", environment: "prod" });
// @ts-expect-error errors are made by the package only
new KysoError();
