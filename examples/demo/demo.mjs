// The main job of all three gateways on their published examples. Prints one line per step: step, tab, result.
import { readFileSync } from "node:fs";
import { AppotaPay, HPay, KysoError, TConnect } from "kyso";

const message = (name) => readFileSync(`${process.argv[2]}/${name}`);
const show = (step, result) => console.log(`${step}\t${result}`);
const refused = (step, call) => {
  try {
    call();
    show(step, "ACCEPTED: this must not happen");
  } catch (error) {
    if (!(error instanceof KysoError)) throw error;
    show(step, `refused: ${error.code} ${error.field ?? ""}`.trimEnd());
  }
};

const tconnect = new TConnect({
  partner_code: "1111111",
  key: "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
  environment: "sandbox",
});
const login = tconnect.auth.login({
  username: "demo@yourdomain.vn",
  password: "Password#123",
  client_id: "fMLgZltRRtetnsOHXgxsHQ",
  client_secret: "hUFhGJIqz746zcxsYVtrwhkveDuEfcYd",
});
show("TConnect login goes to", login.url);
const { plaintext } = tconnect.envelope.open({ data: JSON.parse(login.body).data });
show("TConnect login opens to", plaintext);
const ipn = tconnect.ipn.readCallback({ body: message("tconnect_ipn.json") });
show("TConnect IPN", `order ${ipn.order_id}, ${ipn.amount} VND, ${ipn.proof}`);
refused("TConnect IPN, one bit changed", () => tconnect.ipn.readCallback({ body: message("tconnect_ipn_tampered.json") }));

const hpay = new HPay({ merchant_site_code: "65001", secure_pass: "test-pass-Aa1", environment: "sandbox" });
const link = hpay.checkout.createLink({
  return_url: "https://shop.example.com/return",
  receiver: "merchant@example.com",
  order_code: "PAY_1700000000000",
  price: 20000,
});
show("HPay V1 link, secure_code", link.signature);
const legacy = hpay.checkout.createLegacyLink({
  return_url: "https://Shop.Example.com/Return/Path",
  receiver: "merchant@example.com",
  transaction_info: "tichhopthanhtoan",
  order_code: "OM_1656422065",
  price: 20000,
  lower_case_return_url: true,
});
show("HPay legacy link, secure_code", legacy.signature);
const paid = hpay.checkout.readCallback({
  query: message("hpay_return_url.txt"),
  link: "legacy",
  expected: { order_code: "OM_1768202539", price: 200000 },
});
show("HPay return_url", `order ${paid.order_code}, ${paid.price} VND, ${paid.proof}, ${paid.outcome}`);
refused("HPay return_url, price changed", () => hpay.checkout.readCallback({ query: message("hpay_return_url_tampered.txt") }));

const appotapay = new AppotaPay({
  partner_code: "APPOTAPAY",
  api_key: "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8",
  secret_key: "XAonJgy14YhtePEITXhyBS2unjfJLAV3",
  environment: "sandbox",
});
const transfer = appotapay.firmBanking.transfer({
  bankCode: "TPBANK",
  accountNo: "132100132400000",
  accountType: "account",
  accountName: "NGUYEN VAN A",
  amount: 50000,
  feeType: "payer",
  partnerRefId: "Partner9999",
  message: "ck tien",
  customerPhoneNumber: "0374720460",
  contractNumber: "1234567",
  channel: "citad",
  bankId: "11223344",
});
show("AppotaPay transfer, signature", transfer.signature);
const result = appotapay.firmBanking.readCallback({ body: message("appotapay_callback.json") });
show("AppotaPay callback", `${result.transaction.partnerRefId}, ${result.transaction.amount} VND, ${result.proof}, ${result.outcome}`);
refused("AppotaPay callback, amount changed", () =>
  appotapay.firmBanking.readCallback({ body: message("appotapay_callback_tampered.json") }));
const golden = {
  only: ["amount", "appotapayTransId", "errorCode", "phoneNumber", "time", "topupAmount"],
  signature: "c0bd34c43314165b1474c190c71fee22bca6bd0cf8273853bb9acb510d6063bf",
};
const verified = appotapay.signature.verify({ body: message("appotapay_topup_status.json"), ...golden });
show("AppotaPay's printed topup digest", `${verified.fields.topupAmount} VND, ${verified.proof}`);
refused("The same, amount changed", () =>
  appotapay.signature.verify({ body: message("appotapay_topup_status_tampered.json"), ...golden }));
