"""One and the same error on every surface: judge.py COUNT FILE...; each file is what a surface printed."""

import json
import sys

count, records = int(sys.argv[1]), {}
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    if len(lines) != 1:
        sys.exit(f"{path}: {len(lines)} different answers")
    seen, kind, record = lines[0].split("\t")
    if int(seen) != count or kind == "accepted" or "cause" in kind:
        sys.exit(f"{path}: {lines[0]}")
    records[path] = json.loads(record)
first = next(iter(records.values()))
if any(record != first for record in records.values()):
    sys.exit(f"the surfaces differ: {records}")
print(f"{len(records)} surfaces x {count} failing envelopes: one error, {first['code']}: {first['message']}")
