#!/usr/bin/env python3
"""Vectors for `testing.*`: the messages that the readers' vectors read are the ones that these operations make.

Usage: testing.py

Run it after the other scripts: it takes messages with their signatures from the files that those wrote, so expected
values come from where theirs come from. Standard library only. What it writes is committed.
"""

import json
import urllib.parse

from suite import HERE, Suite, compact, without

# Operation, the reader of its message, the member with the signature.
BODIES = {
    "appotapay": {
        "virtual_account_create": "virtual_account.read_create", "virtual_account_detail": "virtual_account.read_detail",
        "virtual_account_callback": "virtual_account.read_callback", "bill_pay": "bill.read_pay", "bill_status": "bill.read_status",
        "topup_charge": "topup.read_charge", "topup_charge_v1": "topup.read_charge_v1", "topup_status": "topup.read_status",
        "orders_create": "orders.read_create", "orders_create_v1_1": "orders.read_create_v1_1", "orders_status": "orders.read_status",
        "orders_status_v1_1": "orders.read_status_v1_1", "orders_refund": "orders.read_refund", "orders_callback": "orders.read_callback",
    },
    "hpay": {
        "orders_inquire": "orders.read_inquire", "virtual_account_create": "virtual_account.read_create",
        "virtual_account_revoke": "virtual_account.read_revoke", "firm_banking_account": "firm_banking.read_account",
        "firm_banking_inquire": "firm_banking.read_inquire",
    },
}
QUERIES = {
    "appotapay": {"orders_redirect": "orders.read_redirect"},
    "hpay": {"tokenization_callback": "tokenization.read_callback", "virtual_account_callback": "virtual_account.read_callback",
             "open_api_callback": "open_api.read_callback"},
}
SIGNATURES = ["signature", "secure_code", "checksum", "secure_chain"]


def cases():
    for path in sorted(HERE.glob("*/*.json")):
        if not path.name.startswith("testing"):
            yield from json.loads(path.read_text(encoding="utf-8"))["cases"]


def good(case):
    """A message as the gateway sends it: genuine, one candidate, lower-case digest, the formula of the sandbox."""
    output = case.get("output") or {}
    signed = output.get("proof") in ("signed", "partly_signed")
    # A gateway may send addresses with &name= in them; nobody has to be able to make one.
    plain = not {"tampered", "rotation", "number"} & set(case["flags"]) and "url-with-names" not in case["id"]
    return signed and plain and "matched" not in output and case["config"]["environment"] == "sandbox"


def split(members):
    """The members and the name of the signature, where it stands last and is written in lower case."""
    name = list(members)[-1] if members else None
    if name not in SIGNATURES or members[name] != members[name].lower():
        return None, None
    return without(members, name), name


def main():
    suite = Suite()
    found = {}
    for case in cases():
        found.setdefault(case["operation"], []).append(case)
    for kind, table in [("body", BODIES), ("query", QUERIES)]:
        for gateway, operations in table.items():
            for operation, reader in operations.items():
                count = 0
                for case in found.get(f"{gateway}.{reader}", []):
                    if count == 8 or not good(case):
                        continue
                    config = dict(case["config"])
                    text = case["input"][kind]
                    if kind == "body":
                        members = json.loads(text)
                        if compact(members) != text:
                            continue
                    else:
                        members = dict(urllib.parse.parse_qsl(text, keep_blank_values=True))
                        if urllib.parse.urlencode(members).replace("~", "%7E") != text:
                            continue
                    rest, name = split(members)
                    if rest is None or (kind == "body" and any(isinstance(value, float) for value in rest.values())):
                        continue
                    # A reader's own formula is that of its message.
                    count += 1
                    suite.add(f"{gateway}/testing.json", f"{operation}-{case['id']}", f"{gateway}.testing.{operation}", config, {"members": rest},
                              output={kind: text}, comment=f"the message of {case['operation']} {case['id']}", source=case["source"])
                if not count:
                    print(f"no message for {gateway}.testing.{operation}")
    suite.write()


main()
