"""Python: whole operations of the installed package beside the same jobs by hand. Prints one JSON text.

Usage: python bench.py INPUTS ROUNDS [WORKLOAD,...]
       python bench.py INPUTS memory    growth of the process over a million calls, and time by number of threads
"""

import base64
import hashlib
import hmac
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from Crypto.Cipher import AES as CryptodomeAES
from Crypto.Hash import HMAC as CryptodomeHMAC
from Crypto.Hash import MD5 as CryptodomeMD5
from Crypto.Hash import SHA256 as CryptodomeSHA256
from Crypto.PublicKey import RSA as CryptodomeRSA
from Crypto.Random import get_random_bytes
from Crypto.Signature import pkcs1_15
from Crypto.Util.Padding import pad, unpad
from cryptography import x509
from cryptography.hazmat.backends.openssl.backend import backend
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives import hmac as chmac
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from kyso import AppotaPay, HPay, TConnect

# Long enough for the clock and short enough to interleave: nanoseconds of CPU time.
BATCH = 4_000_000
WARM_UP = 20_000_000

i = json.loads(Path(sys.argv[1]).read_text())

tconnect = TConnect(**i["tconnect"])
appotapay = AppotaPay(**i["appotapay"])
hpay = HPay(**i["hpay"])

# What a careful merchant keeps between calls.
key = bytes.fromhex(i["tconnect"]["key"])
aes = algorithms.AES(key)
pkcs7 = padding.PKCS7(128)
secret = i["appotapay"]["secret_key"]
mac_key = secret.encode()
merchant_site_code, receiver = i["hpay"]["merchant_site_code"], i["hpay"]["receiver"]
secure_pass, passcode = i["hpay"]["secure_pass"], i["hpay"]["passcode"]
sign_key = serialization.load_pem_private_key(i["hpay"]["private_key"].encode(), None)
verify_key = x509.load_pem_x509_certificate(i["hpay"]["hpay_certificate"].encode()).public_key()
cryptodome_sign_key = pkcs1_15.new(CryptodomeRSA.import_key(i["hpay"]["private_key"]))
cryptodome_verify_key = pkcs1_15.new(CryptodomeRSA.import_key(i["hpay"]["hpay_certificate"]))


class ByCryptography:
    """AES and RSA of `cryptography`, MACs and digests of the standard library."""

    @staticmethod
    def seal(text: str) -> str:
        iv = os.urandom(16)
        padder = pkcs7.padder()
        padded = padder.update(text.encode()) + padder.finalize()
        encryptor = Cipher(aes, modes.CBC(iv)).encryptor()
        return (iv + encryptor.update(padded) + encryptor.finalize()).hex()

    @staticmethod
    def open(data: str) -> str:
        message = bytes.fromhex(data)
        decryptor = Cipher(aes, modes.CBC(message[:16])).decryptor()
        padded = decryptor.update(message[16:]) + decryptor.finalize()
        unpadder = pkcs7.unpadder()
        return (unpadder.update(padded) + unpadder.finalize()).decode()

    @staticmethod
    def mac(text: str) -> str:
        return hmac.new(mac_key, text.encode(), hashlib.sha256).hexdigest()

    @staticmethod
    def md5(text: str) -> str:
        return hashlib.md5(text.encode()).hexdigest()

    @staticmethod
    def sign(text: str) -> str:
        return base64.b64encode(sign_key.sign(text.encode(), PKCS1v15(), hashes.SHA256())).decode()

    @staticmethod
    def verify(text: str, signature: str) -> None:
        verify_key.verify(base64.b64decode(signature, validate=True), text.encode(), PKCS1v15(), hashes.SHA256())


class ByPyCryptodome:
    @staticmethod
    def seal(text: str) -> str:
        iv = get_random_bytes(16)
        cipher = CryptodomeAES.new(key, CryptodomeAES.MODE_CBC, iv)
        return (iv + cipher.encrypt(pad(text.encode(), 16))).hex()

    @staticmethod
    def open(data: str) -> str:
        message = bytes.fromhex(data)
        cipher = CryptodomeAES.new(key, CryptodomeAES.MODE_CBC, message[:16])
        return unpad(cipher.decrypt(message[16:]), 16).decode()

    @staticmethod
    def mac(text: str) -> str:
        return CryptodomeHMAC.new(mac_key, text.encode(), CryptodomeSHA256).hexdigest()

    @staticmethod
    def md5(text: str) -> str:
        return CryptodomeMD5.new(text.encode()).hexdigest()

    @staticmethod
    def sign(text: str) -> str:
        return base64.b64encode(cryptodome_sign_key.sign(CryptodomeSHA256.new(text.encode()))).decode()

    @staticmethod
    def verify(text: str, signature: str) -> None:
        cryptodome_verify_key.verify(CryptodomeSHA256.new(text.encode()), base64.b64decode(signature, validate=True))


class ByDigest(ByCryptography):
    """hmac.digest, the one-call form."""

    @staticmethod
    def mac(text: str) -> str:
        return hmac.digest(mac_key, text.encode(), "sha256").hex()


class ByCryptographyMac(ByCryptography):
    @staticmethod
    def mac(text: str) -> str:
        mac = chmac.HMAC(mac_key, hashes.SHA256())
        mac.update(text.encode())
        return mac.finalize().hex()


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def login(by):
    def call():
        record = i["login"]
        payload = {
            "username": record["username"],
            "password": record["password"],
            "client_id": record["client_id"],
            "client_secret": record["client_secret"],
        }
        return {
            "method": "POST",
            "url": "https://sme-open-api-sandbox.tconnect.vn/openapi/v1/auth/login",
            "headers": {"Content-Type": "application/json", "Partner-Code": i["tconnect"]["partner_code"]},
            "body": compact({"data": by.seal(compact(payload))}),
        }

    return call


def read_ipn(by):
    def call():
        ipn = json.loads(by.open(json.loads(i["ipn"])["data"]))
        if not isinstance(ipn["request_id"], str) or not isinstance(ipn["retrieval_ref_no"], str):
            raise ValueError("members")
        amount = int(ipn["amount"])
        if amount != ipn["amount"] or amount <= 0:
            raise ValueError("amount")
        ipn["amount"] = amount
        return ipn

    return call


def token_by_hand() -> str:
    text = base64url(compact(JOSE)) + "." + base64url(compact(claims()))
    digest = hmac.digest(mac_key, text.encode(), "sha256")
    return text + "." + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def base64url(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


JOSE = {"typ": "JWT", "alg": "HS256", "cty": "appotapay-api;v=1"}


def claims() -> dict:
    api_key, now = i["appotapay"]["api_key"], i["issued_at"]
    return {"iss": i["appotapay"]["partner_code"], "jti": f"{api_key}-{now}", "api_key": api_key, "exp": now + 300}


def token_by_pyjwt() -> str:
    return jwt.encode(claims(), secret, algorithm="HS256", headers=JOSE)


def headers_of(token):
    return lambda: {"headers": {"X-APPOTAPAY-AUTH": f"Bearer {token()}"}}


kept_token = token_by_hand()


def transfer(by, token=lambda: kept_token):
    def call():
        fields = dict(i["transfer"])
        signature = by.mac("&".join(f"{name}={fields[name]}" for name in sorted(fields)))
        fields["signature"] = signature
        return {
            "method": "POST",
            "url": "https://gateway.dev.appotapay.com/api/v1/service/transfer/make",
            "headers": {"Content-Type": "application/json", "X-APPOTAPAY-AUTH": f"Bearer {token()}"},
            "body": compact(fields),
            "signature": signature,
        }

    return call


def read_callback(by):
    def call():
        message = json.loads(i["callback"])
        row = message["transaction"]
        text = (
            f"amount={row['amount']}&appotapayTransId={row['appotapayTransId']}&errorCode={message['errorCode']}"
            f"&partnerRefId={row['partnerRefId']}&time={row['time']}&transferAmount={row['transferAmount']}"
            f"&transferStatus={row['transferStatus']}"
        )
        if not hmac.compare_digest(by.mac(text), message["signature"]):
            raise ValueError("signature")
        return message

    return call


def link(by):
    def call():
        record = i["link"]
        price = record["price"]
        secure_code = by.md5(f"{merchant_site_code}|{receiver}|{price}|vnd|{record['order_code']}|{secure_pass}")
        query = urlencode({
            "merchant_site_code": merchant_site_code,
            "return_url": record["return_url"],
            "receiver": receiver,
            "transaction_info": record["transaction_info"],
            "order_code": record["order_code"],
            "price": price,
            "currency": "vnd",
            "buyer_info": record["buyer_info"],
            "lang": record["lang"],
            "secure_code": secure_code,
            "cancel_url": record["cancel_url"],
            "notify_url": record["notify_url"],
            "installment": 0,
        })
        url = "https://checkout-sandbox.hpay.com.vn/v1/checkout.php?" + query
        return {"method": "GET", "url": url, "headers": {}, "signature": secure_code}

    return call


LEGACY = (
    "merchant_site_code return_url receiver transaction_info order_code price currency quantity tax discount fee_cal"
    " fee_shipping order_description buyer_info affiliate_code installment inpage payment_method_id"
).split()


def legacy_link(by):
    def call():
        record = {"merchant_site_code": merchant_site_code, "receiver": receiver, **i["legacy_link"]}
        fields = {name: str(record[name]) for name in LEGACY}
        secure_code = by.md5(" ".join(fields.values()) + " " + secure_pass)
        fields |= {"secure_code": secure_code, "token": "", "token_type": ""}
        url = "https://checkout-sandbox.hpay.com.vn/checkout.php?" + urlencode(fields)
        return {"method": "GET", "url": url, "headers": {}, "signature": secure_code}

    return call


def read_return(by):
    def call():
        fields = dict(parse_qsl(i["return_query"], keep_blank_values=True, strict_parsing=True))
        text = (
            f" {fields['transaction_info']} {fields['order_code']} {fields['price']} {fields['payment_id']}"
            f" {fields['payment_type']} {fields['error_text']} {merchant_site_code} {secure_pass}"
        )
        if not hmac.compare_digest(by.md5(text), fields["secure_code"]):
            raise ValueError("signature")
        expected = i["expected"]
        if fields["order_code"] != expected["order_code"] or int(fields["price"]) != expected["price"]:
            raise ValueError("differs")
        return fields

    return call


def ibft(by):
    def call():
        record = i["ibft"]
        amount = str(record["amount"])
        text = f"{record['requestId']}|{merchant_site_code}|{amount}|{record['bankAccountName']}|{passcode}"
        signature = by.sign(text)
        body = {
            "requestId": record["requestId"],
            "merchantId": merchant_site_code,
            "merchantEmail": receiver,
            "bankName": record["bankName"],
            "bankAccountNumber": record["bankAccountNumber"],
            "bankAccountName": record["bankAccountName"],
            "amount": amount,
            "note": record["note"],
            "secureChain": signature,
        }
        return {
            "method": "POST",
            "url": "https://account-sandbox.hpay.com.vn/api/ibft/create",
            "headers": {"Content-Type": "application/json"},
            "body": compact(body),
            "signature": signature,
        }

    return call


def read_ibft(by):
    def call():
        answer = json.loads(i["ibft_answer"])
        if answer["error_code"] != "000":
            raise ValueError("refused")
        data = answer["data"]
        text = f"{data['requestId']}|{data['bankAccountNumber']}|{data['omiCashoutId']}|{passcode}"
        by.verify(text, data["secureChain"])
        return answer

    return call


# The same jobs by kyso: records as a merchant writes them, from values that he has.


def kyso_login():
    record = i["login"]
    return tconnect.auth.login(
        username=record["username"],
        password=record["password"],
        client_id=record["client_id"],
        client_secret=record["client_secret"],
    )


def kyso_transfer(**call):
    record = i["transfer"]
    return appotapay.firm_banking.transfer(
        bankCode=record["bankCode"],
        accountNo=record["accountNo"],
        accountType=record["accountType"],
        accountName=record["accountName"],
        amount=record["amount"],
        feeType=record["feeType"],
        partnerRefId=record["partnerRefId"],
        message=record["message"],
        customerPhoneNumber=record["customerPhoneNumber"],
        contractNumber=record["contractNumber"],
        channel=record["channel"],
        bankId=record["bankId"],
        **call,
    )


def kyso_link():
    record = i["link"]
    return hpay.checkout.create_link(
        return_url=record["return_url"],
        transaction_info=record["transaction_info"],
        order_code=record["order_code"],
        price=record["price"],
        buyer_info=record["buyer_info"],
        lang=record["lang"],
        cancel_url=record["cancel_url"],
        notify_url=record["notify_url"],
    )


def kyso_legacy_link():
    record = i["legacy_link"]
    return hpay.checkout.create_legacy_link(
        return_url=record["return_url"],
        transaction_info=record["transaction_info"],
        order_code=record["order_code"],
        price=record["price"],
        currency=record["currency"],
        quantity=record["quantity"],
        tax=record["tax"],
        discount=record["discount"],
        fee_cal=record["fee_cal"],
        fee_shipping=record["fee_shipping"],
        order_description=record["order_description"],
        buyer_info=record["buyer_info"],
        affiliate_code=record["affiliate_code"],
        installment=record["installment"],
        inpage=record["inpage"],
        payment_method_id=record["payment_method_id"],
    )


def kyso_ibft():
    record = i["ibft"]
    return hpay.firm_banking.transfer(
        requestId=record["requestId"],
        bankName=record["bankName"],
        bankAccountNumber=record["bankAccountNumber"],
        bankAccountName=record["bankAccountName"],
        amount=record["amount"],
        note=record["note"],
    )


# What of a result must be equal for all.


def opened(request):
    return {**request, "body": json.loads(ByCryptography.open(json.loads(request["body"])["data"]))}


def parsed_body(request):
    return {**request, "body": json.loads(request["body"])}


def claims_of(record):
    """The order of a token's members is free."""
    token = record["headers"]["X-APPOTAPAY-AUTH"].removeprefix("Bearer ")
    return jwt.decode(token, secret, algorithms=["HS256"], options={"verify_exp": False}), jwt.get_unverified_header(token)


def with_token(request):
    return {**parsed_body(request), "headers": claims_of(request)}


def parsed_url(request):
    parts = urlsplit(request["url"])
    return {**request, "url": parts.path, "query": parse_qsl(parts.query, keep_blank_values=True)}


def members(*names):
    return lambda record: [str(record[name]) for name in names]


def large(size: int):
    text = (i["line"] * (size // len(i["line"]) + 1))[:size]
    data = tconnect.envelope.seal(plaintext=text)["data"]
    seal = {
        "kyso": lambda: tconnect.envelope.seal(plaintext=text)["data"],
        "cryptography": lambda: ByCryptography.seal(text),
        "PyCryptodome": lambda: ByPyCryptodome.seal(text),
    }
    open_ = {
        "kyso": lambda: tconnect.envelope.open(data=data)["plaintext"],
        "cryptography": lambda: ByCryptography.open(data),
        "PyCryptodome": lambda: ByPyCryptodome.open(data),
    }
    return (seal, lambda sealed: ByCryptography.open(sealed) == text), (open_, lambda opened: opened == text)


def both(job):
    return {"cryptography": job(ByCryptography), "PyCryptodome": job(ByPyCryptodome)}


seal_64k, open_64k = large(64 * 1024)
seal_1m, open_1m = large(1024 * 1024)
PAYMENT = ("transaction_info", "order_code", "price", "payment_id", "payment_type", "error_text")
IPN = ("order_id", "amount", "payment_type", "retrieval_ref_no", "request_id", "narrative", "acc_no")

WORKLOADS: dict[str, tuple[dict[str, Callable], Callable]] = {
    "login": ({"kyso": kyso_login, **both(login)}, opened),
    "ipn": ({"kyso": lambda: tconnect.ipn.read_callback(body=i["ipn"]), **both(read_ipn)}, members(*IPN)),
    "seal_64k": seal_64k,
    "open_64k": open_64k,
    "seal_1m": seal_1m,
    "open_1m": open_1m,
    "transfer": (
        {
            "kyso": lambda: kyso_transfer(token=kept_token),
            "hmac": transfer(ByCryptography),
            "hmac.digest": transfer(ByDigest),
            "cryptography": transfer(ByCryptographyMac),
            "PyCryptodome": transfer(ByPyCryptodome),
        },
        parsed_body,
    ),
    "transfer_token": (
        {
            "kyso": lambda: kyso_transfer(issued_at=i["issued_at"]),
            "hmac": transfer(ByCryptography, token_by_hand),
            "PyJWT": transfer(ByCryptography, token_by_pyjwt),
        },
        with_token,
    ),
    "callback": (
        {
            "kyso": lambda: appotapay.firm_banking.read_callback(body=i["callback"]),
            "hmac": read_callback(ByCryptography),
            "hmac.digest": read_callback(ByDigest),
            "cryptography": read_callback(ByCryptographyMac),
            "PyCryptodome": read_callback(ByPyCryptodome),
        },
        lambda record: sorted((name, str(value)) for name, value in record["transaction"].items()),
    ),
    "token": (
        {
            "kyso": lambda: appotapay.auth.token(issued_at=i["issued_at"]),
            "PyJWT": headers_of(token_by_pyjwt),
            "hmac": headers_of(token_by_hand),
        },
        claims_of,
    ),
    "link": ({"kyso": kyso_link, "hashlib": link(ByCryptography), "PyCryptodome": link(ByPyCryptodome)}, parsed_url),
    "legacy_link": (
        {
            "kyso": kyso_legacy_link,
            "hashlib": legacy_link(ByCryptography),
            "PyCryptodome": legacy_link(ByPyCryptodome),
        },
        parsed_url,
    ),
    "return": (
        {
            "kyso": lambda: hpay.checkout.read_callback(
                query=i["return_query"], link="legacy", expected=i["expected"]
            ),
            "hashlib": read_return(ByCryptography),
            "PyCryptodome": read_return(ByPyCryptodome),
        },
        members(*PAYMENT),
    ),
    "rsa_sign": ({"kyso": kyso_ibft, **both(ibft)}, parsed_body),
    "rsa_verify": (
        {"kyso": lambda: hpay.firm_banking.read_transfer(body=i["ibft_answer"]), **both(read_ibft)},
        lambda record: [record["data"][name] for name in ("requestId", "bankAccountNumber", "omiCashoutId")],
    ),
}


def spent(call: Callable, calls: int) -> int:
    """Nanoseconds of CPU time of so many calls."""
    repeated = range(calls)
    start = time.thread_time_ns()
    for _ in repeated:
        call()
    return time.thread_time_ns() - start


def calibrate(call: Callable) -> int:
    """How many calls make a batch."""
    calls, total, last = 1, 0, 0
    while total < WARM_UP:
        last = spent(call, calls)
        total += last
        if last < BATCH / 2:
            calls *= 2
    return max(1, round(calls * BATCH / max(last, 1)))


def check(name: str, contenders: dict[str, Callable], same: Callable) -> None:
    wanted = same(contenders["kyso"]())
    for contender, call in contenders.items():
        result = same(call())
        if result != wanted or result is False:
            raise SystemExit(f"{name}: {contender} gives another result:\n{result}\n{wanted}")


def measure(name: str, rounds: int) -> dict[str, list[float]]:
    contenders, same = WORKLOADS[name]
    check(name, contenders, same)
    names = list(contenders)
    calls = {contender: calibrate(call) for contender, call in contenders.items()}
    samples: dict[str, list[float]] = {contender: [] for contender in names}
    for turn in range(rounds):
        start = turn % len(names)
        for contender in names[start:] + names[:start]:
            samples[contender].append(spent(contenders[contender], calls[contender]) / calls[contender])
    return samples


SMALL = ("login", "ipn", "transfer", "callback", "token", "link", "legacy_link", "return")


def growth() -> int:
    """Bytes by which the process grows over a million calls of kyso, after as many calls as warm it up."""
    calls = [WORKLOADS[name][0]["kyso"] for name in SMALL]

    def repeat(times: int) -> int:
        for _ in range(times // len(calls)):
            for call in calls:
                call()
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    before = repeat(100_000)
    return repeat(1_000_000) - before


def by_threads() -> dict[int, float]:
    """Nanoseconds of CPU time of a login, by the number of threads that share the client."""
    found = {}
    for count in (1, 2, 4, 8):
        with ThreadPoolExecutor(count) as pool:
            each = list(pool.map(lambda _: spent(kyso_login, 20_000) / 20_000, range(count)))
        found[count] = statistics.median(each)
    return found


if sys.argv[2] == "memory":
    print(json.dumps({"host": "python", "growth": growth(), "threads": by_threads()}))
    sys.exit()

only = sys.argv[3].split(",") if len(sys.argv) > 3 and sys.argv[3] else list(WORKLOADS)
versions = {"python": platform.python_version(), "openssl (cryptography)": backend.openssl_version_text()}
versions |= {name: version(name) for name in ("kyso", "cryptography", "pycryptodome", "PyJWT")}
measured = {name: measure(name, int(sys.argv[2])) for name in only}
print(json.dumps({"host": "python", "versions": versions, "workloads": measured}))
