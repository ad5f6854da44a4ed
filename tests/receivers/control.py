"""Shows that run.py finds what it is there to find: each guard is taken out of a copy of the Python receiver in turn.

Usage: control.py PYTHON   (a Python with the frameworks; run from the root of the repository)
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path("examples/receivers/python")
# Guard, its text in a file, what stands there instead, the check that must fail.
MUTANTS = [
    (
        "the amount is compared",
        "payments.py",
        "callback.read(**{callback.raw: raw}, expected=callback.expected(amount))",
        "pass",
        "another amount",
    ),
    ("only a new key credits", "payments.py", "if new and state", "if state", "again: no second credit"),
    ("only success credits", "payments.py", ' and state == "succeeded"', "", "failed payment: no credit"),
    ("an IPN waits", "payments.py", '"to_confirm" if message.get("must_inquire") else', "", "tconnect, genuine"),
    (
        "the body is raw",
        "fastapi_receiver.py",
        'await answer("appotapay", await request.body())',
        'await answer("appotapay", repr(await request.json()).encode())',
        "appotapay, genuine",
    ),
    (
        "the query is raw",
        "fastapi_receiver.py",
        'request.scope["query_string"]',
        '"&".join(f"{k}={v}" for k, v in request.query_params.items()).encode()',
        "hpay, genuine",
    ),
    ("orders are ours", "payments.py", "        raise LookupError\n", "        return 200_000\n", "order that is not ours"),
]


def main() -> None:
    python = sys.argv[1]
    missed = 0
    for guard, name, text, instead, check in MUTANTS:
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(SOURCE, folder, dirs_exist_ok=True)
            file = Path(folder, name)
            original = file.read_text()
            assert text in original, f"{guard}: {name} has changed"
            file.write_text(original.replace(text, instead))
            server = [python, "-m", "uvicorn", "fastapi_receiver:app", "--port", "{PORT}", "--log-level", "critical"]
            run = [sys.executable, "tests/receivers/run.py", "mutant", folder, *server]
            done = subprocess.run(run, capture_output=True, text=True)
        if done.returncode == 0 or not any(check in line for line in done.stdout.splitlines() if "FAILED" in line):
            missed += 1
            print(f"FAILED without «{guard}» the check «{check}» still passes")
    print(f"control: {len(MUTANTS) - missed} passed, {missed} failed")
    sys.exit(1 if missed else 0)


main()
