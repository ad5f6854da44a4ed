"""Writes build/bench/machine.json: where and when what is measured. Usage: machine.py [HOST measured just now]"""

import json
import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def processor() -> str:
    try:
        found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    except OSError:
        found = None
    name = found[1].strip() if found else platform.processor() or platform.machine()
    features = set(found.string.split()) if found else set()
    wanted = {"aes": "AES-NI", "vaes": "VAES", "sha_ni": "SHA-NI", "adx": "ADX", "avx512ifma": "AVX-512 IFMA"}
    return f"{name} ({', '.join(title for flag, title in wanted.items() if flag in features) or 'no AES-NI'})"


def revision() -> str:
    run = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
    return run.stdout.strip() or "unknown"


def main() -> None:
    version = re.search(r'^version = "(.+)"', (ROOT / "Cargo.toml").read_text(), re.MULTILINE)
    path = ROOT / "build/bench/machine.json"
    before = json.loads(path.read_text()) if path.exists() else {}
    kyso = f"{version[1] if version else 'unknown'} ({revision()})"
    machine = {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}, {' '.join(platform.libc_ver())}",
        "kyso": kyso,
        # A host that is measured alone may be of another revision than the rest.
        "revisions": {**before.get("revisions", {}), **{host: kyso for host in sys.argv[1:]}},
    }
    path.write_text(json.dumps(machine, ensure_ascii=False, indent=1) + "\n")


main()
