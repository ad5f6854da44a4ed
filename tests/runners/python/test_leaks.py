"""Canary secrets through every call of the vectors: neither errors nor results nor tracebacks show them."""

import base64
import json
import traceback
import unittest
import urllib.parse
from pathlib import Path

import kyso

VECTORS = Path(__file__).parents[2] / "vectors"
SECRETS = [
    "canary-SECURE-PASS-7Qx!", "canary-PASSCODE-8Wz+1/2", "canary-CLIENT-SECRET-9Yv", "canary-API-SECRET-KEY-0Tu",
    "canary-PREVIOUS-1Sr&x=y", "5eca9a51c0ffee00112233445566778899aabbccddeeff0123456789abcdef01",
]
PASS, PASSCODE, CLIENT_SECRET, SECRET_KEY, PREVIOUS, KEY = SECRETS
CLIENTS = {
    "tconnect": kyso.TConnect(partner_code="P1", key=KEY, environment="sandbox"),
    "hpay": kyso.HPay(
        merchant_site_code="65001", environment="sandbox", secure_pass=PASS, passcode=PASSCODE, client_id="id",
        client_secret=CLIENT_SECRET, previous_secrets=[PREVIOUS],
    ),
    "appotapay": kyso.AppotaPay(
        partner_code="P1", api_key="public-part", secret_key=SECRET_KEY, environment="sandbox", previous_secrets=[PREVIOUS]
    ),
    "vietqr": kyso.VietQR(),
}
#: OAuth's client credentials stand in the body by protocol.
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


def error_texts(error):
    yield from (repr(error), str(error), repr(error.args), repr(vars(error)), repr(error.to_dict()), repr(dir(error)))
    # As error trackers write it, with the variables of the library's own frames.
    summary = traceback.TracebackException.from_exception(error, capture_locals=False)
    yield "".join(summary.format())
    frame = error.__traceback__
    while frame is not None:
        if Path(frame.tb_frame.f_code.co_filename).parent == Path(kyso.__file__).parent:
            yield repr(frame.tb_frame.f_locals)
        frame = frame.tb_next


class Leaks(unittest.TestCase):
    def test_no_call_shows_a_secret(self):
        errors = results = 0
        for path in sorted(VECTORS.rglob("*.json")):
            for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
                operation, fields = case["operation"], case["input"]
                # Gives the passcode, on request.
                if "include_bytes" in fields:
                    continue
                gateway, service, method = operation.split(".")
                try:
                    result = getattr(getattr(CLIENTS[gateway], service), method)(**fields)
                    texts = [repr(result), json.dumps(result)]
                    if operation in SENDS_ITS_SECRET:
                        continue
                    results += 1
                except kyso.KysoError as error:
                    texts = error_texts(error)
                    errors += 1
                self.assertIsNone(leak("\n".join(texts)), operation)
        print(f"{errors} errors and {results} results searched")
        self.assertGreater(errors, 2_000)
        self.assertGreater(results, 500)

    def test_no_frame_keeps_what_was_passed(self):
        with self.assertRaises(kyso.KysoError) as caught:
            CLIENTS["tconnect"].auth.login(username="u", password=PASS, client_id="i", client_secret=CLIENT_SECRET, note=1)
        self.assertIsNone(leak("\n".join(error_texts(caught.exception))))

    def test_a_planted_leak_is_found(self):
        for secret in SECRETS:
            try:
                raise kyso.KysoError({"code": "internal", "operation": "", "stage": "input", "message": secret, "message_vi": ""})
            except kyso.KysoError as error:
                self.assertIsNotNone(leak("\n".join(error_texts(error))))
            for text in (repr({"secret": secret}), secret.encode().hex(), base64.b64encode(b"y" + secret.encode()).decode()):
                self.assertIsNotNone(leak(text), text)


if __name__ == "__main__":
    unittest.main()
