"""A panic planted in the native part (built with --cfg kyso_fault): every operation raises a KysoError, and the same
client works afterwards."""

import json
import os
import sys
from pathlib import Path

import kyso

cases = {}
for path in sorted(Path(sys.argv[1]).rglob("*.json")):
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
        if "output" in case:
            cases.setdefault(case["operation"], case)
faults = 0
for operation, case in cases.items():
    gateway, service, method = operation.split(".")
    make = next(getattr(kyso, member) for member in kyso.__all__ if member.lower() == gateway)
    client = make(**case.get("config", {}))
    run = getattr(getattr(client, service), method)
    os.environ["KYSO_FAULT"] = "1"
    for call in [lambda: run(**case["input"]), lambda: case.get("config") and make(**case["config"])]:
        try:
            done = call()
            assert done == case.get("config"), f"{operation}: the planted panic was not seen"
        except Exception as error:
            assert isinstance(error, kyso.KysoError) and error.code == "internal", f"{operation}: {error!r}"
            faults += 1
    del os.environ["KYSO_FAULT"]
    run(**case["input"])
assert faults > 300, faults
print(f"python: {faults} panics, each a KysoError; the clients work on")
