"""Writes the vectors of explain.signature: each signature is made by making the mistake, with hashlib and hmac.

Usage: explain.py  (writes hpay/explain.json and appotapay/explain.json beside this file)
"""

import hashlib
import hmac
import json
import unicodedata
from pathlib import Path
from urllib.parse import quote, quote_plus, urlencode

HERE = Path(__file__).parent
SOURCE = "python hashlib and hmac, making the mistake"


def case(name: str, operation: str, config: dict, message: dict, expected: dict) -> dict:
    gateway = operation.split(".")[0]
    return {
        "id": name,
        "operation": f"{gateway}.explain.signature",
        "source": SOURCE,
        "config": config,
        "input": {"operation": operation, **message},
        "output": expected,
    }


def mistaken(name: str, operation: str, config: dict, message: dict, signature: str) -> dict:
    expected = {"matches": False, "mistakes": [{"names": [name]}]}
    return case(name, operation, config, {**message, "signature": signature}, expected)


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def hpay() -> list:
    secret = "test-pass-Aa1"
    config = {"merchant_site_code": "65001", "secure_pass": secret, "environment": "sandbox"}
    operation = "hpay.checkout.create_legacy_link"
    link = {
        "return_url": "https://shop.example.com/Return",
        "receiver": "merchant@example.com",
        "transaction_info": "Ghi chú đơn hàng",
        "order_code": "OM_1",
        "price": 20000,
        "order_description": "Quà tặng",
        "buyer_info": "Nguyễn Văn A",
    }
    values = ["65001", link["return_url"], link["receiver"], link["transaction_info"], "OM_1", "20000", "vnd", "1", "0",
              "0", "0", "0", link["order_description"], link["buyer_info"], "", "0", "0", "0"]

    def joined(values: list, separator: str = " ") -> str:
        return separator.join([*values, secret])

    def changed(change) -> str:
        return md5(joined([change(value) for value in values]))

    mistakes = {
        "percent_encoded_php": changed(quote_plus),
        "percent_encoded": changed(lambda value: quote(value, safe="")),
        "lower_case_url": md5(joined([values[0], values[1].lower(), *values[2:]])),
        "separator_pipe": md5(joined(values, "|")),
        "leading_space": md5(" " + joined(values)),
        "buyer_info_emptied": md5(joined([*values[:13], "", *values[14:]])),
        "number_grouped_by_points": md5(joined([*values[:5], "20.000", *values[6:]])),
        "nfd": changed(lambda value: unicodedata.normalize("NFD", value)),
        "secret_first": md5(" ".join([secret, *values])),
        "hmac_sha256": hmac.new(secret.encode(), " ".join(values).encode(), hashlib.sha256).hexdigest(),
        "formula_of_another_message": md5("|".join([values[0], values[2], "20000", "vnd", "OM_1", secret])),
    }
    cases = [mistaken(name, operation, config, {"input": link}, signature) for name, signature in mistakes.items()]
    text = joined(values)[: -len(secret)] + "***"
    right = {"matches": True, "mistakes": [], "signature": md5(joined(values)), "text": text}
    cases.append(case("right", operation, config, {"input": link, "signature": md5(joined(values)).upper()}, right))
    nothing = {"matches": False, "mistakes": []}
    cases.append(case("unknown", operation, config, {"input": link, "signature": "ab" * 16}, nothing))
    query = "transaction_info=t&order_code=OM_1&price=1000&payment_id=1&payment_type=1&error_text=&bank_code=BIDV"
    callback = md5(f" t OM_1 1000 1 1  65001 {secret}")
    received = {"matches": True, "text": " t OM_1 1000 1 1  65001 ***"}
    message = {"query": f"{query}&secure_code={callback}"}
    cases.append(case("callback", "hpay.checkout.read_callback", config, message, received))
    without_space = md5(f"t OM_1 1000 1 1  65001 {secret}")
    message = {"query": f"{query}&secure_code={without_space}"}
    wrong = {"matches": False, "mistakes": [{"names": ["leading_space_missing"]}]}
    cases.append(case("callback-without-space", "hpay.checkout.read_callback", config, message, wrong))
    return cases


def appotapay() -> list:
    secret = "kyso-test-secret-0001"
    config = {"partner_code": "PARTNER", "api_key": "api-key-1", "secret_key": secret, "environment": "sandbox"}
    operation = "appotapay.firm_banking.transfer"
    transfer = {"bankCode": "TPBANK", "accountNo": "132100132400000", "accountType": "account",
                "accountName": "NGUYEN VAN A", "amount": 50000, "feeType": "payer", "partnerRefId": "Partner9999"}
    pairs = sorted((name, str(value)) for name, value in transfer.items())
    message = {"input": {**transfer, "issued_at": 1700000000}}

    def text(pairs: list) -> str:
        return "&".join(f"{name}={value}" for name, value in pairs)

    def sign(text: str, digest=hashlib.sha256, key: str = secret) -> str:
        return hmac.new(key.encode(), text.encode(), digest).hexdigest()

    mistakes = {
        "percent_encoded_php": sign(urlencode(pairs)),
        "values_without_names": sign("&".join(value for _, value in pairs)),
        "hmac_sha512": sign(text(pairs), hashlib.sha512),
        "reverse_order": sign(text(pairs[::-1])),
        "other_secret": sign(text(pairs), key="api-key-1"),
    }
    cases = [mistaken(name, operation, config, message, signature) for name, signature in mistakes.items()]
    right = {"matches": True, "mistakes": [], "text": text(pairs), "signature": sign(text(pairs))}
    cases.append(case("right", operation, config, {**message, "signature": sign(text(pairs))}, right))
    return cases


for gateway, cases in (("hpay", hpay()), ("appotapay", appotapay())):
    path = HERE / gateway / "explain.json"
    path.write_text(json.dumps({"cases": cases}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{path.name}: {len(cases)} cases of {gateway}")
