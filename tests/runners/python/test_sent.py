"""What is signed and sent, against Python's own hashlib, hmac and urllib; and initialisation vectors after a fork."""

import hashlib
import hmac
import os
import random
import unittest
from urllib.parse import parse_qs, quote, urlsplit

import kyso

RECORDS = 10_000
KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
SECRET = "test-secret-key-01"
PASSCODE = "test-pass-Bb2"
# Letters that encoders differ on, of every length in UTF-8, and what ends a value.
LETTERS = " ~!'()*-._&=+%#?/:;,@$[]{}\\^`\"<>aZ09đĐếỆ\u0302€漢🏦\u200d\U0010ffff"


class Sent(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(1)

    def text(self):
        return "".join(self.random.choices(LETTERS, k=self.random.randint(1, 20)))

    def test_hmac_over_sorted_pairs(self):
        client = kyso.AppotaPay(partner_code="KYSO", api_key="k-1", secret_key=SECRET, environment="sandbox")
        for _ in range(RECORDS):
            fields = {"".join(self.random.choices("abXY_", k=4)): self.text().replace("&", "") for _ in range(6)}
            text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
            expected = hmac.new(SECRET.encode(), text.encode(), hashlib.sha256).hexdigest()
            self.assertEqual(client.signature.sign(fields=fields), {"signature": expected, "text": text})

    def test_digests_over_joined_texts(self):
        client = kyso.HPay(merchant_site_code="65001", environment="sandbox", passcode=PASSCODE)
        names = ["a", "b", "c"]
        for _ in range(RECORDS):
            fields = {name: self.text() for name in names}
            digest = self.random.choice(["md5", "sha256", "hmac_sha256"])
            recipe = {"fields": names, "separator": "|", "secret": "passcode", "digest": digest}
            joined = "|".join(fields.values())
            if digest == "hmac_sha256":
                expected = hmac.new(PASSCODE.encode(), joined.encode(), hashlib.sha256).hexdigest()
            else:
                expected = hashlib.new(digest, f"{joined}|{PASSCODE}".encode()).hexdigest()
            self.assertEqual(client.signature.build(recipe=recipe, fields=fields)["signature"], expected)

    def test_urllib_reads_back_what_was_signed(self):
        client = kyso.HPay(merchant_site_code="65001", environment="sandbox", secure_pass="test-pass-Aa1")
        for _ in range(RECORDS):
            values = {name: self.text() for name in ("transaction_info", "order_description", "buyer_info")}
            made = client.checkout.create_legacy_link(
                receiver="m@example.com", order_code="OM_1", price=20_000, return_url=f"https://a.example/?x={quote(self.text())}", **values
            )
            url = urlsplit(made["url"])
            sent = parse_qs(url.query, keep_blank_values=True, strict_parsing=True)
            self.assertEqual((url.hostname, url.fragment), ("checkout-sandbox.hpay.com.vn", ""))
            self.assertEqual({name: sent[name] for name in values}, {name: [value] for name, value in values.items()})

    @unittest.skipUnless(hasattr(os, "fork"), "no fork here")
    def test_no_iv_comes_twice_after_a_fork(self):
        client = kyso.TConnect(partner_code="P1", key=KEY, environment="sandbox")
        ivs = lambda: [client.envelope.seal(plaintext="x")["data"][:32] for _ in range(500)]
        before = ivs()
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.write(writer, "".join(ivs()).encode())
            os._exit(0)
        os.close(writer)
        after = ivs()
        with open(reader) as pipe:
            text = pipe.read()
        os.waitpid(child, 0)
        childs = [text[at : at + 32] for at in range(0, len(text), 32)]
        self.assertEqual(len(childs), 500)
        self.assertEqual(len({*before, *after, *childs}), 1500)


unittest.main()
