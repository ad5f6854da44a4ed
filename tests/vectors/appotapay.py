#!/usr/bin/env python3
"""AppotaPay beyond firm banking: virtual accounts, bills, top-up, cards, e-wallet, payment gateway, POS, legacy orders.

Usage: appotapay.py FOLDER_OF_SOURCE_VECTORS

The folder holds appotapay_vectors.json. Its groups for these services are converted, and further cases are made with
PHP (json_encode) and with Python's hashlib and hmac. Expected values never come from kyso.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import subprocess
import sys
import urllib.parse

from suite import Suite, at, compact, flip_hex, input_faults, without

SANDBOX = "XAonJgy14YhtePEITXhyBS2unjfJLAV3"
TEST = "kyso-test-secret-0001"
TOKEN = {"token": "a.b.c"}
PUBLISHED = "published appotapay vectors: Python hmac, recomputed with OpenSSL"
PYTHON = "Python hmac"
PHP = "json_encode of PHP, Python hmac"
RULES = "rules of the specification"
GATEWAY = "https://gateway.dev.appotapay.com"
PAYMENT = "https://payment.dev.appotapay.com"
EWALLET = "https://ewallet.dev.appotapay.com"
POS = "https://pos-gw.dev.appotapay.com"
MISMATCH = {"code": "signature_mismatch"}


def config(secret=SANDBOX, **more):
    return {"partner_code": "APPOTAPAY", "api_key": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8", "secret_key": secret,
            "environment": "sandbox", **more}


def sign(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def canonical(fields):
    return "&".join(f"{name}={value}" for name, value in sorted(fields.items()))


def signed(secret, members, fields):
    """The body with its signature over the fields."""
    return compact({**members, "signature": sign(secret, canonical(fields))})


def php(value, flags):
    """What PHP's json_encode prints for a JSON text."""
    code = f"echo json_encode(json_decode(stream_get_contents(STDIN)), {flags});"
    return subprocess.run(["php", "-r", code], input=value, capture_output=True, text=True, check=True).stdout


def pick(members, names):
    """Signed texts by name; a name with dots stands for a nested member."""
    fields = {}
    for name in names:
        value = members
        for step in name.split("."):
            value = value[step]
        fields[name.split(".")[-1]] = "" if value is None else str(value)
    return fields


class Cases:
    """Cases of one service."""

    def __init__(self, suite, service, vectors):
        self.suite, self.service = suite, service
        self.vectors = {vector["name"]: vector for vector in vectors["hmac_canonical"]}

    def add(self, id, operation, input, output=None, error=None, config=None, comment="", flags=(), source=PYTHON, service=None):
        self.suite.add(f"appotapay/{self.service}.json", id, f"appotapay.{service or self.service}.{operation}",
                       config or globals()["config"](), input, output=output, error=error, comment=comment, flags=flags, source=source)

    def request(self, name, operation, url, input, digest, body, **more):
        """A signed POST with the digest of a published vector or of Python."""
        source = more.pop("source", PYTHON)
        output = {"method": "POST", "url": url, "signature": digest, "body": compact({**body, "signature": digest}),
                  "headers": {"X-APPOTAPAY-AUTH": "Bearer a.b.c", "Content-Type": "application/json"}}
        self.add(name, operation, {**input, **TOKEN}, output=output, source=source, **more)

    def get(self, name, operation, url, input, headers=None, **more):
        headers = headers or {"X-APPOTAPAY-AUTH": "Bearer a.b.c"}
        self.add(name, operation, {**input, **TOKEN}, output={"method": "GET", "url": url, "headers": headers}, source=RULES, **more)

    def answer(self, operation, members, names, output, secret=TEST, next_operation=None, partly=True, spelling=""):
        """A signed answer: good, in other spellings, and everything that must be refused."""
        fields = pick(members, names)
        body = signed(secret, members, fields)
        conf = config(secret)
        result = {"proof": "partly_signed" if partly else "signed", "errorCode": "0", **output}
        self.add(operation, operation, {"body": body}, output=result, config=conf)
        digest = sign(secret, canonical(fields))
        self.add(f"{operation}-upper-case", operation, {"body": compact({**members, "signature": digest.upper()})}, output=result, config=conf)
        for bit in (0, 100, 255):
            self.add(f"{operation}-flip-{bit}", operation, {"body": compact({**members, "signature": flip_hex(digest, bit)})}, error=MISMATCH,
                     config=conf, flags=["tampered"])
        for name in names:
            changed = at(members, name, "1" if name == "errorCode" else "777")
            self.add(f"{operation}-changed-{name}", operation, {"body": compact({**changed, "signature": digest})}, error=MISMATCH, config=conf,
                     flags=["tampered"])
        self.add(f"{operation}-without-signature", operation, {"body": compact(members)}, error=MISMATCH, config=conf, flags=["unsigned"])
        self.add(f"{operation}-truncated", operation, {"body": compact({**members, "signature": digest[:32]})}, error=MISMATCH, config=conf,
                 flags=["tampered"])
        self.add(f"{operation}-siganture", operation, {"body": compact({**members, "siganture": digest})}, error=MISMATCH, config=conf,
                 comment="the member spelt as in some production code", flags=["unsigned"])
        encoded = base64.b64encode(bytes.fromhex(digest)).decode()
        self.add(f"{operation}-base64-digest", operation, {"body": compact({**members, "signature": encoded})}, error=MISMATCH, config=conf,
                 comment="base64 instead of hexadecimal", flags=["tampered"])
        values = "".join(str(value) for _, value in sorted(fields.items()))
        self.add(f"{operation}-values-only", operation, {"body": compact({**members, "signature": sign(secret, values)})}, error=MISMATCH,
                 config=conf, comment="values without names", flags=["tampered"])
        url_encoded = sign(secret, urllib.parse.urlencode(sorted(fields.items())))
        if url_encoded != digest:
            self.add(f"{operation}-url-encoded", operation, {"body": compact({**members, "signature": url_encoded})}, error=MISMATCH, config=conf,
                     comment="the text of http_build_query", flags=["tampered"])
        self.add(f"{operation}-foreign", operation, {"body": signed("kyso-test-secret-0002", members, fields)}, error=MISMATCH, config=conf,
                 flags=["foreign"])
        self.add(f"{operation}-previous-secret", operation, {"body": body}, config=config("kyso-test-secret-0002", previous_secrets=[secret]),
                 output={**result, "matched": f"{spelling}previous_secrets/0"}, flags=["rotation"])
        refused = {"code": "gateway_refused", "gateway_code": "2", "signed": False, "outcome": "refused"}
        self.add(f"{operation}-refused", operation, {"body": '{"errorCode":2,"message":"Sai chữ ký"}'}, error=refused, config=conf, flags=["refusal"])
        signed_refusal = signed(secret, {"errorCode": 2, "message": "x"}, {"errorCode": "2"})
        if names.count("errorCode") and "message" not in names:
            self.add(f"{operation}-refused-signed", operation, {"body": signed_refusal}, error={"code": "gateway_refused", "signed": True},
                     config=conf, flags=["refusal"])
        if next_operation:
            for code in ("35", "91", "99", "500", "4711"):
                error = {"code": "gateway_refused", "gateway_code": code, "outcome": "undetermined", "next_operation": f"appotapay.{next_operation}"}
                self.add(f"{operation}-undetermined-{code}", operation, {"body": compact({"errorCode": int(code), "message": "x"})}, error=error,
                         config=conf, flags=["refusal"])

    def other(self, operation, body, comment, secret=TEST):
        """A genuine message of another operation under the same secret."""
        self.add(f"{operation}-{comment.replace(' ', '-')}", operation, {"body": body}, error={}, config=config(secret), comment=comment,
                 flags=["foreign"])


# --- Virtual accounts -------------------------------------------------------------------------------------------------

VA_ANSWER = ["billCode", "errorCode", "payment"]


def virtual_account(suite, source):
    cases = Cases(suite, "virtual_account", source)
    url = f"{GATEWAY}/api/v1/service/ebill/create"
    for name in ("va/create/request/documented", "va/create/request/postman-shape"):
        vector = cases.vectors[name]
        fields = vector["fields"]
        input = {**fields, "amount": int(fields["amount"]), "billExpiryTime": int(fields["billExpiryTime"])}
        order = ["billCode", "billInfo", "billExpiryTime", "customerName", "serviceCode", "amount", "paymentCondition", "bankCode", "notifyUrl"]
        body = {member: input[member] for member in order if member in input}
        cases.request(name.replace("/", "-"), "create", url, input, vector["hmac_sha256_hex"], body, flags=["unicode"], source=PUBLISHED)
    good = {"billCode": "B-1", "billInfo": "Hóa đơn tháng 8 & 9", "customerName": "CONG TY A", "amount": 20000, "paymentCondition": "EQ",
            "bankCode": "BIDV", "notifyUrl": "https://shop.example/ipn?a=1&b=2", "extraData": ""}
    order = ["billCode", "billInfo", "customerName", "amount", "paymentCondition", "bankCode", "notifyUrl", "extraData"]
    cases.request("create-empty-extra", "create", url, good, sign(SANDBOX, canonical(good)), {name: good[name] for name in order})
    listed = {**good, "billExpiryTime": "", "serviceCode": ""}
    cases.request("create-listed", "create", url, good, sign(SANDBOX, canonical(listed)), {name: good[name] for name in order},
                  config=config(absent_fields="listed"), flags=["override"])
    for name, member in [("billInfo", "x&amount=1"), ("extraData", "y&bankCode=VCB"), ("notifyUrl", "https://a.example/?x=1&paymentCondition=NO")]:
        cases.add(f"create-smuggled-{name}", "create", {**good, **TOKEN, name: member}, error={"code": "ambiguous", "field": name},
                  flags=["ambiguous"], source=RULES)
    input_faults(suite, "appotapay/virtual_account.json", "create", "appotapay.virtual_account.create", config(), {**good, **TOKEN},
                 ["billCode", "billInfo", "customerName", "amount", "paymentCondition", "bankCode", "notifyUrl"], RULES,
                 texts=("billCode", "billInfo"), amounts=("amount",))
    for name, value in [("customerName", "NGUYỄN"), ("paymentCondition", "ANY"), ("notifyUrl", "javascript:alert(1)"), ("billCode", "x" * 51),
                        ("billInfo", "a\nb"), ("amount", 0)]:
        cases.add(f"create-bad-{name}", "create", {**good, **TOKEN, name: value}, error={"code": "invalid_value", "field": name}, flags=["input"],
                  source=RULES)

    vector = cases.vectors["va/create/response/documented"]
    payment = json.loads(vector["fields"]["payment"])
    body = compact({"errorCode": 0, "message": "Thành công", "billCode": "60586f8d6a684", "payment": payment, "signature": vector["hmac_sha256_hex"]})
    cases.add("read_create-documented", "read_create", {"body": body}, source=PUBLISHED,
              output={"proof": "partly_signed", "billCode": "60586f8d6a684", "errorCode": "0", "payment": payment, "unverified": {"message": "Thành công"}})
    vector = cases.vectors["va/detail/response/documented-string"]
    body = compact({"errorCode": 0, "message": "Thành công", "billCode": "605823cdc67f4", "amount": 50000, "paidAmount": 0,
                    "billExpiryTime": 1616818154, "payment": payment, "signature": vector["hmac_sha256_hex"]})
    detail = body
    cases.add("read_detail-documented", "read_detail", {"body": body}, source=PUBLISHED,
              output={"proof": "signed", "amount": 50000, "paidAmount": 0, "billExpiryTime": "1616818154", "payment": payment})
    vector = cases.vectors["va/create/response/unicode-php-default-json"]
    payment = json.loads(vector["fields"]["payment"])
    received = json.dumps(payment, ensure_ascii=False)
    members = '{"errorCode":0,"billCode":"B1","payment":%s,"signature":"%s"}'
    cases.add("read_create-php-default", "read_create", {"body": members % (received, vector["hmac_sha256_hex"])},
              config=config(vector["secret"]), source=PUBLISHED, flags=["unicode"], output={"matched": "php_default", "payment": payment})
    flags = {"php_default": "0", "unescaped_unicode": "JSON_UNESCAPED_UNICODE", "unescaped_slashes": "JSON_UNESCAPED_SLASHES",
             "unescaped": "JSON_UNESCAPED_UNICODE|JSON_UNESCAPED_SLASHES"}
    texts = {"accents": '{"bankAccounts":[{"bankBranch":"Chi nhánh Hà Nội / 1","accountNo":"0071000123456"}]}',
             "emoji": '{"bankAccounts":[{"bankBranch":"🔑 a/b \\\\u0008 \\b\\f\\n\\"","status":"active"}]}'}
    for kind, text in texts.items():
        for matched, flag in flags.items():
            spelling = php(text, flag)
            digest = sign(TEST, f"billCode=B1&errorCode=0&payment={spelling}")
            spaced = json.dumps(json.loads(text), ensure_ascii=True, separators=(", ", ": "))
            cases.add(f"read_create-{kind}-{matched}", "read_create", {"body": members % (spaced, digest)}, config=config(TEST), source=PHP,
                      flags=["unicode"], output={"matched": matched, "billCode": "B1", "payment": json.loads(text)})
        digest = sign(TEST, f"billCode=B1&errorCode=0&payment={spaced}")
        cases.add(f"read_create-{kind}-as-received", "read_create", {"body": members % (spaced, digest)}, config=config(TEST), flags=["unicode"],
                  output={"matched": "as_received"})
        go = spaced.replace("&", "\\u0026").replace("Chi", "<Chi>")
        digest = sign(TEST, f"billCode=B1&errorCode=0&payment={go}")
        if go != spaced:
            cases.add(f"read_create-{kind}-other-content", "read_create", {"body": members % (spaced, digest)}, config=config(TEST), error=MISMATCH,
                      flags=["tampered"])
    plain = '{"bankAccounts":[{"bankCode":"BIDV","accountNo":12345678901234567890123,"accountName":"A","status":"active"}]}'
    digest = sign(TEST, f"billCode=B1&errorCode=0&payment={plain}")
    cases.add("read_create-long-number", "read_create", {"body": members % (plain, digest)}, config=config(TEST), flags=["number"],
              output={"payment": {"bankAccounts": [{"accountNo": "12345678901234567890123"}]}}, comment="beyond 64 bits, as printed")
    cases.add("read_create-refused", "read_create", {"body": '{"errorCode":150,"message":"Mã hóa đơn đã tồn tại"}'}, flags=["refusal"],
              error={"code": "gateway_refused", "gateway_code": "150", "signed": False, "outcome": "refused"}, source=RULES)
    create = members % (plain, digest)
    cases.other("read_detail", create, "answer to create")
    cases.other("read_create", detail, "answer to detail", secret=SANDBOX)
    cases.other("read_callback", create, "answer to create")

    cases.get("detail", "detail", f"{GATEWAY}/api/v1/service/ebill/detail/a%2Fb%3F1", {"billCode": "a/b?1"})
    cases.get("transactions", "transactions", f"{GATEWAY}/api/v1/service/ebill/transactions?startTime=1616818154&endTime=1616904554&billCode=B1&limit=20&page=1",
              {"startTime": 1616818154, "endTime": 1616904554, "billCode": "B1", "limit": 20, "page": 1})
    cases.get("transactions-least", "transactions", f"{GATEWAY}/api/v1/service/ebill/transactions?startTime=1&endTime=2", {"startTime": 1, "endTime": 2})
    cases.get("bill_transactions", "bill_transactions", f"{GATEWAY}/api/v1/service/ebill/B1/transactions", {"billCode": "B1", "language": "en"},
              headers={"X-APPOTAPAY-AUTH": "Bearer a.b.c", "Language": "en"})
    cases.add("detail-dots", "detail", {"billCode": "..", **TOKEN}, error={"code": "invalid_value", "field": "billCode"}, flags=["input"], source=RULES)
    row = {"transactionId": "abc12345", "billCode": "B1", "accountNo": "902000225483", "amount": 100000, "status": "success", "type": "VA",
           "memo": "chuyen khoan", "transactionTime": "20-03-2021 10:01:00"}
    for operation in ("read_transactions", "read_bill_transactions"):
        cases.add(operation, operation, {"body": compact({"errorCode": 0, "message": "x", "total": 1, "page": 1, "transactions": [row]})},
                  output={"proof": "unsigned", "transactions": [row]}, flags=["unsigned"], source=RULES)
    vector = cases.vectors["va/close/request"]
    cases.request("close", "close", f"{GATEWAY}/api/v1/service/ebill/close", vector["fields"], vector["hmac_sha256_hex"],
                  {name: vector["fields"][name] for name in ("accountNo", "billCode", "partnerRefId")}, source=PUBLISHED)
    cases.add("close-long-reference", "close", {**vector["fields"], "partnerRefId": "1" * 17, **TOKEN},
              error={"code": "invalid_value", "field": "partnerRefId"}, flags=["boundary"], source=RULES)
    cases.add("read_close", "read_close", {"body": '{"errorCode":0,"message":"Thành công"}'}, output={"proof": "unsigned", "errorCode": "0"},
              flags=["unsigned"], source=RULES)
    virtual_account_ipn(cases)


def virtual_account_ipn(cases):
    vector = cases.vectors["va/ipn"]
    own = config(partner_code="TEST", api_key="oMhJpkz7K6HDcR6S")
    fields = vector["fields"]
    members = {**fields, "amount": 100000, "requestTime": 1577811600, "transactionTime": 1577811600}
    body = compact({**members, "signature": vector["hmac_sha256_hex"]})
    output = {"proof": "signed", "outcome": "succeeded", "evidence": "official", "transactionId": "AP1212121212", "billCode": "123456", "amount": 100000,
              "memo": "test chuyen tien", "raw": body}
    cases.add("read_callback", "read_callback", {"body": body}, output=output, config=own, source=PUBLISHED)
    cases.add("read_callback-expected", "read_callback", {"body": body, "expected": {"billCode": "123456", "amount": 100000}}, output=output, config=own,
              source=PUBLISHED)
    for amount in (100001, 1000000, 0):
        cases.add(f"read_callback-expected-{amount}", "read_callback", {"body": body, "expected": {"amount": amount}}, config=own,
                  error={"code": "mismatch", "field": "amount"}, flags=["tampered"], source=PUBLISHED)

    def ipn(id, changes, drop=(), sign_as=None, config=own, comment="", flags=(), **result):
        message = without({**members, **changes}, *drop)
        digest = sign(SANDBOX, canonical(sign_as or {name: "" if value is None else value for name, value in message.items()}))
        cases.add(f"read_callback-{id}", "read_callback", {"body": compact({**message, "signature": digest})}, config=config, comment=comment,
                  flags=flags, **result)

    ipn("no-extra", {}, drop=["extraData"], output={"proof": "signed"})
    ipn("null-extra", {"extraData": None}, output={"proof": "signed", "extraData": None}, comment="null counts as empty")
    ipn("listed-extra", {}, drop=["extraData"], sign_as={**members, "extraData": ""}, output={"proof": "signed", "matched": "listed"},
        comment="absent, yet signed as empty")
    ipn("other-partner", {"partnerCode": "OTHER"}, error={"code": "mismatch", "field": "partnerCode"}, flags=["foreign"])
    ipn("other-key", {"apiKey": "OTHER"}, error={"code": "mismatch", "field": "apiKey"}, flags=["foreign"])
    ipn("memo-ampersand", {"memo": "A & B = C"}, output={"memo": "A & B = C"})
    ipn("memo-accents", {"memo": "Nguyễn Văn Ánh trả tiền"}, output={"memo": "Nguyễn Văn Ánh trả tiền"}, flags=["unicode"])
    ipn("unverified", {"unknown": "x"}, sign_as=members, output={"unverified": {"unknown": "x"}})
    ipn("php-number", {"amount": "@"}, sign_as={**members, "amount": "100000"}, error={})
    for name in ("partnerCode", "transactionId", "amount", "requestTime"):
        ipn(f"memo-smuggles-{name}", {"memo": f"x&{name}=1"}, flags=["ambiguous"], comment="the payer types the memo",
            error={"code": "ambiguous", "field": "memo", "outcome": "undetermined", "next_operation": "appotapay.virtual_account.transactions",
                   "transactionId": "AP1212121212"})
    for name in ("amount", "apiKey", "memo", "transactionId", "version", "billCode"):
        ipn(f"without-{name}", {}, drop=[name], error={"code": "malformed_input", "field": name}, flags=["tampered"])
    for name in fields:
        changed = compact({**members, name: "777", "signature": vector["hmac_sha256_hex"]})
        cases.add(f"read_callback-changed-{name}", "read_callback", {"body": changed}, error=MISMATCH, config=own, flags=["tampered"])
    for bit in range(0, 256, 37):
        flipped = compact({**members, "signature": flip_hex(vector["hmac_sha256_hex"], bit)})
        cases.add(f"read_callback-flip-{bit}", "read_callback", {"body": flipped}, error=MISMATCH, config=own, flags=["tampered"])
    cases.add("read_callback-unsigned", "read_callback", {"body": compact(members)}, config=own, flags=["unsigned"],
              error={"code": "malformed_input", "field": "signature"})
    for code, detail in [(None, "Success"), ("00", "Success"), ("11", "Signature not match"), ("15", "Duplicate transactionId"), ("99", "Timeout")]:
        input = {} if code is None else {"statusCode": code}
        cases.add(f"acknowledge-{code}", "acknowledge", input, source=RULES,
                  output={"status": 200, "content_type": "application/json", "body": compact({"statusCode": code or "00", "statusDetail": detail})})
    cases.add("acknowledge-12", "acknowledge", {"statusCode": "12"}, error={"code": "invalid_value", "field": "statusCode"}, flags=["input"], source=RULES)


# --- Bills ------------------------------------------------------------------------------------------------------------

def bill(suite, source):
    cases = Cases(suite, "bill", source)
    vector = cases.vectors["bill/check/request"]
    fields = vector["fields"]
    cases.request("check", "check", f"{GATEWAY}/api/v1/service/bill/check", fields, vector["hmac_sha256_hex"],
                  {name: fields[name] for name in ("partnerRefId", "billCode", "serviceCode")}, source=PUBLISHED)
    vector = cases.vectors["bill/pay/request/Array-literal"]
    fields = vector["fields"]
    detail = [{"billNumber": "117934", "period": "4/2020", "amount": 100000, "isPartialPaymentAllowed": False, "extraInfo": ""}]
    good = {"amount": 100000, "billDetail": detail, "partnerRefId": "AB123", "billCode": "PD12121", "serviceCode": "ENVHN", "bill_detail_form": "array"}
    url = f"{GATEWAY}/api/v1/service/bill/pay"
    body = without(good, "bill_detail_form")
    cases.request("pay-array", "pay", url, good, vector["hmac_sha256_hex"], body, source=PUBLISHED)
    text = json.dumps(detail, ensure_ascii=False)
    digest = sign(SANDBOX, canonical({**fields, "billDetail": text}))
    cases.request("pay-text", "pay", url, {**good, "billDetail": text, "bill_detail_form": "text"}, digest, {**body, "billDetail": text})
    for id, changes, error in [
        ("pay-text-needs-text", {"bill_detail_form": "text"}, {"code": "wrong_type", "field": "billDetail"}),
        ("pay-no-form", {"bill_detail_form": None}, {"code": "missing_field", "field": "bill_detail_form"}),
        ("pay-other-form", {"bill_detail_form": "auto"}, {"code": "invalid_value", "field": "bill_detail_form"}),
        ("pay-array-object", {"billDetail": {"a": 1}}, {"code": "wrong_type", "field": "billDetail"}),
        ("pay-text-no-list", {"billDetail": "abc", "bill_detail_form": "text"}, {"code": "invalid_value", "field": "billDetail"}),
    ]:
        input = {name: value for name, value in {**good, **TOKEN, **changes}.items() if value is not None}
        cases.add(id, "pay", input, error=error, flags=["input"], source=RULES)
    smuggled = json.dumps([{"billNumber": "1&amount=1"}])
    cases.add("pay-text-smuggled", "pay", {**good, **TOKEN, "billDetail": smuggled, "bill_detail_form": "text"},
              error={"code": "ambiguous", "field": "billDetail"}, flags=["ambiguous"], source=RULES)
    input_faults(suite, "appotapay/bill.json", "pay", "appotapay.bill.pay", config(), {**good, **TOKEN},
                 ["partnerRefId", "billCode", "serviceCode", "amount", "billDetail", "bill_detail_form"], RULES, texts=("billCode",), amounts=("amount",))
    vector = cases.vectors["bill/pay/response"]
    members = {"errorCode": 0, "message": "Thành công", "billDetail": detail,
               "transaction": {"amount": 100000, "billAmount": 100000, "appotapayTransId": "01ARXAAWEBDS", "time": "10-04-2020 10:10:10"},
               "account": {"balance": 12200000}}
    cases.add("read_pay-documented", "read_pay", {"body": compact({**members, "signature": vector["hmac_sha256_hex"]})}, source=PUBLISHED,
              output={"proof": "partly_signed", "outcome": "succeeded", "transaction": members["transaction"], "unverified": {"account": {"balance": 12200000}}})
    names = ["transaction.amount", "transaction.appotapayTransId", "transaction.billAmount", "errorCode", "transaction.time"]
    for operation in ("read_pay", "read_status"):
        cases.answer(operation, members, names, {"outcome": "succeeded", "transaction": {"amount": 100000, "appotapayTransId": "01ARXAAWEBDS"}},
                     next_operation="bill.status")
    cases.add("read_pay-132", "read_pay", {"body": '{"errorCode":132,"message":"x"}'}, flags=["refusal"], source=RULES,
              error={"code": "gateway_refused", "outcome": "undetermined", "next_operation": "appotapay.bill.status"})
    transfer = {"errorCode": 0, "transaction": {"amount": 1, "transferAmount": 1, "appotapayTransId": "A", "time": "t"}}
    cases.other("read_pay", signed(TEST, transfer, pick(transfer, ["transaction.amount", "transaction.appotapayTransId", "errorCode", "transaction.time",
                                                                  "transaction.transferAmount"])), "answer to transfer")
    cases.get("status", "status", f"{GATEWAY}/api/v1/service/bill/transaction/AB123", {"partnerRefId": "AB123"})
    cases.add("read_check", "read_check", {"body": compact({"errorCode": 0, "message": "x", "billDetail": detail, "customerInfo": {"customerName": "Lê A"}})},
              output={"proof": "unsigned", "billDetail": [{"amount": 100000, "isPartialPaymentAllowed": False}], "customerInfo": {"customerName": "Lê A"}},
              flags=["unsigned"], source=RULES)


# --- Top-up -----------------------------------------------------------------------------------------------------------

def topup(suite, source):
    cases = Cases(suite, "topup", source)
    vector = cases.vectors["topup/charging-v2/request/telco-absent"]
    url = f"{GATEWAY}/api/v2/service/topup/charging"
    good = {"partnerRefId": "AB123", "telcoServiceType": "prepaid", "phoneNumber": "0866123456", "productCode": "topup_10"}
    cases.request("charge", "charge", url, good, vector["hmac_sha256_hex"], good, source=PUBLISHED)
    full = {"partnerRefId": "AB123", "telco": "viettel", "telcoServiceType": "postpaid", "phoneNumber": "0866123456", "productCode": "viettel_10"}
    cases.request("charge-telco", "charge", url, full, sign(SANDBOX, canonical(full)), full)
    listed = sign(SANDBOX, canonical({**good, "telco": ""}))
    cases.request("charge-listed", "charge", url, good, listed, good, config=config(absent_fields="listed"), flags=["override"])
    cases.request("charge-empty-telco", "charge", url, {**good, "telco": ""}, listed,
                  {"partnerRefId": "AB123", "telco": "", **without(good, "partnerRefId")})
    cases.request("charge-bare", "charge", url, good, vector["hmac_sha256_hex"], good, config=config(bearer=True), source=PUBLISHED)
    input_faults(suite, "appotapay/topup.json", "charge", "appotapay.topup.charge", config(), {**good, **TOKEN}, list(good), RULES, texts=("phoneNumber",))
    old = {"partnerRefId": "AB123", "telco": "viettel", "telcoServiceType": "prepaid", "phoneNumber": "0866123456", "amount": 10000}
    cases.request("charge_v1", "charge_v1", f"{GATEWAY}/api/v1/service/topup/charging", old, sign(SANDBOX, canonical(old)), old)
    vector = cases.vectors["golden/topup-status-response"]
    cases.add("read_status-golden", "read_status", {"body": vector["body_raw"]}, source="printed by AppotaPay", comment="the vendor's own digest",
              output={"proof": "partly_signed", "outcome": "succeeded",
                      "transaction": {"amount": 100000, "topupAmount": 100000, "appotapayTransId": "01JCM8K321W0ZFHK99T8JBXR2P", "phoneNumber": "0866123456",
                                      "time": "14-11-2024 09:38:43"}, "unverified": {"message": "Thành công"}})
    for code, name in [("hmac/flipped-bit", "flipped"), ("hmac/truncated", "truncated"), ("hmac/url-encoded-string", "url-encoded"),
                       ("hmac/values-only-concatenation", "values-only")]:
        negative = next(item for item in source["negative"] if item["name"] == code)
        wrong = negative.get("value") or negative["hmac_sha256_hex"]
        body = vector["body_raw"].replace(vector["hmac_sha256_hex"], wrong)
        cases.add(f"read_status-golden-{name}", "read_status", {"body": body}, error=MISMATCH, source=PUBLISHED, comment=negative["expect"], flags=["tampered"])
    vector = cases.vectors["topup/charging-v2/response"]
    transaction = {"phoneNumber": "0866123456", "amount": 100000, "productCode": "viettel_10", "topupAmount": 100000,
                   "appotapayTransId": "01JCM8K321W0ZFHK99T8JBXR2P", "time": "14-11-2024 09:38:43"}
    members = {"errorCode": 0, "message": "Thành công", "transaction": transaction, "account": {"balance": "121000000"}}
    cases.add("read_charge-documented", "read_charge", {"body": compact({**members, "signature": vector["hmac_sha256_hex"]})}, source=PUBLISHED,
              output={"proof": "partly_signed", "transaction": transaction, "unverified": {"account": {"balance": 121000000}}})
    status_names = ["transaction.amount", "transaction.appotapayTransId", "errorCode", "transaction.phoneNumber", "transaction.time", "transaction.topupAmount"]
    output = {"outcome": "succeeded", "transaction": {"amount": 100000, "topupAmount": 100000}}
    cases.answer("read_charge", members, status_names + ["transaction.productCode"], output, next_operation="topup.status")
    for operation in ("read_status", "read_charge_v1"):
        cases.answer(operation, members, status_names, output, next_operation="topup.status")
    plain = {**members, "transaction": without(transaction, "productCode")}
    cases.other("read_charge", signed(TEST, plain, pick(plain, status_names)), "answer to status")
    cases.other("read_status", signed(TEST, members, pick(members, status_names + ["transaction.productCode"])), "answer to charge")
    cases.add("read_charge-169", "read_charge", {"body": '{"errorCode":169,"message":"x"}'}, flags=["refusal"], source=RULES,
              error={"code": "gateway_refused", "outcome": "undetermined"})
    cases.get("status", "status", f"{GATEWAY}/api/v1/service/topup/transaction/AB123", {"partnerRefId": "AB123"})
    cases.get("product_codes", "product_codes", f"{GATEWAY}/api/v2/service/topup/productCodes", {})
    cases.get("products", "products", f"{GATEWAY}/api/v1/service/topup/0912345678/products?telco_service_type=prepaid&value=10000",
              {"phone_number": "0912345678", "telco_service_type": "prepaid", "value": 10000})
    cases.get("info", "info", f"{GATEWAY}/api/v1/service/topup/0968324567/info", {"phoneNumber": "0968324567", "request_id": "r-1", "account_ref_id": "s-1"},
              headers={"X-APPOTAPAY-AUTH": "Bearer a.b.c", "X-Request-ID": "r-1", "X-Account-Ref-ID": "s-1"})
    cases.add("info-injection", "info", {"phoneNumber": "09/../x", **TOKEN}, error={"code": "invalid_value", "field": "phoneNumber"}, flags=["input"], source=RULES)
    cases.add("info-header-injection", "info", {"phoneNumber": "0968324567", "request_id": "a\r\nb", **TOKEN},
              error={"code": "invalid_value", "field": "request_id"}, flags=["input"], source=RULES)
    product = {"id": 1, "productCode": "topup_10", "amount": 10000}
    cases.add("read_product_codes", "read_product_codes", {"body": compact({"errorCode": 0, "data": [{"telco": "common", "products": [product]}]})},
              output={"proof": "unsigned", "data": [{"telco": "common", "products": [{"id": "1", "productCode": "topup_10", "amount": 10000}]}]},
              flags=["unsigned"], source=RULES)
    cases.add("read_products", "read_products", {"body": compact({"errorCode": 0, "data": [{"productCode": "D24", "amount": 20000, "type": "topup_data"}]})},
              output={"proof": "unsigned", "data": [{"productCode": "D24", "amount": 20000, "type": "topup_data"}]}, flags=["unsigned"], source=RULES)
    cases.add("read_info", "read_info", {"body": '{"errorCode":0,"data":{"phone_number":"0968324567","telco":"viettel"}}'},
              output={"proof": "unsigned", "data": {"phone_number": "0968324567", "telco": "viettel"}}, flags=["unsigned"], source=RULES)
    cases.add("read_info-refused", "read_info", {"body": '{"errorCode":37,"message":"Số điện thoại không đúng"}'}, flags=["refusal"], source=RULES,
              error={"code": "gateway_refused", "gateway_code": "37", "outcome": "refused"})


# --- Cards ------------------------------------------------------------------------------------------------------------

def cards(suite, source):
    cases = Cases(suite, "cards", source)
    vector = cases.vectors["card/buy/request"]
    good = {"partnerRefId": "AB123", "productCode": "AC100", "quantity": 10}
    cases.request("buy", "buy", f"{GATEWAY}/api/v1/service/shopcard/buy", good, vector["hmac_sha256_hex"], good, source=PUBLISHED)
    for quantity in (0, 101):
        cases.add(f"buy-{quantity}", "buy", {**good, **TOKEN, "quantity": quantity}, error={"code": "invalid_value", "field": "quantity"},
                  flags=["boundary"], source=RULES)
    input_faults(suite, "appotapay/cards.json", "buy", "appotapay.cards.buy", config(), {**good, **TOKEN}, list(good), RULES, texts=("productCode",))
    card = {"code": "abc", "serial": "OTA123456789", "vendor": "appota", "value": 100000, "expiry": "29-09-2023"}
    body = compact({"errorCode": 0, "message": "x", "cards": [card], "transaction": {"amount": 100000, "appotapayTransId": "AP12", "time": "10-04-2020 10:10:10"},
                    "account": {"balance": "121000000"}})
    for operation in ("read_buy", "read_buy_status"):
        cases.add(operation, operation, {"body": body}, output={"proof": "unsigned", "outcome": "succeeded", "cards": [card], "account": {"balance": 121000000}},
                  flags=["unsigned"], source=RULES)
        for code, outcome in [(33, "refused"), (35, "undetermined"), (99, "undetermined"), (500, "undetermined")]:
            cases.add(f"{operation}-{code}", operation, {"body": compact({"errorCode": code, "message": "x"})}, flags=["refusal"], source=RULES,
                      error={"code": "gateway_refused", "outcome": outcome, "signed": False})
    cases.get("buy_status", "buy_status", f"{GATEWAY}/api/v1/service/shopcard/transaction/AB123", {"partnerRefId": "AB123"})
    cases.get("products", "products", f"{GATEWAY}/api/v1/service/shopcard/products", {})
    cases.add("read_products", "read_products", {"body": '{"errorCode":0,"data":[{"productCode":"AC100"}]}'}, flags=["unsigned"], source=RULES,
              output={"proof": "unsigned", "data": [{"productCode": "AC100"}]})

    keyed = config(private_key=source["rsa_test_key_pem"])
    for vector in source["rsa"]:
        oaep = vector["name"].endswith("oaep-sha1")
        result = {"output": {"code": vector["plaintext"]}} if oaep else {"error": {"code": "decrypt_failed"}}
        name = vector["name"].split("/")[-1]
        cases.add(f"decrypt_code-{name}", "decrypt_code", {"code": vector["ciphertext_base64"]}, config=keyed, comment=vector["padding"],
                  source="published appotapay vectors: OpenSSL, recomputed with PHP", **result)
        cases.add(f"decrypt_code-{name}-sha256", "decrypt_code", {"code": vector["ciphertext_base64"], "padding": "oaep_sha256"}, config=keyed,
                  error={"code": "decrypt_failed"}, source="published appotapay vectors", comment="no fallback to another padding")
    good = source["rsa"][0]["ciphertext_base64"]
    flipped = bytearray(base64.b64decode(good))
    flipped[17] ^= 1
    for name, code in [("flipped", base64.b64encode(flipped).decode()), ("short", "YWJj"), ("no-base64", "b10294bae53e89919b3efd62a763bf3"), ("empty", "")]:
        cases.add(f"decrypt_code-{name}", "decrypt_code", {"code": code}, config=keyed, error={"code": "decrypt_failed"}, flags=["tampered"], source=RULES)
    cases.add("decrypt_code-no-key", "decrypt_code", {"code": good}, error={"code": "missing_field", "field": "private_key"}, flags=["config"], source=RULES)
    cases.add("decrypt_code-pkcs1-asked", "decrypt_code", {"code": good, "padding": "pkcs1v15"}, config=keyed,
              error={"code": "invalid_value", "field": "padding"}, flags=["input"], source=RULES)
    oaep_sha256 = openssl_oaep(source["rsa_test_public_pem"], "sha256", "724889714164747")
    cases.add("decrypt_code-oaep-sha256", "decrypt_code", {"code": oaep_sha256, "padding": "oaep_sha256"}, config=keyed, output={"code": "724889714164747"},
              source="OpenSSL")

    for vector in source["aes"]:
        own = config(charging_card={"partner_code": "P", "secret_key": vector["secret"], "service_name": "S"})
        name = vector["name"].split("/")[-1]
        cases.add(f"encrypt_code-{name}", "encrypt_code", {"code": vector["plaintext"], "iv": vector["iv_text"]}, config=own,
                  output={"code": vector["code_field_base64"]}, source="published appotapay vectors: OpenSSL, recomputed with Node")
    own = config(charging_card={"partner_code": "PARTNER_CODE", "secret_key": TEST, "service_name": "TEST"})
    for length in (1, 15, 16, 17, 32):
        code = ("0123456789ABCDEF" * 2)[:length]
        cases.add(f"encrypt_code-{length}", "encrypt_code", {"code": code, "iv": "abcdefghijklmnop"}, config=own,
                  output={"code": openssl_aes(TEST, "abcdefghijklmnop", code)}, flags=["boundary"], source="OpenSSL")
    for id, input, conf, error in [
        ("short-iv", {"code": "1", "iv": "abc"}, own, {"code": "invalid_value", "field": "iv"}),
        ("iv-in-production", {"code": "1", "iv": "abcdefghijklmnop"}, {**own, "environment": "production", "secret_key": "live-secret-key-0001", "api_key": "live-api-key"},
         {"code": "invalid_value", "field": "iv"}),
        ("no-credentials", {"code": "1"}, config(), {"code": "missing_field", "field": "charging_card"}),
        ("short-secret", {"code": "1"}, config(charging_card={"partner_code": "P", "secret_key": "abcdefghijklmno", "service_name": "S"}),
         {"code": "invalid_key", "field": "charging_card.secret_key"}),
        ("accented-secret", {"code": "1"}, config(charging_card={"partner_code": "P", "secret_key": "khóa-bí-mật-1234", "service_name": "S"}),
         {"code": "invalid_key", "field": "charging_card.secret_key"}),
        ("unknown-credential", {"code": "1"}, config(charging_card={"partner_code": "P", "secret_key": TEST, "service_name": "S", "x": "y"}), {}),
    ]:
        cases.add(f"encrypt_code-{id}", "encrypt_code", input, config=conf, error=error, flags=["config"], source=RULES)

    charge, status = source["sha256_concat"][:2]
    code, serial, vendor, partner, service, transaction, _ = charge["parts"]
    input = {"code": code, "serial": serial, "transaction_id": transaction}
    body = {"code": code, "serial": serial, "vendor": vendor, "partner_code": partner, "service_name": service, "transaction_id": transaction}
    key = "?api_key=FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8"
    cases.request("charge", "charge", f"{GATEWAY}/v1/sandbox/services/card_charging{key}", input, charge["sha256_hex"], body, config=own,
                  source="published appotapay vectors: Python hashlib")
    cases.request("charge-own-host", "charge", f"https://cards.example/x/v1/sandbox/services/card_charging{key}", {**input, "vendor": "appota"},
                  charge["sha256_hex"], body, config={**own, "base_urls": {"charging": "https://cards.example/x"}},
                  source="published appotapay vectors: Python hashlib")
    for id, changes, field in [("bare-code", {"code": "123456789001"}, "code"), ("no-base64", {"code": "x*y"}, "code"), ("short-serial", {"serial": "OTA12345678"}, "serial"),
                               ("other-vendor", {"vendor": "viettel"}, "vendor"), ("short-transaction", {"transaction_id": "1234"}, "transaction_id"),
                               ("long-transaction", {"transaction_id": "1" * 51}, "transaction_id")]:
        cases.add(f"charge-{id}", "charge", {**input, **TOKEN, **changes}, config=own, error={"code": "invalid_value", "field": field}, flags=["input"], source=RULES)
    digest = status["sha256_hex"]
    cases.add("charge_status", "charge_status", {"transaction_id": transaction, **TOKEN}, config=own, source="published appotapay vectors: Python hashlib",
              output={"method": "GET", "signature": digest,
                      "url": f"{GATEWAY}/v1/services/transaction/check{key}&partner_code={partner}&transaction_id={transaction}&signature={digest}"})
    answer = {"error_code": "00", "message": "x", "data": {"amount": 10000, "serial": serial, "transaction_id": "AP1", "time": "30/05/2022 09:56:19 GMT+7"}}
    for operation in ("read_charge", "read_charge_status"):
        cases.add(operation, operation, {"body": compact(answer)}, output={"proof": "unsigned", "outcome": "succeeded", "error_code": "00", "data": answer["data"]},
                  flags=["unsigned"], source=RULES)
        for code, outcome in [("39", "refused"), ("99", "undetermined"), ("95", "undetermined"), ("98", "undetermined"), ("77", "undetermined")]:
            cases.add(f"{operation}-{code}", operation, {"body": compact({"error_code": code, "message": "x"})}, flags=["refusal"], source=RULES,
                      error={"code": "gateway_refused", "gateway_code": code, "outcome": outcome})


def openssl_aes(secret, iv, plaintext):
    key = secret if len(secret) == 16 else hashlib.sha256(secret.encode()).hexdigest()[:16]
    command = ["openssl", "enc", "-aes-128-cbc", "-K", key.encode().hex(), "-iv", iv.encode().hex()]
    out = subprocess.run(command, input=plaintext.encode(), capture_output=True, check=True).stdout
    return base64.b64encode(iv.encode() + out).decode()


def openssl_oaep(public_pem, digest, plaintext):
    path = pathlib.Path("/tmp/kyso-oaep-public.pem")
    path.write_text(public_pem)
    command = ["openssl", "pkeyutl", "-encrypt", "-pubin", "-inkey", str(path), "-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", f"rsa_oaep_md:{digest}",
               "-pkeyopt", f"rsa_mgf1_md:{digest}"]
    out = subprocess.run(command, input=plaintext.encode(), capture_output=True, check=True).stdout
    path.unlink()
    return base64.b64encode(out).decode()


# --- E-wallet ---------------------------------------------------------------------------------------------------------

def wallet(suite, source):
    cases = Cases(suite, "wallet", source)
    user = {"access_token": "user-token"}
    for name, changes in [("ewallet/payment/request", {"extraData": "test"}), ("ewallet/payment/request/extraData-empty", {}),
                          ("ewallet/payment/request/extraData-empty", {"extraData": ""})]:
        vector = cases.vectors[name]
        body = {"orderId": "123", "orderInfo": "test", "amount": 120000, "currency": "VND", "extraData": changes.get("extraData", "")}
        id = f"pay-{len(changes)}-{changes.get('extraData', 'absent') or 'empty'}"
        cases.request(id, "pay", f"{GATEWAY}/api/v2/ewallet/payment", {**user, "orderId": "123", "orderInfo": "test", "amount": 120000, **changes},
                      vector["hmac_sha256_hex"], body, source=PUBLISHED)
    good = {**user, **TOKEN, "orderId": "123", "orderInfo": "Đơn hàng", "amount": 1000, "language": "vi", "request_id": "r-1"}
    digest = sign(SANDBOX, "amount=1000&currency=VND&extraData=&orderId=123&orderInfo=Đơn hàng")
    cases.add("pay-headers", "pay", good, flags=["unicode"],
              output={"signature": digest, "headers": {"X-APPOTAPAY-AUTH": "Bearer a.b.c", "Authorization": "Bearer user-token", "X-Language": "vi", "X-Request-ID": "r-1"}})
    for amount in (999, 500000001):
        cases.add(f"pay-{amount}", "pay", {**good, "amount": amount}, error={"code": "invalid_value", "field": "amount"}, flags=["boundary"], source=RULES)
    cases.add("pay-smuggled", "pay", {**good, "orderInfo": "x&amount=1"}, error={"code": "ambiguous", "field": "orderInfo"}, flags=["ambiguous"], source=RULES)
    cases.add("pay-currency", "pay", {**good, "currency": "USD"}, error={"code": "invalid_value", "field": "currency"}, flags=["input"], source=RULES)
    cases.add("pay-token-injection", "pay", {**good, "access_token": "a\r\nX: y"}, error={"code": "invalid_value", "field": "access_token"}, flags=["input"], source=RULES)
    input_faults(suite, "appotapay/wallet.json", "pay", "appotapay.wallet.pay", config(), good, ["access_token", "orderId", "orderInfo", "amount"], RULES,
                 texts=("orderInfo",), amounts=("amount",))
    fields = {"orderId": "241698338917842945", "verificationCode": "123456"}
    cases.request("confirm", "confirm", f"{GATEWAY}/api/v2/ewallet/payment/confirm", {**user, **fields, "verificationMethod": "OTP"},
                  sign(SANDBOX, canonical(fields)), {"orderId": fields["orderId"], "verificationMethod": "OTP", "verificationCode": "123456"})
    order = "241698338917842945"
    for name, choice in [("orderId-only", "order_id"), ("documented-template", "order_id_and_code")]:
        vector = cases.vectors[f"ewallet/cancel/request/{name}"]
        cases.request(f"cancel-{choice}", "cancel", f"{GATEWAY}/api/v2/ewallet/transaction/cancel", {"orderId": order, "signed_fields": choice},
                      vector["hmac_sha256_hex"], {"orderId": order}, source=PUBLISHED)
    cases.add("cancel-no-choice", "cancel", {"orderId": order, **TOKEN}, error={"code": "missing_field", "field": "signed_fields"}, flags=["input"], source=RULES)
    cases.add("login_link", "login_link", {"scope": "user.info,user.wallet_payment", "redirect_uri": "https://shop.example/back?a=1&b=2", "state": "s 1"}, source=RULES,
              output={"method": "GET", "url": f"{EWALLET}/oauth/login?client_key=FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8&scope=user.info%2Cuser.wallet_payment"
                      "&response_type=code&redirect_uri=https%3A%2F%2Fshop.example%2Fback%3Fa%3D1%26b%3D2&state=s%201"})
    keys = {"client_key": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8", "secret_key": SANDBOX, "grant_type": "authorization_code"}
    cases.add("access_token", "access_token", {"code": "c-1"}, source=RULES,
              output={"method": "POST", "url": f"{EWALLET}/api/v1/oauth/access_token", "body": compact({**keys, "code": "c-1"})})
    cases.add("refresh_token", "refresh_token", {"refresh_token": "r-1"}, source=RULES,
              output={"url": f"{EWALLET}/api/v1/oauth/refresh_token", "body": compact({**keys, "refresh_token": "r-1"})})
    cases.add("unlink", "unlink", {"access_token": "u-1"}, source=RULES,
              output={"url": f"{EWALLET}/api/v1/users/app/destroy", "body": compact({"client_key": keys["client_key"], "access_token": "u-1"})})
    tokens = {"access_token": "a", "token_type": "Bearer", "refresh_token": "b", "expiry_in": 1659411793, "refresh_token_expiry_in": 1659411793}
    for operation in ("read_access_token", "read_refresh_token"):
        cases.add(operation, operation, {"body": compact({"code": 200, "data": tokens})}, source=RULES, flags=["unsigned"],
                  output={"proof": "unsigned", "code": "200", "data": {**tokens, "expiry_in": "1659411793", "refresh_token_expiry_in": "1659411793"}})
        cases.add(f"{operation}-refused", operation, {"body": '{"code":401,"message":"x"}'}, source=RULES, flags=["refusal"],
                  error={"code": "gateway_refused", "gateway_code": "401", "outcome": "refused"})
    cases.add("read_unlink", "read_unlink", {"body": '{"code":200,"success":true}'}, output={"proof": "unsigned", "success": True}, flags=["unsigned"], source=RULES)
    transaction = {"orderId": "1", "transactionId": "2", "status": "success", "amount": 120000, "currency": "VND"}
    for operation in ("read_pay", "read_confirm"):
        for status, outcome in [("success", "succeeded"), ("pending", "pending"), ("processing", "pending")]:
            cases.add(f"{operation}-{status}", operation, {"body": compact({"transaction": {**transaction, "status": status}})}, source=RULES, flags=["unsigned"],
                      output={"proof": "unsigned", "outcome": outcome, "transaction": {"amount": 120000}})
        failed = {**transaction, "status": "error", "errorCode": 75, "errorMessage": "Số tiền không đủ"}
        cases.add(f"{operation}-error", operation, {"body": compact({"transaction": failed})}, source=RULES, flags=["refusal"],
                  error={"code": "gateway_refused", "gateway_code": "75", "outcome": "refused"})
        for code, outcome in [("2", "refused"), ("34", "undetermined"), ("94", "undetermined"), ("99", "undetermined"), ("500", "undetermined"), ("4711", "undetermined")]:
            cases.add(f"{operation}-{code}", operation, {"body": compact({"errorCode": code, "message": "x"})}, source=RULES, flags=["refusal"],
                      error={"code": "gateway_refused", "gateway_code": code, "outcome": outcome})
    cases.add("read_pay-empty", "read_pay", {"body": "{}"}, error={"code": "malformed_input"}, source=RULES)


# --- Payment gateway --------------------------------------------------------------------------------------------------

# Data without an amount, an identifier or a status is genuine and tied to nothing.
PARTLY = {"proof": "partly_signed", "must_inquire": True}


def payment(suite, source):
    cases = Cases(suite, "payment", source)
    raw = {vector["name"]: vector for vector in source["raw_hmac"]}

    def body(data, digest):
        return compact({"data": data, "signature": digest, "time": 1726029160})

    vector = raw["ipn-v2/payment/documented-data"]
    decoded = json.loads(base64.b64decode(vector["message"]))
    text = body(vector["message"], vector["hmac_sha256_hex"])
    order = decoded["partnerReference"]["order"]
    output = {"proof": "signed", "outcome": "succeeded", "evidence": "official", "raw": text, "unverified": {"time": "1726029160"},
              "transaction": {"transactionId": "AP241453213740", "status": "success", "orderAmount": 10000, "amount": 10000, "errorCode": "0",
                              "errorMessage": "Thành công", "bankCode": "SAIGONBANK"},
              "partnerReference": {"order": {"id": order["id"], "info": order["info"]}}, "tokenResult": decoded["tokenResult"],
              "tokenResult_decoded": {"status": "0", "card": {"token": "2336100686629909", "card_type": "ATM_CARD"}}}
    cases.add("read_callback-documented", "read_callback", {"body": text}, output=output, source=PUBLISHED, flags=["unicode"])
    cases.add("read_callback-expected", "read_callback", {"body": text, "expected": {"transaction": {"orderAmount": 10000}}}, output=output, source=PUBLISHED)
    cases.add("read_callback-other-amount", "read_callback", {"body": text, "expected": {"transaction": {"orderAmount": 10001}}},
              error={"code": "mismatch", "field": "transaction.orderAmount"}, source=PUBLISHED, flags=["tampered"])
    digest = vector["hmac_sha256_hex"]
    for bit in range(0, 256, 31):
        cases.add(f"read_callback-flip-{bit}", "read_callback", {"body": body(vector["message"], flip_hex(digest, bit))}, error=MISMATCH, flags=["tampered"], source=PUBLISHED)
    other = base64.b64encode(compact(decoded).replace('"amount":10000', '"amount":10001').encode()).decode()
    cases.add("read_callback-other-data", "read_callback", {"body": body(other, digest)}, error=MISMATCH, flags=["tampered"], source=PUBLISHED)
    respelt = base64.b64encode(compact(decoded).encode()).decode()
    cases.add("read_callback-respelt-data", "read_callback", {"body": body(respelt, digest)}, error=MISMATCH, flags=["tampered"], source=PUBLISHED,
              comment="the same JSON value in another spelling: the text is signed, not the value")
    over_json = sign(SANDBOX, base64.b64decode(vector["message"]).decode())
    cases.add("read_callback-over-json", "read_callback", {"body": body(vector["message"], over_json)}, error=MISMATCH, flags=["tampered"],
              comment="the decoded text was signed")
    cases.add("read_callback-no-signature", "read_callback", {"body": compact({"data": vector["message"]})}, flags=["unsigned"], source=RULES,
              error={"code": "malformed_input", "field": "signature"})
    cases.add("read_callback-no-data", "read_callback", {"body": compact({"signature": digest})}, flags=["unsigned"], source=RULES,
              error={"code": "malformed_input", "field": "data"})
    printed = "171846e6962c5537c546ec5d6e6a864800db2366c330f418d7eff87661248a4c"
    cases.add("read_callback-printed-digest", "read_callback", {"body": body(vector["message"], printed)}, error=MISMATCH, source=RULES,
              comment="the digest on the page is under an unknown key")

    def envelope(id, value, result, secret=TEST, service=None, flags=(), comment="", operation="read_callback", text=None):
        data = base64.b64encode((text or json.dumps(value, separators=(",", ":"))).encode()).decode()
        cases.add(id, operation, {"body": body(data, sign(secret, data))}, config=config(secret), flags=flags, comment=comment, **result)

    for status, outcome in [("error", "failed"), ("pending", "pending"), ("processing", "pending"), ("else", "undetermined")]:
        envelope(f"read_callback-{status}", {"transaction": {"transactionId": "A", "status": status}},
                 {"output": {**PARTLY, "outcome": outcome}}, comment="no amount")
        envelope(f"read_callback-{status}-amount", {"transaction": {"transactionId": "A", "status": status, "orderAmount": 1}},
                 {"output": {"proof": "signed", "outcome": outcome}})
    envelope("read_callback-no-status", {"transaction": {"transactionId": "A", "orderAmount": 1}}, {"output": PARTLY}, comment="no status")
    envelope("read_callback-no-id", {"transaction": {"status": "success", "orderAmount": 1}}, {"output": PARTLY}, comment="no identifier")
    envelope("read_callback-empty-id", {"transaction": {"transactionId": "", "status": "success", "orderAmount": 1}}, {"output": PARTLY}, comment="an empty identifier")
    envelope("read_callback-installment", {"transaction": {"transactionId": "AP1", "referenceId": "MRC_1", "paymentAmount": 12000000, "payPerMonth": 1000000,
                                                           "feeConversion": 2.5, "status": "success", "statusCancel": None, "errorCode": 103}},
             {"output": {"outcome": "succeeded", "transaction": {"paymentAmount": 12000000, "feeConversion": "2.5", "errorCode": "103"}}})
    envelope("read_callback-cycle", {"event": "subscription.cycle.succeeded", "data": {"cycleId": "C1", "amount": 50000, "status": "SUCCEEDED"}},
             {"output": {"outcome": "succeeded", "event": "subscription.cycle.succeeded", "data": {"cycleId": "C1", "amount": 50000}}})
    envelope("read_callback-plan", {"planId": "P1", "planRefId": "R1", "amount": 50000, "status": "ACTIVE"}, {"output": {"proof": "signed", "planId": "P1", "amount": 50000}})
    envelope("read_callback-of-pos", {"transaction": {"transaction_id": "A", "partner_ref_id": "B", "status": "success", "amount": 1}}, {"error": {"code": "malformed_input"}},
             flags=["foreign"], comment="a genuine message of a terminal")
    envelope("read_callback-of-flat-pos", {"transaction_id": "A", "partner_ref_id": "B", "status": "success", "amount": 1}, {"error": {"code": "malformed_input"}},
             flags=["foreign"], comment="the same with its members flat")
    envelope("read_callback-duplicate-member", None, {"error": {"code": "malformed_input", "field": "data"}}, text='{"transaction":{"status":"error","status":"success"}}')
    envelope("read_callback-no-object", None, {"error": {"code": "malformed_input", "field": "data"}}, text="[1]")
    envelope("read_callback-poses", {"proof": "signed", "outcome": "succeeded", "transaction": {"status": "error"}},
             {"output": {**PARTLY, "outcome": "failed", "unverified": {"outcome": "succeeded"}}}, comment="names of kyso's own in data")
    envelope("read_callback-bad-token-result", {"transaction": {"status": "success"}, "tokenResult": "{"}, {"output": {"tokenResult": "{"}})

    vector = raw["redirect-v2/documented-data"]
    query = urllib.parse.urlencode({"data": vector["message"], "signature": vector["hmac_sha256_hex"], "time": "1"})
    expected = {"proof": "signed", "outcome": "succeeded", "transaction": {"appotapayTransId": "AP200910014125B", "orderId": "5f5b46cb73fd0", "orderAmount": 50000}}
    cases.add("read_redirect-documented", "read_redirect", {"query": query}, output={**expected, "raw": query}, source=PUBLISHED)
    cases.add("read_redirect-question-mark", "read_redirect", {"query": "?" + query}, output=expected, source=PUBLISHED)
    vector = raw["ipn-v2/with-plus-or-slash"]
    digest = vector["hmac_sha256_hex"]
    for id, data in [("encoded", urllib.parse.quote(vector["message"], safe="")), ("plus", vector["message"].replace("=", "%3D")),
                     ("space", vector["message"].replace("+", "%20"))]:
        cases.add(f"read_redirect-{id}", "read_redirect", {"query": f"data={data}&signature={digest}&time=1"}, config=config(vector["secret"]),
                  output={**PARTLY, "outcome": "succeeded", "transaction": {"message": "Chuyển đổi thành công >>> ???"}}, source=PUBLISHED, flags=["unicode"],
                  comment="a + of the base64 text on its way through a query string")
    cases.add("read_callback-with-plus", "read_callback", {"body": body(vector["message"], digest)}, config=config(vector["secret"]),
              output={**PARTLY, "transaction": {"status": "success"}}, source=PUBLISHED)
    cases.add("read_callback-space", "read_callback", {"body": body(vector["message"].replace("+", " "), digest)}, config=config(vector["secret"]), error=MISMATCH,
              source=PUBLISHED, comment="nothing is restored in a body", flags=["tampered"])
    cases.add("read_redirect-twice", "read_redirect", {"query": f"{query}&data=x"}, error={"code": "malformed_input"}, flags=["tampered"], source=RULES)
    cases.add("acknowledge", "acknowledge", {}, output={"status": 200, "content_type": "application/json", "body": '{"status":"ok"}'}, source=RULES)

    bare = {"X-APPOTAPAY-AUTH": "a.b.c"}
    cases.get("status", "status", f"{GATEWAY}/api/v2/orders/transaction?referenceId=R1&type=PARTNER_ORDER_ID", {"referenceId": "R1", "type": "PARTNER_ORDER_ID"}, headers=bare)
    cases.get("status-bearer", "status", f"{GATEWAY}/api/v2/orders/transaction?referenceId=R1", {"referenceId": "R1", "language": "en"},
              headers={"X-APPOTAPAY-AUTH": "Bearer a.b.c", "X-Language": "en"}, config=config(bearer=True))
    cases.get("list", "list", f"{GATEWAY}/api/v2/orders/transactions?startTime=1&endTime=2&limit=15&page=1", {"startTime": 1, "endTime": 2, "limit": 15, "page": 1}, headers=bare)
    cases.add("list-half", "list", {"startTime": 1, **TOKEN}, error={"code": "missing_field", "field": "endTime"}, flags=["input"], source=RULES)
    cases.get("refund_status", "refund_status", f"{GATEWAY}/api/v2/transaction/refund/R1?type=TRANSACTION_ID", {"refundRefId": "R1", "type": "TRANSACTION_ID"}, headers=bare)
    cases.add("read_refund_status", "read_refund_status", {"body": '{"refundId":"f","amount":10000,"status":"success"}'}, flags=["unsigned"], source=RULES,
              output={"proof": "unsigned", "outcome": "succeeded", "amount": 10000})
    cases.add("read_status", "read_status", {"body": '{"transaction":{"status":"processing","amount":5}}'}, flags=["unsigned"], source=RULES,
              output={"proof": "unsigned", "outcome": "pending", "transaction": {"amount": 5}})
    cases.add("read_list", "read_list", {"body": '{"pagination":{"total":1},"transactions":[{"amount":1000000,"errorCode":0}]}'}, flags=["unsigned"], source=RULES,
              output={"transactions": [{"amount": 1000000, "errorCode": "0"}]})


# --- Points of sale ---------------------------------------------------------------------------------------------------

def pos(suite, source):
    cases = Cases(suite, "pos", source)
    url = f"{POS}/api/v2/partner/orders/payment/create"
    for vector in source["raw_hmac"]:
        if vector["operation"] != "pos.create":
            continue
        name = vector["name"].split("/")[-1]
        cases.add(f"create-{name}", "create", {**json.loads(vector["message"]), **TOKEN, "request_id": "r-1"}, config=config(vector["secret"]), source=PUBLISHED,
                  output={"method": "POST", "url": url, "body": vector["message"], "signature": vector["hmac_sha256_hex"],
                          "headers": {"X-APPOTAPAY-AUTH": "a.b.c", "X-Request-Id": "r-1", "X-Signature": vector["hmac_sha256_hex"]}})
    good = {**json.loads(next(v for v in source["raw_hmac"] if v["operation"] == "pos.create")["message"]), **TOKEN, "request_id": "r-1"}
    cases.add("create-no-request-id", "create", without(good, "request_id"), error={"code": "missing_field", "field": "request_id"}, flags=["input"], source=RULES)
    input_faults(suite, "appotapay/pos.json", "create", "appotapay.pos.create", config(), good,
                 ["partner_ref_id", "order_info", "terminal_id", "payment_method", "amount"], RULES, texts=("order_info",), amounts=("amount",))
    for name, value in [("partner_ref_id", "a b"), ("partner_ref_id", "a" * 27), ("order_info", "x" * 101), ("terminal_id", "x" * 21), ("amount", 9999), ("payment_method", "CASH")]:
        cases.add(f"create-bad-{name}-{len(str(value))}", "create", {**good, name: value}, error={"code": "invalid_value", "field": name}, flags=["boundary"], source=RULES)
    call = {"request_id": "r-1", "language": "vi"}
    headers = {"X-APPOTAPAY-AUTH": "a.b.c", "X-Request-Id": "r-1", "X-Lang": "vi"}
    cases.get("list", "list", f"{POS}/api/v2/partner/orders/transactions?payment_method=QR&page=1&limit=25", {"payment_method": "QR", "page": 1, "limit": 25, **call}, headers=headers)
    cases.get("detail", "detail", f"{POS}/api/v2/partner/orders/transaction/95OK-EE4V", {"partner_ref_id": "95OK-EE4V", **call}, headers=headers)
    transaction = {"transaction_id": "01K", "partner_ref_id": "r1", "status": "pending", "amount": 12000, "error_code": "34"}
    cases.add("read_create", "read_create", {"body": compact({"transaction": transaction, "payment_info": {"qr_type": "VIETQR"}})}, flags=["unsigned"], source=RULES,
              output={"proof": "unsigned", "outcome": "pending", "transaction": transaction, "payment_info": {"qr_type": "VIETQR"}})
    cases.add("read_create-error", "read_create", {"body": compact({"transaction": {**transaction, "status": "error", "error_code": "75"}})}, flags=["refusal"], source=RULES,
              error={"code": "gateway_refused", "gateway_code": "75", "outcome": "refused"})
    for code, outcome in [("30", "refused"), ("34", "undetermined"), ("99", "undetermined"), ("3101", "undetermined")]:
        cases.add(f"read_create-{code}", "read_create", {"body": compact({"error_code": code, "error_message": "x"})}, flags=["refusal"], source=RULES,
                  error={"code": "gateway_refused", "gateway_code": code, "outcome": outcome})
    for id, code in [("code", "33"), ("number", 33)]:
        cases.add(f"read_create-refused-{id}", "read_create", {"body": compact({"error_code": code, "transaction": transaction})}, flags=["refusal"], source=RULES,
                  error={"code": "gateway_refused", "gateway_code": "33", "outcome": "refused"}, comment="refused, whatever stands beside the code")
        cases.add(f"read_list-refused-{id}", "read_list", {"body": compact({"error_code": code, "transactions": []})}, flags=["refusal"], source=RULES,
                  error={"code": "gateway_refused", "gateway_code": "33"})
    cases.add("read_create-null", "read_create", {"body": '{"error_code":"00","transaction":null}'}, source=RULES,
              error={"code": "malformed_input", "field": "transaction"}, comment="null is not there")
    cases.add("read_create-null-code", "read_create", {"body": compact({"error_code": None, "transaction": transaction})}, flags=["unsigned"], source=RULES,
              output={"outcome": "pending"})
    cases.add("read_detail-null", "read_detail", {"body": '{"status":null,"error_code":"36"}'}, flags=["refusal"], source=RULES,
              error={"code": "gateway_refused", "gateway_code": "36", "outcome": "undetermined"}, comment="the query was refused, not the payment")
    detail = {"order_id": "1", "transaction_id": "2", "payment_method": "QR", "amount": 10000, "error_code": "00", "is_sett": True}
    for status, outcome in [("success", "succeeded"), ("void", "failed"), ("error", "failed"), ("processing", "pending")]:
        cases.add(f"read_detail-{status}", "read_detail", {"body": compact({**detail, "status": status})}, flags=["unsigned"], source=RULES,
                  output={"proof": "unsigned", "outcome": outcome, **detail})
    cases.add("read_list", "read_list", {"body": compact({"transactions": [transaction], "pagination": {"page": 1}})}, flags=["unsigned"], source=RULES,
              output={"transactions": [transaction], "pagination": {"page": "1"}})

    def ipn(id, value, **result):
        data = base64.b64encode(compact(value).encode()).decode()
        cases.add(f"read_callback-{id}", "read_callback", {"body": compact({"data": data, "signature": sign(TEST, data)})}, config=config(TEST), **result)

    ipn("no-amount", {"transaction": {"transaction_id": "01K", "status": "success"}}, output=PARTLY, comment="no amount")
    ipn("no-status", {"transaction": {"transaction_id": "01K", "amount": 1}}, output=PARTLY, comment="no status")
    ipn("flat", {"transaction_id": "01K", "status": "success", "amount": 1}, output={"proof": "signed", "outcome": "succeeded", "amount": 1})
    for status, outcome in [("success", "succeeded"), ("void", "failed"), ("error", "failed")]:
        ipn(status, {"transaction": {**transaction, "status": status}, "version": "1.0"},
            output={"proof": "signed", "outcome": outcome, "transaction": {"amount": 12000, "error_code": "34"}, "version": "1.0"})
    ipn("of-payment", {"transaction": {"transactionId": "A", "status": "success"}}, error={"code": "malformed_input"}, flags=["foreign"],
        comment="a genuine message of the payment gateway")
    data = base64.b64encode(compact({"transaction": transaction}).encode()).decode()
    cases.add("read_callback-foreign", "read_callback", {"body": compact({"data": data, "signature": sign("kyso-test-secret-0002", data)})}, config=config(TEST),
              error=MISMATCH, flags=["foreign"])
    cases.add("acknowledge", "acknowledge", {}, output={"status": 200, "body": '{"status":"ok"}'}, source=RULES)


# --- Legacy orders ----------------------------------------------------------------------------------------------------

THIRTEEN = ["amount", "apiKey", "appotapayTransId", "bankCode", "currency", "errorCode", "extraData", "message", "orderId", "partnerCode", "paymentMethod",
            "paymentType", "transactionTs"]


def orders(suite, source):
    cases = Cases(suite, "orders", source)
    good = {"orderId": "5f5b46cb73fd0", "orderInfo": "Đơn hàng 1", "amount": 50000, "bankCode": "", "paymentMethod": "", "clientIp": "127.0.0.1", "extraData": "",
            "notifyUrl": "https://shop.example/ipn?a=1&b=2", "redirectUrl": "https://shop.example/back"}
    digest = sign(SANDBOX, canonical(good))
    url = f"{PAYMENT}/api/v1/orders/payment/bank"
    cases.request("create", "create", url, good, digest, good, flags=["unicode"])
    cases.request("create-absent", "create", url, without(good, "bankCode", "paymentMethod", "extraData"), digest, good, comment="absent ones are sent empty")
    full = {**good, "bankCode": "SHB", "paymentMethod": "ATM", "extraData": "test test"}
    cases.request("create-full", "create", url, full, sign(SANDBOX, canonical(full)), full)
    input_faults(suite, "appotapay/orders.json", "create", "appotapay.orders.create", config(), {**good, **TOKEN},
                 ["orderId", "orderInfo", "amount", "clientIp", "notifyUrl", "redirectUrl"], RULES, texts=("orderInfo",), amounts=("amount",))
    cases.add("create-smuggled", "create", {**good, **TOKEN, "orderInfo": "x&orderId=2"}, error={"code": "ambiguous", "field": "orderInfo"}, flags=["ambiguous"], source=RULES)
    with_action = {**good, "action": "PAY"}
    cases.request("create_v1_1", "create_v1_1", f"{PAYMENT}/api/v1.1/orders/payment/bank", good, sign(SANDBOX, canonical(with_action)), with_action)
    with_card = {**good, "action": "PAY_WITH_TOKEN", "card": '{"token":"1"}'}
    cases.request("create_v1_1-card", "create_v1_1", f"{PAYMENT}/api/v1.1/orders/payment/bank", with_card, sign(SANDBOX, canonical(with_card)), with_card)
    vector = cases.vectors["orders-v1/status/request"]
    for operation, version in [("status", "v1"), ("status_v1_1", "v1.1")]:
        cases.request(operation, operation, f"{PAYMENT}/api/{version}/orders/transaction/bank/status", vector["fields"], vector["hmac_sha256_hex"], vector["fields"],
                      source=PUBLISHED)
    refund = {"appotapayTransId": "AP221434473986", "refundId": "r-1", "amount": 10000, "reason": "Hoàn tiền"}
    cases.request("refund", "refund", f"{PAYMENT}/api/v1/transaction/refund", refund, sign(SANDBOX, canonical(refund)), refund, flags=["unicode"])
    fields = {"startTime": "1", "endTime": "2", "limit": "10", "page": "1", "status": "success", "paymentMethod": "ATM"}
    digest = sign(SANDBOX, canonical(fields))
    cases.add("list", "list", {"startTime": 1, "endTime": 2, "limit": 10, "page": 1, "status": "success", "paymentMethod": "ATM", **TOKEN},
              output={"method": "GET", "signature": digest,
                      "url": f"{PAYMENT}/api/v1.1/orders/transactions?startTime=1&endTime=2&limit=10&page=1&status=success&paymentMethod=ATM&signature={digest}"})

    vector = cases.vectors["orders-v1/create/response"]
    members = {**vector["fields"], "errorCode": 0, "amount": 10000}
    cases.add("read_create-documented", "read_create", {"body": compact({**members, "signature": vector["hmac_sha256_hex"]})}, source=PUBLISHED, flags=["unicode"],
              output={"proof": "signed", "amount": 10000, "orderId": "oNwTX5qBl", "paymentUrl": vector["fields"]["paymentUrl"], "message": "Thành công"})
    cases.answer("read_create", members, list(vector["fields"]), {"orderId": "oNwTX5qBl"}, partly=False)
    with_order = {**members, "paymentUrl": "https://payment.appotapay.com/x?a=1&orderId=2&amount=3"}
    cases.add("read_create-url-with-names", "read_create", {"body": signed(TEST, with_order, pick(with_order, list(vector["fields"])))}, config=config(TEST),
              output={"proof": "signed", "paymentUrl": with_order["paymentUrl"]}, comment="& with names of fields is at home in an address")
    cases.answer("read_create_v1_1", members, ["errorCode", "message"], {"unverified": {"orderId": "oNwTX5qBl", "amount": 10000}},
                 spelling="error_code_and_message, ")
    cases.add("read_create_v1_1-all-members", "read_create_v1_1", {"body": signed(TEST, members, pick(members, list(vector["fields"])))}, config=config(TEST),
              output={"proof": "signed", "matched": "all_members", "orderId": "oNwTX5qBl", "amount": 10000}, comment="signed as in version 1")
    for name in ("orderId", "amount", "paymentUrl"):
        changed = {**members, name: "777", "signature": sign(TEST, canonical(pick(members, list(vector["fields"]))))}
        cases.add(f"read_create_v1_1-all-members-changed-{name}", "read_create_v1_1", {"body": compact(changed)}, config=config(TEST), error=MISMATCH,
                  flags=["tampered"])
    vector = cases.vectors["orders-v1/refund/response"]
    data = {**without(vector["fields"], "errorCode"), "amount": 10000}
    members = {"errorCode": 0, "message": "x", "data": data}
    cases.add("read_refund-documented", "read_refund", {"body": compact({**members, "signature": vector["hmac_sha256_hex"]})}, source=PUBLISHED,
              output={"proof": "signed", "outcome": "succeeded", "data": {"amount": 10000, "refundId": data["refundId"]}})
    cases.answer("read_refund", members, ["errorCode"] + [f"data.{name}" for name in data], {"outcome": "succeeded"}, partly=False, next_operation="orders.status")
    order_callbacks(cases)


def order_callbacks(cases):
    vector = cases.vectors["orders-v1/ipn"]
    own = config(partner_code="TEST", api_key="oMhJpkz7K6HDcR6S")
    members = {**vector["fields"], "amount": 50000, "errorCode": 0, "transactionTs": 1599817433}
    body = compact({**members, "signature": vector["hmac_sha256_hex"]})
    output = {"proof": "signed", "outcome": "succeeded", "amount": 50000, "orderId": "5f5b46cb73fd0", "errorCode": "0", "message": "Thành công", "raw": body}
    cases.add("read_callback-documented", "read_callback", {"body": body}, output=output, config=own, source=PUBLISHED, flags=["unicode"])
    query = urllib.parse.urlencode({**vector["fields"], "signature": vector["hmac_sha256_hex"]})
    cases.add("read_redirect-documented", "read_redirect", {"query": query}, output={**output, "raw": query}, config=own, source=PUBLISHED, flags=["unicode"])
    cases.add("read_redirect-own-parameter", "read_redirect", {"query": f"session=1&{query}"}, output={"proof": "signed", "unverified": {"session": "1"}}, config=own,
              source=PUBLISHED)
    cases.add("read_redirect-twice", "read_redirect", {"query": f"{query}&amount=1"}, error={"code": "malformed_input", "field": "amount"}, config=own, source=PUBLISHED,
              flags=["tampered"])

    def ipn(id, changes, drop=(), **result):
        message = without({**members, **changes}, *drop)
        cases.add(f"read_callback-{id}", "read_callback", {"body": signed(SANDBOX, message, message)}, config=own, **result)

    for code, outcome in [(1, "failed"), (35, "pending"), (34, "pending"), (99, "undetermined"), (500, "undetermined"), (4711, "undetermined")]:
        ipn(f"code-{code}", {"errorCode": code}, output={"proof": "signed", "outcome": outcome, "errorCode": str(code)})
    ipn("other-partner", {"partnerCode": "OTHER"}, error={"code": "mismatch", "field": "partnerCode"}, flags=["foreign"])
    ipn("other-key", {"apiKey": "OTHER"}, error={"code": "mismatch", "field": "apiKey"}, flags=["foreign"])
    ipn("no-extra", {}, drop=["extraData"], output={"proof": "signed"})
    ipn("no-amount", {}, drop=["amount"], error={"code": "malformed_input", "field": "amount"}, flags=["tampered"])
    ipn("smuggled", {"extraData": "x&orderId=2"}, flags=["ambiguous"],
        error={"code": "ambiguous", "field": "extraData", "outcome": "undetermined", "next_operation": "appotapay.orders.status", "appotapayTransId": "AP200910014125B"})
    for name in THIRTEEN:
        changed = compact({**members, name: "777", "signature": vector["hmac_sha256_hex"]})
        cases.add(f"read_callback-changed-{name}", "read_callback", {"body": changed}, error=MISMATCH, config=own, flags=["tampered"])
    cases.add("read_callback-only-api-key", "read_callback", {"body": compact({**members, "signature": "0" * 64})}, error=MISMATCH, config=own,
              comment="an equal apiKey proves nothing", flags=["tampered"], source=RULES)
    cases.add("read_status", "read_status", {"body": body}, config=own, output={"proof": "signed", "outcome": "succeeded", "amount": 50000}, source=PUBLISHED)
    pending = {**members, "errorCode": 35}
    cases.add("read_status-pending", "read_status", {"body": signed(SANDBOX, pending, pending)}, config=own, flags=["refusal"],
              error={"code": "gateway_refused", "signed": True, "outcome": "undetermined", "next_operation": "appotapay.orders.status"})
    inner = without(members, "apiKey", "partnerCode", "errorCode", "message")
    nested = {"errorCode": 0, "message": "x", "apiKey": "oMhJpkz7K6HDcR6S", "partnerCode": "TEST", "transaction": {**inner, "status": "processing"}}
    names = ["errorCode", "message", "apiKey", "partnerCode"] + [f"transaction.{name}" for name in nested["transaction"]]
    cases.add("read_status_v1_1", "read_status_v1_1", {"body": signed(SANDBOX, nested, pick(nested, names))}, config=own,
              output={"proof": "signed", "outcome": "pending", "transaction": {"amount": 50000, "status": "processing"}})
    cases.add("acknowledge", "acknowledge", {}, output={"status": 200, "body": '{"status":"ok"}'}, source=RULES)


# --- Reference, headers and test messages -----------------------------------------------------------------------------

def reference(suite, source, folder):
    cases = Cases(suite, "reference", source)
    tables = json.loads((folder.parent / "data" / "appotapay_tables.json").read_text(encoding="utf-8"))
    for code, name in tables["firm_banking"]["bank_codes"].items():
        cases.add(f"bank-{code}", "bank", {"code": code}, output={"code": code, "name": name}, source="published tables")
    for code, bin in [("VCB", "970436"), ("TPBANK", "970423"), ("BVBANK", "970438"), ("VIETCAPITALBANK", "970454")]:
        cases.add(f"bin-{code}", "bank", {"code": code}, output={"bin": bin}, source="list of the State Bank, 31/12/2023")
    cases.add("bank-unknown", "bank", {"code": "XXX"}, error={"code": "invalid_value", "field": "code"}, source=RULES)
    services = [("firm_banking", "firm_banking", "error_codes"), ("virtual_account", "virtual_account", "error_codes"), ("bill", "bill", "error_codes"),
                ("topup", "mobile_topup", "error_codes"), ("cards", "buy_card", "error_codes"), ("charging_card", "charging_card", "error_codes"),
                ("wallet", "ewallet", "error_codes"), ("payment", "payment_v2", "refund_errors"), ("installment", "payment_v2", "installment_codes"),
                ("pos", "pos", "error_codes")]
    for service, table, member in services:
        for code, meaning in tables[table][member].items():
            cases.add(f"error-{service}-{code}", "error", {"service": service, "code": code}, source="published tables",
                      output={"service": service, "code": code, "wording": "kyso"} if service == "payment" else {"service": service, "code": code, "meaning": meaning})
    cases.add("error-unknown", "error", {"service": "bill", "code": "4711"}, error={"code": "invalid_value", "field": "code"}, source=RULES)
    cases.add("error-unknown-service", "error", {"service": "x", "code": "1"}, error={"code": "invalid_value", "field": "service"}, source=RULES)
    cases.add("error-outcome", "error", {"service": "firm_banking", "code": "35"}, output={"outcome": "undetermined"}, source="published tables")
    codes = json.loads((folder.parent / "data" / "appotapay_citad.json").read_text(encoding="utf-8"))
    for index, (code, bank) in enumerate(codes["codes"].items()):
        if index % 40 == 0 or index == len(codes["codes"]) - 1:
            cases.add(f"citad-{code}", "citad", {"code": code}, source="published tables",
                      output={"code": code, "known": True, "usual_shape": True, "bank": bank, "province": codes["provinces"][code[:-6]]})
    cases.add("citad-document", "citad", {"code": "11223344"}, output={"known": False, "usual_shape": True}, source=RULES, comment="the document's own example is not in the list")
    cases.add("citad-odd", "citad", {"code": "x"}, output={"known": False, "usual_shape": False}, source=RULES)

    issued = {"issued_at": 1614225624}
    token = source["jwt"][0]["token"]
    for service, headers in [(None, {"X-APPOTAPAY-AUTH": f"Bearer {token}", "Language": "en", "X-Request-ID": "r", "X-Account-Ref-ID": "s"}),
                             ("wallet", {"X-APPOTAPAY-AUTH": f"Bearer {token}", "X-Language": "en", "X-Request-ID": "r"}),
                             ("payment", {"X-APPOTAPAY-AUTH": token, "X-Language": "en"}), ("pos", {"X-APPOTAPAY-AUTH": token, "X-Lang": "en", "X-Request-Id": "r"})]:
        input = {**issued, "language": "en", "request_id": "r", "account_ref_id": "s", **({"service": service} if service else {})}
        cases.add(f"headers-{service}", "token", input, output={"token": token, "headers": headers}, service="auth", source="PyJWT")

    transfer = {"errorCode": 0, "billCode": "B1", "payment": {"bankAccounts": [{"bankBranch": "Hà Nội / 1"}]}}
    text = php(json.dumps(transfer["payment"]), "0")
    cases.add("testing-virtual-account", "virtual_account_create", {"members": transfer}, service="testing", source=PHP,
              output={"body": compact({**transfer, "signature": sign(SANDBOX, f"billCode=B1&errorCode=0&payment={text}")})})
    cases.add("testing-production", "pos_callback", {"members": {}}, service="testing", source=RULES, flags=["config"],
              config={**config("live-secret-key-0001", api_key="live-api-key"), "environment": "production"}, error={"code": "invalid_value", "field": "environment"})


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    source = json.loads((folder / "appotapay_vectors.json").read_text(encoding="utf-8"))
    suite = Suite()
    for convert in (virtual_account, bill, topup, cards, wallet, payment, pos, orders):
        convert(suite, source)
    reference(suite, source, folder)
    suite.write()


main()
