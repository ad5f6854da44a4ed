import { TConnect } from "kyso";

const env = process.env;
const tconnect = new TConnect({ partner_code: env.TCONNECT_PARTNER, key: env.TCONNECT_KEY, base_url: env.TCONNECT_URL });
const { url, ...options } = tconnect.virtualAccount.create({
  access_token: env.TCONNECT_TOKEN,
  bank_code: "970454",
  account_name: "NGUYEN VAN A",
});
const answer = await fetch(url, options);
const account = tconnect.virtualAccount.readCreate({ body: await answer.text() });
console.log(account.va_number);
