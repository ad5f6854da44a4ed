#!/usr/bin/env python3
"""Converts published vectors of the gateways' formulas into the format of this folder.

Usage: convert.py FOLDER_OF_SOURCE_VECTORS

The folder holds tconnect_vectors.json, hpay_vectors.json and appotapay_vectors.json. Positive values (digests, URLs,
ciphertexts, signatures) are taken from there, or made from them with Python's hashlib and hmac: never with kyso.
Negative cases are derived from them. Where a source case breaks a rule of this library (empty secret, separator in a
field, amount spelt 000123, …) it becomes an error case, not a lost one. Source cases that belong to no operation are
listed at the end of the output, with the reason.

Standard library only. The files that it writes are committed; run it again after a change and commit the result.
"""

import hashlib
import hmac
import json
import pathlib
import sys

from suite import Suite, at, compact, flip_hex, form, input_faults, without

left_out = []


def leave(id, reason):
    left_out.append(f"{id}: {reason}")


# --- TConnect ---------------------------------------------------------------------------------------------------------

TCONNECT = "published tconnect vectors: OpenSSL 3.0.19 enc and Python cryptography, byte for byte equal"


def tconnect_config(key):
    return {"partner_code": "PARTNER01", "key": key, "environment": "sandbox"}


def tconnect(suite, source):
    keys = source["keys"]
    envelope_vectors(suite, source, keys)
    notification_vectors(suite, source, keys)
    key_vectors(suite, source, keys)
    tconnect_requests(suite, source, keys)


def envelope_vectors(suite, source, keys):
    file = "tconnect/envelope.json"
    references = source["references"]
    for vector in source["positive"]:
        name, config = vector["name"], tconnect_config(keys[vector["key"]])
        if "plaintext" not in vector:
            leave(f"positive/{name}", "1 MiB by recipe: a unit test of crypto/aes_cbc.rs")
            continue
        flags = ["boundary"] if name.startswith(("len_", "empty")) else []
        if not vector["plaintext"].isascii():
            flags.append("unicode")
        suite.add(file, f"open-{name}", "tconnect.envelope.open", config, {"data": vector["data_hex"]},
                  output={"plaintext": vector["plaintext"]}, comment=vector["note"], flags=flags, source=TCONNECT)
        if vector["plaintext_is_json"]:
            input = {"method": "POST", "path": "/openapi/v1/any", "payload": vector["plaintext"]}
            output = {"method": "POST", "url": "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/any",
                      "opened": vector["plaintext"]}
            suite.add(file, f"request-{name}", "tconnect.envelope.request", config, input, output=output,
                      comment="the payload is sealed as it is written", flags=flags, source=TCONNECT)
    for vector in source["accepted_spellings"]:
        suite.add(file, f"open-{vector['name']}", "tconnect.envelope.open", tconnect_config(keys[vector["key"]]),
                  {"data": vector["data_hex"]}, output={"plaintext": references["create_va"]["plaintext"]},
                  comment=vector["expect"], source=TCONNECT)
    for vector in source["malleability"]:
        config = tconnect_config(keys[vector["key"]])
        suite.add(file, f"open-{vector['name']}", "tconnect.envelope.open", config, {"data": vector["data_hex"]},
                  output={"plaintext": vector["plaintext"]}, comment=vector["note"], flags=["tampered"], source=TCONNECT)
    for vector in source["negative"]:
        if vector["stage"] == "content" and not vector["name"].startswith(("utf8", "latin1", "blocks")):
            # A text that is no JSON object opens; only a notification has to be one.
            plaintext = bytes.fromhex(vector["plaintext_hex"]).decode()
            expect = {"output": {"plaintext": plaintext}}
        else:
            code = "malformed_input" if vector["stage"] in ("encoding", "length") else "decrypt_failed"
            expect = {"error": {"code": code}}
        suite.add(file, f"open-{vector['name']}", "tconnect.envelope.open", tconnect_config(keys[vector["key"]]),
                  {"data": vector["data_hex"]}, **expect, comment=vector["note"], source=TCONNECT)
    good = {"data": source["positive"][0]["data_hex"]}
    input_faults(suite, file, "open", "tconnect.envelope.open", tconnect_config(keys["A"]), good, ["data"], TCONNECT,
                 texts=["data"])
    input_faults(suite, file, "seal", "tconnect.envelope.seal", tconnect_config(keys["A"]), {"plaintext": "{}"},
                 ["plaintext"], TCONNECT, texts=["plaintext"])


def notification_vectors(suite, source, keys):
    file, operation = "tconnect/ipn.json", "tconnect.ipn.read_callback"
    for vector in source["negative"]:
        code = "malformed_input" if vector["stage"] in ("encoding", "length") else "decrypt_failed"
        suite.add(file, f"{vector['stage']}-{vector['name']}", operation, tconnect_config(keys[vector["key"]]),
                  {"body": compact({"data": vector["data_hex"]})}, error={"code": code},
                  comment=vector["note"], flags=["tampered"], source=TCONNECT)
    for vector in source["positive"]:
        if "plaintext" not in vector or vector["name"].startswith("ipn"):
            continue
        # Reflection: requests and notifications share key and form.
        suite.add(file, f"reflected-{vector['name']}", operation, tconnect_config(keys[vector["key"]]),
                  {"body": compact({"data": vector["data_hex"]})}, error={"code": "decrypt_failed"},
                  comment="no notification: one error for everything after the length check", flags=["foreign"],
                  source=TCONNECT)
    for vector in source["envelope_negative"]:
        suite.add(file, f"envelope-{vector['name']}", operation, tconnect_config(keys["B"]), {"body": vector["body"]},
                  error={"code": "malformed_input"}, comment="no envelope", source=TCONNECT)
    for vector in source["envelope_positive"]:
        suite.add(file, f"envelope-{vector['name']}", operation, tconnect_config(keys["B"]), {"body": vector["body"]},
                  error={"code": "decrypt_failed"}, comment="an envelope in order, but a create_va payload",
                  flags=["foreign"], source=TCONNECT)
    for vector in source["positive"]:
        if vector["name"].startswith("ipn"):
            notification(suite, file, vector["name"], tconnect_config(keys[vector["key"]]), vector)
    for vector in source["malleability"]:
        config = tconnect_config(keys[vector["key"]])
        input = {"body": compact({"data": vector["data_hex"]})}
        members = json.loads(vector["plaintext"])
        if "retrieval_ref_no" not in members:
            suite.add(file, vector["name"], operation, config, input, error={"code": "decrypt_failed"},
                      comment=f"{vector['note']}; required members are absent", flags=["tampered"], source=TCONNECT)
            continue
        suite.add(file, vector["name"], operation, config, input,
                  output={"proof": "decrypted_only", "must_inquire": True, "order_id": members["order_id"]},
                  comment=vector["note"], flags=["tampered"], source=TCONNECT)
        suite.add(file, f"{vector['name']}-expected", operation, config,
                  {**input, "expected": {"order_id": "0106002530"}}, error={"code": "mismatch", "field": "order_id"},
                  comment="what the host expects shows the change", flags=["tampered"], source=TCONNECT)


def notification(suite, file, name, config, vector):
    operation, body = "tconnect.ipn.read_callback", compact({"data": vector["data_hex"]})
    members = json.loads(vector["plaintext"])
    amount = int(members["amount"])
    output = {"proof": "decrypted_only", "must_inquire": True, "evidence": "official", **members, "amount": amount,
              "original_transaction_date": str(members["original_transaction_date"]), "raw": vector["plaintext"]}

    def add(id, config, input, comment, flags=(), **expect):
        suite.add(file, f"{name}{id}", operation, config, input, **expect, comment=comment, flags=flags, source=TCONNECT)

    add("", config, {"body": body}, vector["note"], output=output)
    add("-upper-case", config, {"body": body.replace(vector["data_hex"], vector["data_hex"].upper())},
        "hexadecimal in either letter case", output=output)
    add("-extra-member", config, {"body": compact({"data": vector["data_hex"], "other": 1})},
        "further members of the envelope are ignored", output=output)
    add("-duplicate", config, {"body": '{"data":"%s","data":"%s"}' % ((vector["data_hex"],) * 2)},
        "a member that comes twice", ["tampered"], error={"code": "malformed_input"})
    add("-expected", config, {"body": body, "expected": {"order_id": members["order_id"], "amount": amount}},
        "order and amount as expected", output={"proof": "decrypted_only"})
    for field, wrong in [("amount", amount + 1), ("amount", amount * 10), ("amount", 0), ("order_id", "0106002531"),
                         ("request_id", "x"), ("retrieval_ref_no", ""), ("absent_member", "x")]:
        add(f"-wrong-{field}-{wrong}", config, {"body": body, "expected": {field: wrong}}, "not what is expected",
            ["tampered"], error={"code": "mismatch", "field": field})
    other = {**config, "key": "1f1e1d1c1b1a191817161514131211100f0e0d0c0b0a09080706050403020100"}
    add("-other-key", other, {"body": body}, "the key of somebody else", ["foreign"], error={"code": "decrypt_failed"})
    add("-previous-key", {**other, "previous_secrets": [config["key"]]}, {"body": body}, "an earlier key opens it",
        ["rotation"], output={"matched": "previous_secrets/0", "amount": amount})
    add("-current-key", {**config, "previous_secrets": [other["key"]]}, {"body": body}, "the current key opens it",
        ["rotation"], output={"matched": "key", "amount": amount})
    data = vector["data_hex"]
    for id, changed in [("block-removed", data[:64] + data[96:]), ("tail", data[32:]), ("head", data[:-32]),
                        ("last-block-twice", data + data[-32:]), ("last-bit", flip_hex(data, len(data) * 4 - 8))]:
        add(f"-{id}", config, {"body": compact({"data": changed})}, "blocks cut, repeated or changed", ["tampered"],
            error={"code": "decrypt_failed"})
    input_faults(suite, file, name, operation, config, {"body": body}, ["body"], TCONNECT, texts=["body"])


def key_vectors(suite, source, keys):
    file, operation = "tconnect/config.json", "tconnect.ipn.acknowledge"
    good = tconnect_config(keys["B"])

    def add(id, config, comment, source=TCONNECT, **expect):
        suite.add(file, id, operation, config, {}, **expect, comment=comment, flags=["config"], source=source)

    for vector in source["key_text_positive"]:
        add(f"key-{vector['name']}", tconnect_config(vector["key_text"]), "an accepted key", output={"status": 200})
    for vector in source["key_text_negative"]:
        add(f"key-{vector['name']}", tconnect_config(vector["key_text"]), vector["expect"],
            error={"code": "invalid_key", "field": "key"})
    for id, text in [("not-hex", keys["B"][:63] + "g"), ("65", keys["B"] + "0"), ("blank", " " * 64),
                     ("zeros", "0" * 64), ("one-byte", "ab" * 32), ("tab", keys["B"] + "\t"), ("0x", "0x" + keys["B"][:62])]:
        add(f"key-{id}", tconnect_config(text), "no usable key", error={"code": "invalid_key", "field": "key"})
    add("key-previous", {**good, "previous_secrets": [keys["B"][:62]]}, "earlier keys follow the same rules",
        error={"code": "invalid_key"})
    add("both", {**good, "base_url": "https://merchant.example"}, "environment or base_url, not both",
        error={"code": "invalid_value"})
    add("neither", without(good, "environment"), "environment has no default", error={"code": "missing_field"})
    add("production", {**good, "environment": "production"}, "the production address is handed over, never built in",
        error={})
    add("base-url", {**without(good, "environment"), "base_url": "https://merchant.example/prefix"}, "an address of one's own",
        output={"status": 200})
    for id, url in [("http", "http://merchant.example"), ("user", "https://good@evil.example"), ("query", "https://a.example?x=1"),
                    ("no-scheme", "merchant.example"), ("empty", ""), ("newline", "https://a.example\n"),
                    ("loopback-lookalike", "http://127.0.0.1.evil.example"), ("javascript", "javascript:alert(1)")]:
        add(f"base-url-{id}", {**without(good, "environment"), "base_url": url}, "no address for requests",
            error={"code": "invalid_value", "field": "base_url"})
    add("unknown-field", {**good, "partnerCode": "x"}, "a field that does not exist",
        error={"code": "unknown_field", "field": "partnerCode"})
    add("environment-unknown", {**good, "environment": "staging"}, "no such environment",
        error={"code": "invalid_value", "field": "environment"})
    for name in ["partner_code", "key"]:
        add(f"without-{name}", without(good, name), "a required field is absent", error={"code": "missing_field", "field": name})
        add(f"{name}-number", {**good, name: 1}, "text is expected", error={"code": "wrong_type", "field": name})
    for id, code in [("space", "A B"), ("newline", "A\r\nX: y"), ("empty", ""), ("accent", "ĐỐI-TÁC")]:
        add(f"partner-code-{id}", {**good, "partner_code": code}, "it goes into a header: visible ASCII only",
            error={"code": "invalid_value", "field": "partner_code"})


def tconnect_requests(suite, source, keys):
    """The payloads of the operations: what a built request opens to is the published plaintext."""
    token = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"
    operations = {
        "refresh": ("auth", "tconnect.auth.refresh", "/openapi/v1/auth/refresh", {}),
        "create_va": ("virtual_account", "tconnect.virtual_account.create", "/openapi/v1/va/va-account/create", {}),
        "create_qr_current": ("qr", "tconnect.qr.create", "/openapi/v1/qr", {}),
        "create_qr_110": ("qr", "tconnect.qr.create_v1_1", "/openapi/v1/qr", {"service_code": "vccb-qr"}),
        "transactions_query": ("transactions", "tconnect.transactions.qr", "/openapi/v1/transaction/qr", {}),
        "login": ("auth", "tconnect.auth.login", "/openapi/v1/auth/login", {}),
        "push_to_devices_pos": ("devices", "tconnect.devices.push", "/openapi/v1/devices/payments/push", {}),
        "push_to_devices_soundbox": ("devices", "tconnect.devices.push", "/openapi/v1/devices/payments/push", {}),
    }
    done = []
    for vector in source["positive"]:
        found = next((key for key in sorted(operations, key=len, reverse=True) if vector["name"].startswith(key)), None)
        if found is None or "plaintext" not in vector:
            continue
        payload = json.loads(vector["plaintext"])
        service, operation, path, own = operations[found]
        if operation not in KNOWN:
            leave(f"positive/{vector['name']}", f"no operation {operation} yet")
            continue
        needs_token = service != "auth"
        input = {**({"access_token": token} if needs_token else {}), **own, **payload}
        headers = {"Partner-Code": "PARTNER01", "Content-Type": "application/json"}
        if needs_token:
            headers["Authorization"] = f"Bearer {token}"
        if "service_code" in own:
            headers["x-service-code"] = own["service_code"]
        output = {"method": "POST", "url": f"https://sme-open-api-sandbox.tconnect.vn{path}", "headers": headers,
                  "opened": vector["plaintext"]}
        name, config = vector["name"], tconnect_config(keys[vector["key"]])
        suite.add(f"tconnect/{service}.json", f"{operation.split('.')[2]}-{name}", operation, config, input,
                  output=output, comment=vector["note"], source=TCONNECT)
        if found == "transactions_query":
            for kind in ["card", "cash"]:
                suite.add(f"tconnect/{service}.json", f"{kind}-{name}", f"tconnect.transactions.{kind}", config, input,
                          output={**output, "url": output["url"].replace("/qr", f"/{kind}")},
                          comment=vector["note"], source=TCONNECT)
        if operation not in done:
            done.append(operation)
            optional = {"amount", "orderId", "binCode", "narrative", "extraData", "limit", "page"}
            required = [member for member in input if member not in optional]
            texts = [member for member in input if isinstance(input[member], str)]
            amounts = [member for member in ["amount"] if member in input]
            input_faults(suite, f"tconnect/{service}.json", operation.split(".")[2], operation, config, input, required,
                         TCONNECT, texts=texts, amounts=amounts)


# --- HPay -------------------------------------------------------------------------------------------------------------

HPAY = "published hpay vectors: "


def hpay(suite, source):
    groups, keys = source["groups"], source["test_keys"]
    for group in ["legacy_checkout_expand_php", "legacy_checkout_python", "legacy_checkout_woocommerce"]:
        for vector in groups[group]["vectors"]:
            legacy_link(suite, group, vector)
    legacy_link_faults(suite, groups["legacy_checkout_expand_php"]["vectors"][0])
    for vector in groups["checkout_v1_secure_code"]["vectors"]:
        link_digest(suite, vector)
    for vector in groups["checkout_v1_url"]["vectors"]:
        link(suite, vector)
    link_faults(suite, groups["checkout_v1_url"]["vectors"][1])
    for vector in groups["return_notify_verify_php"]["vectors"]:
        callback(suite, vector)
    callback_faults(suite, groups["return_notify_verify_php"]["vectors"][0])
    for vector in groups["ibft_v0_request_secureChain"]["vectors"]:
        transfer(suite, vector, keys)
    for vector in groups["ibft_v0_response_secureChain"]["vectors"]:
        transfer_answer(suite, vector, keys)
    transfer_answer_faults(suite, groups["ibft_v0_response_secureChain"]["vectors"], keys)
    signatures(suite, groups, keys)
    hpay_config_vectors(suite, keys)
    for vector in groups["legacy_checkout_basic_php"]["vectors"]:
        leave(f"legacy_checkout_basic_php/{vector['id']}", "the basic link is no operation: signature.build covers its digest")
    for group in ["php_urlencode", "php_strtolower", "php_urldecode"]:
        leave(group, "an encoding table: unit tests of http and checkout")


def hpay_config(secure_pass, merchant="65001", **more):
    return {"merchant_site_code": merchant, "environment": "sandbox", "secure_pass": secure_pass, **more}


def origin(url):
    scheme, rest = url.split("://")
    return f"{scheme}://{rest.split('/')[0]}"


def legacy_link(suite, group, vector):
    file, operation = "hpay/checkout.json", "hpay.checkout.create_legacy_link"
    input = {name: value for name, value in vector["input"].items() if name != "merchant_site_code"}
    merchant = str(vector["input"].get("merchant_site_code", vector.get("merchant_site_code")))
    if vector.get("default_affiliate_code") and not input.get("affiliate_code"):
        input["affiliate_code"] = vector["default_affiliate_code"]
    generator = {"legacy_checkout_expand_php": "HPay's PHP sample, run", "legacy_checkout_python": "HPay's Python sample, run",
                 "legacy_checkout_woocommerce": "recomputed from a production plugin"}[group]
    config = hpay_config(vector["secure_pass"], merchant, base_urls={"checkout": origin(vector["base_url"])})
    output = {"method": "GET", "signature": vector["secure_code"], "url": vector["url"]}
    if group == "legacy_checkout_python":
        # The sample drops the token and encodes nothing: only its digest is the protocol's.
        input = without(input, "token", "token_type")
        del output["url"]
    else:
        input["lower_case_return_url"] = True
        # PHP blanks the buyer in digest and link.
        if input.get("buyer_info"):
            input["buyer_info"] = ""
    if group == "legacy_checkout_woocommerce":
        input.update({"method_group": "", "notify_url": ""})
    if "?" in vector["base_url"]:
        del output["url"]
    expect = {"output": output}
    values = [str(value) for value in input.values()]
    if not vector["secure_pass"] or not merchant:
        expect = {"error": {}}
    elif any(input[name] == "" for name in ["return_url", "receiver", "order_code"]) or "000123" in values:
        expect = {"error": {"code": "invalid_value"}}
    elif any(" " in str(input[name]) for name in ["return_url", "receiver", "order_code", "price"]):
        expect = {"error": {"code": "ambiguous"}}
    flags = ["unicode"] if not vector["canonical"].isascii() else []
    suite.add(file, f"{group}-{vector['id']}", operation, config, input, **expect,
              comment=generator, flags=flags, source=HPAY + generator)


def legacy_link_faults(suite, vector):
    file, operation = "hpay/checkout.json", "hpay.checkout.create_legacy_link"
    config = hpay_config(vector["secure_pass"])
    good = vector["input"]
    source = HPAY + "changed"
    input_faults(suite, file, "legacy", operation, config, good, ["return_url", "receiver", "order_code", "price"], source,
                 texts=["return_url", "transaction_info", "order_code", "currency", "order_description"],
                 amounts=["price", "quantity", "fee_shipping"])

    def refuse(id, changed, code, field, comment, flags=("ambiguous",)):
        error = {"code": code} if field is None else {"code": code, "field": field}
        suite.add(file, f"legacy-{id}", operation, config, {**good, **changed}, error=error, comment=comment,
                  flags=list(flags), source=source)

    attack = "giao OM_1 1000 vnd 1 0 0 0 0 cam on"
    for field in ["order_description", "buyer_info", "transaction_info"]:
        refuse(f"price-in-{field}", {"price": 20000000, field: attack}, "ambiguous", None,
               "a note that re-splits the signed text into a price of 1,000 dong")
    for field in ["return_url", "receiver", "order_code", "affiliate_code"]:
        value = {"return_url": "https://a.example/r x", "receiver": "m@example.com x"}.get(field, "A 1")
        refuse(f"space-in-{field}", {field: value}, "ambiguous", field, "white space in a field that has none")
    refuse("tab-in-order", {"order_code": "A\t1"}, "ambiguous", "order_code", "white space of every kind")
    refuse("newline-in-text", {"order_description": "a\nb"}, "invalid_value", "order_description", "control characters", ["input"])
    refuse("rtl-in-text", {"order_description": "a\u202eb"}, "invalid_value", "order_description", "direction characters", ["input"])
    refuse("iframe-without-method", {"inpage": 1}, "missing_field", "payment_method_id", "an iframe needs its method", ["input"])
    refuse("token-type-without-token", {"token_type": "2"}, "missing_field", "token", "paying with a token needs one", ["input"])
    refuse("currency", {"currency": "eur"}, "invalid_value", "currency", "vnd or usd", ["input"])
    refuse("installment-2", {"installment": 2}, "invalid_value", "installment", "0 or 1", ["input"])
    refuse("return-url-script", {"return_url": "javascript:alert(1)"}, "invalid_value", "return_url", "no web address", ["input"])
    refuse("return-url-user", {"return_url": "https://good@evil.example/"}, "invalid_value", "return_url", "a user in it", ["input"])
    refuse("price-0", {"price": 0}, "invalid_value", "price", "nothing to pay", ["boundary"])


def link_digest(suite, vector):
    """Only the digest is published; the link around it takes any return_url."""
    fields = vector["input"]
    config = hpay_config(fields["secure_pass"], fields["merchant_site_code"])
    input = {"return_url": "https://shop.example.com/r", **without(fields, "merchant_site_code", "secure_pass")}
    expect = {"output": {"method": "GET", "signature": vector["secure_code"]}}
    if vector["id"] == "empty":
        expect = {"error": {}}
    elif "|" in fields["order_code"]:
        expect = {"error": {"code": "ambiguous", "field": "order_code"}}
    suite.add("hpay/checkout.json", f"v1-digest-{vector['id']}", "hpay.checkout.create_link", config, input, **expect,
              comment="row 1 of the formula table", source=HPAY + "MD5, computed")


def link(suite, vector):
    fields = vector["input"]
    config = hpay_config(vector["secure_pass"], fields["merchant_site_code"])
    output = {"method": "GET", "url": vector["url"], "signature": vector["secure_code"]}
    suite.add("hpay/checkout.json", f"v1-{vector['id']}", "hpay.checkout.create_link", config,
              without(fields, "merchant_site_code"), output=output, comment="a complete link",
              source=HPAY + "computed; percent-encoding checked against PHP")
    configured = {**config, "receiver": fields["receiver"]}
    suite.add("hpay/checkout.json", f"v1-{vector['id']}-receiver-configured", "hpay.checkout.create_link", configured,
              without(fields, "merchant_site_code", "receiver"), output=output, comment="receiver from the configuration",
              source=HPAY + "computed; percent-encoding checked against PHP")


def link_faults(suite, vector):
    file, operation, source = "hpay/checkout.json", "hpay.checkout.create_link", HPAY + "changed"
    config, good = hpay_config(vector["secure_pass"]), without(vector["input"], "merchant_site_code")
    input_faults(suite, file, "v1", operation, config, good, ["return_url", "order_code", "price"], source,
                 texts=["return_url", "order_code", "order_description", "lang", "time_limit"], amounts=["price"])

    def refuse(id, changed, code, field, comment, flags=("input",)):
        suite.add(file, f"v1-{id}", operation, config, {**good, **changed}, error={"code": code, "field": field},
                  comment=comment, flags=list(flags), source=source)

    refuse("pipe-in-receiver", {"receiver": "m@example.com|1"}, "ambiguous", "receiver", "the separator in a field", ["ambiguous"])
    refuse("pipe-in-order", {"order_code": "1|vnd"}, "ambiguous", "order_code", "the separator in a field", ["ambiguous"])
    refuse("order-empty", {"order_code": ""}, "invalid_value", "order_code", "an order without a code")
    refuse("lang", {"lang": "fr"}, "invalid_value", "lang", "vi or en")
    refuse("method-group", {"method_group": "CASH"}, "invalid_value", "method_group", "no such group")
    for id, time in [("day", "31/02/2026,10:00"), ("24h", "01/01/2026,24:00"), ("iso", "2026-01-01 10:00"), ("short", "1/1/2026,1:00")]:
        refuse(f"time-limit-{id}", {"time_limit": time}, "invalid_value", "time_limit", "no real time of the form dd/mm/yyyy,hh:ii")
    refuse("iframe-without-method", {"inpage": 1}, "missing_field", "payment_method_id", "an iframe needs its method")
    refuse("secure-code", {"secure_code": "x"}, "unknown_field", "secure_code", "digests are never an input")
    refuse("secure-pass", {"secure_pass": "x"}, "unknown_field", "secure_pass", "secrets are never an input")
    refuse("merchant", {"merchant_site_code": "65001"}, "unknown_field", "merchant_site_code", "merchant codes are never an input")


def callback_output(fields):
    outcome = "failed" if fields["error_text"] else {"1": "succeeded", "2": "held"}.get(fields["payment_type"], "undetermined")
    return {"proof": "signed", "outcome": outcome, "evidence": "inferred", **fields, "price": int(fields["price"])}


def callback(suite, vector):
    file, operation = "hpay/checkout.json", "hpay.checkout.read_callback"
    config, fields, id = hpay_config(vector["secure_pass"]), vector["input"], f"callback-{vector['id']}"

    def add(suffix, code, comment, extra=None, **expect):
        input = {"query": form({**fields, "secure_code": code}), **(extra or {})}
        suite.add(file, id + suffix, operation, config, input, **expect, comment=comment, source=HPAY + "HPay's PHP sample, run")

    if vector["id"] == "all-empty":
        add("", vector["secure_code"], "mandatory fields are empty", error={"code": "invalid_value"})
        return
    once = vector["secure_code_if_transaction_info_not_urldecoded"]
    twice = vector["secure_code"]
    output = callback_output(fields)
    mismatch = {"code": "signature_mismatch"}
    add("", once, "transaction_info decoded once", output=output)
    add("-upper-case", once.upper(), "hexadecimal in either letter case", output=output)
    add("-no-leading-space", vector["secure_code_without_leading_space"], "without the leading space", error=mismatch)
    add("-flipped", flip_hex(once, 5), "one bit of the digest", error=mismatch)
    changed = at(fields, "price", str(int(fields["price"]) + 1))
    suite.add(file, f"{id}-price-altered", operation, config, {"query": form({**changed, "secure_code": once})},
              error=mismatch, comment="another price", flags=["tampered"], source=HPAY + "HPay's PHP sample, run")
    suite.add(file, f"{id}-legacy", operation, config, {"query": "?" + form({**fields, "secure_code": once}), "link": "legacy"},
              output={**output, "evidence": "official"}, comment="after a legacy link the formula is official",
              source=HPAY + "HPay's PHP sample, run")
    if once != twice:
        add("-twice-not-asked", twice, "the sample's second decoding is an option", error=mismatch)
        add("-twice", twice, "the sample decodes once more", {"transaction_info_decoded_twice": True},
            output={"matched": "transaction_info_decoded_twice", "transaction_info": fields["transaction_info"].replace("+", " ")})
    else:
        add("-either", once, "both decodings give one text", {"transaction_info_decoded_twice": True}, output=output)


def callback_faults(suite, vector):
    file, operation, source = "hpay/checkout.json", "hpay.checkout.read_callback", HPAY + "changed"
    config, fields, code = hpay_config(vector["secure_pass"]), vector["input"], vector["secure_code"]
    unsigned = {"bank_code": "BIDV", "card_number": "970400******0018", "token_omipay": "tok", "card_type": "VISA"}
    query = form({**fields, "secure_code": code, **unsigned})

    def add(id, input, comment, flags=("tampered",), config=config, **expect):
        suite.add(file, f"callback-{id}", operation, config, input, **expect, comment=comment, flags=list(flags), source=source)

    good = callback_output(fields)
    add("unverified", {"query": query}, "what the digest does not cover stands apart", [],
        output={**good, "unverified": unsigned, "raw": query})
    changed = {**unsigned, "bank_code": "VCB"}
    add("unverified-changed", {"query": form({**fields, "secure_code": code, **changed})},
        "anybody may change what is not covered", output={**good, "unverified": changed})
    for name in fields:
        add(f"{name}-changed", {"query": form({**fields, name: fields[name] + "1", "secure_code": code})},
            "a covered field changed", error={"code": "signature_mismatch"})
        if fields[name] == "":
            continue
        add(f"{name}-removed", {"query": form({**without(fields, name), "secure_code": code})},
            "a covered field removed", error={})
        add(f"{name}-emptied", {"query": form({**fields, name: "", "secure_code": code})},
            "a covered field emptied", error={})
        for place, pairs in [("after", query + "&" + form({name: "9"})), ("before", form({name: "9"}) + "&" + query)]:
            add(f"{name}-duplicated-{place}", {"query": pairs}, "a parameter that comes twice",
                error={"code": "malformed_input", "field": name})
        add(f"{name}-upper-case-name", {"query": query + "&" + form({name.upper(): "9"})}, "twice but for the letter case",
            error={"code": "malformed_input"})
        add(f"{name}-array", {"query": query + f"&{name}[]=9"}, "PHP reads it as an array", error={"code": "malformed_input"})
        add(f"{name}-double-encoded", {"query": query.replace(form({name: fields[name]}), f"{name}=%25{ord(fields[name][0]):02x}" + fields[name][1:])},
            "percent-encoded twice", error={})
        add(f"{name}-re-encoded", {"query": query.replace(f"{name}={fields[name]}", f"{name}=%{ord(fields[name][0]):02X}{fields[name][1:]}", 1)},
            "percent-encoded, but the same text", output=good)
    for name in ["price", "payment_id", "payment_type"]:
        moved = hashlib.md5(canonical_callback({**fields, name: fields[name] + " 1"}, "65001", vector["secure_pass"])).hexdigest()
        add(f"{name}-with-space", {"query": form({**fields, name: fields[name] + " 1", "secure_code": moved})},
            "a genuine digest over a number that could be split", ["ambiguous"], error={"code": "ambiguous", "field": name})
    spaced = {**fields, "order_code": "OM 1"}
    digest = hashlib.md5(canonical_callback(spaced, "65001", vector["secure_pass"])).hexdigest()
    spaced_query = form({**spaced, "secure_code": digest})
    add("order-with-space", {"query": spaced_query}, "white space in the order", ["ambiguous"],
        error={"code": "ambiguous", "field": "order_code"})
    add("order-with-space-pinned", {"query": spaced_query, "expected": {"order_code": "OM 1"}},
        "white space in the order, which the host knows", ["ambiguous"], output={"order_code": "OM 1"})
    for name, wrong in [("price", 200001), ("price", "2000000"), ("price", 0), ("order_code", "OM_1"), ("payment_type", "2"), ("absent", "1")]:
        add(f"expected-{name}-{wrong}", {"query": query, "expected": {name: wrong}}, "not what is expected",
            error={"code": "mismatch", "field": name})
    add("expected", {"query": query, "expected": {"order_code": fields["order_code"], "price": int(fields["price"])}},
        "as expected", [], output=good)
    add("expected-text", {"query": query, "expected": {"price": fields["price"]}}, "an amount expected as text", [], output=good)
    add("foreign-merchant", {"query": query}, "genuine, but for another shop", ["foreign"], config=hpay_config(vector["secure_pass"], "65002"),
        error={"code": "signature_mismatch"})
    add("foreign-secret", {"query": query}, "another secret", ["foreign"], config=hpay_config("test-pass-Aa2"),
        error={"code": "signature_mismatch"})
    add("merchant-in-query", {"query": query + "&merchant_site_code=65001"}, "the merchant code is never taken from the message",
        ["foreign"], config=hpay_config(vector["secure_pass"], "65002"), error={"code": "signature_mismatch"})
    add("previous-secret", {"query": query}, "an earlier secret", ["rotation"],
        config=hpay_config("new-pass-Aa1", previous_secrets=[vector["secure_pass"]]), output={**good, "matched": "previous_secrets/0"})
    add("no-secure-pass", {"query": query}, "no checkout secret: the passcode never stands in for it", ["config"],
        config={"merchant_site_code": "65001", "environment": "sandbox", "passcode": vector["secure_pass"]},
        error={"code": "missing_field", "field": "secure_pass"})
    add("no-digest", {"query": form(fields)}, "no digest at all", error={})
    add("empty-digest", {"query": form({**fields, "secure_code": ""})}, "an empty digest", error={})
    add("short-digest", {"query": form({**fields, "secure_code": code[:30]})}, "part of the digest", error={"code": "signature_mismatch"})
    add("prefixed-digest", {"query": form({**fields, "secure_code": "0x" + code})}, "0x in front", error={"code": "signature_mismatch"})
    add("empty-pairs", {"query": query.replace("&", "&&")}, "HPay's own sample has empty pairs", [], output=good)
    add("reordered", {"query": "&".join(reversed(query.split("&")))}, "the order of parameters is free", [], output=good)
    add("bad-percent", {"query": query + "&x=%zz"}, "a bad percent sequence", error={"code": "malformed_input"})
    add("bad-utf8", {"query": query + "&x=%ff"}, "no UTF-8", error={"code": "malformed_input"})
    add("nul", {"query": query + "&x=%00"}, "a NUL", error={"code": "malformed_input"})
    add("empty", {"query": ""}, "nothing at all", error={})
    override = {"fields": ["order_code", "price", "payment_id", "merchant_site_code"], "separator": "|", "secret": "secure_pass"}
    pipes = f"{fields['order_code']}|{fields['price']}|{fields['payment_id']}|65001|{vector['secure_pass']}"
    add("override", {"query": form({**fields, "secure_code": hashlib.md5(pipes.encode()).hexdigest()})},
        "a formula that HPay named to the merchant", ["override"],
        config=hpay_config(vector["secure_pass"], recipes={"hpay.checkout.read_callback": override}),
        output={"proof": "signed", "order_code": fields["order_code"], "price": int(fields["price"])})
    add("override-replaces", {"query": query}, "the built-in formula is gone then", ["override"],
        config=hpay_config(vector["secure_pass"], recipes={"hpay.checkout.read_callback": override}),
        error={"code": "signature_mismatch"})
    input_faults(suite, file, "callback", operation, config, {"query": query}, ["query"], source, texts=["query"])


def canonical_callback(fields, merchant, secret):
    names = ["transaction_info", "order_code", "price", "payment_id", "payment_type", "error_text"]
    return (" " + " ".join([fields[name] for name in names] + [merchant, secret])).encode()


def transfer(suite, vector, keys):
    file = "hpay/firm_banking.json"
    fields, source = vector["input"], HPAY + "OpenSSL, checked with Node"
    config = {"merchant_site_code": fields["merchantId"], "environment": "sandbox", "passcode": fields["passcode"],
              "receiver": fields["merchantEmail"], "private_key": keys["merchant"]["private_pkcs8_pem"]}
    input = without(fields, "merchantId", "passcode")
    id, flags = vector["id"], [] if vector["canonical"].isascii() else ["unicode"]
    error = None
    if fields["bankAccountName"] == "" or len(fields["requestId"]) > 99 or len(fields["bankAccountName"]) > 100:
        error = {"code": "invalid_value"}
    elif "|" in fields["requestId"] + fields["bankAccountName"]:
        error = {"code": "ambiguous"}
    order = ["requestId", "merchantId", "merchantEmail", "bankName", "bankAccountNumber", "bankAccountName", "amount", "note"]
    sent = {name: fields[name] for name in order if name in fields}
    body = compact({**sent, "secureChain": vector["secureChain"]})
    output = {"method": "POST", "url": "https://account-sandbox.hpay.com.vn/api/ibft/create", "body": body,
              "headers": {"Content-Type": "application/json"}, "signature": vector["secureChain"]}

    def add(suffix, operation, config, input, comment, flags=flags, error=error, output=None):
        suite.add(file, f"{operation.split('.')[2]}-{id}{suffix}", operation, config, input, comment=comment, flags=flags,
                  source=source, **({"error": error} if error is not None else {"output": output}))

    add("", "hpay.firm_banking.transfer", config, input, "row 7 of the formula table", output=output)
    digest = {"sha256": vector["canonical_sha256_hex"]}
    add("", "hpay.firm_banking.transfer_to_sign", without(config, "private_key"), input, "for a key that stays outside", output=digest)
    if error:
        return
    pkcs1 = {**config, "private_key": keys["merchant"]["private_pkcs1_pem"]}
    add("-pkcs1", "hpay.firm_banking.transfer", pkcs1, input, "a PKCS#1 key", output={"signature": vector["secureChain"]})
    api = {**output, "url": "https://openapi-sandbox.htpgroup.com.vn/v1/fb/create"}
    add("-open-api", "hpay.firm_banking.transfer", config, {**input, "variant": "open_api"}, "the Open API host", output=api)
    as_form = {"url": "https://account-sandbox.hpay.com.vn/api/ibft", "signature": vector["secureChain"],
               "headers": {"Content-Type": "application/x-www-form-urlencoded"}, "body": form(json.loads(body)).replace("~", "%7E")}
    add("-form", "hpay.firm_banking.transfer", config, {**input, "variant": "form"}, "the form", output=as_form)
    outside = without(config, "private_key")
    ready = {**input, "ready_signature": vector["secureChain"]}
    add("-ready", "hpay.firm_banking.transfer", outside, ready, "a signature made outside", output=output)
    checked = {**outside, "merchant_certificate": keys["merchant"]["cert_pem"]}
    add("-ready-checked", "hpay.firm_banking.transfer", checked, ready, "and checked against the own certificate", output=output)
    add("-ready-for-other", "hpay.firm_banking.transfer", checked, {**ready, "amount": int(fields["amount"]) + 1},
        "a signature of another amount", ["foreign"], {"code": "signature_mismatch", "field": "ready_signature"})
    add("-no-key", "hpay.firm_banking.transfer", outside, input, "no key configured", ["config"],
        {"code": "missing_field", "field": "private_key"})
    if id != "doc-example":
        return
    source_faults = HPAY + "changed"
    input_faults(suite, file, "transfer", "hpay.firm_banking.transfer", config, input,
                 ["requestId", "bankName", "bankAccountNumber", "bankAccountName", "amount"], source_faults,
                 texts=["requestId", "bankName", "bankAccountNumber", "bankAccountName"], amounts=["amount"])
    for suffix, changed, code, field in [
        ("note-accent", {"note": "chuyển khoản"}, "invalid_value", "note"),
        ("note-101", {"note": "x" * 101}, "invalid_value", "note"),
        ("request-id-100", {"requestId": "R" * 100}, "invalid_value", "requestId"),
        ("pipe-in-name", {"bankAccountName": "A|B"}, "ambiguous", "bankAccountName"),
        ("control-in-name", {"bankAccountName": "A\u0007B"}, None, "bankAccountName"),
        ("merchant", {"merchantId": "65001"}, "unknown_field", "merchantId"),
        ("variant", {"variant": "soap"}, "invalid_value", "variant"),
        ("email-differs", {"merchantEmail": "other@example.com"}, "invalid_value", "merchantEmail"),
        ("amount-0", {"amount": 0}, "invalid_value", "amount"),
    ]:
        error = {"field": field} if code is None else {"code": code, "field": field}
        add(f"-{suffix}", "hpay.firm_banking.transfer", config, {**input, **changed}, "refused", ["input"], error)
    add("-note-100", "hpay.firm_banking.transfer", config, {**input, "note": "x" * 100}, "the longest note", ["boundary"], None,
        {"signature": vector["secureChain"]})


def transfer_answer_config(keys, passcode, **more):
    return {"merchant_site_code": "65001", "environment": "sandbox", "passcode": passcode,
            "hpay_certificate": keys["hpay"]["cert_pem"], **more}


def transfer_answer_body(fields, chain, **more):
    data = {"requestId": fields["requestId"], "bankAccountNumber": fields.get("bankAccountNumber", "1234567890912312"),
            "omiCashoutId": fields["omiCashoutId"], "omiTransactionId": "96138500", "secureChain": chain}
    return {"error_code": "000", "status": "Thành công", "data": data, **more}


def transfer_answer(suite, vector, keys):
    file, operation, source = "hpay/firm_banking.json", "hpay.firm_banking.read_transfer", HPAY + "OpenSSL"
    fields = vector["input"]
    config = transfer_answer_config(keys, fields["passcode"])
    input = {"body": compact(transfer_answer_body(fields, vector["secureChain"]))}
    id = f"read_transfer-{vector['id']}"
    if vector["id"] == "doc-empty":
        suite.add(file, id, operation, config, input, error={"code": "invalid_value"}, comment="mandatory fields are empty", source=source)
        return
    data = {"requestId": fields["requestId"], "omiCashoutId": fields["omiCashoutId"]}
    output = {"proof": "partly_signed", "data": data, "unverified": {"error_code": "000", "status": "Thành công"}}
    if vector["variant"] == "bankAccountNumber":
        output["data"]["bankAccountNumber"] = fields["bankAccountNumber"]
        suite.add(file, id, operation, config, input, output=output, comment="the official screenshot's formula", source=source)
        return
    by_name = {**input, "bankAccountName": fields["bankAccountName"]}
    suite.add(file, id, operation, config, by_name, output={**output, "matched": "bankAccountName"},
              comment="the Java sample's formula, with the name of the own request", source=source)
    suite.add(file, f"{id}-not-asked", operation, config, input, error={"code": "signature_mismatch"},
              comment="the Java sample's formula is tried only when asked for", source=source)
    suite.add(file, f"{id}-other-name", operation, config, {**input, "bankAccountName": "TRAN THI B"},
              error={"code": "signature_mismatch"}, comment="another name", flags=["tampered"], source=source)


def transfer_answer_faults(suite, vectors, keys):
    file, operation, source = "hpay/firm_banking.json", "hpay.firm_banking.read_transfer", HPAY + "changed"
    vector = next(vector for vector in vectors if vector["id"] == "doc-00001")
    fields, chain = vector["input"], vector["secureChain"]
    config, good = transfer_answer_config(keys, fields["passcode"]), transfer_answer_body(fields, chain)

    def add(id, body, comment, flags=("tampered",), config=config, more=None, **expect):
        text = body if isinstance(body, str) else compact(body)
        suite.add(file, f"read_transfer-{id}", operation, config, {"body": text, **(more or {})}, **expect, comment=comment,
                  flags=list(flags), source=source)

    for name in ["requestId", "bankAccountNumber", "omiCashoutId"]:
        add(f"{name}-changed", at(good, f"data.{name}", fields[name] + "1"), "a covered member changed", error={"code": "signature_mismatch"})
        add(f"{name}-removed", {**good, "data": without(good["data"], name)}, "a covered member removed", error={})
        add(f"{name}-emptied", at(good, f"data.{name}", ""), "a covered member emptied", error={})
        add(f"{name}-pipe", at(good, f"data.{name}", fields[name] + "|"), "the separator in a member", error={})
        add(f"{name}-list", at(good, f"data.{name}", [fields[name]]), "a list for a text", error={})
        twice = compact(good).replace(f'"{name}":', f'"{name}":"9","{name}":')
        add(f"{name}-duplicated", twice, "a member that comes twice", error={"code": "malformed_input"})
    number = compact(good).replace('"omiCashoutId":"231423"', '"omiCashoutId":231423')
    add("number", number, "the number as printed is what is signed", ["number"], output={"data": {"omiCashoutId": "231423"}})
    add("number-fraction", number.replace(":231423", ":231423.0"), "another spelling is another text", error={"code": "signature_mismatch"})
    add("unverified-changed", at(good, "status", "x"), "anybody may change what is not covered", output={"unverified": {"status": "x"}})
    add("der", good, "HPay's certificate as DER in base64", [], config={**config, "hpay_certificate": keys["hpay"]["cert_der_base64"]},
        output={"proof": "partly_signed"})
    add("spki", good, "HPay's public key", [], config={**config, "hpay_certificate": keys["hpay"]["public_spki_pem"]},
        output={"proof": "partly_signed"})
    add("foreign-key", good, "the certificate of somebody else", ["foreign"],
        config={**config, "hpay_certificate": keys["merchant"]["cert_pem"]}, error={"code": "signature_mismatch"})
    add("foreign-passcode", good, "another passcode", ["foreign"], config={**config, "passcode": "other-pass"}, error={"code": "signature_mismatch"})
    add("previous-passcode", good, "an earlier passcode", ["rotation"],
        config={**config, "passcode": "new-pass", "previous_secrets": [fields["passcode"]]}, output={"matched": "previous_secrets/0"})
    add("no-certificate", good, "nothing to verify with", ["config"], config=without(config, "hpay_certificate"),
        error={"code": "missing_field", "field": "hpay_certificate"})
    for id, text in [("line-break", chain[:64] + "\n" + chain[64:]), ("unpadded", chain.rstrip("=")), ("url-safe", chain.replace("+", "-").replace("/", "_")),
                     ("empty", ""), ("short", chain[:-8])]:
        if text != chain:
            add(f"chain-{id}", at(good, "data.secureChain", text), "not canonical base64", error={})
    add("chain-missing", {**good, "data": without(good["data"], "secureChain")}, "a success without signature proves nothing", ["unsigned"], error={})
    for code in ["99", "999", "050", "064", "100", "7777"]:
        add(f"refused-{code}", {"error_code": code, "status": "x"}, "nobody knows whether money moved", ["refusal"], error={"code": "gateway_refused"})
    for code in ["035", "001", "4"]:
        add(f"refused-{code}", {"error_code": code, "status": "x"}, "no money has moved", ["refusal"], error={"code": "gateway_refused"})
    add("expected", good, "as expected", [], more={"expected": {"data": {"requestId": "00001"}}}, output={"proof": "partly_signed"})
    add("expected-wrong", good, "an answer to another request", ["foreign"], more={"expected": {"data": {"requestId": "00002"}}},
        error={"code": "mismatch", "field": "data.requestId"})
    for id, text in [("not-json", "<html>"), ("array", "[]"), ("no-text", ""), ("trailing", compact(good) + "x"), ("nan", '{"error_code":NaN}')]:
        add(f"body-{id}", text, "no JSON object", error={"code": "malformed_input"})
    input_faults(suite, file, "read_transfer", operation, config, {"body": compact(good)}, ["body"], source, texts=["body"])


def signatures(suite, groups, keys):
    """Every published formula through the merchant's own recipe."""
    file = "hpay/signature.json"
    private, certificate = keys["merchant"]["private_pkcs8_pem"], keys["merchant"]["cert_pem"]
    names_18 = ["merchant_site_code", "return_url", "receiver", "transaction_info", "order_code", "price", "currency", "quantity",
                "tax", "discount", "fee_cal", "fee_shipping", "order_description", "buyer_info", "affiliate_code", "installment",
                "inpage", "payment_method_id"]
    pipes = {"separator": "|", "secret": "passcode"}

    def add(id, recipe, fields, secret, digest, error=None, **more):
        config = {"merchant_site_code": "65001", "environment": "sandbox", recipe["secret"]: secret, **more}
        build = {"recipe": recipe, "fields": fields}
        verify = {**build, "signature": digest}
        expect = {"error": error} if error is not None else {"output": {"signature": digest}}
        suite.add(file, f"build-{id}", "hpay.signature.build", config, build, **expect, comment="a formula of one's own", flags=["override"],
                  source=HPAY + "MD5 and OpenSSL")
        expect = {"error": error} if error is not None else {"output": {"proof": "signed", "fields": fields}}
        suite.add(file, f"verify-{id}", "hpay.signature.verify", config, verify, **expect, comment="a formula of one's own",
                  flags=["override"], source=HPAY + "MD5 and OpenSSL")
        if error is not None:
            return
        for name in fields:
            suite.add(file, f"verify-{id}-{name}-changed", "hpay.signature.verify", config,
                      {**verify, "fields": {**fields, name: fields[name] + "0"}}, error={"code": "signature_mismatch"},
                      comment="a covered field changed", flags=["tampered"], source=HPAY + "changed")

    for vector in groups["checkout_v1_secure_code"]["vectors"]:
        fields = without(vector["input"], "secure_pass")
        recipe = {"fields": list(fields), "separator": "|", "secret": "secure_pass"}
        error = {} if vector["id"] == "empty" else {"code": "ambiguous"} if "|" in fields["order_code"] else None
        add(f"v1-{vector['id']}", recipe, fields, vector["input"]["secure_pass"], vector["secure_code"], error)
    for vector in groups["va_create_v0_secure_code"]["vectors"]:
        fields = without(vector["input"], "passcode")
        add(f"va-{vector['id']}", {"fields": list(fields), **pipes}, fields, vector["input"]["passcode"], vector["secure_code"])
    for vector in groups["openapi_v1_webhook"]["vectors"]:
        names = ["va_account", "amount", "cashin_id", "transaction_id", "client_request_id", "merchant_id"]
        fields = {name: vector["input"][name] for name in names}
        recipe = {"fields": names, "secret_position": "4", **pipes}
        add(f"webhook-{vector['id']}", recipe, fields, vector["input"]["passcode"], vector["secure_code"],
            {} if vector["id"] == "all-empty" else None)
    for vector in groups["ibft_v0_request_secureChain"]["vectors"]:
        names = ["requestId", "merchantId", "amount", "bankAccountName"]
        fields = {name: vector["input"][name] for name in names}
        if "" in fields.values():
            leave(f"ibft_v0_request_secureChain/{vector['id']} as recipe", "an empty field")
            continue
        error = {"code": "ambiguous"} if "|" in "".join(fields.values()) else None
        add(f"ibft-{vector['id']}", {"fields": names, "digest": "rsa_sha256", **pipes}, fields, vector["input"]["passcode"],
            vector["secureChain"], error, private_key=private, hpay_certificate=certificate)
    for vector in groups["legacy_checkout_basic_php"]["vectors"]:
        # A space in a field of a space-joined text is ambiguous in a recipe; the first vector has none.
        words = vector["canonical"].split(" ")
        names = ["merchant_site_code", "return_url", "receiver", "transaction_info", "order_code", "price"]
        if len(words) == len(names) + 1:
            recipe = {"fields": names, "separator": " ", "secret": "secure_pass"}
            add(f"basic-{vector['id']}", recipe, dict(zip(names, words)), vector["secure_pass"], vector["secure_code"])
    for vector in groups["return_notify_verify_php"]["vectors"][:1]:
        names = ["transaction_info", "order_code", "price", "payment_id", "payment_type", "error_text", "merchant_site_code"]
        recipe = {"fields": names, "separator": " ", "prefix": " ", "secret": "secure_pass"}
        add("callback-doc-sample", recipe, {**vector["input"], "merchant_site_code": "65001"}, vector["secure_pass"], vector["secure_code"])
    config = {"merchant_site_code": "65001", "environment": "sandbox", "passcode": "test-pass-Aa1"}
    fields = {"a": "1", "b": "2"}
    for id, digest, text in [("sha256", "sha256", hashlib.sha256(b"1|2|test-pass-Aa1").hexdigest()),
                             ("hmac", "hmac_sha256", hmac.new(b"test-pass-Aa1", b"1|2", hashlib.sha256).hexdigest())]:
        suite.add(file, f"build-{id}", "hpay.signature.build", config, {"recipe": {"fields": ["a", "b"], "digest": digest, **pipes}, "fields": fields},
                  output={"signature": text}, comment=digest, flags=["override"], source="Python hashlib and hmac")
    first = hashlib.md5(b"test-pass-Aa1|1|2").hexdigest()
    suite.add(file, "build-secret-first", "hpay.signature.build", config,
              {"recipe": {"fields": ["a", "b"], "secret_position": "first", **pipes}, "fields": fields},
              output={"signature": first}, comment="the secret in front", flags=["override"], source="Python hashlib")
    for id, recipe, field in [
        ("separator-empty", {"fields": ["a"], "separator": "", "secret": "passcode"}, "recipe.separator"),
        ("no-fields", {"fields": [], **pipes}, "recipe.fields"),
        ("field-twice", {"fields": ["a", "a"], **pipes}, "recipe.fields"),
        ("position-beyond", {"fields": ["a"], "secret_position": "2", **pipes}, "recipe.secret_position"),
        ("digest-unknown", {"fields": ["a"], "digest": "sha1", **pipes}, "recipe.digest"),
        ("rsa-hex", {"fields": ["a"], "digest": "rsa_sha256", "encoding": "hex", **pipes}, "recipe.encoding"),
    ]:
        suite.add(file, f"recipe-{id}", "hpay.signature.build", config, {"recipe": recipe, "fields": fields},
                  error={"code": "invalid_value", "field": field}, comment="no usable formula", flags=["input"], source="rules of recipes")
    suite.add(file, "build-field-missing", "hpay.signature.build", config, {"recipe": {"fields": ["a", "c"], **pipes}, "fields": fields},
              error={"code": "missing_field", "field": "fields.c"}, comment="a field of the formula is absent", flags=["input"], source="rules of recipes")
    suite.add(file, "build-float", "hpay.signature.build", config, {"recipe": {"fields": ["a"], **pipes}, "fields": {"a": 1.5}},
              error={"code": "wrong_type", "field": "fields.a"}, comment="no floats are signed", flags=["number"], source="rules of recipes")


def hpay_config_vectors(suite, keys):
    file, operation, source = "hpay/config.json", "hpay.checkout.acknowledge", "rules of the configuration"
    good = hpay_config("test-pass-Aa1")

    def add(id, config, comment, **expect):
        suite.add(file, id, operation, config, {}, **expect, comment=comment, flags=["config"], source=source)

    add("secure-pass-only", good, "one secret is enough", output={"status": 200})
    add("passcode-only", {**without(good, "secure_pass"), "passcode": "p"}, "one secret is enough", output={"status": 200})
    add("sample-in-sandbox", hpay_config("123456"), "HPay's printed sample works in the sandbox", output={"status": 200})
    add("sample-in-production", {**hpay_config("123456"), "environment": "production"}, "and is refused in production",
        error={"code": "invalid_key", "field": "secure_pass"})
    add("sample-passcode-in-production", {**without(good, "secure_pass"), "passcode": "123456", "environment": "production"},
        "and is refused in production", error={"code": "invalid_key", "field": "passcode"})
    add("no-secret", without(good, "secure_pass"), "at least one secret", error={"code": "missing_field"})
    for id, secret in [("empty", ""), ("blank", "  \t "), ("leading", " pass"), ("trailing", "pass "), ("newline", "pass\n"), ("nul", "pa\u0000ss"),
                       ("placeholder", "YOUR_SECRET_KEY"), ("undefined", "undefined"), ("null", "null")]:
        add(f"secret-{id}", hpay_config(secret), "no usable secret", error={"code": "invalid_key", "field": "secure_pass"})
        add(f"passcode-{id}", hpay_config("good-pass", passcode=secret), "no usable secret", error={"code": "invalid_key", "field": "passcode"})
    add("environment-missing", without(good, "environment"), "environment has no default", error={"code": "missing_field", "field": "environment"})
    add("environment-unknown", {**good, "environment": "test"}, "no such environment", error={"code": "invalid_value", "field": "environment"})
    add("merchant-empty", hpay_config("x", ""), "a merchant without a code", error={"code": "invalid_value", "field": "merchant_site_code"})
    add("merchant-missing", without(good, "merchant_site_code"), "a merchant without a code",
        error={"code": "missing_field", "field": "merchant_site_code"})
    add("unknown-field", {**good, "securePass": "x"}, "a field that does not exist", error={"code": "unknown_field", "field": "securePass"})
    add("recipe-unknown-operation", {**good, "recipes": {"hpay.checkout.pay": {"fields": ["a"], "separator": "|", "secret": "passcode"}}},
        "a formula for no operation", error={"code": "unknown_operation"})
    add("recipe-bad", {**good, "recipes": {"hpay.checkout.create_link": {"fields": [], "separator": "|", "secret": "secure_pass"}}},
        "a formula of nothing", error={"code": "invalid_value"})
    add("base-url-http", {**good, "base_urls": {"checkout": "http://a.example"}}, "https only", error={"code": "invalid_value", "field": "base_urls.checkout"})
    add("base-url-unknown", {**good, "base_urls": {"pay": "https://a.example"}}, "no such address", error={"code": "unknown_field"})
    merchant, gateway = keys["merchant"], keys["hpay"]
    add("key-pkcs8", {**good, "private_key": merchant["private_pkcs8_pem"]}, "PKCS#8", output={"status": 200})
    add("key-pkcs1", {**good, "private_key": merchant["private_pkcs1_pem"]}, "PKCS#1", output={"status": 200})
    add("key-public", {**good, "private_key": merchant["public_spki_pem"]}, "a public key", error={"code": "invalid_key", "field": "private_key"})
    add("key-certificate", {**good, "private_key": merchant["cert_pem"]}, "a certificate", error={"code": "invalid_key", "field": "private_key"})
    add("key-truncated", {**good, "private_key": merchant["private_pkcs8_pem"][:900]}, "part of a key", error={"code": "invalid_key", "field": "private_key"})
    add("key-crlf", {**good, "private_key": merchant["private_pkcs8_pem"].replace("\n", "\r\n")}, "CRLF line ends", output={"status": 200})
    add("certificate-private", {**good, "hpay_certificate": gateway["private_pkcs8_pem"]}, "a private key given as certificate",
        error={"code": "invalid_key", "field": "hpay_certificate"})
    add("certificate-text", {**good, "hpay_certificate": "hello"}, "no certificate", error={"code": "invalid_key", "field": "hpay_certificate"})
    for id, field, pem in [("key", "private_key", merchant["private_pkcs8_pem"]), ("certificate", "hpay_certificate", gateway["cert_pem"])]:
        add(f"{id}-written-line-ends", {**good, field: pem.replace("\n", "\\n")}, "line ends as two characters, as in variables of an environment",
            error={"code": "invalid_key", "field": field})
    add("certificate-of-the-key", {**good, "private_key": merchant["private_pkcs8_pem"], "merchant_certificate": merchant["cert_pem"]},
        "they belong together", output={"status": 200})
    add("certificate-of-another-key", {**good, "private_key": merchant["private_pkcs8_pem"], "merchant_certificate": gateway["cert_pem"]},
        "every signature would be refused", error={"code": "invalid_key", "field": "merchant_certificate"})
    for id, text in [("pem", gateway["cert_pem"]), ("der", gateway["cert_der_base64"]), ("spki", gateway["public_spki_pem"])]:
        add(f"certificate-{id}", {**good, "hpay_certificate": text}, "an accepted form", output={"status": 200})


# --- AppotaPay --------------------------------------------------------------------------------------------------------

APPOTAPAY = "published appotapay vectors: Python hmac, recomputed with OpenSSL"


def appotapay_config(secret, **more):
    return {"partner_code": "APPOTAPAY", "api_key": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8", "secret_key": secret,
            "environment": "sandbox", **more}


def appotapay(suite, source):
    for vector in source["hmac_canonical"]:
        sign_vector(suite, vector)
        if vector["operation"] == "firm_banking.transfer" and vector["direction"] == "request":
            appotapay_transfer(suite, vector)
        elif vector["operation"] == "firm_banking.account_info" and vector["direction"] == "request":
            appotapay_request(suite, vector, "account_info", "https://gateway.dev.appotapay.com/api/v1/service/transfer/bank/account/info")
        elif vector["operation"].startswith("firm_banking"):
            appotapay_message(suite, vector)
        else:
            leave(f"hmac_canonical/{vector['name']}", f"as signature.sign only; no group for {vector['operation']} yet")
    sign_faults(suite, source)
    for vector in source["jwt"]:
        token_vector(suite, vector)
    number_vectors(suite, source)
    appotapay_config_vectors(suite)


def hmac_hex(secret, text):
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def sign_vector(suite, vector):
    file, config = "appotapay/signature.json", appotapay_config(vector["secret"])
    flags = [] if vector["canonical"].isascii() else ["unicode"]
    comment = vector.get("note") or vector.get("policy") or vector["operation"]
    fields, digest = vector["fields"], vector["hmac_sha256_hex"]
    output = {"signature": digest, "text": vector["canonical"]}

    def add(suffix, operation, input, **expect):
        suite.add(file, f"{operation.split('.')[2]}-{vector['name']}{suffix}", operation, config, input, **expect, comment=comment,
                  flags=flags, source=APPOTAPAY)

    add("", "appotapay.signature.sign", {"fields": fields}, output=output)
    add("-body", "appotapay.signature.sign", {"body": compact({**fields, "signature": "x"})}, output=output)
    backwards = dict(reversed(list(fields.items())))
    add("-reversed", "appotapay.signature.sign", {"fields": backwards}, output=output)
    add("", "appotapay.signature.verify", {"fields": fields, "signature": digest}, output={"proof": "signed", "fields": fields})
    add("-upper-case", "appotapay.signature.verify", {"fields": fields, "signature": digest.upper()}, output={"proof": "signed"})
    if "body_raw" in vector and "<hmac>" not in vector["body_raw"]:
        add("-raw", "appotapay.signature.verify", {"body": vector["body_raw"], "only": list(fields), "signature": digest},
            output={"proof": "signed", "fields": fields})
    first = next(iter(fields))
    for id, input in [("-changed", {"fields": {**fields, first: fields[first] + "0"}, "signature": digest}),
                      ("-flipped", {"fields": fields, "signature": flip_hex(digest, 77)}),
                      ("-truncated", {"fields": fields, "signature": digest[:32]})]:
        add(id, "appotapay.signature.verify", input, error={"code": "signature_mismatch"})
    if len(fields) > 1:
        add("-removed", "appotapay.signature.verify", {"fields": without(fields, first), "signature": digest}, error={"code": "signature_mismatch"})


def sign_faults(suite, source):
    file = "appotapay/signature.json"
    golden = source["hmac_canonical"][0]
    config = appotapay_config(golden["secret"])
    for vector in source["negative"]:
        if vector["name"].startswith("jwt"):
            leave(f"negative/{vector['name']}", "tokens are made, never verified")
            continue
        wrong = vector.get("value") or vector["hmac_sha256_hex"]
        suite.add(file, f"verify-negative-{vector['name']}", "appotapay.signature.verify", config, {"fields": golden["fields"], "signature": wrong},
                  error={"code": "signature_mismatch"}, comment=vector["expect"], flags=["tampered"], source=APPOTAPAY)
    for vector in source["undetermined_document_digests"]:
        leave(f"undetermined/{vector['where']}", "made under an unknown key")
    for vector in source["collisions"]:
        config = appotapay_config(vector["secret"])
        for side in ["a", "b"]:
            clean = not any("&" in value for value in vector[side].values())
            expect = {"output": {"signature": vector["hmac_sha256_hex"]}} if clean else {"error": {"code": "ambiguous"}}
            suite.add(file, f"sign-collision-{vector['name']}-{side}", "appotapay.signature.sign", config, {"fields": vector[side]}, **expect,
                      comment=vector["note"], flags=["ambiguous"], source=APPOTAPAY)
            expect = {"output": {"proof": "signed"}} if clean else {"error": {"code": "ambiguous"}}
            suite.add(file, f"verify-collision-{vector['name']}-{side}", "appotapay.signature.verify", config,
                      {"fields": vector[side], "signature": vector["hmac_sha256_hex"]}, **expect, comment=vector["note"], flags=["ambiguous"],
                      source=APPOTAPAY)
    config, fields = appotapay_config("kyso-test-secret-0001"), {"memo": "A & B = C", "amount": "1"}
    suite.add(file, "sign-bare-ampersand", "appotapay.signature.sign", config, {"fields": fields},
              output={"signature": hmac_hex("kyso-test-secret-0001", "amount=1&memo=A & B = C")}, comment="a bare & is harmless", source="Python hmac")
    for id, input, code, field in [
        ("none", {}, "missing_field", "fields"),
        ("both", {"fields": fields, "body": "{}"}, "invalid_value", "body"),
        ("float", {"fields": {"amount": 1.5}}, "wrong_type", "fields.amount"),
        ("bool", {"fields": {"amount": True}}, "wrong_type", "fields.amount"),
        ("null", {"fields": {"amount": None}}, "wrong_type", "fields.amount"),
        ("object", {"fields": {"amount": {}}}, "wrong_type", "fields.amount"),
        ("list", {"fields": {"amount": [1]}}, "wrong_type", "fields.amount"),
        ("body-not-json", {"body": "amount=1"}, "malformed_input", "body"),
        ("body-duplicate", {"body": '{"a":"1","a":"2"}'}, "malformed_input", "body"),
        ("unknown", {"fields": fields, "field": "x"}, "unknown_field", "field"),
        ("empty", {"fields": {}}, "invalid_value", None),
        ("name-with-equals", {"fields": {"a=b": "1"}}, "invalid_value", None),
    ]:
        error = {"code": code} if field is None else {"code": code, "field": field}
        suite.add(file, f"sign-{id}", "appotapay.signature.sign", config, input, error=error, comment="refused", flags=["input"], source="rules of signature.sign")
    suite.add(file, "sign-only", "appotapay.signature.sign", config, {"fields": {"b": "2", "a": 1, "c": "3"}, "only": ["b", "a"]},
              output={"text": "a=1&b=2", "signature": hmac_hex("kyso-test-secret-0001", "a=1&b=2")}, comment="chosen fields", source="Python hmac")
    listed = {**config, "absent_fields": "listed"}
    suite.add(file, "sign-listed", "appotapay.signature.sign", listed, {"fields": {"b": "2"}, "only": ["b", "a"]},
              output={"text": "a=&b=2", "signature": hmac_hex("kyso-test-secret-0001", "a=&b=2")}, comment="a listed field that is absent", source="Python hmac")
    suite.add(file, "sign-present-only", "appotapay.signature.sign", config, {"fields": {"b": "2"}, "only": ["b", "a"]},
              output={"text": "b=2", "signature": hmac_hex("kyso-test-secret-0001", "b=2")}, comment="a listed field that is absent", source="Python hmac")


def appotapay_request(suite, vector, name, url):
    file, operation = "appotapay/firm_banking.json", f"appotapay.firm_banking.{name}"
    config = appotapay_config(vector["secret"])
    input = {**vector["fields"], "token": "a.b.c"}
    headers = {"X-APPOTAPAY-AUTH": "Bearer a.b.c", "Content-Type": "application/json"}
    output = {"method": "POST", "url": url, "headers": headers, "signature": vector["hmac_sha256_hex"]}
    id = f"{name}-{vector['name']}"
    suite.add(file, id, operation, config, input, output=output, comment=vector.get("note") or "", source=APPOTAPAY)
    bare = {**output, "headers": {"X-APPOTAPAY-AUTH": "a.b.c"}}
    suite.add(file, f"{id}-bare-token", operation, {**config, "bearer": False}, input, output=bare, comment="bearer switched off", source=APPOTAPAY)
    return config, input, output


def appotapay_transfer(suite, vector):
    file, operation = "appotapay/firm_banking.json", "appotapay.firm_banking.transfer"
    fields, id = vector["fields"], f"transfer-{vector['name']}"
    config = appotapay_config(vector["secret"])
    if int(fields["amount"]) > 10**15:
        suite.add(file, id, operation, config, {**fields, "token": "a.b.c"}, error={"code": "invalid_value", "field": "amount"},
                  comment="more than 10^15", flags=["boundary"], source=APPOTAPAY)
        return
    if not fields["message"].isascii() or "\t" in fields["message"]:
        suite.add(file, id, operation, config, {**fields, "token": "a.b.c"}, error={"code": "invalid_value", "field": "message"},
                  comment="documented as unaccented; signature.sign has its digest", flags=["unicode"], source=APPOTAPAY)
        return
    config, input, output = appotapay_request(suite, vector, "transfer", "https://gateway.dev.appotapay.com/api/v1/service/transfer/make")
    suite.add(file, f"{id}-integer", operation, config, {**input, "amount": int(fields["amount"])}, output=output, comment="an integer amount",
              flags=["number"], source=APPOTAPAY)
    if vector["name"].endswith("optional-absent"):
        listed = next_canonical(fields)
        suite.add(file, f"{id}-listed", operation, {**config, "absent_fields": "listed"}, input,
                  output={**output, "signature": hmac_hex(vector["secret"], listed)}, comment="absent fields are signed as name=",
                  source="Python hmac")
    if not vector["name"].endswith("documented-hash-argument/test"):
        return
    source = APPOTAPAY + ", changed"
    required = ["bankCode", "accountNo", "accountType", "accountName", "amount", "feeType", "partnerRefId"]
    input_faults(suite, file, "transfer", operation, config, input, required, source, texts=["bankCode", "accountNo", "accountName", "message", "token"],
                 amounts=["amount"])
    for suffix, changed, code, field in [
        ("account-2", {"accountNo": "12"}, "invalid_value", "accountNo"),
        ("account-23", {"accountNo": "1" * 23}, "invalid_value", "accountNo"),
        ("account-type", {"accountType": "wallet"}, "invalid_value", "accountType"),
        ("fee-type", {"feeType": "bank"}, "invalid_value", "feeType"),
        ("name-accent", {"accountName": "NGUYỄN"}, "invalid_value", "accountName"),
        ("message-101", {"message": "x" * 101}, "invalid_value", "message"),
        ("message-mark", {"message": "a-b"}, "invalid_value", "message"),
        ("channel", {"channel": "napas"}, "invalid_value", "channel"),
        ("amount-0", {"amount": 0}, "invalid_value", "amount"),
        ("signature", {"signature": "x"}, "unknown_field", "signature"),
        ("token-newline", {"token": "a\r\nX: y"}, "invalid_value", "token"),
        ("request-id-41", {"request_id": "r" * 41}, "invalid_value", "request_id"),
        ("smuggled-contract", {"contractNumber": "1&feeType=receiver"}, "ambiguous", "contractNumber"),
    ]:
        suite.add(file, f"transfer-{suffix}", operation, config, {**input, **changed}, error={"code": code, "field": field}, comment="refused",
                  flags=["input"], source=source)
    suite.add(file, "transfer-citad-without-bank", operation, config, without(input, "bankId"), error={"code": "missing_field", "field": "bankId"},
              comment="CITAD needs the branch", flags=["input"], source=source)


def next_canonical(fields):
    """The twelve listed fields, absent ones empty."""
    names = ["accountName", "accountNo", "accountType", "amount", "bankCode", "bankId", "channel", "contractNumber", "customerPhoneNumber",
             "feeType", "message", "partnerRefId"]
    return "&".join(f"{name}={fields.get(name, '')}" for name in names)


def appotapay_message(suite, vector):
    file = "appotapay/firm_banking.json"
    name = {"firm_banking.transfer": "read_transfer", "firm_banking.transaction_status": "read_status",
            "firm_banking.account_info": "read_account_info", "firm_banking.pending_result": "read_callback"}[vector["operation"]]
    operation, config, digest = f"appotapay.firm_banking.{name}", appotapay_config(vector["secret"]), vector["hmac_sha256_hex"]
    fields = vector["fields"]
    if "body_raw" in vector:
        raw = vector["body_raw"]
    else:
        inner = {key: int(value) if key in ("amount", "transferAmount") else value for key, value in fields.items() if key != "errorCode"}
        raw = compact({"errorCode": int(fields["errorCode"]), "message": "Thất bại", "transaction": inner})
    parsed = json.loads(raw)
    nest = "accountInfo" if name == "read_account_info" else "transaction"
    money = ("amount", "transferAmount")
    covered = {key: int(value) if key in money else value for key, value in fields.items() if key != "errorCode"}
    output = {"proof": "signed" if name == "read_callback" else "partly_signed", "errorCode": fields["errorCode"], nest: covered,
              "unverified": {"message": parsed["message"]}}
    if name == "read_callback":
        output["outcome"] = {"success": "succeeded", "error": "failed"}[fields["transferStatus"]]
    elif nest == "transaction":
        output["outcome"] = "succeeded"

    def signed(text, signature=digest):
        return text.rstrip()[:-1] + f',"signature":"{signature}"}}'

    def add(suffix, body, comment, flags=(), config=config, more=None, **expect):
        suite.add(file, f"{name}-{vector['name']}{suffix}", operation, config, {"body": body, **(more or {})}, **expect, comment=comment,
                  flags=list(flags), source=APPOTAPAY if not flags else APPOTAPAY + ", changed")

    mismatch = {"code": "signature_mismatch"}
    add("", signed(raw), vector["operation"], output=output)
    add("-upper-case", signed(raw, digest.upper()), "hexadecimal in either letter case", output=output)
    add("-flipped", signed(raw, flip_hex(digest, 200)), "one bit of the digest", ["tampered"], error=mismatch)
    add("-truncated", signed(raw, digest[:62]), "part of the digest", ["tampered"], error=mismatch)
    add("-unsigned", raw, "a success without signature proves nothing", ["unsigned"], error={})
    add("-empty-signature", signed(raw, ""), "an empty signature", ["unsigned"], error={})
    add("-null-signature", raw.rstrip()[:-1] + ',"signature":null}', "null for a signature", ["unsigned"], error={})
    add("-number-signature", raw.rstrip()[:-1] + ',"signature":1}', "a number for a signature", ["unsigned"], error={})
    add("-foreign-secret", signed(raw), "the secret of another application", ["foreign"], config=appotapay_config("kyso-test-secret-0002"), error=mismatch)
    add("-previous-secret", signed(raw), "an earlier secret", ["rotation"],
        config=appotapay_config("kyso-test-secret-0002", previous_secrets=[vector["secret"]]), output=output)
    spaced = json.dumps(json.loads(signed(raw)), indent=2, ensure_ascii=True)
    add("-pretty", spaced, "other white space and escapes, the same members", output=output)
    for field in fields:
        path = field if field == "errorCode" else f"{nest}.{field}"
        value = parsed["errorCode"] if field == "errorCode" else parsed[nest][field]
        if field != "errorCode":
            changed = value + 1 if isinstance(value, int) else value + "1"
            add(f"-{field}-changed", signed(compact(at(parsed, path, changed))), "a covered member changed", ["tampered"], error=mismatch)
            add(f"-{field}-emptied", signed(compact(at(parsed, path, ""))), "a covered member emptied", ["tampered"], error={})
            add(f"-{field}-null", signed(compact(at(parsed, path, None))), "a covered member nulled", ["tampered"], error={})
            removed = {**parsed, nest: without(parsed[nest], field)}
            add(f"-{field}-removed", signed(compact(removed)), "a covered member removed", ["tampered"], error={})
            twice = signed(raw).replace(f'"{field}":', f'"{field}":"9","{field}":', 1)
            add(f"-{field}-duplicated", twice, "a member that comes twice", ["tampered"], error={"code": "malformed_input"})
            as_text = signed(compact(at(parsed, path, str(value))))
            add(f"-{field}-as-text", as_text, "text or number, the signed text is the same", output=output)
            add(f"-{field}-list", signed(compact(at(parsed, path, [value]))), "a list for a value", ["tampered"], error={})
        else:
            # Another code is signed by nobody; it must not pass as the success that it replaced.
            add("-errorCode-changed", signed(compact(at(parsed, path, 35))), "a covered member changed", ["tampered"], error={"code": "signature_mismatch"})
    add("-message-changed", signed(compact({**parsed, "message": "x"})), "anybody may change what is not covered", ["tampered"],
        output={**output, "unverified": {"message": "x"}})
    if nest == "transaction":
        add("-expected", signed(raw), "as expected", more={"expected": {"amount": int(fields["amount"])}}, output=output)
        for wrong in [int(fields["amount"]) + 1, 0, str(int(fields["amount"]) * 10)]:
            add(f"-expected-{wrong}", signed(raw), "not what is expected", ["tampered"], more={"expected": {"amount": wrong}},
                error={"code": "mismatch", "field": "amount"})
        add("-expected-nested", signed(raw), "not what is expected", ["tampered"], more={"expected": {"transaction": {"appotapayTransId": "x"}}},
            error={"code": "mismatch", "field": "transaction.appotapayTransId"})
        smuggled = {**fields, "time": fields["time"] + "&transferAmount=1"}
        text = "&".join(f"{key}={smuggled[key]}" for key in sorted(smuggled))
        body = signed(compact(at(parsed, "transaction.time", smuggled["time"])), hmac_hex(vector["secret"], text))
        add("-smuggled", body, "a genuine signature over a value that could be split", ["ambiguous"], error={"code": "ambiguous"})
    for other in ["read_transfer", "read_status", "read_account_info", "read_callback"]:
        same = {name, other} == {"read_transfer", "read_status"}
        if other != name and not same:
            suite.add(file, f"{other}-{vector['name']}-of-other-operation", f"appotapay.firm_banking.{other}", config, {"body": signed(raw)}, error={},
                      comment="a genuine message of another operation", flags=["foreign"], source=APPOTAPAY)
    if vector["name"].endswith(("/test", "numeric-accountNo/sandbox")) and name != "read_status" or vector["name"].endswith("integer-time/sandbox"):
        input_faults(suite, file, name, operation, config, {"body": signed(raw)}, ["body"], APPOTAPAY, texts=["body"])
        for id, text in [("not-json", "<html>"), ("array", "[]"), ("no-text", ""), ("trailing", signed(raw) + "x"), ("bom", "\ufeff" + signed(raw))]:
            add(f"-body-{id}", text, "no JSON object", ["tampered"], error={"code": "malformed_input"})
        if name != "read_callback":
            for code in [35, 91, 500, 12345, 33, 11]:
                add(f"-refused-{code}", compact({"errorCode": code, "message": "Lỗi"}), "a refusal, which the gateway does not sign", ["refusal"],
                    error={"code": "gateway_refused"})


def token_vector(suite, vector):
    file, claims = "appotapay/auth.json", json.loads(vector["payload_json"])
    if list(claims) != ["iss", "jti", "api_key", "exp"] or '"cty"' not in vector["header_json"]:
        leave(f"jwt/{vector['name']}", "a shape that others make; this library makes the documented one")
        return
    issued_at = int(claims["jti"].rsplit("-", 1)[1])
    lifetime = claims["exp"] - issued_at
    config = {"partner_code": claims["iss"], "api_key": claims["api_key"], "secret_key": vector["secret"], "environment": "sandbox"}
    output = {"token": vector["token"], "headers": {"X-APPOTAPAY-AUTH": f"Bearer {vector['token']}"}}
    source = "published appotapay vectors: OpenSSL, verified with PyJWT"

    def add(id, config, input, comment, **expect):
        suite.add(file, f"token-{vector['name']}{id}", "appotapay.auth.token", config, input, **expect, comment=comment, source=source)

    add("", config, {"issued_at": issued_at, "lifetime": lifetime}, "the documented token", output=output)
    add("-text", config, {"issued_at": str(issued_at), "lifetime": str(lifetime)}, "numbers as text", output=output)
    add("-bare", {**config, "bearer": False}, {"issued_at": issued_at, "lifetime": lifetime}, "bearer switched off",
        output={"token": vector["token"], "headers": {"X-APPOTAPAY-AUTH": vector["token"]}})
    if lifetime == 300:
        add("-default-lifetime", config, {"issued_at": issued_at}, "300 seconds", output=output)
    for id, input, code, field in [("lifetime-0", {"lifetime": 0}, "invalid_value", "lifetime"), ("lifetime-86401", {"lifetime": 86401}, "invalid_value", "lifetime"),
                                   ("fraction", {"issued_at": 1.5}, "wrong_type", "issued_at"), ("bool", {"issued_at": True}, "wrong_type", "issued_at"),
                                   ("negative", {"issued_at": "-1"}, "invalid_value", "issued_at"), ("unknown", {"exp": 1}, "unknown_field", "exp")]:
        add(f"-{id}", config, {"issued_at": issued_at, **input}, "refused", error={"code": code, "field": field})


def number_vectors(suite, source):
    """Number tokens of an answer: signed as printed, or as PHP prints the same number."""
    file, secret = "appotapay/signature.json", "kyso-test-secret-0001"
    for index, vector in enumerate(source["json_number_text"]):
        token, php = vector["json_token"], vector["php8_string"]
        body = f'{{"accountNo":{token},"errorCode":0}}'
        spellings = {"printed": token, "php": php}
        for id, text in spellings.items():
            suite.add(file, f"verify-number-{index}-{id}", "appotapay.signature.verify", appotapay_config(secret),
                      {"body": body, "signature": hmac_hex(secret, f"accountNo={text}&errorCode=0")},
                      output={"proof": "signed", "fields": {"accountNo": text}}, comment=f"the number token {token} as it is {id}", flags=["number"],
                      source="Python hmac; number text by PHP 8")
        if vector["js_string"] not in (token, php):
            suite.add(file, f"verify-number-{index}-javascript", "appotapay.signature.verify", appotapay_config(secret),
                      {"body": body, "signature": hmac_hex(secret, f"accountNo={vector['js_string']}&errorCode=0")},
                      error={"code": "signature_mismatch"}, comment=f"the number token {token} as JavaScript prints it", flags=["number"],
                      source="Python hmac; number text by Node")


def appotapay_config_vectors(suite):
    file, operation, source = "appotapay/config.json", "appotapay.firm_banking.acknowledge", "rules of the configuration"
    good = appotapay_config("kyso-test-secret-0001")

    def add(id, config, comment, **expect):
        suite.add(file, id, operation, config, {}, **expect, comment=comment, flags=["config"], source=source)

    add("good", good, "all that is needed", output={"status": 200, "body": '{"status":"ok"}'})
    sample = appotapay_config("XAonJgy14YhtePEITXhyBS2unjfJLAV3")
    add("sample-in-sandbox", sample, "the published triple works in the sandbox", output={"status": 200})
    add("sample-in-production", {**sample, "environment": "production"}, "and is refused in production", error={"code": "invalid_key"})
    add("sample-secret-in-production", {**sample, "api_key": "other", "environment": "production"}, "and is refused in production",
        error={"code": "invalid_key", "field": "secret_key"})
    for name in ["api_key", "secret_key"]:
        for id, secret in [("empty", ""), ("blank", "   "), ("leading", " x"), ("newline", "x\n"), ("nul", "a\u0000b"), ("placeholder", "YOUR_SECRET_KEY")]:
            add(f"{name}-{id}", {**good, name: secret}, "no usable secret", error={"code": "invalid_key", "field": name})
        add(f"{name}-missing", without(good, name), "a required field is absent", error={"code": "missing_field", "field": name})
        add(f"{name}-number", {**good, name: 1}, "text is expected", error={"code": "wrong_type", "field": name})
    add("partner-missing", without(good, "partner_code"), "a required field is absent", error={"code": "missing_field", "field": "partner_code"})
    add("environment-missing", without(good, "environment"), "environment has no default", error={"code": "missing_field", "field": "environment"})
    add("unknown-field", {**good, "secretKey": "x"}, "a field that does not exist", error={"code": "unknown_field", "field": "secretKey"})
    add("absent-fields", {**good, "absent_fields": "never"}, "no such rule", error={"code": "invalid_value", "field": "absent_fields"})
    add("bearer-text", {**good, "bearer": "yes"}, "true or false", error={"code": "wrong_type", "field": "bearer"})
    add("base-url-http", {**good, "base_urls": {"gateway": "http://a.example"}}, "https only", error={"code": "invalid_value", "field": "base_urls.gateway"})
    add("previous-empty", {**good, "previous_secrets": [""]}, "earlier secrets follow the same rules", error={"code": "invalid_key"})


# ----------------------------------------------------------------------------------------------------------------------


def known_operations():
    """Names of the operations in the table of the core, read from its sources."""
    core = pathlib.Path(__file__).resolve().parents[2] / "core" / "src"
    names = set()
    for path in core.glob("*/*.rs"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip().startswith('name: "') and line.count(".") >= 2:
                names.add(line.split('"')[1])
    return names


KNOWN = known_operations()


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    suite = Suite()
    for name, convert in [("tconnect", tconnect), ("hpay", hpay), ("appotapay", appotapay)]:
        convert(suite, json.loads((folder / f"{name}_vectors.json").read_text(encoding="utf-8")))
    suite.write()
    print(f"\nNot converted ({len(left_out)}):")
    print("\n".join(f"  {line}" for line in left_out))


main()
