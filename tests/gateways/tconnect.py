"""TConnect Payment Open API: AES-256-CBC request bodies and IPN, plain JSON answers."""

import base64
import binascii
import json
import secrets
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives import hashes, padding
from cryptography.hazmat.primitives.asymmetric import padding as rsa_padding
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from wire import Answer, Gateway, Refused, Request, call, in_json, in_text

# The public example key of NIST SP 800-38A, F.2.5.
KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
PARTNER = "1111111"
LOGIN = {
    "username": "shop@example.com",
    "password": "Mật-khẩu#123",
    "client_id": "e2e-client",
    "client_secret": "e2e-client-secret-" + "x" * 14,
}
BIN = "970454"
VIETNAM = timezone(timedelta(hours=7))
SERVICES = [
    ("bidv-qr", "QR BIDV", "qr", False),
    ("vccb-qr", "QR Bản Việt", "qr", True),
]


def seal(plain: bytes) -> str:
    iv = secrets.token_bytes(16)
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(bytes.fromhex(KEY)), modes.CBC(iv)).encryptor()
    sealed = encryptor.update(padder.update(plain) + padder.finalize()) + encryptor.finalize()
    return (iv + sealed).hex()


def unseal(data: str) -> bytes:
    raw = binascii.unhexlify(data)
    if len(raw) < 32 or len(raw) % 16:
        raise ValueError("impossible length")
    decryptor = Cipher(algorithms.AES(bytes.fromhex(KEY)), modes.CBC(raw[:16])).decryptor()
    unpadder = padding.PKCS7(128).unpadder()
    return unpadder.update(decryptor.update(raw[16:]) + decryptor.finalize()) + unpadder.finalize()


def refuse(status: int, code: str, message: str) -> Refused:
    return Refused(in_json(status, {"code": code, "message": message}))


def object_of(identifier: str, value: str) -> str:
    return f"{identifier}{len(value):02}{value}"


def vietqr(account: str, bin_code: str, amount: int | None, bill: str | None) -> str:
    """NAPAS VietQR: EMVCo objects, closed by CRC-16/CCITT-FALSE."""
    beneficiary = object_of("00", bin_code) + object_of("01", account)
    napas = object_of("00", "A000000727") + object_of("01", beneficiary) + object_of("02", "QRIBFTTA")
    text = object_of("00", "01") + object_of("01", "12" if amount else "11") + object_of("38", napas)
    text += object_of("53", "704")
    if amount:
        text += object_of("54", str(amount))
    text += object_of("58", "VN")
    if bill:
        text += object_of("62", object_of("01", bill))
    text += "6304"
    return text + f"{binascii.crc_hqx(text.encode(), 0xFFFF):04X}"


def page_of(rows: list, limit: int, page: int) -> tuple[list, dict]:
    total = len(rows)
    pagination = {"page": page, "limit": limit, "total_items": total, "total_pages": -(-total // limit)}
    return rows[(page - 1) * limit : page * limit], pagination


class TConnect(Gateway):
    name = "TConnect"

    def __init__(self) -> None:
        super().__init__()
        self.token_key = rsa.generate_private_key(65537, 2048)
        self.access_tokens: dict[str, float] = {}
        self.refresh_tokens: set[str] = set()
        self.accounts: set[str] = set()
        self.codes: dict[str, dict] = {}
        # A payment at another till, so that the list has more than one page.
        self.payments = [
            {
                "order_id": "0106002530",
                "amount": 2000,
                "reference": "20260211000006",
                "narrative": "Quầy 2",
                "at": datetime(2026, 2, 11, 10, 58, 26, tzinfo=VIETNAM),
                "kind": "qr",
            }
        ]
        self.routes |= {
            ("POST", "/openapi/v1/auth/login"): self.login,
            ("POST", "/openapi/v1/auth/refresh"): self.refresh,
            ("GET", "/openapi/v1/services"): self.services,
            ("POST", "/openapi/v1/va/va-account/create"): self.create_va,
            ("POST", "/openapi/v1/qr"): self.create_qr,
            ("POST", "/openapi/v1/transaction/qr"): self.transactions,
            ("POST", "/portal/pay"): self.pay,
        }

    # What every request must have

    def check_headers(self, request: Request, bearer: bool) -> None:
        if request.headers.get("partner-code") != PARTNER:
            raise refuse(401, "01", "Partner-Code is unknown")
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if bearer and (scheme != "Bearer" or self.access_tokens.get(token, 0) < time.time()):
            raise refuse(401, "01", "the access token is unknown or expired")
        if not bearer and scheme:
            raise refuse(400, "01", "Authorization must be left out here")

    def payload(self, request: Request, required: set[str], optional: frozenset[str] = frozenset()) -> dict:
        """The decrypted members; every fault has the one answer, so that nobody learns why."""
        try:
            envelope = request.json_object()
            if set(envelope) != {"data"}:
                raise ValueError("the body has other members than data")
            members = json.loads(unseal(envelope["data"]))
            if not required <= set(members) <= required | optional:
                raise ValueError("members are missing or unknown")
            return members
        except (ValueError, TypeError) as error:
            raise refuse(400, "03", "unknown error") from error

    # Operations

    def tokens(self) -> dict:
        def part(value: object) -> str:
            text = value if isinstance(value, bytes) else json.dumps(value).encode()
            return base64.urlsafe_b64encode(text).rstrip(b"=").decode()

        expiry = int(time.time()) + 300
        head = {"alg": "RS256", "typ": "JWT", "kid": "e2e"}
        signed = part(head) + "." + part({"exp": expiry, "jti": secrets.token_hex(16), "azp": LOGIN["client_id"]})
        signature = self.token_key.sign(signed.encode(), rsa_padding.PKCS1v15(), hashes.SHA256())
        access, refresh = f"{signed}.{part(signature)}", secrets.token_urlsafe(48)
        self.access_tokens[access] = expiry
        self.refresh_tokens.add(refresh)
        return {
            "access_token": access,
            "expires_in": 300,
            "refresh_token": refresh,
            "refresh_expires_in": 1800,
            "token_type": "Bearer",
        }

    def login(self, request: Request) -> Answer:
        self.check_headers(request, bearer=False)
        if self.payload(request, set(LOGIN)) != LOGIN:
            raise refuse(401, "01", "wrong credentials")
        session = {"session_state": "5c9d7c3e-6a53-4a6c-8c0e-1f7f6b1d2a90", "scope": "email profile"}
        return in_json(200, self.tokens() | session)

    def refresh(self, request: Request) -> Answer:
        self.check_headers(request, bearer=False)
        token = self.payload(request, {"refresh_token"})["refresh_token"]
        if token not in self.refresh_tokens:
            raise refuse(401, "01", "the refresh token is unknown")
        self.refresh_tokens.remove(token)
        return in_json(200, self.tokens())

    def services(self, request: Request) -> Answer:
        self.check_headers(request, bearer=True)
        query = dict(parse_qsl(request.query))
        limit, page = (query.get(name, "") for name in ("limit", "page"))
        if not (limit.isdecimal() and page.isdecimal() and int(limit) and int(page)):
            raise refuse(400, "03", "limit and page count from 1")
        rows = [
            {
                "id": index,
                "code": code,
                "name": name,
                "service_type": "finance",
                "payment_method": method,
                "allowed_va_creation": va,
                "provider": {"provider_code": code.split("-")[0].upper(), "provider_name": name},
            }
            for index, (code, name, method, va) in enumerate(SERVICES, 1)
            if query.get("payment_method", method) == method
        ]
        rows, pagination = page_of(rows, int(limit), int(page))
        return in_json(200, {"data": rows, "pagination": pagination}, ensure_ascii=False, indent=2)

    def create_va(self, request: Request) -> Answer:
        self.check_headers(request, bearer=True)
        wanted = self.payload(request, {"bank_code", "account_name"})
        number = f"VA{100023312 + len(self.accounts)}"
        self.accounts.add(number)
        return in_json(200, {"va_number": number, **wanted, "status": "active"}, ensure_ascii=False)

    def create_qr(self, request: Request) -> Answer:
        self.check_headers(request, bearer=True)
        optional = frozenset({"amount", "orderId", "binCode", "narrative", "extraData"})
        wanted = self.payload(request, {"accountNumber"}, optional)
        service = request.headers.get("x-service-code")
        if service is not None and service not in [row[0] for row in SERVICES]:
            raise refuse(400, "03", "x-service-code is unknown")
        if wanted["accountNumber"] not in self.accounts:
            raise refuse(400, "03", "the account is unknown")
        amount = wanted.get("amount")
        if amount is not None and (type(amount) is not int or amount <= 0):
            raise refuse(400, "03", "amount must be a whole number")
        text = vietqr(wanted["accountNumber"], wanted.get("binCode", BIN), amount, wanted.get("orderId"))
        self.codes[text] = wanted
        return in_json(200, {"qrString": text})

    def transactions(self, request: Request) -> Answer:
        self.check_headers(request, bearer=True)
        wanted = self.payload(request, {"from_date", "to_date", "limit", "page"})
        try:
            first, last = (
                datetime.strptime(wanted[name], "%Y-%m-%d %H:%M:%S").replace(tzinfo=VIETNAM)
                for name in ("from_date", "to_date")
            )
        except (ValueError, TypeError) as error:
            raise refuse(400, "03", "dates must be YYYY-MM-DD HH:MM:SS") from error
        if not all(type(wanted[name]) is int and wanted[name] > 0 for name in ("limit", "page")):
            raise refuse(400, "03", "limit and page count from 1")
        rows = [
            {
                "order_id": row["order_id"],
                "amount": str(row["amount"]),  # text here, a number in the IPN
                "trn_ref_no": row["reference"],
                "narrative": row["narrative"],
                "txn_init_dt": row["at"].strftime("%Y-%m-%d %H:%M:%S"),
            }
            for row in self.payments
            if first <= row["at"] <= last
        ]
        rows, pagination = page_of(rows, wanted["limit"], wanted["page"])
        return in_json(200, {"data": rows, "pagination": pagination})

    # A payment and its notification

    def pay(self, request: Request) -> Answer:
        code = self.codes.get(request.body.decode())
        if code is None or not code.get("amount"):
            return in_text(404, "no such code")
        now = datetime.now(VIETNAM)
        payment = {
            "order_id": code.get("orderId", ""),
            "amount": code["amount"],
            "reference": f"{now:%Y%m%d}{len(self.payments):06}",
            "narrative": "Nguyễn Văn B chuyển tiền",
            "at": now,
        }
        self.payments.append(payment)
        members = {
            "order_id": payment["order_id"],
            "amount": float(payment["amount"]),  # the document prints 2000.0
            "payment_type": "QR",
            "retrieval_ref_no": payment["reference"],
            "request_id": secrets.token_hex(16),
            "narrative": payment["narrative"],
            "acc_no": code["accountNumber"],
            "original_transaction_date": int(now.timestamp()),
        }
        plain = json.dumps(members).encode()

        def notify(data: str) -> tuple[int, bytes]:
            return call("POST", self.callback_url, json.dumps({"data": data}).encode())

        def forge() -> tuple[int, bytes]:
            """One bit of an inner block: the block turns to noise, as CBC has it."""
            raw = bytearray.fromhex(seal(plain))
            raw[64] ^= 1
            return notify(raw.hex())

        self.tell(lambda: notify(seal(plain)), forge, lambda status, _: status == 200)
        return self.delivered()
