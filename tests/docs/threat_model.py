"""Holds docs/threat-model.md against the installed library: what each reader proves, and that the SQL credits once."""

import json
import re
import sqlite3
import sys
from pathlib import Path

import kyso

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
#: Members of every reading, which say what it is.
OWN = {"proof", "must_inquire", "matched", "evidence", "idempotency_key", "outcome", "raw", "unverified"}


def names(record, path=""):
    for name, value in record.items():
        yield path + name
        if isinstance(value, dict):
            yield from names(value, f"{path}{name}.")


def readings():
    """Reader -> proofs, proven names and unproven names that the vectors' messages give."""
    found = {}
    for path in sorted((ROOT / "tests/vectors").rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            gateway, service, method = case["operation"].split(".")
            if method not in ("read_callback", "read_redirect") or "output" not in case:
                continue
            make = next(getattr(kyso, member) for member in kyso.__all__ if member.lower() == gateway)
            read = getattr(getattr(make(**case.get("config", {})), service), method)(**case["input"])
            proofs, proven, unproven = found.setdefault(case["operation"], (set(), set(), set()))
            proofs.add(read["proof"])
            proven.update(names({name: value for name, value in read.items() if name not in OWN}))
            unproven.update(names(read.get("unverified", {})))
    return found


def check_readers(table):
    actual = readings()
    rows = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in table.splitlines() if line.startswith("| `")]
    assert {row[0].strip("`") for row in rows} == set(actual), {row[0] for row in rows} ^ set(actual)
    code = lambda text: set(re.findall(r"`([^`]+)`", text))  # noqa: E731
    for reader, proof, proven, unproven in rows:
        proofs, covered, rest = actual[reader.strip("`")]
        assert code(proof) == proofs, (reader, proofs)
        told, denied = code(proven) - {"data"}, code(unproven) - {"data"}
        if proofs == {"decrypted_only"}:
            assert not told and denied <= covered, (reader, denied - covered)
            continue
        assert told <= covered, f"{reader}: not proven: {told - covered}"
        assert denied <= rest and not denied & covered, f"{reader}: not unproven: {denied - rest or denied & covered}"
    return len(rows)


def sql(name):
    return re.search(rf"<!-- text: {name}, [^\n]*-->\n```sql\n(.*?)```", TEXT, re.S)[1]


def check_sql():
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(sql("schema"))
    database.execute("INSERT INTO orders (code, amount) VALUES ('OM_1', 200000)")

    def deliver(key, amount, outcome):
        values = {"idempotency_key": key, "order_code": "OM_1", "amount": amount, "outcome": outcome}
        database.execute("BEGIN")
        new = database.execute(sql("credit"), values).rowcount
        paid = database.execute(sql("paid"), values).rowcount if new else 0
        database.execute("COMMIT")
        return new, paid

    assert deliver("a", 200000, "failed") == (1, 0), "a failure pays nothing"
    assert deliver("b", 1000, "succeeded") == (1, 0), "another amount pays nothing"
    assert deliver("c", 200000, "succeeded") == (1, 1)
    assert deliver("c", 200000, "succeeded") == (0, 0), "a duplicate pays nothing"
    assert deliver("d", 200000, "succeeded") == (1, 0), "an order is paid once"


table = re.search(r"<!-- readers -->\n(.*?)<!-- /readers -->", TEXT, re.S)[1]
count = check_readers(table)
check_sql()
# Control: a member that is claimed to be proven and is not.
try:
    check_readers(table.replace("`order_code`, `price`", "`order_code`, `bank_code`"))
except AssertionError:
    print(f"threat model: {count} readers prove what it says, its SQL credits once; control: a false claim is seen")
else:
    sys.exit("control: a false claim was not seen")
