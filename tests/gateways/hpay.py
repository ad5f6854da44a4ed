"""HPay: checkout links with MD5 digests, their callbacks, firm banking (iBFT) with RSA, and the Open API."""

import base64
import hashlib
import hmac
import json
import secrets
from urllib.parse import parse_qsl, quote_plus

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from wire import Answer, Gateway, Refused, Request, call, in_json, in_text, with_query

MERCHANT = "65001"
SECURE_PASS = "e2e-secure-pass-4f1c"
PASSCODE = "e2e-passcode-9b27"
RECEIVER = "shop@example.com"
CLIENT_ID = "e2e-open-api"
CLIENT_SECRET = "e2e-open-api-secret-77d0"
BALANCE = 10_000_000
LEGACY = (
    "merchant_site_code return_url receiver transaction_info order_code price currency quantity tax discount fee_cal "
    "fee_shipping order_description buyer_info affiliate_code installment inpage payment_method_id"
).split()
# Name of the bank → where its accounts are. Not a complete list.
BANKS = {"TCB", "VCB", "BIDV", "MB", "ACB"}


def md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def bad_link(code: str) -> Refused:
    return Refused(in_text(400, f"error_code={code}"))


def failed(code: str, status: str) -> Refused:
    """An answer of firm banking that reports a failure: no data, nothing signed."""
    return Refused(in_json(200, {"error_code": code, "status": status}))


class HPay(Gateway):
    name = "HPay"

    def __init__(self, key: rsa.RSAPrivateKey, merchant: x509.Certificate) -> None:
        super().__init__()
        self.key, self.merchant = key, merchant
        self.orders: set[str] = set()
        self.transfers: dict[str, dict] = {}
        self.routes |= {
            ("GET", "/v1/checkout.php"): self.v1_link,
            ("GET", "/checkout.php"): self.legacy_link,
            ("POST", "/api/ibft/create"): self.transfer,
            ("GET", "/api/ibft/inquiry"): self.inquire,
            ("POST", "/service/va/v1/create"): self.create_va,
            ("POST", "/service/ibft/v1/transfer"): self.open_api_transfer,
            ("POST", "/service/account/v1/get-balance"): self.get_balance,
            ("POST", "/portal/pay"): self.pay_va,
        }
        self.routes |= {("POST", f"/service/{scope}/v1/oauth2/token"): self.token for scope in ("va", "ibft", "account")}
        self.tokens: dict[str, str] = {}
        self.accounts: dict[str, dict] = {}

    # Checkout

    def v1_link(self, request: Request) -> Answer:
        link = self.parameters(request)
        signed = [link.get(name, "") for name in ("merchant_site_code", "receiver", "price", "currency", "order_code")]
        return self.open_link(link, md5("|".join([*signed, SECURE_PASS])))

    def legacy_link(self, request: Request) -> Answer:
        link = self.parameters(request)
        signed = [link.get(name, "") for name in LEGACY]
        return self.open_link(link, md5(" ".join([*signed, SECURE_PASS])))

    def parameters(self, request: Request) -> dict[str, str]:
        """As PHP decodes a query: `+` is a space; a repeated name would be somebody's trick."""
        try:
            pairs = parse_qsl(request.query, keep_blank_values=True, strict_parsing=True, errors="strict")
        except ValueError as error:
            raise bad_link("03") from error
        link = dict(pairs)
        if len(link) != len(pairs):
            raise bad_link("03")
        return link

    def open_link(self, link: dict[str, str], secure_code: str) -> Answer:
        if not same(link.get("secure_code", ""), secure_code):
            raise bad_link("03")
        if link["merchant_site_code"] != MERCHANT:
            raise bad_link("06")
        if link["receiver"] != RECEIVER:
            raise bad_link("110")
        if not link["price"].isdecimal():
            raise bad_link("11")
        if link["currency"] not in ("vnd", "usd"):
            raise bad_link("12")
        if not link.get("return_url", "").startswith("http"):
            raise bad_link("121")
        if link.get("installment") not in ("0", "1"):
            raise bad_link("03")
        if link["order_code"] in self.orders:
            raise bad_link("80")
        self.orders.add(link["order_code"])
        paid = self.callback(link)
        if link.get("notify_url"):
            self.notify(link["notify_url"], paid)
        page = with_query(link["return_url"], self.query(paid))
        return Answer(302, b"", "text/html", {"Location": page})

    def callback(self, link: dict[str, str]) -> dict[str, str]:
        members = {
            "transaction_info": link.get("transaction_info", ""),
            "order_code": link["order_code"],
            "price": link["price"],
            "payment_id": str(7_000_000 + len(self.orders)),
            "payment_type": "1",
            "error_text": "",
        }
        # A leading space: the formula of HPay's samples.
        signed = " " + " ".join([*members.values(), MERCHANT, SECURE_PASS])
        unsigned = {"token_omipay": "", "bank_code": "VCB", "card_number": "970436xxxxxx1234", "card_type": ""}
        return members | {"secure_code": md5(signed)} | unsigned

    @staticmethod
    def query(members: dict[str, str]) -> str:
        """As PHP's urlencode writes it."""
        return "&".join(f"{name}={quote_plus(value)}" for name, value in members.items())

    def notify(self, url: str, paid: dict[str, str]) -> None:
        forged = paid | {"price": paid["price"] + "0"}
        self.tell(
            lambda: call("GET", with_query(url, self.query(paid))),
            lambda: call("GET", with_query(url, self.query(forged))),
            lambda status, _: status == 200,
        )

    # Firm banking

    def transfer(self, request: Request) -> Answer:
        try:
            order = request.json_object()
        except ValueError as error:
            raise failed("043", "empty data") from error
        required = {"requestId", "merchantId", "merchantEmail", "bankName", "bankAccountNumber", "bankAccountName", "amount"}
        if not required | {"secureChain"} <= set(order) <= required | {"secureChain", "note"}:
            raise failed("008", "parameters missing or unknown")
        if not all(isinstance(value, str) for value in order.values()):
            raise failed("008", "parameters must be texts")
        signed = "|".join([order[name] for name in ("requestId", "merchantId", "amount", "bankAccountName")] + [PASSCODE])
        if not self.signed_by_merchant(signed, order["secureChain"]):
            raise failed("001", "secureChain does not verify")
        if order["merchantId"] != MERCHANT or order["merchantEmail"] != RECEIVER:
            raise failed("20014", "merchant unknown")
        if order["bankName"] not in BANKS:
            raise failed("116", "bank unknown")
        if order["requestId"] in self.transfers:
            raise failed("129", "already executed")
        if int(order["amount"]) > BALANCE:
            raise failed("035", "insufficient funds")
        number = len(self.transfers) + 1
        row = order | {"omiCashoutId": 880_000 + number, "omiTransactionId": 990_000 + number}
        self.transfers[order["requestId"]] = row
        if order["bankAccountNumber"].endswith("99"):
            raise failed("99", "unknown bank error")
        data = {
            "requestId": row["requestId"],
            "bankAccountNumber": row["bankAccountNumber"],
            "omiCashoutId": row["omiCashoutId"],  # a bare number, as printed in the document
            "omiTransactionId": row["omiTransactionId"],
        }
        text = f"{row['requestId']}|{row['bankAccountNumber']}|{row['omiCashoutId']}|{PASSCODE}"
        data["secureChain"] = self.sign(text)
        # PHP escapes the slashes of base64.
        body = json.dumps({"error_code": "000", "status": "success", "data": data}).replace("/", "\\/")
        return Answer(200, body.encode())

    def sign(self, text: str) -> str:
        return base64.b64encode(self.key.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()

    def signed_by_merchant(self, text: str, signature: str) -> bool:
        try:
            raw = base64.b64decode(signature, validate=True)
            self.merchant.public_key().verify(raw, text.encode(), padding.PKCS1v15(), hashes.SHA256())
            return True
        except (ValueError, InvalidSignature):
            return False

    def inquire(self, request: Request) -> Answer:
        """The formulas of this call are not published: request as inferred, the answer's checksum is anything."""
        query = self.parameters(request)
        if not same(query.get("secureChain", ""), md5(f"{query.get('requestId')}|{MERCHANT}|{PASSCODE}")):
            raise failed("010", "secureChain mismatch")
        row = self.transfers.get(query.get("requestId"))
        if query.get("merchantId") != MERCHANT or row is None:
            raise failed("217301", "no such request")
        under_way = row["bankAccountNumber"].endswith("99")
        data = {
            "time_tranfer": "20/11/2026",  # spelt as documented
            "note": row.get("note", ""),
            "amount": int(row["amount"]),
            "transaction_status": 1 if under_way else 4,  # 4 is a success here
            "cashout_status": 1 if under_way else 3,  # and 3 is one here
            "refund_status": 1,
            "bankAccount_name": row["bankAccountName"],
            "merchant_id": MERCHANT,
            "request_id": row["requestId"],
            "bankAccount_number": row["bankAccountNumber"],
        }
        return in_json(200, {"error_code": "000", "data": data, "secure_chain": md5("not published")})

    # Open API, as two merchants' programs know it

    def token(self, request: Request) -> Answer:
        form = dict(parse_qsl(request.body.decode(errors="replace")))
        scope = request.path.split("/")[2]
        wanted = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "client_credentials", "scope": scope}
        if request.headers.get("content-type") != "application/x-www-form-urlencoded" or form != wanted:
            return in_json(401, {"error": "invalid_client", "error_description": "unknown client"})
        token = secrets.token_urlsafe(32)
        self.tokens[token] = scope
        return in_json(200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600})

    def opened(self, request: Request, required: set[str], optional: frozenset[str] = frozenset()) -> dict:
        """The payload of an envelope, once token, signature and members are right."""
        scope = request.path.split("/")[2]
        if self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer ")) != scope:
            raise self.failure("214401", "token refused")
        try:
            envelope = request.json_object()
            if not self.signed_by_merchant(f"{envelope['data']}|{PASSCODE}", envelope["signature"]):
                raise self.failure("214402", "signature refused")
            payload = json.loads(base64.b64decode(envelope["data"], validate=True))
        except (ValueError, KeyError) as error:
            raise self.failure("214403", "no envelope") from error
        required |= {"requestId", "merchantId"}
        if not required <= set(payload) <= required | optional or payload["merchantId"] != MERCHANT:
            raise self.failure("214403", "members are missing or unknown")
        return payload

    @staticmethod
    def failure(code: str, message: str) -> Refused:
        """Failures come without data and signature."""
        return Refused(in_json(200, {"errorCode": code, "errorMessage": message, "data": None, "signature": None}))

    def sealed(self, payload: dict) -> Answer:
        data = base64.b64encode(json.dumps(payload).encode()).decode()
        signature = self.sign(f"00|{data}|{PASSCODE}")
        return in_json(200, {"errorCode": "00", "errorMessage": "Success", "data": data, "signature": signature})

    def create_va(self, request: Request) -> Answer:
        optional = frozenset({"vaAmount", "remark", "vaExpirationTime", "bankCode", "notifyUrl"})
        wanted = self.opened(request, {"vaType", "vaName", "vaCondition"}, optional)
        number = f"9612{len(self.accounts) + 345678}"
        self.accounts[number] = wanted
        answer = {name: wanted[name] for name in ("vaName", "vaType", "vaCondition", "vaAmount", "remark") if name in wanted}
        more = {"vaBank": wanted.get("bankCode", "MSB"), "vaStatus": 1, "expiredTime": 1_800_000_000}
        return self.sealed({"vaAccount": number, **answer, **more, "qrCode": "", "quickLink": ""})

    def pay_va(self, request: Request) -> Answer:
        number = request.body.decode()
        wanted = self.accounts.get(number)
        if wanted is None or "notifyUrl" not in wanted:
            return in_text(404, "no such account")
        signed = [number, wanted["vaAmount"], "550001", "660001", PASSCODE, wanted["requestId"], MERCHANT]
        members = {
            "va_account": number,
            "va_account_name": wanted["vaName"],
            "va_bank_name": "MSB",
            "transfer_content": base64.b64encode("Nạp tiền + quà".encode()).decode(),
            "amount": wanted["vaAmount"],
            "mc_fee": "1100",
            "time_paid": "1790000000",
            "order_id": "440001",
            "cashin_id": "550001",
            "transaction_id": "660001",
            "client_request_id": wanted["requestId"],
            "merchant_id": MERCHANT,
            "secure_code": md5("|".join(signed)),
        }

        def notify(members: dict[str, str]) -> tuple[int, bytes]:
            return call("GET", with_query(wanted["notifyUrl"], self.query(members)))

        self.tell(
            lambda: notify(members),
            lambda: notify(members | {"amount": members["amount"] + "0"}),
            lambda status, body: status == 200 and json.loads(body)["error"] == "00",
        )
        return self.delivered()

    def open_api_transfer(self, request: Request) -> Answer:
        required = {"bankName", "bankAccountNumber", "bankAccountName", "amount"}
        order = self.opened(request, required, frozenset({"note"}))
        if int(order["amount"]) > BALANCE:
            raise self.failure("214404", "balance too low")
        numbers = {"cashoutId": 770_001, "transactionId": 780_001, "transactionTime": "20/11/2026 10:00:00"}
        return self.sealed(order | numbers)

    def get_balance(self, request: Request) -> Answer:
        self.opened(request, set())
        return self.sealed({"merchantId": MERCHANT, "merchantEmail": RECEIVER, "balance": f"{BALANCE:,}"})
