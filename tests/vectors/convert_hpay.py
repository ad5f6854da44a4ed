#!/usr/bin/env python3
"""Vectors for HPay's services around the spine: virtual accounts, Open API, orders, tokens, balance, look-ups.

Usage: convert_hpay.py FOLDER_OF_SOURCE_VECTORS FOLDER_OF_TABLES

The first folder holds hpay_vectors.json, the second hpay_tables.json. Digests and signatures are taken from there, or
made with Python's hashlib and OpenSSL: never with kyso. Standard library only. The files that it writes are committed;
run it again after a change and commit the result.
"""

import base64
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

from suite import Suite, at, compact, flip_hex, form, input_faults, without

HPAY = "published hpay vectors: "
MADE = "made with Python's hashlib"
OPENSSL = "made with OpenSSL"
SANDBOX = {"checkout": "https://checkout-sandbox.hpay.com.vn", "account": "https://account-sandbox.hpay.com.vn",
           "open_api": "https://openapi-sandbox.htpgroup.com.vn"}
PASS = "test-pass-Aa1"
CODE = "test-code-Bb2"
TOKEN = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def config(**more):
    return {"merchant_site_code": "65001", "environment": "sandbox", "receiver": "merchant@example.com", **more}


def md5(text):
    return hashlib.md5(text.encode()).hexdigest()


def php(pairs):
    return urllib.parse.urlencode(pairs).replace("~", "%7E")


def rsa(key, text):
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(key)
        file.flush()
        command = ["openssl", "dgst", "-sha256", "-sign", file.name]
        return base64.b64encode(subprocess.run(command, input=text.encode(), capture_output=True, check=True).stdout).decode()


def b64(text):
    return base64.b64encode(text.encode()).decode()


# --- Requests with an inferred or an official formula -----------------------------------------------------------------


def request(suite, file, operation, input, output, source=MADE, comment="", id="", flags=(), settings=None, **more):
    name = operation.split(".", 1)[1]
    suite.add(file, f"{name}{id}", operation, settings or config(secure_pass=PASS, passcode=CODE, **more), input,
              output=output, comment=comment, source=source, flags=flags)


def refuse(suite, file, operation, id, input, code, field, comment, settings=None, flags=("input",)):
    error = {"code": code} if field is None else {"code": code, "field": field}
    suite.add(file, f"{operation.split('.', 1)[1]}-{id}", operation, settings or config(secure_pass=PASS, passcode=CODE),
              input, error=error, comment=comment, flags=list(flags), source="rules of the operation")


def faults(suite, file, operation, good, required, texts=(), amounts=()):
    input_faults(suite, file, operation.split(".", 1)[1], operation, config(secure_pass=PASS, passcode=CODE), good,
                 required, "rules of the operation", texts=texts, amounts=amounts)


def tokenization(suite):
    file, operation = "hpay/tokenization.json", "hpay.tokenization.revoke"
    good = {"bank_code": "BIDV", "bank_token": "tok+1/=", "return_url": "https://shop.example.com/r?a=1&b=đ"}
    digest = md5(f"65001|merchant@example.com|BIDV|tok+1/=|{PASS}")
    pairs = [("merchant_id", "65001"), ("receive_email", "merchant@example.com"), *good.items(), ("secure_code", digest)]
    url = f"{SANDBOX['checkout']}/revoke_token.php?"
    request(suite, file, operation, good, {"method": "GET", "url": url + php(pairs), "signature": digest},
            comment="inferred formula", flags=["unicode"])
    notify = {"notify_url": "https://shop.example.com/n"}
    request(suite, file, operation, {**good, **notify}, {"url": url + php([*pairs, *notify.items()])}, id="-notify",
            comment="notify_url behind the digest")
    own = md5(f"65001 tok+1/= {CODE}")
    recipes = {operation: "secure_code = MD5(merchantId + ' ' + bank_token + ' ' + passcode)"}
    request(suite, file, operation, good, {"signature": own}, id="-recipe", recipes=recipes, flags=["override"],
            comment="the text of a notice box, with another spelling of the merchant code")
    faults(suite, file, operation, good, list(good), texts=list(good))
    for name in ["bank_code", "bank_token"]:
        refuse(suite, file, operation, f"pipe-in-{name}", {**good, name: "A|B"}, "ambiguous", name, "the separator in a field",
               flags=["ambiguous"])
        refuse(suite, file, operation, f"{name}-empty", {**good, name: ""}, "invalid_value", name, "a mandatory field is empty")
    refuse(suite, file, operation, "script", {**good, "return_url": "javascript:x"}, "invalid_value", "return_url", "no web address")
    refuse(suite, file, operation, "no-secret", good, "missing_field", "secure_pass", "the passcode never stands in",
           settings=config(passcode=CODE))
    callback(suite, file, "hpay.tokenization.read_callback", "MD5(merchant_id + '|' + bank_token + '|' + revoke_token_status + '|' + secure_pass)",
             {"merchant_id": "65001", "receiver": "merchant@example.com", "bank_code": "BIDV", "bank_token": "tok1",
              "error_text": "", "status": "00", "revoke_token_status": "true"},
             lambda f: md5(f"{f['merchant_id']}|{f['bank_token']}|{f['revoke_token_status']}|{PASS}"),
             {"proof": "signed", "evidence": "official", "merchant_id": "65001", "bank_token": "tok1", "revoke_token_status": "true",
              "unverified": {"receiver": "merchant@example.com", "bank_code": "BIDV", "error_text": "", "status": "00"}},
             ["merchant_id", "bank_token", "revoke_token_status"])


def callback(suite, file, operation, text, fields, digest, output, covered, unverified=None):
    """A callback whose formula stands in the configuration only."""
    secrets = {"secure_pass": PASS, "passcode": CODE}
    settings = config(recipes={operation: text}, **secrets)
    code, name = digest(fields), operation.split(".", 1)[1]
    query = form({**fields, "secure_code": code})

    def add(id, query, comment, flags=("tampered",), settings=settings, more=None, **expect):
        suite.add(file, f"{name}{id}", operation, settings, {"query": query, **(more or {})}, **expect, comment=comment,
                  flags=list(flags), source=MADE)

    add("", query, "by the configured formula", [], output={**output, "raw": query})
    add("-doubled-ampersand", "?" + query.replace("&", "&&"), "as HPay's sample prints it", [], output=output)
    add("-upper-case", form({**fields, "secure_code": code.upper()}), "hexadecimal in either letter case", [], output=output)
    add("-not-configured", query, "no published formula", ["config"], config(**secrets), error={"code": "recipe_required"})
    add("-flipped", form({**fields, "secure_code": flip_hex(code, 77)}), "one bit of the digest", error={"code": "signature_mismatch"})
    add("-no-digest", form(fields), "no digest at all", error={})
    add("-unknown-parameter", query + "&more=1", "further parameters are not covered", [], output=at(output, "unverified.more", "1"))
    for member in covered:
        wrong = {"code": "mismatch"} if member == "merchant_id" else {"code": "signature_mismatch"}
        add(f"-{member}-changed", form({**fields, member: fields[member] + "1", "secure_code": code}), "a covered field changed", error=wrong)
        add(f"-{member}-removed", form({**without(fields, member), "secure_code": code}), "a covered field removed", error={})
        add(f"-{member}-emptied", form({**fields, member: "", "secure_code": code}), "a covered field emptied", error={})
        add(f"-{member}-duplicated", query + "&" + form({member: "9"}), "a parameter that comes twice", error={"code": "malformed_input", "field": member})
        add(f"-{member}-array", query + f"&{member}[]=9", "PHP reads it as an array", error={"code": "malformed_input"})
        moved = {**fields, member: fields[member] + "|1"}
        add(f"-{member}-with-separator", form({**moved, "secure_code": digest(moved)}), "a genuine digest over a value that could be split",
            ["ambiguous"], error={"code": "mismatch" if member == "merchant_id" else "ambiguous"})
        add(f"-{member}-expected", query, "not what is expected", more={"expected": {member: "x"}}, error={"code": "mismatch", "field": member})
    for member in without(fields, *covered):
        changed = {**fields, member: "7"}
        add(f"-{member}-changed", form({**changed, "secure_code": code}), "anybody may change what is not covered",
            output={**without(output, "unverified"), "unverified": {member: 7 if member == "amount" else "7"}})
    add("-previous-secret", query, "an earlier secret", ["rotation"],
        config(secure_pass="new-pass-Aa1", passcode="new-code-Aa1", recipes={operation: text}, previous_secrets=[PASS, CODE]),
        output={"matched": "previous_secrets/0" if "secure_pass" in text else "previous_secrets/1"})
    add("-foreign-secret", query, "another secret", ["foreign"],
        config(secure_pass="other-pass-Aa1", passcode="other-code-Aa1", recipes={operation: text}), error={"code": "signature_mismatch"})


def answers(suite, file, operation, text, body, signed, checksum, digest, success, not_checked):
    """An answer whose formula is not published."""
    secrets = {"secure_pass": PASS, "passcode": CODE}
    name = operation.split(".", 1)[1]
    plain, with_recipe = config(**secrets), config(recipes={operation: text}, **secrets)

    def add(id, body, comment, settings=with_recipe, flags=("tampered",), more=None, **expect):
        suite.add(file, f"{name}{id}", operation, settings, {"body": body if isinstance(body, str) else compact(body), **(more or {})},
                  **expect, comment=comment, flags=list(flags), source=MADE)

    full = {**body, checksum: digest(body)}
    add("", full, "no published formula", plain, [], output=not_checked)
    for code in ["00", "0", 0, "000"]:
        add(f"-success-{type(code).__name__}-{code}", {**full, "error_code": code}, "success as the services print it", plain, [],
            output={"error_code": str(code)})
    if signed is not None:
        add("-recipe", full, "by the configured formula", flags=["override"], output=signed)
        add("-flipped", {**full, checksum: flip_hex(full[checksum], 9)}, "one bit of the digest", error={"code": "signature_mismatch"})
        add("-no-digest", without(full, checksum), "no digest at all", error={"code": "malformed_input"})
        add("-foreign-secret", full, "another secret", config(secure_pass="other-pass-Aa1", passcode="other-code-Aa1", recipes={operation: text}),
            ["foreign"], error={"code": "signature_mismatch"})
        data = signed.get("data", {})
        for member in data:
            changed = at(full, f"data.{member}", str(full["data"][member]) + "1")
            add(f"-{member}-changed", changed, "a covered member changed", error={})
            removed = {**full, "data": without(full["data"], member)}
            add(f"-{member}-removed", removed, "a covered member removed", error={})
    add("-refused", {"error_code": "20014", "message": "refused", "data": [], checksum: ""}, "a reported failure", plain, ["refusal"],
        error={"code": "gateway_refused"})
    add("-no-code", without(full, "error_code"), "no code at all", plain, error={"code": "malformed_input", "field": "error_code"})
    add("-duplicate", compact(full)[:-1] + ',"error_code":"00"}', "a member that comes twice", plain, error={"code": "malformed_input"})
    add("-not-json", "<html>", "no JSON", plain, error={"code": "malformed_input", "field": "body"})
    add("-parsed", {}, "an empty object", plain, error={"code": "malformed_input"})
    if isinstance(body["data"], dict) and "merchant_id" in body["data"]:
        add("-foreign-merchant", at(full, "data.merchant_id", "65002"), "for another shop", plain, ["foreign"],
            error={"code": "mismatch", "field": "merchant_id"})


def orders(suite):
    file, operation = "hpay/orders.json", "hpay.orders.inquire"
    url = f"{SANDBOX['checkout']}/api/transaction/GetTransactionDetail"
    digest = md5(f"OM_1|{PASS}")
    request(suite, file, operation, {"order_code": "OM_1"},
            {"method": "POST", "url": url, "headers": FORM, "body": f"merchant_id=65001&order_code=OM_1&checksum={digest}", "signature": digest},
            comment="inferred formula")
    request(suite, file, operation, {"order_code": "OM_1", "transaction_id": "96138500"},
            {"body": f"merchant_id=65001&order_code=OM_1&transaction_id=96138500&checksum={digest}"}, id="-both",
            comment="transaction_id is outside the inferred formula")
    by_id = {"transaction_id": 96138500}
    refuse(suite, file, operation, "by-id", by_id, "recipe_required", None, "no formula for transaction_id alone")
    own = md5(f"65001|96138500|{PASS}")
    request(suite, file, operation, by_id, {"signature": own, "body": f"merchant_id=65001&transaction_id=96138500&checksum={own}"}, id="-by-id-recipe",
            recipes={operation: {"fields": ["merchant_id", "transaction_id"], "separator": "|", "secret": "secure_pass"}},
            comment="a configured formula", flags=["override"])
    refuse(suite, file, operation, "neither", {}, "missing_field", "order_code", "one of the two")
    refuse(suite, file, operation, "pipe", {"order_code": "64916|a@b.vn|1000|vnd|OM_1"}, "ambiguous", "order_code",
           "its digest would be that of a V1 link over 1,000 dong", flags=["ambiguous"])
    refuse(suite, file, operation, "empty", {"order_code": ""}, "invalid_value", "order_code", "a mandatory field is empty")
    refuse(suite, file, operation, "id-text", {"transaction_id": "12a"}, "invalid_value", "transaction_id", "a whole number")
    faults(suite, file, operation, {"order_code": "OM_1"}, [], texts=["order_code"])
    data = {"token": "t1", "transaction_status": "00", "receiver_email": "merchant@example.com", "order_code": "OM_1",
            "total_amount": "200000", "bank_code": "BIDV", "tax_amount": 0, "discount_amount": "", "transaction_id": 96138500}
    body = {"error_code": "00", "data": data}
    answers(suite, file, "hpay.orders.read_inquire", "MD5(order_code + '|' + total_amount + '|' + transaction_status + '|' + secure_pass)",
            body,
            {"proof": "signed", "outcome": "succeeded", "data": {"order_code": "OM_1", "total_amount": 200000, "transaction_status": "00"},
             "unverified": {"error_code": "00", "data": {"token": "t1", "transaction_id": "96138500", "tax_amount": 0}}},
            "checksum", lambda b: md5(f"OM_1|200000|00|{PASS}"), "00",
            {"proof": "not_checked", "outcome": "succeeded", "error_code": "00",
             "data": {**data, "total_amount": 200000, "transaction_id": "96138500", "tax_amount": 0, "discount_amount": None}})
    for status, outcome in [("81", "pending"), ("83", "failed"), ("115", "failed"), ("4711", "undetermined")]:
        suite.add(file, f"orders.read_inquire-status-{status}", "hpay.orders.read_inquire", config(secure_pass=PASS),
                  {"body": compact(at(body, "data.transaction_status", status))}, output={"outcome": outcome},
                  comment="statuses as the table of error codes has them", source=MADE)
    partly = md5(f"OM_1|{PASS}")
    suite.add(file, "orders.read_inquire-partly", "hpay.orders.read_inquire",
              config(secure_pass=PASS, recipes={"hpay.orders.read_inquire": "MD5(order_code + '|' + secure_pass)"}),
              {"body": compact({**body, "checksum": partly})}, output={"proof": "partly_signed", "data": {"order_code": "OM_1"}},
              comment="a formula that leaves the amount out", flags=["override"], source=MADE)


def account(suite, keys):
    file, operation = "hpay/account.json", "hpay.account.balance"
    merchant = {"passcode": CODE, "private_key": keys["merchant"]["private_pkcs8_pem"]}
    good = {"requestId": "R1", "requestTime": "2022-09-22"}
    signature = rsa(keys["merchant"]["private_pkcs8_pem"], f"R1|65001|2022-09-22|{CODE}")
    body = compact({"requestId": "R1", "merchantId": "65001", "requestTime": "2022-09-22", "signature": signature})
    output = {"method": "POST", "url": f"{SANDBOX['account']}/api/user/GetBalance", "headers": JSON, "body": body, "signature": signature}
    request(suite, file, operation, good, output, source=OPENSSL, settings=config(**merchant), comment="inferred formula")
    outside = config(passcode=CODE, merchant_certificate=keys["merchant"]["cert_pem"])
    request(suite, file, operation, {**good, "ready_signature": signature}, output, source=OPENSSL, settings=outside, id="-ready",
            comment="a signature made outside")
    refuse(suite, file, operation, "ready-for-other", {**good, "requestId": "R2", "ready_signature": signature}, "signature_mismatch",
           "ready_signature", "a signature of another request", outside, ["foreign"])
    sha = hashlib.sha256(f"R1|65001|2022-09-22|{CODE}".encode())
    request(suite, file, "hpay.account.balance_to_sign", {**good, "include_bytes": True},
            {"sha256": sha.hexdigest(), "bytes": b64(f"R1|65001|2022-09-22|{CODE}")}, settings=outside, comment="for a key that stays outside")
    for id, time in [("no-date", "today"), ("february", "2022-02-30"), ("time", "2022-09-22 10:00"), ("short", "2022-9-2"), ("empty", "")]:
        refuse(suite, file, operation, f"request-time-{id}", {**good, "requestTime": time}, "invalid_value", "requestTime", "no real date",
               config(**merchant))
    refuse(suite, file, operation, "pipe", {**good, "requestId": "R|1"}, "ambiguous", "requestId", "the separator in a field",
           config(**merchant), ["ambiguous"])
    refuse(suite, file, operation, "long", {**good, "requestId": "R" * 100}, "invalid_value", "requestId", "at most 99 characters",
           config(**merchant), ["boundary"])
    refuse(suite, file, operation, "no-key", good, "missing_field", "private_key", "no key configured", config(passcode=CODE), ["config"])
    faults(suite, file, operation, good, list(good), texts=list(good))
    read = "hpay.account.read_balance"
    nested = {"error_code": 0, "requestId": "R1", "client_ip": "203.0.113.7",
              "data": {"balance": "101,747,939", "signature": "AAAA", "respone_time": 1663818000}}
    flat = {"error_code": 0, "requestId": "R1", "balance": "101,747,939", "signature": "AAAA", "respone_time": "1663818000"}

    def add(id, body, comment, settings=config(passcode=CODE), flags=(), **expect):
        suite.add(file, f"account.read_balance{id}", read, settings, {"body": compact(body)}, **expect, comment=comment, flags=list(flags), source=OPENSSL)

    add("", nested, "as the document's example", output={"proof": "not_checked", "error_code": "0", "requestId": "R1",
        "data": {"balance": 101747939, "respone_time": "1663818000"}})
    add("-flat", flat, "as the document's table", output={"proof": "not_checked", "balance": 101747939, "respone_time": "1663818000"})
    add("-refused", {"error_code": 215303, "message": "x", "requestId": "R1"}, "a failure", flags=["refusal"], error={"code": "gateway_refused"})
    add("-other-operation", {"error_code": "00", "data": {"va_account": "1"}}, "the answer to another call", flags=["foreign"], error={"code": "malformed_input"})
    add("-grouping", at(nested, "data.balance", "1017,47,939"), "commas in the wrong places", flags=["number"], error={"code": "malformed_input"})
    recipes = {read: "signature = base64(sign(requestId + '|' + balance + '|' + passcode))"}
    gateway = config(passcode=CODE, hpay_certificate=keys["hpay"]["cert_pem"], recipes=recipes)
    signed = at(nested, "data.signature", rsa(keys["hpay"]["private_pkcs8_pem"], f"R1|101,747,939|{CODE}"))
    add("-recipe", signed, "by the configured formula", gateway, ["override"], output={"proof": "signed", "requestId": "R1", "data": {"balance": 101747939},
        "unverified": {"error_code": "0", "client_ip": "203.0.113.7", "data": {"respone_time": "1663818000"}}})
    add("-recipe-changed", at(signed, "data.balance", "901,747,939"), "a covered member changed", gateway, ["tampered"], error={"code": "signature_mismatch"})


def virtual_account(suite, groups):
    file, operation = "hpay/virtual_account.json", "hpay.virtual_account.create"
    for vector in groups["va_create_v0_secure_code"]["vectors"]:
        fields = vector["input"]
        settings = {"merchant_site_code": fields["merchantId"], "environment": "sandbox", "passcode": fields["passcode"]}
        input = {"accountVaType": "1", "accountVaName": "NGUYEN VAN A", "amount": 150000, "condition": fields["condition"]}
        body = php({"merchantId": fields["merchantId"], **input, "secure_code": vector["secure_code"]})
        # The document's table has condition behind amount, remark and timeLimit.
        output = {"method": "POST", "url": f"{SANDBOX['account']}/api/va/create", "headers": FORM, "body": body, "signature": vector["secure_code"]}
        request(suite, file, operation, input, output, HPAY + "MD5, computed", "row 5 of the formula table", f"-{vector['id']}", settings=settings)
    good = {"accountVaType": "2", "accountVaName": "Công ty Ánh Dương", "amount": "0", "remark": "Thanh toán 1", "timeLimit": 1700604800,
            "condition": "2", "now": 1700000000}
    digest = md5(f"65001|2|{CODE}")
    request(suite, file, operation, good, {"signature": digest, "body": php({"merchantId": "65001", **without(good, "now"), "secure_code": digest})},
            id="-all", comment="every field; seven days to the second", flags=["unicode", "boundary"])
    refuse(suite, file, operation, "eight-days", {**good, "timeLimit": 1700604801}, "invalid_value", "timeLimit", "more than seven days", flags=["boundary"])
    refuse(suite, file, operation, "fixed-0", {**good, "condition": "1"}, "invalid_value", "amount", "a fixed amount of nothing")
    for id, remark in [("51", "x" * 51), ("mark", "a-b"), ("newline", "a\nb"), ("emoji", "a😀")]:
        refuse(suite, file, operation, f"remark-{id}", {**good, "remark": remark}, "invalid_value", "remark", "at most 50 letters, digits and spaces")
    request(suite, file, operation, {**good, "remark": "x" * 50}, {"signature": digest}, id="-remark-50", comment="the longest remark", flags=["boundary"])
    for name in ["condition", "accountVaType"]:
        for value in ["0", "3", ""]:
            refuse(suite, file, operation, f"{name}-{value}", {**good, name: value}, "invalid_value", name, "1 or 2")
    refuse(suite, file, operation, "secure-code", {**good, "secure_code": "x"}, "unknown_field", "secure_code", "digests are never an input")
    refuse(suite, file, operation, "merchant", {**good, "merchantId": "65001"}, "unknown_field", "merchantId", "merchant codes are never an input")
    refuse(suite, file, operation, "no-passcode", good, "missing_field", "passcode", "secure_pass never stands in", config(secure_pass=PASS), ["config"])
    faults(suite, file, operation, without(good, "now", "timeLimit"), ["accountVaType", "accountVaName", "amount", "condition"],
           texts=["accountVaName", "remark"], amounts=["amount"])
    data = {"merchant_id": "65001", "merchant_email": "merchant@example.com", "va_account": "99900001", "va_name": "HPAY A", "va_method": 2,
            "va_type": "1", "va_condition": 1, "va_bank": "MSB", "va_status": 1, "va_amount": "150,000", "remark": "x", "qrCode": "000201"}
    answers(suite, file, "hpay.virtual_account.read_create", "MD5(va_account + '|' + va_amount + '|' + passcode)", {"error_code": "0", "data": data},
            {"proof": "signed", "data": {"va_account": "99900001", "va_amount": 150000}, "unverified": {"error_code": "0", "data": {"va_method": "2"}}},
            "checksum", lambda b: md5(f"99900001|150,000|{CODE}"), "0",
            {"proof": "not_checked", "error_code": "0", "data": {**data, "va_method": "2", "va_condition": "1", "va_status": "1", "va_amount": 150000}})

    operation = "hpay.virtual_account.update_name"
    good = {"va_account": "99900001", "va_name": "CÔNG TY & CO", "remark": "x 1"}
    digest = md5(f"65001|99900001|CÔNG TY & CO|{CODE}")
    body = compact({"merchant_id": "65001", **good, "secure_code": digest})
    request(suite, file, operation, good, {"method": "POST", "url": f"{SANDBOX['account']}/api/va/updateVaName", "headers": JSON, "body": body, "signature": digest},
            comment="inferred formula", flags=["unicode"])
    for name in ["va_account", "va_name"]:
        refuse(suite, file, operation, f"pipe-in-{name}", {**good, name: "A|B"}, "ambiguous", name, "the separator in a field", flags=["ambiguous"])
    faults(suite, file, operation, good, ["va_account", "va_name"], texts=list(good))
    renamed = {"error_code": "00", "message": "ok", "data": {"merchant_id": "65001", "va_account": "99900001", "va_name": "A", "remark": "x"}}
    read = "hpay.virtual_account.read_update_name"
    suite.add(file, "virtual_account.read_update_name", read, config(passcode=CODE), {"body": compact(renamed)},
              output={"proof": "unsigned", **renamed}, comment="no checksum in the document", flags=["unsigned"], source=MADE)
    suite.add(file, "virtual_account.read_update_name-foreign", read, config(passcode=CODE), {"body": compact(at(renamed, "data.merchant_id", "1"))},
              error={"code": "mismatch"}, comment="for another shop", flags=["foreign"], source=MADE)
    suite.add(file, "virtual_account.read_update_name-refused", read, config(passcode=CODE), {"body": '{"error_code":"07","message":"x","data":[]}'},
              error={"code": "gateway_refused"}, comment="a failure", flags=["refusal"], source=MADE)

    operation = "hpay.virtual_account.revoke"
    good = {"account_va": "99900001", "flag": "0"}
    for flag in ["0", "1"]:
        digest = md5(f"65001|99900001|{flag}|{CODE}")
        body = f"merchant_id=65001&account_va=99900001&flag={flag}&secure_code={digest}"
        request(suite, file, operation, {**good, "flag": flag},
                {"method": "POST", "url": f"{SANDBOX['account']}/api/va/revoke", "headers": FORM, "body": body, "signature": digest},
                id=f"-{flag}", comment="inferred formula")
    refuse(suite, file, operation, "flag-2", {**good, "flag": "2"}, "invalid_value", "flag", "0 or 1")
    refuse(suite, file, operation, "limit", {**good, "time_limit": 1700604801, "now": 1700000000}, "invalid_value", "time_limit", "more than seven days")
    faults(suite, file, operation, good, ["account_va", "flag"], texts=["account_va"])
    data = {"merchant_id": "65001", "account_va": "99900001", "va_status": 3}
    answers(suite, file, "hpay.virtual_account.read_revoke", "MD5(merchant_id + '|' + account_va + '|' + va_status + '|' + passcode)",
            {"error_code": "00", "data": data},
            {"proof": "signed", "data": {**data, "va_status": "3"}, "unverified": {"error_code": "00"}},
            "checksum", lambda b: md5(f"65001|99900001|3|{CODE}"), "00", {"proof": "not_checked", "data": {**data, "va_status": "3"}})

    operation = "hpay.virtual_account.transactions"
    digest = md5(f"65001|99900001|{CODE}")
    body = compact({"merchant_id": "65001", "va_account": "99900001", "secure_code": digest})
    request(suite, file, operation, {"va_account": "99900001"},
            {"method": "POST", "url": f"{SANDBOX['open_api']}/v1/account/inquiry", "headers": JSON, "body": body, "signature": digest}, comment="inferred formula")
    faults(suite, file, operation, {"va_account": "99900001"}, ["va_account"], texts=["va_account"])
    rows = [{"transaction_id": 96119097, "full_account_number": "9631249900000102836", "amount": 100000, "time_paid": 1700000000,
             "cashin": 28299429, "remark": b64("Thanh toán đơn 1"), "va_bank_name": "BIDV"},
            {"transaction_id": "2", "amount": "5,000", "remark": "not base64!"}]
    answers(suite, file, "hpay.virtual_account.read_transactions", "", {"error_code": "00", "message": "ok", "data": rows}, None, "secure_code",
            lambda b: "0" * 32, "00",
            {"proof": "not_checked", "data": [{"transaction_id": "96119097", "amount": 100000, "time_paid": "1700000000", "cashin": "28299429",
                                               "remark": b64("Thanh toán đơn 1"), "remark_decoded": "Thanh toán đơn 1"},
                                              {"transaction_id": "2", "amount": 5000, "remark": "not base64!"}]})

    fields = {"va_account": "99900001", "fullAccountNumber": "9631249900000102836", "va_bankName": "BIDV", "remark": b64("đơn 1>?"),
              "amount": "100000", "order_id": "77001", "order_code": "OM_1", "cashin": "28299429", "time_paid": "1700000000",
              "transactionId": "96119097", "error_code": "0"}
    read = "hpay.virtual_account.read_callback"
    callback(suite, file, read, "MD5(cashin + '|' + order_id + '|' + passcode)", fields, lambda f: md5(f"{f['cashin']}|{f['order_id']}|{CODE}"),
             {"proof": "partly_signed", "must_inquire": True, "evidence": "official", "cashin": "28299429", "order_id": "77001",
              "unverified": {**without(fields, "cashin", "order_id"), "amount": 100000, "remark_decoded": "đơn 1>?"}}, ["cashin", "order_id"])
    for separator in [" ", ",", "||"]:
        code = md5(separator.join(["28299429", "77001", CODE]))
        recipe = {"fields": ["cashin", "order_id"], "separator": separator, "secret": "passcode"}
        suite.add(file, f"virtual_account.read_callback-separator-{ord(separator[0])}-{len(separator)}", read, config(passcode=CODE, recipes={read: recipe}),
                  {"query": form({**fields, "secure_code": code})}, output={"proof": "partly_signed", "cashin": "28299429"},
                  comment="another separator", flags=["override"], source=MADE)
    pipe = {read: "MD5(cashin + '|' + order_id + '|' + passcode)"}
    for id, cashin, order in [("create", "65001", "2"), ("transactions", "65001", "99900001"), ("inquire", "R1", "65001")]:
        code = md5(f"{cashin}|{order}|{CODE}")
        suite.add(file, f"virtual_account.read_callback-own-{id}", read, config(passcode=CODE, recipes=pipe),
                  {"query": form({**fields, "cashin": cashin, "order_id": order, "secure_code": code})}, error={"code": "ambiguous"},
                  comment="the digest of the merchant's own request", flags=["foreign"], source=MADE)
    plain = form({**fields, "secure_code": md5(f"28299429|77001|{CODE}")}).replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")
    suite.add(file, "virtual_account.read_callback-raw-base64", read, config(passcode=CODE, recipes=pipe), {"query": plain},
              output={"unverified": {"remark_decoded": "đơn 1>?"}}, comment="base64 without percent-encoding", source=MADE)
    covering = {read: "MD5(cashin + '|' + order_id + '|' + amount + '|' + error_code + '|' + passcode)"}
    code = md5(f"28299429|77001|100000|0|{CODE}")
    suite.add(file, "virtual_account.read_callback-amount-covered", read, config(passcode=CODE, recipes=covering),
              {"query": form({**fields, "secure_code": code})}, output={"proof": "signed", "outcome": "succeeded", "amount": 100000},
              comment="a formula that covers the amount", flags=["override"], source=MADE)
    suite.add(file, "virtual_account.acknowledge", "hpay.virtual_account.acknowledge", config(passcode=CODE), {},
              output={"status": 200, "content_type": "application/json", "body": '{"error":"00","message":"Success"}'}, comment="as the webhook", source="hpay document")


def firm_banking(suite):
    file, operation = "hpay/firm_banking_reads.json", "hpay.firm_banking.account"
    good = {"bank_name": "BIDV", "bank_account_number": "12010004002695"}
    digest = md5(f"65001|BIDV|12010004002695|{CODE}")
    query = f"merchant_id=65001&bank_name=BIDV&bank_account_number=12010004002695&secure_code={digest}"
    request(suite, file, operation, good, {"method": "GET", "url": f"{SANDBOX['account']}/api/ibft/CheckUserBank?{query}", "signature": digest},
            comment="inferred formula")
    refuse(suite, file, operation, "pipe", {**good, "bank_name": "A|B"}, "ambiguous", "bank_name", "the separator in a field", flags=["ambiguous"])
    refuse(suite, file, operation, "number", {**good, "bank_account_number": "12 34"}, "invalid_value", "bank_account_number", "letters and digits")
    faults(suite, file, operation, good, list(good), texts=list(good))
    data = {"request_id": 17, "merchant_id": 65001, **good, "bank_account_name": "NGUYEN VAN A"}
    answers(suite, file, "hpay.firm_banking.read_account", "MD5(bank_account_number + '|' + bank_account_name + '|' + passcode)",
            {"error_code": "000", "data": data},
            {"proof": "signed", "data": {"bank_account_number": "12010004002695", "bank_account_name": "NGUYEN VAN A"},
             "unverified": {"error_code": "000", "data": {"bank_name": "BIDV"}}},
            "checksum", lambda b: md5(f"12010004002695|NGUYEN VAN A|{CODE}"), "000",
            {"proof": "not_checked", "data": {**data, "request_id": "17", "merchant_id": "65001"}})
    operation = "hpay.firm_banking.inquire"
    digest = md5(f"R1|65001|{CODE}")
    url = f"{SANDBOX['account']}/api/ibft/inquiry?requestId=R1&merchantId=65001"
    request(suite, file, operation, {"requestId": "R1"}, {"method": "GET", "url": f"{url}&secureChain={digest}", "signature": digest}, comment="inferred formula")
    request(suite, file, operation, {"requestId": "R1", "transactionId": "96138500"}, {"url": f"{url}&transactionId=96138500&secureChain={digest}"},
            id="-transaction", comment="transactionId is outside the inferred formula")
    own = md5(f"65001|R1|{CODE}")
    request(suite, file, operation, {"requestId": "R1"}, {"signature": own}, id="-recipe", recipes={operation: "MD5(merchantId + '|' + requestId + '|' + passcode)"},
            comment="the other order", flags=["override"])
    faults(suite, file, operation, {"requestId": "R1"}, ["requestId"], texts=["requestId"])
    read = "hpay.firm_banking.read_inquire"
    row = {"time_tranfer": "22/09/2022", "note": "x", "amount": 1000000, "transaction_status": 4, "cashout_status": 3, "refund_status": 1,
           "bankAccount_name": "NGUYEN VAN A", "merchant_id": 65001, "request_id": "R1", "bankAccount_number": "1234567890912312"}
    answers(suite, file, read, "MD5(request_id + '|' + amount + '|' + transaction_status + '|' + passcode)", {"error_code": "000", "data": row},
            {"proof": "signed", "outcome": "succeeded", "data": {"request_id": "R1", "amount": 1000000, "transaction_status": "4"},
             "unverified": {"data": {"time_tranfer": "22/09/2022"}}},
            "secure_chain", lambda b: md5(f"R1|1000000|4|{CODE}"), "000",
            {"proof": "not_checked", "outcome": "succeeded", "data": {**row, "transaction_status": "4", "cashout_status": "3", "refund_status": "1", "merchant_id": "65001"}})
    texts = {name: str(value) for name, value in row.items()}

    def add(id, data, comment, **expect):
        suite.add(file, f"firm_banking.read_inquire-{id}", read, config(passcode=CODE), {"body": compact({"error_code": "000", "data": data})}, **expect,
                  comment=comment, source=MADE)

    add("list", [{**texts, "transaction_id": "96138500"}], "a list with one transfer, members as text",
        output={"outcome": "succeeded", "data": [{"amount": 1000000, "transaction_id": "96138500"}]})
    add("list-of-two", [texts, {**texts, "transaction_status": "3", "cashout_status": "4"}], "several transfers: no common outcome",
        output={"data": [{"transaction_status": "4"}, {"transaction_status": "3"}]})
    for transaction, cashout, outcome in [(3, 4, "failed"), (1, 1, "pending"), (2, 1, "pending"), (4, 4, "undetermined"), (3, 3, "undetermined"),
                                          ("", "", "undetermined"), ("4", "", "succeeded")]:
        add(f"status-{transaction}-{cashout}", {**row, "transaction_status": transaction, "cashout_status": cashout}, "the two columns count differently",
            output={"outcome": outcome})
    add("foreign-in-list", [{**texts, "merchant_id": "65002"}], "for another shop", error={"code": "mismatch", "field": "merchant_id"})


# --- Open API ---------------------------------------------------------------------------------------------------------


def open_api(suite, groups, keys):
    file = "hpay/open_api.json"
    merchant_key = keys["merchant"]["private_pkcs8_pem"]
    production = "observed in production code; "
    for vector in groups["openapi_v1_token_body"]["vectors"]:
        fields = vector["input"]
        settings = config(passcode=CODE, client_id=fields["client_id"], client_secret=fields["client_secret"])
        output = {"method": "POST", "url": SANDBOX["open_api"] + vector["path"], "headers": FORM, "body": vector["body"]}
        request(suite, file, "hpay.open_api.token", {"scope": fields["scope"]}, output, HPAY + "Node URLSearchParams", production + "7.1", f"-{vector['id']}", settings=settings)
    faults(suite, file, "hpay.open_api.token", {"scope": "va"}, ["scope"], texts=["scope"])
    refuse(suite, file, "hpay.open_api.token", "scope-unknown", {"scope": "all"}, "invalid_value", "scope", "no such scope")
    refuse(suite, file, "hpay.open_api.token", "no-client", {"scope": "va"}, "missing_field", "client_id", "no credential configured", flags=["config"])
    token = {"access_token": "abc", "token_type": "Bearer", "expires_in": 3600}
    suite.add(file, "open_api.read_token", "hpay.open_api.read_token", config(passcode=CODE), {"body": compact(token)},
              output={"proof": "unsigned", **token, "expires_in": "3600"}, comment="7.1", flags=["unsigned"], source=MADE)
    suite.add(file, "open_api.read_token-refused", "hpay.open_api.read_token", config(passcode=CODE),
              {"body": '{"error":"invalid_client","error_description":"no"}'}, error={"code": "gateway_refused"}, comment="a failure", flags=["refusal"], source=MADE)
    suite.add(file, "open_api.read_token-empty", "hpay.open_api.read_token", config(passcode=CODE), {"body": '{"access_token":""}'},
              error={"code": "malformed_input", "field": "access_token"}, comment="no token", source=MADE)

    paths = {"va-create": "/service/va/v1/create", "ibft": "/service/ibft/v1/transfer"}
    operation = "hpay.open_api.request"
    for vector in groups["openapi_v1_request"]["vectors"]:
        settings = config(passcode=vector["passcode"], private_key=merchant_key)
        path = next((path for start, path in paths.items() if vector["id"].startswith(start)), "/service/account/v1/get-balance")
        input = {"access_token": TOKEN, "path": path, "payload": vector["payload_json"]}
        output = {"method": "POST", "url": SANDBOX["open_api"] + path, "body": vector["body"], "signature": vector["signature"],
                  "headers": {**JSON, "Authorization": f"Bearer {TOKEN}", "x-api-mid": "65001"}}
        flags = [] if vector["payload_json"].isascii() else ["unicode"]
        request(suite, file, operation, input, output, HPAY + "OpenSSL, checked with Node", production + "row 9", f"-{vector['id']}", flags, settings)
        outside = config(passcode=vector["passcode"], merchant_certificate=keys["merchant"]["cert_der_base64"])
        request(suite, file, operation, {**input, "ready_signature": vector["signature"]}, output, HPAY + "OpenSSL, checked with Node",
                "a signature made outside", f"-{vector['id']}-ready", flags, outside)
        sha = hashlib.sha256(f"{vector['data']}|{vector['passcode']}".encode()).hexdigest()
        request(suite, file, "hpay.open_api.to_sign", {"payload": vector["payload_json"]}, {"sha256": sha}, MADE, "for a key that stays outside",
                f"-{vector['id']}", flags, outside)
        typed(suite, file, vector, settings)
    settings = config(passcode=CODE, private_key=merchant_key)
    good = {"access_token": TOKEN, "path": "/service/va/v1/create", "payload": '{"requestId":"1"}'}
    for id, path in [("host", "https://evil.example/service/"), ("other", "/v1/fb/create"), ("up", "/service/../x"), ("query", "/service/va?x=1"),
                     ("space", "/service/va /x"), ("crlf", "/service/va\r\nX: y"), ("empty", "")]:
        refuse(suite, file, operation, f"path-{id}", {**good, "path": path}, "invalid_value", "path", "a plain path that begins with /service/", settings)
    for id, payload, code, field in [("no-json", "x", "malformed_input", "payload"), ("list", "[]", "malformed_input", "payload"),
                                     ("twice", '{"a":1,"a":2}', "malformed_input", "payload"),
                                     ("passcode", '{"passcode":"x"}', "invalid_value", "payload.passcode"),
                                     ("secure-pass", '{"Secure_Pass":"x"}', "invalid_value", None),
                                     ("foreign", '{"merchantId":"65002"}', "invalid_value", "payload.merchantId")]:
        refuse(suite, file, operation, f"payload-of-{id}", {**good, "payload": payload}, code, field, "what must not be sent", settings)
    for id, value in [("space", "a b"), ("newline", "a\r\nX: y"), ("empty", ""), ("accent", "đ")]:
        refuse(suite, file, operation, f"token-of-{id}", {**good, "access_token": value}, "invalid_value", "access_token", "it goes into a header", settings)
    faults(suite, file, operation, good, list(good), texts=list(good))
    open_api_calls(suite, file, merchant_key)
    open_api_answers(suite, file, groups, keys)
    webhook(suite, file, groups)


CALLS = {"va-create": "create_va", "ibft-get-name": "account_name", "ibft-inquiry": "inquire_transfer", "ibft-transfer": "transfer", "balance": "balance",
         "account": "balance", "va-update": "update_va", "va-revoke": "revoke_va", "va-inquiry": "inquire_va", "va-inquire": "inquire_va"}
ORDER = {"create_va": ["requestId", "merchantId", "vaType", "vaName", "vaCondition", "vaAmount", "remark", "vaExpirationTime", "bankCode", "notifyUrl"]}


def typed(suite, file, vector, settings):
    """The same payload through its typed call, where the call writes the members in the same order."""
    payload = json.loads(vector["payload_json"])
    call = next((call for start, call in CALLS.items() if vector["id"].startswith(start)), None)
    same_order = [name for name in ORDER.get(call, list(payload)) if name in payload] == list(payload)
    if call is None or not same_order or compact(payload) != vector["payload_json"]:
        return
    input = {"access_token": TOKEN, **without(payload, "merchantId")}
    request(suite, file, f"hpay.open_api.{call}", input, {"body": vector["body"], "signature": vector["signature"]}, HPAY + "OpenSSL, checked with Node",
            "the typed call gives the same payload", f"-{vector['id']}", settings=settings)
    sha = hashlib.sha256(f"{vector['data']}|{vector['passcode']}".encode()).hexdigest()
    request(suite, file, "hpay.open_api.to_sign", {"operation": call, "input": input}, {"sha256": sha}, MADE, "what the typed call signs",
            f"-typed-{vector['id']}", settings=without(settings, "private_key"))


def open_api_calls(suite, file, key):
    settings = config(passcode=CODE, private_key=key)
    va = {"requestId": "VA1", "vaAccount": "963001"}
    transfer = {"requestId": "WD1", "bankName": "VCB", "bankAccountNumber": "0011004000000", "bankAccountName": "NGUYEN VAN A", "amount": 50000}
    calls = {
        "create_va": ("/service/va/v1/create", {"requestId": "VA1", "vaType": "1", "vaName": "CÔNG TY Á", "vaCondition": "1", "vaAmount": 150000,
                                                "remark": "đơn 1", "vaExpirationTime": 1893456000, "bankCode": "BIDV", "notifyUrl": "https://shop.example.com/n"}),
        "update_va": ("/service/va/v1/update", {**va, "vaName": "B", "remark": "x"}),
        "revoke_va": ("/service/va/v1/revoke", va),
        "inquire_va": ("/service/va/v1/inquiry", va),
        "transfer": ("/service/ibft/v1/transfer", {**transfer, "note": "chi ho 1"}),
        "account_name": ("/service/ibft/v1/get-name", without(transfer, "bankAccountName", "amount")),
        "inquire_transfer": ("/service/ibft/v1/inquiry", {"requestId": "WD1", "transactionId": "96061677"}),
        "balance": ("/service/account/v1/get-balance", {"requestId": "B1"}),
    }
    for call, (path, fields) in calls.items():
        operation = f"hpay.open_api.{call}"
        good = {"access_token": TOKEN, **fields}
        payload = {"requestId": fields["requestId"], "merchantId": "65001", **fields}
        for name in ["amount", "vaAmount"]:
            if name in payload:
                payload[name] = str(payload[name])

        def output(payload):
            data = b64(compact(payload))
            signature = rsa(key, f"{data}|{CODE}")
            return {"method": "POST", "url": SANDBOX["open_api"] + path, "body": compact({"data": data, "signature": signature}), "signature": signature,
                    "headers": {**JSON, "Authorization": f"Bearer {TOKEN}", "x-api-mid": "65001"}}

        request(suite, file, operation, good, output(payload), OPENSSL, "row 9", settings=settings)
        extra = {"more": {"a": [1, "đ"]}}
        request(suite, file, operation, {**good, "extra": extra}, output({**payload, **extra}), OPENSSL, "further members", "-extra", settings=settings)
        for name in ["merchantId", "passcode", "HPAYKEY", "requestId"]:
            refuse(suite, file, operation, f"extra-{name}", {**good, "extra": {name: "x"}}, "invalid_value", f"extra.{name}", "not free for further members", settings)
        longest = 20 if "va" in call.split("_") else 99
        refuse(suite, file, operation, "request-id-long", {**good, "requestId": "R" * (longest + 1)}, "invalid_value", "requestId", "too long", settings, ["boundary"])
        refuse(suite, file, operation, "merchant", {**good, "merchantId": "65001"}, "unknown_field", "merchantId", "merchant codes are never an input", settings)
        refuse(suite, file, operation, "no-key", good, "missing_field", "private_key", "no key configured", config(passcode=CODE), ["config"])
        optional = ["vaAmount", "remark", "vaExpirationTime", "bankCode", "notifyUrl", "note", "transactionId"]
        texts = [name for name, value in good.items() if isinstance(value, str) and name not in ["vaType", "vaCondition"]]
        amounts = ["amount"] if call == "transfer" else []
        faults(suite, file, operation, good, [name for name in good if name not in optional], texts=texts, amounts=amounts)
    for id, changed, field in [("note", {"note": "chuyển"}, "note"), ("number", {"bankAccountNumber": "00-11"}, "bankAccountNumber"), ("zero", {"amount": 0}, "amount")]:
        refuse(suite, file, "hpay.open_api.transfer", id, {"access_token": TOKEN, **transfer, **changed}, "invalid_value", field, "a documented rule", settings)
    good = {"access_token": TOKEN, **calls["create_va"][1]}
    for id, changed, field in [("type", {"vaType": "3"}, "vaType"), ("condition", {"vaCondition": "0"}, "vaCondition"), ("name", {"vaName": "x" * 51}, "vaName"),
                               ("remark", {"remark": "a#b"}, "remark"), ("notify", {"notifyUrl": "ftp://x"}, "notifyUrl")]:
        refuse(suite, file, "hpay.open_api.create_va", id, {**good, **changed}, "invalid_value", field, "a documented rule", settings)


def open_api_answers(suite, file, groups, keys):
    certificate = {"hpay_certificate": keys["hpay"]["cert_pem"]}
    settings = config(passcode=PASS, **certificate)
    gateway = keys["hpay"]["private_pkcs8_pem"]

    def sealed(payload, code="00", message="Success", passcode=PASS, key=gateway):
        data = b64(payload if isinstance(payload, str) else compact(payload))
        return {"errorCode": code, "errorMessage": message, "data": data, "signature": rsa(key, f"{code}|{data}|{passcode}")}

    def add(name, id, body, comment, flags=(), settings=settings, source=OPENSSL, more=None, **expect):
        text = body if isinstance(body, str) else compact(body)
        suite.add(file, f"open_api.{name}{id}", f"hpay.open_api.{name}", settings, {"body": text, **(more or {})}, **expect, comment=comment, flags=list(flags), source=source)

    published = groups["openapi_v1_response"]
    create, balance = published["vectors"]
    payload = json.loads(create["payload_json"])
    opened = {**payload, "vaAmount": 0, "vaStatus": "1"}
    top = {"proof": "signed", "errorCode": "00", "data": create["data"], "unverified": {"errorMessage": "Success"}}
    source = HPAY + "OpenSSL, verified with Node"
    add("read_create_va", "", create["body"], "row 10", output={**top, **opened}, source=source)
    add("read_balance", "", balance["body"], "row 10", ["unicode"], output={"proof": "signed", "balance": 101747939, "merchantId": "65001", "merchantEmail": "merchant@example.com"}, source=source)
    add("read", "", create["body"], "any answer", output={**top, **payload, "vaStatus": "1"}, source=source)
    der = config(passcode=PASS, hpay_certificate=keys["hpay"]["cert_der_base64"])
    add("read", "-der", create["body"], "the certificate as HPay delivers it", settings=der, output={"proof": "signed"}, source=source)
    spki = config(passcode=PASS, hpay_certificate=keys["hpay"]["public_spki_pem"])
    add("read", "-spki", create["body"], "a bare public key", settings=spki, output={"proof": "signed"}, source=source)
    good = json.loads(create["body"])
    signature = good["signature"]
    mismatch = {"code": "signature_mismatch"}
    for vector in published["negative"]:
        if vector["id"] == "errorCode-changed":
            add("read_create_va", "-errorCode-changed", {**good, "errorCode": "01"}, "another code", ["tampered"], error=mismatch, source=source)
        if vector["id"] == "passcode-wrong":
            add("read_create_va", "-passcode-wrong", good, "another passcode", ["foreign"], config(passcode="wrong", **certificate), source, error=mismatch)
        if vector["id"] == "wrong-public-key":
            own = config(passcode=PASS, hpay_certificate=keys["merchant"]["cert_pem"])
            add("read_create_va", "-wrong-public-key", good, "the merchant's own certificate", ["foreign"], own, source, error=mismatch)
    raw = base64.b64decode(signature)
    for bit in [0, 7, 1024, 2047]:
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << (bit % 8)
        add("read_create_va", f"-signature-bit-{bit}", {**good, "signature": base64.b64encode(changed).decode()}, "one bit of the signature", ["tampered"], error=mismatch)
    inner = bytearray(base64.b64decode(good["data"]))
    for bit in [100, 101, 333]:
        changed = bytearray(inner)
        changed[bit // 8] ^= 1 << (bit % 8)
        add("read_create_va", f"-data-bit-{bit}", {**good, "data": base64.b64encode(changed).decode()}, "one bit of the payload", ["tampered"], error=mismatch)
    for id, changed in [("line-break", signature[:76] + "\n" + signature[76:]), ("no-padding", signature.rstrip("=")), ("url-alphabet", signature.replace("+", "-").replace("/", "_")),
                        ("short", base64.b64encode(raw[:-1]).decode()), ("hex", raw.hex()), ("data", good["data"])]:
        add("read_create_va", f"-signature-{id}", {**good, "signature": changed}, "no canonical base64 of a signature", ["tampered"], error=mismatch)
    add("read_create_va", "-message-changed", {**good, "errorMessage": "x", "more": 1}, "anybody may change what is not covered", ["tampered"],
        output={**without(top, "unverified"), "unverified": {"errorMessage": "x", "more": "1"}})
    for name in ["errorCode", "data", "signature"]:
        add("read_create_va", f"-{name}-removed", without(good, name), "a covered member removed", ["tampered"], error={"code": "malformed_input"})
        add("read_create_va", f"-{name}-duplicated", compact(good)[:-1] + f',"{name}":"00"}}', "a member that comes twice", ["tampered"], error={"code": "malformed_input"})
        add("read_create_va", f"-{name}-emptied", {**good, name: ""}, "a covered member emptied", ["tampered"], error={})
    add("read_create_va", "-expected", good, "as expected", more={"expected": {"vaAccount": payload["vaAccount"], "vaAmount": 0}}, output=top)
    add("read_create_va", "-not-expected", good, "not what is expected", more={"expected": {"vaAmount": 1}}, error={"code": "mismatch", "field": "vaAmount"})
    add("read_create_va", "-previous-secret", good, "an earlier secret", ["rotation"], config(passcode="new-code-Aa1", previous_secrets=["x1y2", PASS], **certificate),
        output={"matched": "previous_secrets/1"})
    add("read_create_va", "-no-certificate", good, "no certificate configured", ["config"], config(passcode=PASS), error={"code": "missing_field", "field": "hpay_certificate"})
    add("read_create_va", "-refused-unsigned", {"errorCode": "03", "errorMessage": "bad", "data": None}, "a failure without a signature", ["refusal", "unsigned"], error={"code": "gateway_refused"})
    add("read_create_va", "-token-error", {"error": "invalid_token", "error_description": "expired"}, "a token that has run out", ["refusal", "unsigned"], error={"code": "gateway_refused"})
    add("read_create_va", "-refused-signed", sealed({}, "03", "bad"), "a signed failure", ["refusal"], error={"code": "gateway_refused"})
    add("read_create_va", "-refused-forged", {**sealed({}, "03"), "errorCode": "04"}, "a failure with a wrong signature", ["tampered"], error=mismatch)
    add("read_create_va", "-success-unsigned", without(good, "signature"), "a success never counts without a signature", ["unsigned"], error={"code": "malformed_input", "field": "signature"})
    for id, data in [("list", "[]"), ("text", '"x"'), ("twice", '{"a":1,"a":2}'), ("no-json", "x")]:
        add("read", f"-data-{id}", sealed(data), "signed, but no JSON object", error={"code": "malformed_input", "field": "data"})
    add("read", "-collision", sealed({"errorCode": "99", "data": "x", "signature": "s", "proof": "signed", "unverified": {"a": 1}, "b": 2}), "names of the envelope and of the library inside",
        output={"proof": "signed", "errorCode": "00", "b": "2"})
    add("read", "-foreign-merchant", sealed({"merchantId": "65002"}), "genuine, but for another shop", ["foreign"], error={"code": "mismatch", "field": "merchantId"})
    add("read_balance", "-other-operation", create["body"], "the answer to another call", ["foreign"], error={"code": "malformed_input"})
    add("read_create_va", "-other-operation", balance["body"], "the answer to another call", ["foreign"], error={"code": "malformed_input"})
    transfer = {"requestId": "WD1", "merchantId": "65001", "bankAccountNumber": "0011", "bankName": "VCB", "bankAccountName": "NGUYEN VAN A", "amount": "50000",
                "note": "x", "cashoutId": 231423, "transactionId": 9007199254740993, "transactionTime": "1700000000"}
    add("read_transfer", "", sealed(transfer), "numbers beyond 2^53 stay as printed", ["number"],
        output={"proof": "signed", **transfer, "amount": 50000, "cashoutId": "231423", "transactionId": "9007199254740993"})
    add("read_transfer", "-no-amount", sealed(without(transfer, "amount")), "the amount is not in it", output={"proof": "partly_signed"})
    add("read_transfer", "-other-operation", create["body"], "the answer to another call", ["foreign"], error={"code": "malformed_input"})
    for code in ["214404", "99", "4711"]:
        add("read_transfer", f"-refused-{code}", sealed({}, code, "no"), "a failure", ["refusal"], error={"code": "gateway_refused"})
    add("read_account_name", "", sealed({"requestId": "N1", "merchantId": "65001", "bankName": "BIDV", "bankAccountNumber": "12", "bankAccountName": "NGUYỄN VĂN Á"}), "7.4", ["unicode"],
        output={"proof": "signed", "bankAccountName": "NGUYỄN VĂN Á"})
    rows = [{"transId": 1, "amount": "100000", "timePaid": 1700000000, "cashinId": 2, "remark": b64("đơn")}]
    add("read_inquire_va", "", sealed({"vaAccount": "963001", "vaName": "A", "merchantId": 65001, "transactions": rows}), "7.3",
        output={"proof": "signed", "merchantId": "65001", "transactions": [{"transId": "1", "amount": 100000, "remark_decoded": "đơn"}]})
    for name in ["read_update_va", "read_revoke_va", "read_inquire_transfer"]:
        add(name, "", sealed({"vaAccount": "963001", "vaStatus": 3, "transactionStatus": "4"}), "an answer that nobody has described", output={"proof": "signed", "vaStatus": "3"})


def webhook(suite, file, groups):
    operation = "hpay.open_api.read_callback"
    unverified = {"va_account_name": "HPAY Á", "va_bank_name": "BIDV", "transfer_content": b64("chuyển khoản"), "mc_fee": "0", "time_paid": "1700000000", "order_id": "77001"}

    def add(id, query, comment, flags=("tampered",), settings=None, source=HPAY + "MD5, computed, checked with Node", more=None, **expect):
        suite.add(file, f"open_api.read_callback-{id}", operation, settings or config(passcode=PASS), {"query": query, **(more or {})}, **expect,
                  comment=comment, flags=list(flags), source=source)

    for vector in groups["openapi_v1_webhook"]["vectors"]:
        fields = without(vector["input"], "passcode")
        settings = {"merchant_site_code": fields["merchant_id"], "environment": "sandbox", "passcode": vector["input"]["passcode"]}
        query = form({**fields, **unverified, "secure_code": vector["secure_code"]})
        swapped = form({**fields, "secure_code": vector["swapped_variant_secure_code"]})
        if vector["id"] == "all-empty":
            add("all-empty", query, "empty secrets and fields", [], settings, error={})
            continue
        output = {"proof": "signed", "evidence": "observed", **fields, "amount": int(fields["amount"].split(".")[0]), "raw": query,
                  "unverified": {**unverified, "transfer_content_decoded": "chuyển khoản"}}
        flags = [] if query.isascii() and vector["canonical"].isascii() else ["unicode"]
        add(vector["id"], query, "row 11", flags, settings, output=output)
        add(f"{vector['id']}-swapped-not-asked", swapped, "the other order is an option", [], settings, error={"code": "signature_mismatch"})
        add(f"{vector['id']}-swapped", swapped, "the other order, asked for", [], settings, more={"swapped_order": True},
            output={"proof": "signed", "matched": "merchant_id, client_request_id"})
        add(f"{vector['id']}-other-merchant", query, "genuine, but for another shop", ["foreign"], {**settings, "merchant_site_code": "65009"},
            error={"code": "mismatch", "field": "merchant_id"})
        add(f"{vector['id']}-other-secret", query, "another secret", ["foreign"], {**settings, "passcode": "other-pass"}, error={"code": "signature_mismatch"})
    vector = groups["openapi_v1_webhook"]["vectors"][0]
    fields, code = without(vector["input"], "passcode"), vector["secure_code"]
    query = form({**fields, **unverified, "secure_code": code})
    good = {"proof": "signed", **fields, "amount": 100000}
    for name in fields:
        wrong = {"code": "mismatch", "field": name} if name == "merchant_id" else {"code": "signature_mismatch"}
        add(f"{name}-changed", form({**fields, name: fields[name] + "1", "secure_code": code}), "a covered field changed", error=wrong)
        add(f"{name}-removed", form({**without(fields, name), "secure_code": code}), "a covered field removed", error={"code": "malformed_input", "field": name})
        add(f"{name}-emptied", form({**fields, name: "", "secure_code": code}), "a covered field emptied", error={})
        add(f"{name}-duplicated", query + "&" + form({name: "9"}), "a parameter that comes twice", error={"code": "malformed_input", "field": name})
        add(f"{name}-upper-case-name", query + "&" + form({name.upper(): "9"}), "twice but for the letter case", error={"code": "malformed_input"})
        add(f"{name}-re-encoded", query.replace(f"{name}={fields[name]}", f"{name}=%{ord(fields[name][0]):02X}{fields[name][1:]}", 1), "percent-encoded, but the same text", [], output=good)
    for name in unverified:
        add(f"{name}-changed", form({**fields, **unverified, name: "7", "secure_code": code}), "anybody may change what is not covered", output={**good, "unverified": {name: "7"}})
    for bit in [0, 1, 63, 127]:
        add(f"bit-{bit}", form({**fields, "secure_code": flip_hex(code, bit)}), "one bit of the digest", error={"code": "signature_mismatch"})
    add("upper-case", form({**fields, "secure_code": code.upper()}), "hexadecimal in either letter case", [], output=good)
    add("empty-pairs", "?" + query.replace("&", "&&") + "&", "empty pairs", [], output=good)
    add("no-digest", form(fields), "no digest at all", error={"code": "malformed_input"})
    moved = {**fields, "va_account": "963|1"}
    digest = md5("|".join([moved["va_account"], fields["amount"], fields["cashin_id"], fields["transaction_id"], PASS, fields["client_request_id"], "65001"]))
    add("pipe", form({**moved, "secure_code": digest}), "a genuine digest over a value that could be split", ["ambiguous"], source=MADE, error={"code": "ambiguous", "field": "va_account"})
    for id, amount in [("fraction", "1000.5"), ("exponent", "1e5"), ("text", "abc")]:
        odd = {**fields, "amount": amount}
        digest = md5("|".join([fields["va_account"], amount, fields["cashin_id"], fields["transaction_id"], PASS, fields["client_request_id"], "65001"]))
        add(f"amount-{id}", form({**odd, "secure_code": digest}), "signed, but no amount in dong", ["number"], source=MADE, error={"code": "malformed_input", "field": "amount"})
    row6 = form({"cashin": "28299429", "order_id": "77001", "amount": "99000000", "secure_code": md5(f"28299429|77001|{PASS}")})
    add("old-callback", row6, "the old callback, whose amount is not signed: never by the names that arrive", ["foreign"], source=MADE, error={"code": "malformed_input"})
    for name, wrong in [("amount", 100001), ("client_request_id", "x"), ("absent", "1")]:
        add(f"expected-{name}", query, "not what is expected", more={"expected": {name: wrong}}, error={"code": "mismatch", "field": name})
    add("expected", query, "as expected", [], more={"expected": {"amount": 100000, "client_request_id": fields["client_request_id"]}}, output=good)
    add("previous-secret", query, "an earlier secret", ["rotation"], config(passcode="new-code-Aa1", previous_secrets=[PASS]), output={**good, "matched": "previous_secrets/0"})
    no_request = {**fields, "client_request_id": ""}
    digest = md5("|".join([fields["va_account"], fields["amount"], fields["cashin_id"], fields["transaction_id"], PASS, "", "65001"]))
    add("portal", form({**no_request, "secure_code": digest}), "an account opened in the portal has no request", ["boundary"], source=MADE, output={"client_request_id": ""})
    suite.add(file, "open_api.acknowledge", "hpay.open_api.acknowledge", config(passcode=CODE), {},
              output={"status": 200, "content_type": "application/json", "body": '{"error":"00","message":"Success"}'}, comment="7.7", source="hpay document")


# --- Formulas as text, look-ups ---------------------------------------------------------------------------------------


def formulas(suite, keys):
    file, fields = "hpay/signature_texts.json", {"a": "x y", "b": "đ"}
    settings = config(secure_pass=PASS, passcode=CODE, private_key=keys["merchant"]["private_pkcs8_pem"])

    def add(id, text, comment, flags=("override",), **expect):
        suite.add(file, id, "hpay.signature.build", settings, {"recipe": text, "fields": fields}, **expect, comment=comment, flags=list(flags), source=MADE)

    for id, text, signature in [
        ("md5", "MD5(a + '|' + b + '|' + passcode)", md5(f"x y|đ|{CODE}")),
        ("assigned", 'secure_code = md5( b+"|"+a+"|"+secure_pass )', md5(f"đ|x y|{PASS}")),
        ("first", "MD5(passcode + ', ' + a)", md5(f"{CODE}, x y")),
        ("inside", "MD5(a + '|' + passcode + '|' + b)", md5(f"x y|{CODE}|đ")),
        ("prefix", "MD5('#' + a + '|' + passcode)", md5(f"#x y|{CODE}")),
        ("sha256", "SHA256(a + '|' + passcode)", hashlib.sha256(f"x y|{CODE}".encode()).hexdigest()),
        ("sign", "sign(a + '|' + passcode)", rsa(keys["merchant"]["private_pkcs8_pem"], f"x y|{CODE}")),
        ("base64-sign", "secureChain = Base64(Sign(a + '|' + passcode))", rsa(keys["merchant"]["private_pkcs8_pem"], f"x y|{CODE}")),
    ]:
        add(id, text, "the text of a notice box", output={"signature": signature})
    for id, text in [("empty", ""), ("no-call", "a|b|passcode"), ("no-separator", "MD5(a + passcode)"), ("two-separators", "MD5(a + '|' + b + ',' + passcode)"),
                     ("no-secret", "MD5(a + '|' + b)"), ("two-secrets", "MD5(a + '|' + passcode + '|' + secure_pass)"), ("trailing", "MD5(a + '|' + passcode + '|')"),
                     ("behind", "MD5(a + '|' + passcode) or so"), ("nested", "MD5(MD5(a + '|' + passcode))"), ("sha1", "SHA1(a + '|' + passcode)"),
                     ("open", "MD5(a + '|' + passcode"), ("generic-key", "MD5(a + '|' + HPayKey)"), ("twice", "MD5(a + '|' + a + '|' + passcode)")]:
        add(f"bad-{id}", text, "no formula", ["input"], error={"code": "invalid_value"})
    add("separator-in-field", "MD5(a + ' ' + b + ' ' + passcode)", "the separator in a field", ["ambiguous"], error={"code": "ambiguous", "field": "fields.a"})
    add("absent-field", "MD5(a + '|' + c + '|' + passcode)", "a field that is not given", ["input"], error={"code": "missing_field", "field": "fields.c"})
    verify = {"recipe": "MD5(a + '|' + passcode)", "fields": fields, "signature": md5(f"x y|{CODE}")}
    suite.add(file, "verify", "hpay.signature.verify", settings, verify, output={"proof": "signed", "fields": {"a": "x y"}, "unverified": {"b": "đ"}},
              comment="what the formula covers", flags=["override"], source=MADE)
    suite.add(file, "verify-wrong", "hpay.signature.verify", settings, {**verify, "signature": md5("x")}, error={"code": "signature_mismatch"},
              comment="another digest", flags=["tampered"], source=MADE)
    for id, recipes, field in [("operation", {"hpay.orders.cancel": "MD5(a + '|' + passcode)"}, "recipes"),
                               ("gateway", {"tconnect.ipn.acknowledge": "MD5(a + '|' + passcode)"}, "recipes"),
                               ("text", {"hpay.orders.inquire": "MD5(a)"}, "recipes.hpay.orders.inquire")]:
        suite.add(file, f"config-{id}", "hpay.checkout.acknowledge", config(passcode=CODE, recipes=recipes), {}, error={"field": field},
                  comment="no formula for an operation", flags=["config"], source=MADE)


def reference(suite, tables):
    file, settings, source = "hpay/reference.json", config(passcode=CODE), "tables of the hpay document"

    def add(id, operation, input, comment="", flags=(), **expect):
        suite.add(file, id, f"hpay.reference.{operation}", settings, input, **expect, comment=comment, flags=list(flags), source=source)

    banks = [{"bank_name": row["bank_name"], "bin": row["bin"], "name_vi": row["name_vi"]} for row in tables["table3_banks"]]
    add("banks", "banks", {}, "Table 3", output={"banks": banks})
    for index, row in enumerate(banks[:65]):
        add(f"bank-{row['bank_name']}", "bank", {"code": row["bank_name"]}, "Table 3", output=row)
    by_code = {row["bank_name"]: row for row in reversed(banks)}
    for old, new in tables["table3_aliases_from_java_sample"]["map"].items():
        add(f"bank-old-{old}", "bank", {"code": old}, "a code of the 2022 sample", output=by_code[new])
    add("bank-unknown", "bank", {"code": "vcb"}, "no such code", ["input"], error={"code": "invalid_value", "field": "code"})

    def method(row):
        named = {"bank_name": row["bank_name"]} if row["bank_name"] else {}
        return {"payment_method_id": row["id"], "method": row["method"], "supported": row["status"] == "supported", **named}

    methods = [method(row) for row in tables["table1_payment_methods"]]
    add("payment-methods", "payment_methods", {}, "Table 1", output={"payment_methods": methods})
    for row in methods:
        add(f"payment-method-{row['payment_method_id']}", "payment_method", {"payment_method_id": row["payment_method_id"]}, "Table 1", output=row)
    add("payment-method-unknown", "payment_method", {"payment_method_id": 1}, "no such method", ["input"], error={"code": "invalid_value", "field": "payment_method_id"})
    method_groups = [{"method_group": row["method_group"], "label_vi": row["label_vi"], "supported": row["status"] == "supported"} for row in tables["table2_method_groups"]]
    add("method-groups", "method_groups", {}, "Table 2", output={"method_groups": method_groups})
    for row in method_groups:
        add(f"method-group-{row['method_group']}", "method_group", {"method_group": row["method_group"]}, "Table 2", output=row)
    add("method-group-unknown", "method_group", {"method_group": "CASH"}, "no such group", ["input"], error={"code": "invalid_value", "field": "method_group"})
    for service in ["checkout", "virtual_account", "firm_banking"]:
        for row in tables[f"errors_{service}"]:
            outcome = {"outcome": "undetermined"} if row.get("class") == "undetermined" else {}
            add(f"error-{service}-{row['code']}", "error", {"service": service, "code": row["code"]}, "a table of error codes", output={"code": row["code"], **outcome})
    add("error-unknown", "error", {"service": "checkout", "code": "1"}, "codes are text: 1 is not 01", ["input"], error={"code": "invalid_value", "field": "code"})
    add("error-service", "error", {"service": "open_api", "code": "00"}, "no table", ["input"], error={"code": "invalid_value", "field": "service"})


def main():
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    source = json.loads((pathlib.Path(sys.argv[1]) / "hpay_vectors.json").read_text(encoding="utf-8"))
    tables = json.loads((pathlib.Path(sys.argv[2]) / "hpay_tables.json").read_text(encoding="utf-8"))
    groups, keys = source["groups"], source["test_keys"]
    suite = Suite()
    tokenization(suite)
    orders(suite)
    account(suite, keys)
    virtual_account(suite, groups)
    firm_banking(suite)
    open_api(suite, groups, keys)
    formulas(suite, keys)
    reference(suite, tables)
    suite.write()


main()
