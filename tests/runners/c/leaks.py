"""Canary secrets through every call of the vectors in C: no text that the installed library gives shows them.

Usage: leaks.py PROGRAM FOLDER
"""
import base64
import json
import pathlib
import subprocess
import sys
import urllib.parse

SECRETS = [
    "canary-SECURE-PASS-7Qx!", "canary-PASSCODE-8Wz+1/2", "canary-CLIENT-SECRET-9Yv", "canary-API-SECRET-KEY-0Tu",
    "canary-PREVIOUS-1Sr&x=y", "5eca9a51c0ffee00112233445566778899aabbccddeeff0123456789abcdef01",
]
PASS, PASSCODE, CLIENT_SECRET, SECRET_KEY, PREVIOUS, KEY = SECRETS
CONFIGS = {
    "tconnect": {"partner_code": "P1", "key": KEY, "environment": "sandbox"},
    "hpay": {
        "merchant_site_code": "65001", "environment": "sandbox", "secure_pass": PASS, "passcode": PASSCODE, "client_id": "id",
        "client_secret": CLIENT_SECRET, "previous_secrets": [PREVIOUS],
    },
    "appotapay": {
        "partner_code": "P1", "api_key": "public-part", "secret_key": SECRET_KEY, "environment": "sandbox",
        "previous_secrets": [PREVIOUS],
    },
}
# OAuth's client credentials stand in the body by protocol.
SENDS_ITS_SECRET = {"hpay.open_api.token", "appotapay.wallet.access_token", "appotapay.wallet.refresh_token"}


def encodings(secret):
    """A piece from the middle, in the encodings in which it could be hidden."""
    data = secret.encode()
    yield from (secret[7:19], data.hex(), urllib.parse.quote(secret, safe=""))
    for shift in range(3):
        yield base64.b64encode(b"x" * shift + data).decode()[4:-4]


NEEDLES = [needle for secret in SECRETS for needle in encodings(secret)]


def leak(text):
    return next((needle for needle in NEEDLES if needle in text), None)


def refused_configs():
    """Each member spoilt in turn: the refusal has seen all secrets."""
    for gateway, config in CONFIGS.items():
        for name in config:
            for bad in (None, 1, "", " x", ["canary"], {"a": PASS}, KEY[:-1] + "g", PASS + "\n"):
                yield gateway, {**config, name: bad}


def lines(folder):
    for gateway, config in [*CONFIGS.items(), *refused_configs()]:
        yield f"client\t{gateway}\t{json.dumps(config)}"
    for path in sorted(pathlib.Path(folder).rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            # include_bytes gives the passcode, on request.
            if case["operation"] not in SENDS_ITS_SECRET and "include_bytes" not in case["input"]:
                yield f"{case['operation']}\t{json.dumps(case['input'])}"


def shown(program, given):
    text = "\n".join(given) + "\n"
    return subprocess.run([program], input=text, capture_output=True, check=True, encoding="utf-8")


program, folder = sys.argv[1:]
done = shown(program, lines(folder))
for block in (done.stdout + done.stderr).split("== "):
    found = leak(block)
    assert found is None, f"{block.splitlines()[0]} shows {found}"
errors, results = done.stdout.count("== error "), done.stdout.count("== ok ")
assert errors > 2000 and results > 500, (errors, results)
for secret in SECRETS:
    for planted in encodings(secret):
        assert leak(shown(program, [f"show\t{planted}"]).stdout), "control: a planted secret was not found"
print(f"C: {errors} errors and {results} results searched, no secret; control: a planted one is found")
