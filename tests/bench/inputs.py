"""Writes build/bench/inputs.json: configurations, records and received messages, the same for every host.

The messages are those of the demo and of the test vectors, made with OpenSSL and Python, not with kyso.
"""

import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def message(name: str) -> str:
    return (ROOT / "examples/demo/messages" / name).read_text()


def vector(name: str, case: str) -> dict:
    cases = json.loads((ROOT / "tests/vectors/hpay" / name).read_text())["cases"]
    return next(one for one in cases if one["id"] == case)


def main() -> None:
    transfer = vector("firm_banking.json", "transfer-doc-example")
    answer = vector("firm_banking.json", "read_transfer-doc-00001")
    inputs = {
        "tconnect": {
            "partner_code": "1111111",
            "key": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
            "environment": "sandbox",
        },
        "appotapay": {
            "partner_code": "APPOTAPAY",
            "api_key": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8",
            "secret_key": "XAonJgy14YhtePEITXhyBS2unjfJLAV3",
            "environment": "sandbox",
        },
        "hpay": {
            "merchant_site_code": answer["config"]["merchant_site_code"],
            "secure_pass": "test-pass-Aa1",
            "passcode": answer["config"]["passcode"],
            "receiver": "merchant@example.com",
            "environment": "sandbox",
            "private_key": transfer["config"]["private_key"],
            "hpay_certificate": answer["config"]["hpay_certificate"],
        },
        "login": {
            "username": "demo@yourdomain.vn",
            "password": "Password#123",
            "client_id": "fMLgZltRRtetnsOHXgxsHQ",
            "client_secret": "hUFhGJIqz746zcxsYVtrwhkveDuEfcYd",
        },
        "ipn": message("tconnect_ipn.json"),
        # Sealed and opened 64 KiB and 1 MiB long: this line again and again.
        "line": '{"order_id":"0106002530","amount":2000000,"narrative":"thanh toan don hang"},\n',
        "transfer": {
            "bankCode": "TPBANK",
            "accountNo": "132100132400000",
            "accountType": "account",
            "accountName": "NGUYEN VAN A",
            "amount": 50000,
            "feeType": "payer",
            "partnerRefId": "Partner9999",
            "message": "ck tien",
            "customerPhoneNumber": "0374720460",
            "contractNumber": "1234567",
            "channel": "citad",
            "bankId": "11223344",
        },
        "issued_at": 1795168000,
        "callback": message("appotapay_callback.json"),
        "link": {
            "return_url": "https://shop.example.com/return?order=PAY_1700000000000",
            "transaction_info": "Thanh toán đơn hàng",
            "order_code": "PAY_1700000000000",
            "price": 20000,
            "buyer_info": "Nguyễn Văn A",
            "lang": "vi",
            "cancel_url": "https://shop.example.com/cancel",
            "notify_url": "https://shop.example.com/notify",
        },
        "legacy_link": {
            "return_url": "https://shop.example.com/return",
            "transaction_info": "Thanh toán đơn hàng",
            "order_code": "OM_1656422065",
            "price": 20000,
            "currency": "vnd",
            "quantity": 1,
            "tax": 0,
            "discount": 0,
            "fee_cal": 0,
            "fee_shipping": 0,
            "order_description": "Áo thun, hai chiếc",
            "buyer_info": "Nguyễn Văn A",
            "affiliate_code": "AFF01",
            "installment": 0,
            "inpage": 0,
            "payment_method_id": 0,
        },
        "return_query": message("hpay_return_url.txt"),
        "expected": {"order_code": "OM_1768202539", "price": 200000},
        "ibft": {name: value for name, value in transfer["input"].items() if name != "merchantEmail"},
        "ibft_answer": answer["input"]["body"],
    }
    inputs["ibft"]["amount"] = int(inputs["ibft"]["amount"])
    path = ROOT / "build/bench/inputs.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(inputs, ensure_ascii=False, indent=1) + "\n")


main()
