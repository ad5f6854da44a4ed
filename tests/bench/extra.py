"""Import and first call, package sizes, memory: everything besides the workloads. Writes build/bench/extra.json.

Usage: extra.py ROUNDS HOST=PROGRAM...    a host's program with its arguments in front of `memory`, or NONE
"""

import gzip
import json
import os
import shlex
import statistics
import subprocess
import sys
import zipfile
from pathlib import Path

from workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/bench"
CONFIG = {
    "partner_code": "1111111",
    "key": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    "environment": "sandbox",
}
LOGIN = {"username": "demo@yourdomain.vn", "password": "Password#123", "client_id": "id", "client_secret": "secret"}
TEXT = json.dumps(LOGIN, separators=(",", ":"))

# Import, then the first envelope, in a fresh process: each prints both in microseconds of CPU time.
NODE = """
const now = () => {{ const use = process.cpuUsage(); return use.user + use.system; }};
const start = now();
{imports};
const loaded = now();
{first};
console.log(JSON.stringify([loaded - start, now() - loaded]));
"""
PYTHON = """
import time
start = time.process_time_ns()
{imports}
loaded = time.process_time_ns()
{first}
print([(loaded - start) / 1000, (time.process_time_ns() - loaded) / 1000])
"""
KEY = json.dumps(CONFIG["key"])
NODE_FIRST = {
    "kyso": (
        'const { TConnect } = await import("kyso")',
        f"new TConnect({json.dumps(CONFIG)}).auth.login({json.dumps(LOGIN)})",
    ),
    "node:crypto": (
        'const crypto = await import("node:crypto")',
        f"""const iv = crypto.randomBytes(16);
        const cipher = crypto.createCipheriv("aes-256-cbc", Buffer.from({KEY}, "hex"), iv);
        iv.toString("hex") + cipher.update({json.dumps(TEXT)}, "utf8", "hex") + cipher.final("hex")""",
    ),
    "crypto-js": (
        'const { default: CryptoJS } = await import("crypto-js")',
        f"""const iv = CryptoJS.lib.WordArray.random(16);
        CryptoJS.AES.encrypt({json.dumps(TEXT)}, CryptoJS.enc.Hex.parse({KEY}), {{ iv }}).ciphertext.toString()""",
    ),
    "node-forge": (
        'const { default: forge } = await import("node-forge")',
        f"""const cipher = forge.cipher.createCipher("AES-CBC", forge.util.hexToBytes({KEY}));
        cipher.start({{ iv: forge.random.getBytesSync(16) }});
        cipher.update(forge.util.createBuffer({json.dumps(TEXT)}, "utf8"));
        cipher.finish();
        cipher.output.toHex()""",
    ),
    "noble": (
        """const { cbc } = await import("@noble/ciphers/aes.js");
        const { bytesToHex, hexToBytes, randomBytes } = await import("@noble/ciphers/utils.js")""",
        f"bytesToHex(cbc(hexToBytes({KEY}), randomBytes(16)).encrypt(new TextEncoder().encode({json.dumps(TEXT)})))",
    ),
}
PYTHON_FIRST = {
    "kyso": ("from kyso import TConnect", f"TConnect(**{CONFIG!r}).auth.login(**{LOGIN!r})"),
    "cryptography": (
        "import os\n"
        "from cryptography.hazmat.primitives import padding\n"
        "from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes",
        "padder = padding.PKCS7(128).padder()\n"
        f"padded = padder.update({TEXT!r}.encode()) + padder.finalize()\n"
        f"encryptor = Cipher(algorithms.AES(bytes.fromhex({KEY})), modes.CBC(os.urandom(16))).encryptor()\n"
        "(encryptor.update(padded) + encryptor.finalize()).hex()",
    ),
    "PyCryptodome": (
        "from Crypto.Cipher import AES\nfrom Crypto.Random import get_random_bytes\nfrom Crypto.Util.Padding import pad",
        f"cipher = AES.new(bytes.fromhex({KEY}), AES.MODE_CBC, get_random_bytes(16))\n"
        f"cipher.encrypt(pad({TEXT!r}.encode(), 16)).hex()",
    ),
    "PyJWT": ("import jwt", f"jwt.encode({{'iss': 'x'}}, {KEY}, algorithm='HS256')"),
}


def fresh(command: list[str], rounds: int, programs: dict[str, list[str]]) -> dict[str, list[float]]:
    """Medians of import and first call in milliseconds, the programs taking turns."""
    found: dict[str, list[list[float]]] = {name: [] for name in programs}
    names = list(programs)
    for turn in range(rounds):
        start = turn % len(names)
        for name in names[start:] + names[:start]:
            run = subprocess.run([*command, *programs[name]], cwd=BUILD / "node", capture_output=True, check=True)
            found[name].append(json.loads(run.stdout))
    return {
        name: [statistics.median(column) / 1000 for column in zip(*rows, strict=True)] for name, rows in found.items()
    }


def first_calls(rounds: int) -> tuple[list[list[str]], dict]:
    rows = [["", "import, ms", "first call, ms"]]
    limits = {}
    if (BUILD / "node/node_modules/kyso").exists():
        programs = {
            name: [NODE.format(imports=imports, first=first)] for name, (imports, first) in NODE_FIRST.items()
        }
        for name, (load, call) in fresh(["node", "--input-type=module", "-e"], rounds, programs).items():
            rows.append([f"Node: {name}", f"{load:.1f}", f"{call:.2f}"])
            if name == "kyso":
                limits["Node: load the package"] = [round(load, 1), 12, "ms"]
    if (BUILD / "venv/bin/python").exists():
        programs = {
            name: ["-c", PYTHON.format(imports=imports, first=first)] for name, (imports, first) in PYTHON_FIRST.items()
        }
        for name, (load, call) in fresh([str(BUILD / "venv/bin/python"), "-I"], rounds, programs).items():
            rows.append([f"Python: {name}", f"{load:.1f}", f"{call:.2f}"])
            if name == "kyso":
                limits["Python: import"] = [round(load, 1), 8, "ms"]
    return rows, limits


def tree(path: Path) -> int:
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file())


def sizes() -> tuple[list[list[str]], dict]:
    """Packages as they are downloaded and as they lie on the disk."""
    rows = [["", "packed, kB", "on disk, kB"]]
    limits = {}

    def row(name: str, packed: int | None, disk: int) -> None:
        rows.append([name, f"{packed / 1000:.0f}" if packed else "", f"{disk / 1000:.0f}"])

    modules = BUILD / "node/node_modules"
    for tarball in ROOT.glob("build/npm/kyso-*.tgz"):
        row("npm: kyso", tarball.stat().st_size, tree(modules / "kyso"))
        for wasm in (modules / "kyso").rglob("*.wasm"):
            packed = len(gzip.compress(wasm.read_bytes(), 9))
            row("npm: of it the wasm (gzip)", packed, wasm.stat().st_size)
            limits["Node: wasm, gzip"] = [round(packed / 1000), 250, "kB"]
    for name in ("crypto-js", "node-forge", "@noble", "jsonwebtoken"):
        if (modules / name).exists():
            row(f"npm: {name}", None, tree(modules / name))
    for wheel in ROOT.glob("build/wheel/kyso-*.whl"):
        with zipfile.ZipFile(wheel) as opened:
            row("PyPI: kyso", wheel.stat().st_size, sum(entry.file_size for entry in opened.infolist()))
    for site in BUILD.glob("venv/lib/python*/site-packages"):
        for name, folder in (("cryptography", "cryptography"), ("PyCryptodome", "Crypto"), ("PyJWT", "jwt")):
            python_files = sum(file.stat().st_size for file in (site / folder).rglob("*.pyc"))
            row(f"PyPI: {name}", None, tree(site / folder) - python_files)
    for title, path in (
        ("C: libkyso.so", "build/c/lib/libkyso.so"),
        ("C: libkyso.a", "build/c/lib/libkyso.a"),
        ("PHP: kyso.so", "build/php/kyso.so"),
    ):
        if (ROOT / path).exists():
            row(title, None, (ROOT / path).stat().st_size)
    return rows, limits


def memory(programs: dict[str, list[str]]) -> tuple[dict[str, list[list[str]]], dict]:
    growth = [["", "growth over 10⁶ calls, bytes"]]
    threads = [["login, ns of CPU time per call", "1 thread", "2", "4", "8"]]
    allocations = [["Rust: allocations (bytes) of a call", "kyso", "by hand, without OpenSSL's own"]]
    limits = {}
    for host, program in programs.items():
        print(f"== {host}: memory", file=sys.stderr)
        run = subprocess.run([*program, "memory"], capture_output=True, check=True, env={**os.environ, "PHPRC": ""})
        found = json.loads(run.stdout)
        growth.append([host, f"{found['growth']:.0f}"])
        # A byte lost per call would be a million; only the Rust program counts exactly.
        limits[f"{host}: growth over 10⁶ calls"] = [found["growth"], 0 if host == "rust" else 999_999, "bytes"]
        if "threads" in found:
            times = list(found["threads"].values())
            threads.append([host, *(f"{value:.0f}" for value in times)])
            limits[f"{host}: a call's time among 8 threads / in one"] = [round(times[-1] / times[0], 2), 1.15, "times"]
        counted = found.get("allocations", {})
        for name in filter(counted.get, WORKLOADS):
            rows = counted[name]
            cells = [f"{rows[one][0]:.0f} ({rows[one][1]:.0f})" for one in ("kyso", "OpenSSL, reused")]
            allocations.append([WORKLOADS[name][1], *cells])
    return {"Memory": growth, "Threads": threads, "Allocations": allocations}, limits


def main() -> None:
    rounds = int(sys.argv[1])
    programs = {host: shlex.split(line) for host, _, line in (one.partition("=") for one in sys.argv[2:])}
    print("== import and first call", file=sys.stderr)
    first, load_limits = first_calls(rounds)
    size_rows, size_limits = sizes()
    memory_tables, memory_limits = memory(programs)
    tables = {"Import and first call": first, "Sizes": size_rows, **memory_tables}
    tables = {title: rows for title, rows in tables.items() if len(rows) > 1}
    extra = {"tables": tables, "limits": {**load_limits, **size_limits, **memory_limits}}
    (BUILD / "extra.json").write_text(json.dumps(extra, ensure_ascii=False, indent=1) + "\n")


main()
