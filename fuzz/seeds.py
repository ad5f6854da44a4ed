"""Writes first inputs for the fuzz targets from the test vectors: seeds.py FOLDER"""

import base64
import hashlib
import json
import sys
from pathlib import Path

HERE = Path(__file__).parent
VECTORS = HERE.parent / "tests/vectors"
KEYS = HERE.parent / "core/tests/keys"
FOLDER = Path(sys.argv[1])
#: Per operation: more of one kind teach the fuzzer little.
MOST = 6
#: Longer inputs slow everything down.
LONGEST = 8192


def put(target, data):
    # Vectors of refused inputs hold other types.
    if isinstance(data, str):
        data = data.encode(errors="replace")
    if not isinstance(data, bytes) or len(data) > LONGEST:
        return
    folder = FOLDER / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / hashlib.sha1(data).hexdigest()[:16]).write_bytes(data)


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def call(case):
    return case["operation"] + "\n" + compact(case["input"])


def cases():
    for path in sorted(VECTORS.rglob("*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))["cases"]


count = {}
for case in cases():
    operation, given = case["operation"], case["input"]
    gateway = operation.split(".")[0]
    kind = (operation, "output" in case)
    count[kind] = count.get(kind, 0) + 1
    if "config" in case:
        put("config", gateway + "\n" + compact(case["config"]))
        for recipe in case["config"].get("recipes", {}).values():
            if isinstance(recipe, str):
                put("notation", recipe)
    if isinstance(given.get("recipe"), str):
        put("notation", given["recipe"])
    if operation == "vietqr.code.read":
        put("vietqr", given.get("text"))
    if operation == "tconnect.ipn.read_callback":
        put("tconnect_messages", given.get("body"))
    if operation == "tconnect.testing.ipn_callback":
        put("tconnect_messages", compact(given.get("members")))
    if operation == "tconnect.envelope.seal":
        put("tconnect_messages", given.get("plaintext"))
    if operation == "tconnect.auth.read_login":
        try:
            put("tconnect_messages", json.loads(given["body"])["access_token"])
        except (KeyError, TypeError, ValueError):
            pass
    if count[kind] > MOST:
        continue
    put("vietqr" if gateway == "vietqr" else f"door_{gateway}", call(case))
    put("json", compact(given))
    if isinstance(given.get("body"), str):
        put("json", given["body"])
    if ".testing." in operation and gateway != "tconnect":
        put(f"callback_{gateway}", call(case))
    if ".explain." in operation:
        put("explain", call(case))

put("tconnect_messages", '{"exp":1768392000}')
put("notation", "MD5(a + '|' + b + '|' + passcode)")
put("notation", "base64(sign(a + '|' + passcode))")
put("tconnect_messages", '{"amount":50000,"request_id":"r1","retrieval_ref_no":"f1","order_id":"OM_1"}')
put("tconnect_messages", '{"amount":"50000","request_id":"r1","retrieval_ref_no":"f1","extra":{"a":[{"b":[]}]}}')
put("ambiguity", "|\na\nb\nc")
put("ambiguity", "||\na|\n|b\nc")
put("ambiguity", "; \na;\nb\n c")
put("ambiguity", "link\ngiao OM_2 1000 vnd\n1 0 0 0 0 y\nNguyen Van A")
put("ambiguity", "link\ntich hop\nao so 2 mau do\ngiao sau 17h")
put("ambiguity", "pairs\nA & B\n0123\n50000\nVCB\n1&channel=citad\nx=y&amount=1\nchuyen tien\nR1")
put("ambiguity", "pairs\nA\n0123&amount=5")

for path in [*KEYS.iterdir(), *(VECTORS / "keys").glob("*.pem")]:
    if path.suffix == ".der":
        put("keys", b"\0" + path.read_bytes())
        continue
    if path.suffix != ".pem":
        continue
    text = path.read_bytes()
    private = b"PRIVATE" in text
    put("keys", bytes([7 if private else 3]) + text)
    body = b"".join(line for line in text.split(b"\n") if line and not line.startswith(b"-----") and b":" not in line)
    der = base64.b64decode(body)
    if b"BEGIN CERTIFICATE" in text:
        put("keys", b"\0" + der)
    elif b"BEGIN PRIVATE KEY" in text:
        put("keys", b"\1" + der)
    elif b"BEGIN RSA PRIVATE KEY" in text:
        put("keys", b"\2" + der)

#: Words of each gateway: names of operations, of fields, of members inside messages, and choices.
words = {}


def collect(into, value):
    if isinstance(value, dict):
        into.update(value)
        for member in value.values():
            collect(into, member)
    elif isinstance(value, list):
        for item in value:
            collect(into, item)
    elif isinstance(value, str):
        if len(value) <= 16:
            into.add(value)
        elif value.startswith("{"):
            try:
                collect(into, json.loads(value))
            except ValueError:
                pass


for case in cases():
    known = words.setdefault(case["operation"].split(".")[0], set())
    known.add(case["operation"])
    collect(known, case["input"])
for gateway, known in words.items():
    plain = sorted(word for word in known if word.isascii() and word.isprintable() and not {'"', "\\"} & set(word) and word)
    (FOLDER / f"{gateway}.dict").write_text("".join(f'"{word}"\n' for word in plain))
