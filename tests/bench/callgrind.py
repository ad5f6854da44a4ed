"""Instructions per call of the Rust crate's operations, counted by valgrind. Writes build/bench/callgrind.json.

Counts do not depend on the load of the machine. Under valgrind the processor has AES-NI but neither SHA-NI nor VAES, so
they are for comparing one revision with another, not for comparing workloads.
Usage: callgrind.py PROGRAM INPUTS [--publish]    the latter adds the counts to the committed list of revisions
"""

import json
import re
import subprocess
import sys
from pathlib import Path

from workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]
SNAPSHOT = ROOT / "tests/bench/results/callgrind.json"
CALLS = {"seal_64k": 20, "open_64k": 20, "seal_1m": 2, "open_1m": 2, "rsa_sign": 2, "rsa_verify": 20}


def instructions(name: str, calls: int) -> int:
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", sys.argv[1], sys.argv[2], "calls"]
    run = subprocess.run([*command, name, str(calls)], capture_output=True, text=True, check=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if not found:
        raise SystemExit(run.stderr)
    return int(found[1])


def per_call(name: str) -> int:
    """The difference of two runs: what is done once falls out."""
    calls = CALLS.get(name, 500)
    return round((instructions(name, 2 * calls) - instructions(name, calls)) / calls)


def main() -> None:
    revisions = json.loads(SNAPSHOT.read_text()) if SNAPSHOT.exists() else []
    before = revisions[-1]["instructions"] if revisions else {}
    found = {}
    for name in WORKLOADS:
        found[name] = per_call(name)
        change = f"  {found[name] / before[name] - 1:+.1%} against {revisions[-1]['kyso']}" if before.get(name) else ""
        print(f"{name:15}{found[name]:12,}{change}", flush=True)
    machine = json.loads((ROOT / "build/bench/machine.json").read_text())
    report = {"date": machine["date"], "kyso": machine["kyso"], "instructions": found}
    (ROOT / "build/bench/callgrind.json").write_text(json.dumps(report, indent=1) + "\n")
    if "--publish" in sys.argv:
        SNAPSHOT.parent.mkdir(parents=True, exist_ok=True)
        SNAPSHOT.write_text(json.dumps([*revisions, report], indent=1) + "\n")


main()
