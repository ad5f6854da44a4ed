import { TConnect } from "kyso";

const { TCONNECT_PARTNER = "", TCONNECT_KEY = "", TCONNECT_URL = "", TCONNECT_TOKEN = "" } = process.env;
const tconnect = new TConnect({ partner_code: TCONNECT_PARTNER, key: TCONNECT_KEY, base_url: TCONNECT_URL });
const { url, ...options } = tconnect.virtualAccount.create({
  access_token: TCONNECT_TOKEN,
  bank_code: "970454",
  account_name: "NGUYEN VAN A",
});
// An error here means no answer: ask with the status operation, never send again.
const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(30_000) });
const account = tconnect.virtualAccount.readCreate({ body: await answer.text() });
console.log(account.va_number);
