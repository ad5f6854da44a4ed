#!/usr/bin/env python3
"""Makes further vectors with independent programs: PHP, OpenSSL and Python's hashlib and hmac. Never with kyso.

Usage: make.py

It needs `php` and `openssl` on the path, and the throw-away keys in keys/. What it writes, `<gateway>/made_<service>.json`,
is committed; run it again after a change and commit the result. Standard library only.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import unicodedata

from suite import HERE, Suite, compact, flip_hex, input_faults, without

KEY = "6f2d1c5e9b7a48330f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3NjgzOTIwMDB9.c2ln"

OPENSSL = "OpenSSL command line"
PHP = "PHP command line"
PYTHON = "Python hashlib and hmac"

# Ordinary texts of customers and shops, and texts at the edges of what is allowed.
TEXTS = [
    "Thanh toán đơn hàng #1024",
    "Nguyễn Thị Ánh Nguyệt - Quận 1, TP.HCM",
    "Ghi chú: giao sau 17h, gọi trước 0912 345 678 & để ở bảo vệ",
    "100% cotton + quà tặng (mua 1 tặng 1)",
    "a=b&c=d;e?f#g/h\\i\"j'k<l>m",
    "~!*'()-._",
    "😀 café 東京 ñ ß",
    unicodedata.normalize("NFD", "Đường Lê Lợi, phường Bến Thành"),
    "  hai khoảng trắng  ",
    "x",
    "kết thúc bằng dấu cộng +",
    "₫ 1.000.000",
]


def run(command, input=b""):
    return subprocess.run(command, input=input, capture_output=True, check=True).stdout


def php(code, **variables):
    """The JSON that PHP prints; the variables come decoded as `$v`."""
    program = "$v = json_decode(stream_get_contents(STDIN), true, 512, JSON_BIGINT_AS_STRING);" + code
    return json.loads(run(["php", "-d", "serialize_precision=-1", "-r", program], json.dumps(variables).encode()))


def seal(plaintext, iv, key=KEY):
    """hex(IV, AES-256-CBC) by OpenSSL."""
    text = plaintext if isinstance(plaintext, bytes) else plaintext.encode()
    return iv + run(["openssl", "enc", "-aes-256-cbc", "-K", key, "-iv", iv], text).hex()


def rsa_sign(name, text):
    signature = run(["openssl", "dgst", "-sha256", "-sign", str(HERE / "keys" / f"{name}.key.pem")], text.encode())
    return base64.b64encode(signature).decode()


def pem(name):
    return (HERE / "keys" / name).read_text()


# --- TConnect ---------------------------------------------------------------------------------------------------------


def tconnect(**more):
    return {"partner_code": "PARTNER01", "key": KEY, "environment": "sandbox", **more}


def ivs():
    number = 0
    while True:
        number += 1
        yield hashlib.sha256(b"iv %d" % number).hexdigest()[:32]


IV = ivs()


def envelopes(suite):
    file = "tconnect/made_envelope.json"

    def add(id, plaintext, comment, flags=()):
        suite.add(file, f"open-{id}", "tconnect.envelope.open", tconnect(), {"data": seal(plaintext, next(IV))},
                  output={"plaintext": plaintext}, comment=comment, flags=flags, source=OPENSSL)

    for index, text in enumerate(TEXTS):
        add(f"text-{index}", text, "any text", ["unicode"])
        add(f"json-{index}", json.dumps({"narrative": text}), "JSON with escapes", ["unicode"])
    for length in [0, 1, 15, 16, 17, 31, 32, 47, 48, 4095, 4096]:
        add(f"length-{length}", ("kýso!" * length).encode()[:length].decode(errors="ignore").ljust(length, ".") if length else "",
            f"about {length} bytes", ["boundary"])
    for index, text in enumerate(TEXTS):
        payload = compact({"narrative": text, "amount": 2000})
        suite.add(file, f"request-{index}", "tconnect.envelope.request", tconnect(),
                  {"method": "POST", "path": "/openapi/v1/payment/create", "access_token": TOKEN, "payload": payload},
                  output={"method": "POST", "url": "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/payment/create",
                          "headers": {"Authorization": f"Bearer {TOKEN}", "Partner-Code": "PARTNER01"}, "opened": payload},
                  comment="any payload to any path", flags=["unicode"], source="the payload itself")
    good = {"method": "POST", "path": "/x", "payload": "{}"}
    for id, changed, field in [
        ("path-relative", {"path": "x"}, "path"), ("path-host", {"path": "//evil.example/x"}, "path"), ("path-query", {"path": "/x?y=1"}, "path"),
        ("path-newline", {"path": "/x\r\nY: z"}, "path"), ("path-space", {"path": "/x y"}, "path"), ("path-empty", {"path": ""}, "path"),
        ("payload-no-json", {"payload": "{x"}, "payload"), ("payload-empty", {"payload": ""}, "payload"), ("method", {"method": "TRACE"}, "method"),
        ("token-newline", {"access_token": "a\r\nX: y"}, "access_token"), ("token-empty", {"access_token": ""}, "access_token"),
    ]:
        suite.add(file, f"request-{id}", "tconnect.envelope.request", tconnect(), {**good, **changed}, error={"code": "invalid_value", "field": field},
                  comment="refused", flags=["input"], source="rules of the operation")
    for id, data in [("bad-padding", b"\0" * 16), ("padding-17", b"\x11" * 16), ("no-utf8", b"\xff" * 8 + b"\x08" * 8)]:
        # -nopad lets OpenSSL encrypt blocks with padding of our choice.
        iv = next(IV)
        sealed = iv + run(["openssl", "enc", "-aes-256-cbc", "-nopad", "-K", KEY, "-iv", iv], data).hex()
        suite.add(file, f"open-{id}", "tconnect.envelope.open", tconnect(), {"data": sealed}, error={"code": "decrypt_failed"},
                  comment="one error for everything after the length check", flags=["tampered"], source=OPENSSL)


IPN = {"order_id": "0106002530", "amount": 2000, "payment_type": "QR", "retrieval_ref_no": "20260211000006",
       "request_id": "39b73dd3-1b1c-4b37-b2d2-000000000000", "narrative": "117926751847 FT26021165605807", "acc_no": "99MPI0000267600005",
       "original_transaction_date": 1770782306}


def body_of(text):
    return compact({"data": seal(text, next(IV))})


def notifications(suite):
    file, operation = "tconnect/made_ipn.json", "tconnect.ipn.read_callback"

    def add(id, text, comment, flags=(), more=None, **expect):
        suite.add(file, f"read-{id}", operation, tconnect(), {"body": body_of(text), **(more or {})}, **expect, comment=comment, flags=flags,
                  source=OPENSSL)

    failed = {"error": {"code": "decrypt_failed"}}
    for index, text in enumerate(TEXTS):
        members = {**IPN, "narrative": text}
        expected = {**members, "proof": "decrypted_only", "original_transaction_date": "1770782306"}
        add(f"narrative-{index}", compact(members), "text typed by the payer", ["unicode"], output=expected)
        add(f"narrative-{index}-escaped", json.dumps(members), "the same with escapes", ["unicode"], output=expected)
    raw = compact(IPN)
    for id, token, amount in [("fraction", "2000.0", 2000), ("fractions", "2000.000", 2000), ("text", '"2000"', 2000), ("text-fraction", '"2000.00"', 2000),
                              ("one", "1", 1), ("most", "1000000000000000", 10**15)]:
        add(f"amount-{id}", raw.replace(":2000,", f":{token},"), f"amount spelt {token}", ["number"], output={"amount": amount})
    for id, token in [("half", "2000.5"), ("exponent", "2e3"), ("negative", "-2000"), ("zero", "0"), ("empty", '""'), ("space", '"2000 "'), ("bool", "true"),
                      ("null", "null"), ("list", "[2000]"), ("word", '"hai nghìn"'), ("plus", '"+2000"'), ("beyond", "1000000000000001"),
                      ("huge", "1" + "0" * 400), ("hex", '"0x7d0"'), ("grouped", '"1,250,000"'), ("grouped-wrongly", '"20,00"')]:
        add(f"amount-{id}", raw.replace(":2000,", f":{token},"), f"amount spelt {token}", ["number"], **failed)
    add("backwards", compact(dict(reversed(IPN.items()))), "the order of members is free", output={"order_id": "0106002530", "amount": 2000})
    add("static-code", compact(without(IPN, "order_id")), "a static code may have no order", output={"amount": 2000})
    add("no-account", compact(without(IPN, "acc_no")), "acc_no is there if available", output={"amount": 2000})
    add("extra-data", compact({**IPN, "extraData": {"key1": "value1", "n": 1}}), "unknown members are kept", output={"extraData": {"key1": "value1", "n": "1"}})
    renamed = raw.replace('"order_id"', '"nrder_id"')
    add("order-renamed", renamed, "the order under a name that one flipped bit gives", ["tampered"], **failed)
    inner = {**IPN, "extraData": {"amount": "10,000", "note": "abc"}, "request_amount": "n/a"}
    add("extra-data-amount", compact(inner), "amounts of the merchant's own data are kept as printed",
        output={"amount": 2000, "extraData": {"amount": "10,000", "note": "abc"}, "request_amount": "n/a"})
    add("date-object", compact({**IPN, "original_transaction_date": {"a": 1}}), "a date is a number or a text", **failed)
    add("static-code-terminal", compact({**without(IPN, "order_id"), "terminal": "T1"}), "unknown members are kept, behind the first one",
        output={"amount": 2000, "terminal": "T1"})
    add("static-code-extra", compact({**without(IPN, "order_id"), "extraData": {"a": "b"}, "fee": 0}), "without order, unknown members that are no text",
        output={"amount": 2000, "extraData": {"a": "b"}})
    add("posing", compact({**IPN, "proof": "signed"}), "a member cannot pose as ours", output={"proof": "decrypted_only", "unverified": {"proof": "signed"}})
    for name in ["amount", "request_id", "retrieval_ref_no"]:
        add(f"without-{name}", compact(without(IPN, name)), "a required member is absent", ["tampered"], **failed)
    for name in ["request_id", "retrieval_ref_no"]:
        add(f"{name}-number", compact({**IPN, name: 5}), "a text is expected", ["tampered"], **failed)
        add(f"{name}-empty", compact({**IPN, name: ""}), "a text is expected", ["tampered"], **failed)
    for name in ["order_id", "narrative", "acc_no", "payment_type"]:
        add(f"{name}-number", compact({**IPN, name: 5}), "a text is expected", ["tampered"], **failed)
    add("duplicate", raw[:-1] + ',"order_id":"0106002531"}', "a member that comes twice", ["tampered"], **failed)
    add("duplicate-escaped", raw[:-1] + ',"\\u006frder_id":"0106002531"}', "twice under another spelling", ["tampered"], **failed)
    add("trailing", raw + "x", "text behind the object", ["tampered"], **failed)
    add("two-objects", raw + raw, "two objects", ["tampered"], **failed)
    add("list", f"[{raw}]", "a list", ["tampered"], **failed)
    add("bom", "\ufeff" + raw, "a byte order mark", ["tampered"], **failed)
    add("deep", compact({**IPN, "x": json.loads("[" * 9 + "]" * 9)}), "nested deeper than eight levels", ["boundary"], **failed)
    add("lone-surrogate", raw.replace("117926751847", "\\ud800"), "half a character", ["tampered"], **failed)
    add("nan", raw.replace(":2000,", ":NaN,"), "NaN is no JSON", ["number"], **failed)
    confirmations(suite, file)
    suite.add(file, "acknowledge", "tconnect.ipn.acknowledge", tconnect(), {}, output={"status": 200, "content_type": "application/json"},
              comment="HTTP 200 confirms", source="official document")


def confirmations(suite, file):
    operation = "tconnect.ipn.confirm"
    read = {**IPN, "proof": "decrypted_only", "must_inquire": True}
    row = {"order_id": "0106002530", "amount": "2000", "trn_ref_no": "20260211000006", "narrative": "x", "txn_init_dt": "2026-02-11 10:58:26"}
    card = {"order_id": "0106002530", "card_no": "1234****5678", "request_amount": "2000", "card_type": "VISA", "retrieval_ref_no": "20260211000006"}
    cash = {"order_id": "0106002530", "amount": 2000, "original_transaction_date": "2026-02-11 10:58:26"}
    pages = {"page": 1, "limit": 10, "total_items": 1, "total_pages": 1}
    other = {**row, "order_id": "0106002531"}

    def add(id, kind, rows, comment, ipn=read, pagination=pages, **expect):
        answer = compact({"data": rows, "pagination": pagination})
        suite.add(file, f"confirm-{id}", operation, tconnect(), {"ipn": ipn, "kind": kind, "body": answer}, **expect, comment=comment,
                  source="rules of the operation")

    confirmed = {"proof": "confirmed_by_query", "order_id": "0106002530", "amount": 2000}
    add("qr", "qr", [other, row], "exactly one row", output={**confirmed, "reference_equal": True})
    add("qr-raw", "qr", [row], "the raw body of the notification", ipn=body_of(compact(IPN)), output=confirmed)
    add("qr-other-reference", "qr", [{**row, "trn_ref_no": "FT26042"}], "whether the references are equal is not documented",
        output={**confirmed, "reference_equal": False})
    add("qr-fraction", "qr", [{**row, "amount": "2000.00"}], "the amount in another spelling", output=confirmed)
    add("qr-static", "qr", [other, row], "without order the reference decides",
        ipn=without(read, "order_id"), error={"code": "ambiguous", "field": "data"})
    add("qr-static-one", "qr", [{**other, "trn_ref_no": "1"}, row], "without order the reference decides", ipn=without(read, "order_id"), output=confirmed)
    add("qr-two", "qr", [row, row], "two rows match", error={"code": "ambiguous", "field": "data"})
    add("qr-none", "qr", [other], "no row matches", error={"code": "mismatch", "field": "data"})
    add("qr-amount", "qr", [{**row, "amount": "2001"}], "another amount", error={"code": "mismatch", "field": "data"})
    add("qr-empty", "qr", [], "an empty list", error={"code": "mismatch", "field": "data"})
    add("qr-more-pages", "qr", [other], "perhaps on another page", pagination={**pages, "total_pages": 2}, error={"code": "mismatch", "field": "data"})
    add("card", "card", [card], "card rows have the reference", output={"proof": "confirmed_by_query", "request_amount": 2000})
    add("card-reference", "card", [{**card, "retrieval_ref_no": "x"}], "another reference", error={"code": "mismatch"})
    add("cash", "cash", [cash], "cash rows have no reference", output=confirmed)
    add("qr-as-card", "card", [row], "another kind of list", error={"code": "mismatch"})
    add("sealed-request", "qr", [row], "no notification", ipn=body_of('{"bank_code":"970454","account_name":"A"}'), error={"code": "decrypt_failed"})
    for id, text in [("no-list", '{"data":{}}'), ("no-data", "{}"), ("no-json", "x")]:
        suite.add(file, f"confirm-{id}", operation, tconnect(), {"ipn": read, "kind": "qr", "body": text}, error={}, comment="no list",
                  source="rules of the operation")


def requests(suite):
    source = "the payload itself"
    sandbox = "https://sme-open-api-sandbox.tconnect.vn"
    login = {"username": "demo@yourdomain.com", "password": "Mật khẩu#1", "client_id": "id", "client_secret": "bí mật"}
    suite.add("tconnect/made_auth.json", "login", "tconnect.auth.login", tconnect(), login,
              output={"method": "POST", "url": f"{sandbox}/openapi/v1/auth/login", "opened": compact(login), "headers": {"Partner-Code": "PARTNER01"}},
              comment="four members", flags=["unicode"], source=source)
    extra = {"grant_type": "password"}
    suite.add("tconnect/made_auth.json", "login-extra", "tconnect.auth.login", tconnect(), {**login, "extra": extra},
              output={"opened": compact({**login, **extra})}, comment="further members", source=source)
    suite.add("tconnect/made_auth.json", "login-extra-twice", "tconnect.auth.login", tconnect(), {**login, "extra": {"password": "x"}},
              error={"code": "invalid_value", "field": "extra"}, comment="a documented member again", flags=["input"], source="rules of the operation")
    input_faults(suite, "tconnect/made_auth.json", "login", "tconnect.auth.login", tconnect(), login, list(login), "rules of the operation", texts=list(login))
    own = {"partner_code": "PARTNER01", "key": KEY, "base_url": "https://pay.example/prefix/"}
    suite.add("tconnect/made_auth.json", "login-base-url", "tconnect.auth.login", own, login, output={"url": "https://pay.example/prefix/openapi/v1/auth/login"},
              comment="the address that was handed over", source=source)
    tokens = {"access_token": TOKEN, "expires_in": 36000, "refresh_token": "r", "refresh_expires_in": 1800, "token_type": "Bearer",
              "session_state": "c0ffee", "scope": "email"}
    read = {**tokens, "expires_in": "36000", "refresh_expires_in": "1800", "proof": "unsigned", "unverified_exp": 1768392000}
    for operation in ["read_login", "read_refresh"]:
        name = f"tconnect.auth.{operation}"
        add = lambda id, body, **expect: suite.add("tconnect/made_auth.json", f"{operation}-{id}", name, tconnect(), {"body": body}, **expect,
                                                   comment="a plain JSON answer", source="official document")
        add("good", compact(tokens), output=read)
        add("opaque-token", compact({**tokens, "access_token": "opaque"}), output={"access_token": "opaque"})
        add("refused", '{"code":"01","message":"Authenticate error"}', error={"code": "gateway_refused"})
        add("absent", "{}", error={"code": "malformed_input", "field": "access_token"})
        add("html", "<html>", error={"code": "malformed_input"})
        add("duplicate", '{"access_token":"a","access_token":"b"}', error={"code": "malformed_input"})
    services(suite, sandbox)
    accounts(suite, sandbox)
    periods(suite, sandbox)


def services(suite, sandbox):
    file, operation = "tconnect/made_services.json", "tconnect.services.list"
    headers = {"Partner-Code": "PARTNER01", "Authorization": f"Bearer {TOKEN}"}
    for id, input, query in [
        ("defaults", {}, "limit=10&page=1"), ("page", {"limit": 50, "page": "3"}, "limit=50&page=3"),
        ("type", {"service_type": "finance"}, "service_type=finance&limit=10&page=1"),
        ("all", {"code": "bidv-qr", "payment_method": "qr", "service_type": "tài chính & ngân hàng"},
         "service_type=t%C3%A0i%20ch%C3%ADnh%20%26%20ng%C3%A2n%20h%C3%A0ng&payment_method=qr&code=bidv-qr&limit=10&page=1"),
    ]:
        suite.add(file, f"list-{id}", operation, tconnect(), {"access_token": TOKEN, **input},
                  output={"method": "GET", "url": f"{sandbox}/openapi/v1/services?{query}", "headers": headers}, comment="nothing is encrypted",
                  source="Python urllib.parse.quote")
    for id, changed, code, field in [("limit-0", {"limit": 0}, "invalid_value", "limit"), ("page-0", {"page": 0}, "invalid_value", "page"),
                                     ("page-text", {"page": "x"}, "invalid_value", "page"), ("page-fraction", {"page": 1.5}, "wrong_type", "page")]:
        suite.add(file, f"list-{id}", operation, tconnect(), {"access_token": TOKEN, **changed}, error={"code": code, "field": field}, comment="refused",
                  flags=["input"], source="rules of the operation")
    input_faults(suite, file, "list", operation, tconnect(), {"access_token": TOKEN, "code": "a"}, ["access_token"], "rules of the operation",
                 texts=["access_token", "code"])
    row = {"id": 7, "code": "bidv-qr", "name": "Thanh toán QR BIDV", "service_type": "finance", "payment_method": "qr", "allowed_va_creation": True,
           "provider": {"provider_code": "BIDV", "provider_name": "Ngân hàng BIDV"}, "bincode": "970418"}
    answer = {"data": [row], "pagination": {"page": 1, "limit": 10, "total_items": 1, "total_pages": 1}}
    suite.add(file, "read_list", "tconnect.services.read_list", tconnect(), {"body": compact(answer)},
              output={"proof": "unsigned", "data": [{**row, "id": "7"}], "pagination": {"page": "1", "limit": "10", "total_items": "1", "total_pages": "1"}},
              comment="unknown members are kept", flags=["unicode"], source="official document")
    suite.add(file, "read_list-empty", "tconnect.services.read_list", tconnect(), {"body": '{"data":[]}'}, output={"data": []}, comment="no service",
              source="official document")
    suite.add(file, "read_list-absent", "tconnect.services.read_list", tconnect(), {"body": '{"pagination":{}}'},
              error={"code": "malformed_input", "field": "data"}, comment="no list", source="official document")
    for code, meaning in [("00", "Success"), ("01", "Authenticate error"), ("02", "The requested URL was not found on the server"), ("03", "Unknown error")]:
        suite.add("tconnect/made_reference.json", f"error-{code}", "tconnect.reference.error", tconnect(), {"code": code},
                  output={"code": code, "meaning": meaning}, comment="as printed", source="official document")
    for code in ["0", "04", "", "１"]:
        suite.add("tconnect/made_reference.json", f"error-unknown-{code}", "tconnect.reference.error", tconnect(), {"code": code},
                  error={"code": "invalid_value", "field": "code"}, comment="not in the table", flags=["input"], source="official document")
    members = {"members": IPN}
    production = {"partner_code": "PARTNER01", "key": KEY, "base_url": "https://pay.example"}
    suite.add("tconnect/made_testing.json", "ipn-in-production", "tconnect.testing.ipn_callback", production, members, error={"code": "invalid_value"},
              comment="testing works in the sandbox only", flags=["config"], source="rules of the operation")
    suite.add("tconnect/made_testing.json", "ipn", "tconnect.testing.ipn_callback", tconnect(), members, output={"opened": compact(IPN)},
              comment="what the gateway would send", source="the members themselves")
    input_faults(suite, "tconnect/made_testing.json", "ipn", "tconnect.testing.ipn_callback", tconnect(), members, ["members"], "rules of the operation",
                 texts=[])


def accounts(suite, sandbox):
    file, operation = "tconnect/made_virtual_account.json", "tconnect.virtual_account.create"
    for index, text in enumerate(TEXTS):
        payload = {"bank_code": "970454", "account_name": text}
        suite.add(file, f"create-{index}", operation, tconnect(), {"access_token": TOKEN, **payload},
                  output={"url": f"{sandbox}/openapi/v1/va/va-account/create", "opened": compact(payload)}, comment="any name", flags=["unicode"],
                  source="the payload itself")
    for id, changed, field in [("name-empty", {"account_name": ""}, "account_name"), ("name-newline", {"account_name": "A\nB"}, "account_name"),
                               ("bank-empty", {"bank_code": ""}, "bank_code"), ("bank-mark", {"bank_code": "97-04"}, "bank_code")]:
        suite.add(file, f"create-{id}", operation, tconnect(), {"access_token": TOKEN, "bank_code": "970454", "account_name": "A", **changed},
                  error={"code": "invalid_value", "field": field}, comment="refused", flags=["input"], source="rules of the operation")
    answer = {"va_number": "VA100023312", "bank_code": "970454", "account_name": "NGUYEN VAN A", "status": "active"}
    suite.add(file, "read_create", "tconnect.virtual_account.read_create", tconnect(), {"body": compact(answer), "expected": {"bank_code": "970454"}},
              output={"proof": "unsigned", **answer}, comment="the document's sample", source="official document")
    suite.add(file, "read_create-mismatch", "tconnect.virtual_account.read_create", tconnect(), {"body": compact(answer), "expected": {"account_name": "B"}},
              error={"code": "mismatch", "field": "account_name"}, comment="another name", source="official document")
    suite.add(file, "read_create-refused", "tconnect.virtual_account.read_create", tconnect(), {"body": '{"code":"03","message":"Unknown error"}'},
              error={"code": "gateway_refused"}, comment="a failure", flags=["refusal"], source="official document")
    for index, text in enumerate(TEXTS):
        payload = {"accountNumber": "99MPI0000267600005", "amount": 1000 + index, "orderId": f"ĐH-{index}", "binCode": "970454", "narrative": text,
                   "extraData": {"ghi chú": text, "nested": {"n": index}}}
        suite.add("tconnect/made_qr.json", f"create-{index}", "tconnect.qr.create", tconnect(), {"access_token": TOKEN, "service_code": "bidv-qr", **payload},
                  output={"url": f"{sandbox}/openapi/v1/qr", "opened": compact(payload), "headers": {"x-service-code": "bidv-qr"}}, comment="current names",
                  flags=["unicode"], source="the payload itself")
    old = {"order_id": "0b9c7f62-6e42-4c0e-9d0e-2f5a9e7e1f00", "va": "VA100023312", "bincode": "970454"}
    token = {"access_token": TOKEN, "service_code": "vccb-qr"}
    for id, amount, sent in [("static", {}, {}), ("zero", {"amount": 0}, {"amount": 0}), ("dynamic", {"amount": "50000"}, {"amount": 50000}),
                             ("most", {"amount": 10**15}, {"amount": 10**15})]:
        suite.add("tconnect/made_qr.json", f"create_v1_1-{id}", "tconnect.qr.create_v1_1", tconnect(), {**token, **old, **amount},
                  output={"url": f"{sandbox}/openapi/v1/qr", "opened": compact({**old, **sent}), "headers": {"x-service-code": "vccb-qr"}},
                  comment="names of version 1.1.0", source="the payload itself")
    input_faults(suite, "tconnect/made_qr.json", "create_v1_1", "tconnect.qr.create_v1_1", tconnect(), {**token, **old, "amount": 1},
                 ["access_token", "order_id", "va", "bincode", "service_code"], "rules of the operation", texts=["order_id", "va", "bincode", "service_code"],
                 amounts=["amount"])
    good = {"access_token": TOKEN, "accountNumber": "VA1"}
    for id, changed, field in [("amount-0", {"amount": 0}, "amount"), ("account-20", {"accountNumber": "1" * 20}, "accountNumber"),
                               ("account-mark", {"accountNumber": "VA-1"}, "accountNumber"), ("bin-5", {"binCode": "97045"}, "binCode"),
                               ("extra-without-order", {"extraData": {"a": "b"}}, "extraData"), ("order-newline", {"orderId": "a\nb"}, "orderId"),
                               ("service-newline", {"service_code": "a\r\nX: y"}, "service_code")]:
        suite.add("tconnect/made_qr.json", f"create-{id}", "tconnect.qr.create", tconnect(), {**good, **changed}, error={"code": "invalid_value", "field": field},
                  comment="refused", flags=["input"], source="rules of the operation")
    suite.add("tconnect/made_qr.json", "create-least", "tconnect.qr.create", tconnect(), good, output={"opened": '{"accountNumber":"VA1"}'},
              comment="a static code", flags=["boundary"], source="the payload itself")


def periods(suite, sandbox):
    file = "tconnect/made_transactions.json"
    good = {"access_token": TOKEN, "from_date": "2026-01-07 00:00:00", "to_date": "2026-01-07 23:59:59", "limit": 10, "page": 1}
    for kind in ["qr", "card", "cash"]:
        operation = f"tconnect.transactions.{kind}"
        for id, first, last, limit, page in [("day", "2026-01-07 00:00:00", "2026-01-07 23:59:59", 10, 1),
                                             ("leap-day", "2028-02-29 00:00:00", "2028-02-29 00:00:00", 1, 1), ("long", "2000-01-01 00:00:00", "2099-12-31 23:59:59", 500, 9)]:
            payload = {"from_date": first, "to_date": last, "limit": limit, "page": page}
            input = {"access_token": TOKEN, **payload}
            suite.add(file, f"{kind}-{id}", operation, tconnect(), input,
                      output={"url": f"{sandbox}/openapi/v1/transaction/{kind}", "opened": compact(payload)}, comment="one payload for all three",
                      source="the payload itself")
        for id, changed, field in [
            ("no-leap-day", {"from_date": "2026-02-29 00:00:00"}, "from_date"), ("month-13", {"to_date": "2026-13-01 00:00:00"}, "to_date"),
            ("hour-24", {"to_date": "2026-01-07 24:00:00"}, "to_date"), ("second-60", {"to_date": "2026-01-07 23:59:60"}, "to_date"),
            ("iso", {"from_date": "2026-01-07T00:00:00"}, "from_date"), ("date-only", {"from_date": "2026-01-07"}, "from_date"),
            ("backwards", {"to_date": "2026-01-06 23:59:59"}, "to_date"), ("limit-0", {"limit": 0}, "limit"), ("page-0", {"page": 0}, "page"),
            ("digits", {"from_date": "２026-01-07 00:00:00"}, "from_date"), ("spaces", {"from_date": " 2026-01-07 00:00:00"}, "from_date"),
        ]:
            suite.add(file, f"{kind}-{id}", operation, tconnect(), {**good, **changed}, error={"code": "invalid_value", "field": field}, comment="refused",
                      flags=["input"], source="rules of the operation")
        for field in ["from_date", "to_date", "limit", "page"]:
            suite.add(file, f"{kind}-without-{field}", operation, tconnect(), without(good, field), error={"code": "missing_field", "field": field},
                      comment="refused", flags=["input"], source="official document")
        for id, extra in [("repeated", {"limit": 5}), ("own", {"access_token": "x"})]:
            suite.add(file, f"{kind}-extra-{id}", operation, tconnect(), {**good, "extra": extra}, error={"code": "invalid_value", "field": "extra"},
                      comment="what has a field of its own", flags=["input"], source="rules of the operation")
        for id, body in [("null", "null"), ("text", '"ab"'), ("number", "5"), ("object", "{}"), ("rows", '[null,"x"]')]:
            suite.add(file, f"read_{kind}-data-{id}", f"tconnect.transactions.read_{kind}", tconnect(), {"body": f'{{"data":{body}}}'},
                      error={"code": "malformed_input", "field": "data"}, comment="no list of objects", flags=["input"], source="official document")
        amount = "request_amount" if kind == "card" else "amount"
        for id, token in [("grouped", '"2,000"'), ("true", "true"), ("half", "1.5")]:
            suite.add(file, f"read_{kind}-amount-{id}", f"tconnect.transactions.read_{kind}", tconnect(),
                      {"body": f'{{"data":[{{"order_id":"1","{amount}":{token}}}]}}'}, error={"code": "malformed_input"}, comment="no amount",
                      flags=["number"], source="official document")
    pages = {"page": 1, "limit": 10, "total_items": 1, "total_pages": 1}
    printed = {name: str(value) for name, value in pages.items()}
    for kind, row, read in [
        ("qr", {"order_id": "0106", "amount": "2000", "trn_ref_no": "1", "narrative": "Chuyển khoản", "txn_init_dt": "2026-01-07 10:00:00"}, {"amount": 2000}),
        ("card", {"order_id": "0106", "card_no": "1234****5678", "request_amount": "150000.00", "retrieval_ref_no": "2"}, {"request_amount": 150000}),
        ("cash", {"order_id": "0106", "amount": 99000, "original_transaction_date": 1770782306}, {"original_transaction_date": "1770782306"}),
    ]:
        for id, rows, output in [("one", [row], [{**row, **read}]), ("none", [], []), ("three", [row] * 3, [{**row, **read}] * 3)]:
            suite.add(file, f"read_{kind}-{id}", f"tconnect.transactions.read_{kind}", tconnect(), {"body": compact({"data": rows, "pagination": pages})},
                      output={"proof": "unsigned", "data": output, "pagination": printed}, comment="amounts as integers, the rest as printed",
                      source="official document")
        suite.add(file, f"read_{kind}-absent", f"tconnect.transactions.read_{kind}", tconnect(), {"body": "{}"}, error={"code": "malformed_input", "field": "data"},
                  comment="no list", source="official document")


# --- HPay -------------------------------------------------------------------------------------------------------------

PASS = "kyso-made-Pass9"


def hpay(**more):
    return {"merchant_site_code": "65001", "environment": "sandbox", "secure_pass": PASS, **more}


LEGACY_NAMES = ["merchant_site_code", "return_url", "receiver", "transaction_info", "order_code", "price", "currency", "quantity", "tax", "discount",
                "fee_cal", "fee_shipping", "order_description", "buyer_info", "affiliate_code", "installment", "inpage", "payment_method_id"]

PHP_LINK = """
$query = [];
foreach ($v['fields'] as $name => $value) { $query[] = $name . '=' . urlencode($value); }
echo json_encode(['digest' => md5($v['text']), 'query' => implode('&', $query)]);
"""


def php_query(fields, digest_name, text, after):
    """PHP's md5 of the text, and the query string with the digest in the place of `after`."""
    digest = php(PHP_LINK, fields={}, text=text)["digest"]
    result = {}
    for name, value in fields.items():
        if name == after:
            result[digest_name] = digest
        result[name] = value
    if after is None:
        result[digest_name] = digest
    return digest, php(PHP_LINK, fields=result, text="")["query"]


def links(suite):
    file = "hpay/made_checkout.json"
    for index, text in enumerate(TEXTS):
        order, price = f"ĐH {index}/2026", str(10 ** (index + 1) + index)
        values = {"merchant_site_code": "65001", "return_url": f"https://shop.example/cb?o={index}&k=ă", "receiver": "thu.ngan+vn@example.com", "transaction_info": text,
                  "order_code": order, "price": price, "currency": "usd" if index % 3 == 2 else "vnd", "order_description": text[::-1].strip() or "x",
                  "buyer_info": "Trần Văn Bê", "notify_url": "https://shop.example/ipn", "installment": "0"}
        signed = "|".join([values[name] for name in ["merchant_site_code", "receiver", "price", "currency", "order_code"]] + [PASS])
        digest, query = php_query(values, "secure_code", signed, "notify_url")
        input = {**without(values, "merchant_site_code"), "price": int(price) if index % 2 else price}
        suite.add(file, f"v1-{index}", "hpay.checkout.create_link", hpay(), input,
                  output={"method": "GET", "url": f"https://checkout-sandbox.hpay.com.vn/v1/checkout.php?{query}", "signature": digest},
                  comment="md5 and urlencode of PHP", flags=["unicode"], source=PHP)
        production = hpay(environment="production")
        suite.add(file, f"v1-{index}-production", "hpay.checkout.create_link", production, dict(reversed(input.items())),
                  output={"url": f"https://checkout.hpay.com.vn/v1/checkout.php?{query}", "signature": digest}, comment="the order of the input is free", source=PHP)
        legacy(suite, file, index, text)
        callbacks(suite, file, index, text)
    override = {"fields": ["order_code", "price"], "separator": "#", "prefix": "v2", "secret": "secure_pass", "secret_position": "1", "digest": "sha256", "encoding": "base64"}
    config = hpay(recipes={"hpay.checkout.create_link": override}, receiver="m@example.com")
    text = f"v2OM1#{PASS}#1000"
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    input = {"return_url": "https://a.example/", "order_code": "OM1", "price": 1000}
    suite.add(file, "v1-override", "hpay.checkout.create_link", config, input, output={"signature": digest}, comment="a formula of the merchant's own",
              flags=["override"], source=PYTHON)
    suite.add(file, "v1-override-guard", "hpay.checkout.create_link", config, {**input, "order_code": "OM#1"}, error={"code": "ambiguous", "field": "order_code"},
              comment="the guard follows the configured separator", flags=["override"], source=PYTHON)
    suite.add(file, "acknowledge", "hpay.checkout.acknowledge", hpay(), {}, output={"status": 200, "content_type": "application/json"},
              comment="observed in production", source="protocol page")


def legacy(suite, file, index, text):
    numbers = {"quantity": str(index + 1), "tax": str(index), "discount": "0", "fee_cal": str(index % 2), "fee_shipping": str(index * 1000)}
    values = {"merchant_site_code": "65001", "return_url": f"https://Shop.example/Cb/{index}?a=b", "receiver": "m@example.com", "transaction_info": text.strip(),
              "order_code": f"OM_{index}", "price": str(99000 + index), "currency": "vnd", **numbers, "order_description": text.strip(),
              "buyer_info": "Lê Thị Đào", "affiliate_code": "AFF" if index % 2 else "", "installment": str(index % 2), "inpage": "0", "payment_method_id": "0"}
    digest = php(PHP_LINK, fields={}, text=" ".join([values[name] for name in LEGACY_NAMES] + [PASS]))["digest"]
    query = php(PHP_LINK, fields={**values, "secure_code": digest, "token": "", "token_type": ""}, text="")["query"]
    suite.add(file, f"legacy-{index}", "hpay.checkout.create_legacy_link", hpay(), without(values, "merchant_site_code"),
              output={"method": "GET", "url": f"https://checkout-sandbox.hpay.com.vn/checkout.php?{query}", "signature": digest}, comment="md5 and urlencode of PHP",
              flags=["unicode"], source=PHP)


def callbacks(suite, file, index, text):
    fields = {"transaction_info": text, "order_code": f"OM_{index}", "price": str(10**index), "payment_id": str(96138500 + index), "payment_type": "12"[index % 2],
              "error_text": "Giao dịch bị từ chối" if index % 4 == 3 else ""}
    names = ["transaction_info", "order_code", "price", "payment_id", "payment_type", "error_text"]
    digest, query = php_query(fields, "secure_code", " " + " ".join([fields[name] for name in names] + ["65001", PASS]), None)
    outcome = "failed" if fields["error_text"] else ["succeeded", "held"][index % 2]
    output = {"proof": "signed", "outcome": outcome, **fields, "price": 10**index}
    add = lambda id, query, **expect: suite.add(file, f"callback-{index}{id}", "hpay.checkout.read_callback", hpay(), {"query": query}, **expect,
                                                comment="md5 and urlencode of PHP", flags=["unicode"] if not id else ["tampered"], source=PHP)
    add("", query, output=output)
    add("-flipped", query.replace(digest, flip_hex(digest, index)), error={"code": "signature_mismatch"})
    add("-price", query.replace(f"price={fields['price']}&", f"price={fields['price']}0&"), error={"code": "signature_mismatch"})
    suite.add(file, f"testing-callback-{index}", "hpay.testing.checkout_callback", hpay(), {"members": fields}, output={"query": query},
              comment="what the gateway would send", flags=["unicode"], source=PHP)
    suite.add(file, f"testing-callback-{index}-production", "hpay.testing.checkout_callback", hpay(environment="production"), {"members": fields},
              error={"code": "invalid_value"}, comment="testing works in the sandbox only", flags=["config"], source="rules of the operation")


def transfers(suite):
    file = "hpay/made_firm_banking.json"
    merchant = {"merchant_site_code": "65001", "environment": "sandbox", "passcode": PASS, "receiver": "m@example.com", "private_key": pem("merchant.key.pem")}
    gateway = {"merchant_site_code": "65001", "environment": "sandbox", "passcode": PASS, "hpay_certificate": pem("hpay.cert.pem")}
    for index, text in enumerate(TEXTS):
        fields = {"requestId": f"RQ-{index}", "bankName": "BIDV", "bankAccountNumber": f"1201000400{index:04}", "bankAccountName": text, "amount": str(10**index)}
        signed = f"{fields['requestId']}|65001|{fields['amount']}|{text}|{PASS}"
        chain = rsa_sign("merchant", signed)
        members = {"requestId": fields["requestId"], "merchantId": "65001", "merchantEmail": "m@example.com", **without(fields, "requestId"), "note": "chi ho 1",
                   "secureChain": chain}
        input = {**fields, "amount": 10**index, "note": "chi ho 1"}
        suite.add(file, f"transfer-{index}", "hpay.firm_banking.transfer", merchant, input, output={"body": compact(members), "signature": chain},
                  comment="signed by OpenSSL", flags=["unicode"], source=OPENSSL)
        suite.add(file, f"to_sign-{index}", "hpay.firm_banking.transfer_to_sign", without(merchant, "private_key"), {**input, "include_bytes": True},
                  output={"sha256": hashlib.sha256(signed.encode()).hexdigest(), "bytes": base64.b64encode(signed.encode()).decode()},
                  comment="for a key that stays outside", flags=["unicode"], source=PYTHON)
        data = {"requestId": fields["requestId"], "bankAccountNumber": fields["bankAccountNumber"], "omiCashoutId": str(10**(index + 8)), "omiTransactionId": "9"}
        answer_chain = rsa_sign("hpay", f"{data['requestId']}|{data['bankAccountNumber']}|{data['omiCashoutId']}|{PASS}")
        answer = {"error_code": ["000", "00", "0"][index % 3], "status": text, "data": {**data, "secureChain": answer_chain}}
        suite.add(file, f"read_transfer-{index}", "hpay.firm_banking.read_transfer", gateway, {"body": compact(answer)},
                  output={"proof": "partly_signed", "data": without(data, "omiTransactionId"), "unverified": {"status": text, "data": {"omiTransactionId": "9"}}},
                  comment="signed by OpenSSL", flags=["unicode"], source=OPENSSL)
        by_name = rsa_sign("hpay", f"{data['requestId']}|{text}|{data['omiCashoutId']}|{PASS}")
        body = compact({**answer, "data": {**data, "secureChain": by_name}})
        suite.add(file, f"read_transfer-{index}-by-name", "hpay.firm_banking.read_transfer", gateway, {"body": body, "bankAccountName": text},
                  output={"proof": "partly_signed", "matched": "bankAccountName"}, comment="the Java sample's formula", flags=["unicode"], source=OPENSSL)
        suite.add(file, f"read_transfer-{index}-merchant-key", "hpay.firm_banking.read_transfer", {**gateway, "hpay_certificate": pem("merchant.cert.pem")},
                  {"body": compact(answer)}, error={"code": "signature_mismatch"}, comment="signed by somebody else", flags=["foreign"], source=OPENSSL)
        player = {"merchant_site_code": "65001", "environment": "sandbox", "passcode": PASS, "private_key": pem("hpay.key.pem")}
        without_chain = {**answer, "data": data}
        suite.add(file, f"testing-{index}", "hpay.testing.firm_banking_transfer", player, {"members": without_chain}, output={"body": compact(answer)},
                  comment="a second client plays HPay", flags=["unicode"], source=OPENSSL)


def recipes(suite):
    file = "hpay/made_signature.json"
    for index, text in enumerate(TEXTS):
        fields = {"a": text, "b": str(index), "c": f"Z{index}"}
        for separator in ["|", "&&", "\u00a6"]:
            for digest in ["md5", "sha256", "hmac_sha256"]:
                if separator != "|" and digest != "md5":
                    continue
                joined = separator.join([*fields.values(), PASS] if digest != "hmac_sha256" else fields.values())
                code = "echo json_encode(hash_hmac('sha256', $v['t'], $v['s']));" if digest == "hmac_sha256" else f"echo json_encode(hash('{digest}', $v['t']));"
                signature = php(code, t=joined, s=PASS)
                recipe = {"fields": ["a", "b", "c"], "separator": separator, "secret": "secure_pass", "digest": digest}
                suite.add(file, f"build-{index}-{digest}-{ord(separator[0])}", "hpay.signature.build", hpay(), {"recipe": recipe, "fields": {**fields, "b": index}},
                          output={"signature": signature}, comment="hash of PHP", flags=["override"], source=PHP)
                suite.add(file, f"verify-{index}-{digest}-{ord(separator[0])}", "hpay.signature.verify", hpay(),
                          {"recipe": recipe, "fields": {**fields, "d": "free"}, "signature": signature.upper()},
                          output={"proof": "signed", "fields": fields, "unverified": {"d": "free"}}, comment="hash of PHP", flags=["override"], source=PHP)
                suite.add(file, f"verify-{index}-{digest}-{ord(separator[0])}-flipped", "hpay.signature.verify", hpay(),
                          {"recipe": recipe, "fields": fields, "signature": flip_hex(signature, index)}, error={"code": "signature_mismatch"},
                          comment="one bit of the digest", flags=["tampered"], source=PHP)


# --- AppotaPay --------------------------------------------------------------------------------------------------------

SECRET = "kyso-made-secret-0009"


def appotapay(**more):
    return {"partner_code": "KYSO", "api_key": "made-api-key", "secret_key": SECRET, "environment": "sandbox", **more}


def family_a(fields):
    """ksort and implode as the vendor's documents show them, signed by PHP."""
    return php("""
        ksort($v['fields'], SORT_STRING);
        $pairs = [];
        foreach ($v['fields'] as $name => $value) { $pairs[] = "$name=$value"; }
        echo json_encode(hash_hmac('sha256', implode('&', $pairs), $v['secret']));
    """, fields=fields, secret=SECRET)


def jwt_by_php(claims):
    return php("""
        $b = fn($t) => rtrim(strtr(base64_encode($t), '+/', '-_'), '=');
        $head = $b('{"typ":"JWT","alg":"HS256","cty":"appotapay-api;v=1"}') . '.' . $b($v['claims']);
        echo json_encode($head . '.' . $b(hash_hmac('sha256', $head, $v['secret'], true)));
    """, claims=compact(claims), secret=SECRET)


def tokens(suite):
    file = "appotapay/made_auth.json"
    for index in range(12):
        issued_at, lifetime = [0, 1, 1614225624, 1768392000, 4102444800, 10**15 - 300][index % 6], [300, 1, 86400][index % 3]
        token = jwt_by_php({"iss": "KYSO", "jti": f"made-api-key-{issued_at}", "api_key": "made-api-key", "exp": issued_at + lifetime})
        bearer = index < 6
        config = appotapay() if bearer else appotapay(bearer=False)
        suite.add(file, f"token-{index}", "appotapay.auth.token", config, {"issued_at": issued_at, "lifetime": lifetime},
                  output={"token": token, "headers": {"X-APPOTAPAY-AUTH": f"Bearer {token}" if bearer else token}}, comment="hash_hmac of PHP", source=PHP)
        headers = {"X-APPOTAPAY-AUTH": f"Bearer {token}" if bearer else token, "Language": "vi", "X-Request-ID": f"r-{index}", "X-Account-Ref-ID": "owner"}
        options = {"issued_at": issued_at, "lifetime": lifetime, "language": "vi", "request_id": f"r-{index}", "account_ref_id": "owner"}
        suite.add(file, f"balance-{index}", "appotapay.firm_banking.balance", config, options,
                  output={"method": "GET", "url": "https://gateway.dev.appotapay.com/api/v1/service/accounts/balance", "headers": headers},
                  comment="a request with a token of its own", source=PHP)


def banking(suite):
    file = "appotapay/made_firm_banking.json"
    names = ["NGUYEN VAN A", "CTY TNHH A & B", "x-y_z.,", "A", "TRAN THI B " + "C" * 80]
    for index in range(15):
        fields = {"bankCode": "VCB", "accountNo": f"{index:03}0071000123456", "accountType": ["account", "card"][index % 2], "accountName": names[index % 5],
                  "amount": str([1, 50000, 10**15][index % 3]), "feeType": ["payer", "receiver"][index % 2], "partnerRefId": f"made-{index}"}
        if index >= 5:
            fields.update({"message": ["Chuyen tien thang 11", "x" * 100, ""][index % 3], "customerPhoneNumber": "0912345678"})
        if index >= 10:
            fields.update({"contractNumber": "HD-1/2026 & PL", "channel": "citad", "bankId": "01201001"})
        digest = family_a(fields)
        input = {**fields, "amount": int(fields["amount"]) if index % 2 else fields["amount"], "token": "a.b.c"}
        body = compact({**fields, "amount": int(fields["amount"]), "signature": digest})
        suite.add(file, f"transfer-{index}", "appotapay.firm_banking.transfer", appotapay(), input,
                  output={"method": "POST", "url": "https://gateway.dev.appotapay.com/api/v1/service/transfer/make", "signature": digest, "body": body},
                  comment="ksort and hash_hmac of PHP", source=PHP)
        production = appotapay(environment="production")
        suite.add(file, f"transfer-{index}-production", "appotapay.firm_banking.transfer", production, dict(reversed(input.items())),
                  output={"url": "https://gateway.appotapay.com/api/v1/service/transfer/make", "signature": digest}, comment="the order of the input is free", source=PHP)
        look_up = {name: fields[name] for name in ["bankCode", "accountNo", "accountType", "partnerRefId"]}
        digest = family_a(look_up)
        suite.add(file, f"account_info-{index}", "appotapay.firm_banking.account_info", appotapay(), {**look_up, "token": "a.b.c"},
                  output={"signature": digest, "body": compact({**look_up, "signature": digest})}, comment="ksort and hash_hmac of PHP", source=PHP)
    for index, (reference, path) in enumerate([("P199212928", "P199212928"), ("a/b?c#d", "a%2Fb%3Fc%23d"), ("100%", "100%25"), ("~x_y-z.", "~x_y-z."), ("a+b&c=d", "a%2Bb%26c%3Dd")]):
        suite.add(file, f"status-{index}", "appotapay.firm_banking.status", appotapay(), {"partnerRefId": reference, "token": "a.b.c"},
                  output={"method": "GET", "url": f"https://gateway.dev.appotapay.com/api/v1/service/transfer/transaction/{path}"},
                  comment="the path segment is percent-encoded", source="Python urllib.parse.quote")
    for id, reference in [("empty", ""), ("space", "a b"), ("newline", "a\n"), ("accent", "Đ1"), ("101", "x" * 101)]:
        suite.add(file, f"status-{id}", "appotapay.firm_banking.status", appotapay(), {"partnerRefId": reference, "token": "a.b.c"},
                  error={"code": "invalid_value", "field": "partnerRefId"}, comment="refused", flags=["input"], source="rules of the operation")
    answers(suite, file)


def answers(suite, file):
    # How a number is printed, and how PHP prints the same number: both may have been signed.
    spellings = ["50000", "50000.0", "50000.00", '"50000"', '"50000.00"', "5e4", "5.0E+4"]
    for operation, nest in [("read_transfer", {}), ("read_status", {}), ("read_callback", {"transferStatus": "success", "partnerRefId": "made-1"})]:
        for index, token in enumerate(spellings):
            printed = token.strip('"')
            as_php = printed if token.startswith('"') else php("echo json_encode((string) json_decode($v['token']));", token=token)
            for form, text in {"printed": printed, "php": as_php}.items():
                fields = {"appotapayTransId": "AP1", "time": "27-10-2021 10:03:59", **nest}
                digest = family_a({**fields, "amount": text, "transferAmount": "50000", "errorCode": "0"})
                body = compact({"errorCode": 0, "message": "Thành công", "transaction": {**fields, "amount": "TOKEN", "transferAmount": 50000}, "signature": digest})
                output = {"errorCode": "0", "outcome": "succeeded", "transaction": {"amount": 50000, "transferAmount": 50000}}
                # What was signed is what is proven: where that is digits, the received spelling does not matter.
                expect = {"output": output} if "e" not in text.lower() else {"error": {"code": "malformed_input"}}
                suite.add(file, f"{operation}-amount-{index}-{form}", f"appotapay.firm_banking.{operation}", appotapay(), {"body": body.replace('"TOKEN"', token)},
                          **expect, comment=f"amount {token}, signed as {form}", flags=["number"], source=PHP)
        for index, text in enumerate(TEXTS):
            fields = {"appotapayTransId": f"AP{index}", "time": text, **nest}
            digest = family_a({**fields, "amount": "1", "transferAmount": "1", "errorCode": "0"})
            members = {"errorCode": "0", "message": text, "transaction": {**fields, "amount": 1, "transferAmount": 1}}
            for form, body in {"raw": compact({**members, "signature": digest}), "escaped": json.dumps({**members, "signature": digest}, indent=1)}.items():
                suite.add(file, f"{operation}-text-{index}-{form}", f"appotapay.firm_banking.{operation}", appotapay(), {"body": body},
                          output={"transaction": {"time": text, "amount": 1}, "unverified": {"message": text}}, comment="any text in a signed member",
                          flags=["unicode"], source=PHP)
            name = {"read_transfer": "transfer", "read_status": "status", "read_callback": "callback"}[operation]
            suite.add(file, f"testing-{name}-{index}", f"appotapay.testing.firm_banking_{name}", appotapay(), {"members": members},
                      output={"body": compact({**members, "signature": digest})}, comment="what the gateway would send", flags=["unicode"], source=PHP)
    for index, name in enumerate(["NGUYEN VAN A", "TRẦN THỊ B", "CTY A & B"]):
        for number in ['"0071000123456"', "13210013240000", "1234567890123456789012"]:
            printed = number.strip('"')
            digest = family_a({"accountName": name, "accountNo": printed, "errorCode": "0"})
            info = {"accountNo": "TOKEN", "accountName": name, "bankCode": "VCB", "accountType": "account"}
            body = compact({"errorCode": 0, "message": "ok", "accountInfo": info, "signature": digest}).replace('"TOKEN"', number)
            suite.add(file, f"read_account_info-{index}-{len(number)}", "appotapay.firm_banking.read_account_info", appotapay(), {"body": body},
                      output={"proof": "partly_signed", "accountInfo": {"accountNo": printed, "accountName": name},
                              "unverified": {"accountInfo": {"bankCode": "VCB", "accountType": "account"}}},
                      comment="the number of the account exactly as printed", flags=["number"], source=PHP)
            members = {"errorCode": 0, "message": "ok", "accountInfo": {**info, "accountNo": printed}}
            suite.add(file, f"testing-account_info-{index}-{len(number)}", "appotapay.testing.firm_banking_account_info", appotapay(), {"members": members},
                      output={"body": compact({**members, "signature": digest})}, comment="what the gateway would send", source=PHP)
    fields = {"appotapayTransId": "AP1", "time": "x", "partnerRefId": "made-1"}
    for status, code, outcome in [("success", "0", "succeeded"), ("error", "33", "failed"), ("error", "0", "undetermined"), ("success", "35", "undetermined"),
                                  ("pending", "35", "undetermined")]:
        digest = family_a({**fields, "amount": "1", "transferAmount": "1", "errorCode": code, "transferStatus": status})
        body = compact({"errorCode": int(code), "message": "m", "transaction": {**fields, "amount": 1, "transferAmount": 1, "transferStatus": status}, "signature": digest})
        suite.add(file, f"read_callback-{status}-{code}", "appotapay.firm_banking.read_callback", appotapay(), {"body": body},
                  output={"proof": "signed", "outcome": outcome, "errorCode": code}, comment="a verified failure is a record, never an error", source=PHP)
    body = '{"errorCode":0,"message":"ok","account":{"balance":"101747939"}}'
    suite.add(file, "read_balance", "appotapay.firm_banking.read_balance", appotapay(), {"body": body, "expected": {"balance": 101747939}},
              output={"proof": "unsigned", "errorCode": "0", "account": {"balance": 101747939}}, comment="not signed", flags=["unsigned"], source="official document")
    suite.add(file, "read_balance-refused", "appotapay.firm_banking.read_balance", appotapay(), {"body": '{"errorCode":92,"message":"IP"}'},
              error={"code": "gateway_refused"}, comment="a refusal", flags=["refusal"], source="official document")
    suite.add(file, "testing-in-production", "appotapay.testing.firm_banking_transfer", appotapay(environment="production"), {"members": {"errorCode": 0}},
              error={"code": "invalid_value"}, comment="testing works in the sandbox only", flags=["config"], source="rules of the operation")


def free_signatures(suite):
    file = "appotapay/made_signature.json"
    for index, text in enumerate(TEXTS):
        fields = {"zeta": str(index), "Alpha": text, "alpha": text[::-1], "_": "", "a1": "1", "a10": "2", "a2": "3"}
        digest = family_a(fields)
        order = sorted(fields, key=lambda name: name.encode())
        joined = "&".join(f"{name}={fields[name]}" for name in order)
        assert digest == hmac.new(SECRET.encode(), joined.encode(), hashlib.sha256).hexdigest()
        suite.add(file, f"sign-{index}", "appotapay.signature.sign", appotapay(), {"fields": fields}, output={"signature": digest, "text": joined},
                  comment="sorted by bytes", flags=["unicode"], source=PHP)
        nested = json.dumps({"zeta": index, "inner": {"Alpha": text, "alpha": text[::-1], "deep": {"_": None}}, "a1": 1, "a10": 2, "a2": 3, "signature": "x", "free": 1})
        suite.add(file, f"verify-{index}", "appotapay.signature.verify", appotapay(), {"body": nested, "only": order, "signature": digest},
                  output={"proof": "signed", "fields": fields}, comment="nested members by their own names, null as the empty text", flags=["unicode"], source=PHP)
        suite.add(file, f"verify-{index}-flipped", "appotapay.signature.verify", appotapay(), {"body": nested, "only": order, "signature": flip_hex(digest, index)},
                  error={"code": "signature_mismatch"}, comment="one bit of the digest", flags=["tampered"], source=PHP)
    twice = '{"a":"1","inner":{"a":"2"}}'
    suite.add(file, "verify-two-leaves", "appotapay.signature.verify", appotapay(), {"body": twice, "only": ["a"], "signature": family_a({"a": "1"})},
              error={"code": "ambiguous", "field": "a"}, comment="two members of one name", flags=["ambiguous"], source=PHP)


def main():
    suite = Suite()
    for make in [envelopes, notifications, requests, links, transfers, recipes, tokens, banking, free_signatures]:
        make(suite)
    suite.write()


main()
