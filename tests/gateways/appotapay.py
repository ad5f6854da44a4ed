"""AppotaPay firm banking and virtual accounts: JWT header, HMAC-SHA256 over sorted name=value text."""

import base64
import hashlib
import hmac
import json
import time
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

from wire import Answer, Gateway, Refused, Request, call, in_json, in_text

PARTNER = "E2ESHOP"
API_KEY = "e2e-api-key-6d1f0b"
SECRET_KEY = "e2e-secret-key-a8c35e77"
BALANCE = 101_747_939
VIETNAM = timezone(timedelta(hours=7))
ACCOUNT_INFO = ["accountNo", "accountType", "bankCode", "partnerRefId"]
TRANSFER = ["accountName", "accountNo", "accountType", "amount", "bankCode", "feeType", "partnerRefId"]
TRANSFER_OPTIONAL = ["bankId", "channel", "contractNumber", "customerPhoneNumber", "message"]
CREATE_VA = ["amount", "bankCode", "billCode", "billInfo", "customerName", "notifyUrl", "paymentCondition"]
CREATE_VA_OPTIONAL = ["billExpiryTime", "extraData", "serviceCode"]
OWNERS = {"132100132400000": "NGUYEN VAN A", "9704000000000018": "AP APPOTAPAY"}


def sign(fields: dict) -> str:
    text = "&".join(f"{name}={fields[name]}" for name in sorted(fields))
    return hmac.new(SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def php_json(value: object) -> str:
    """As PHP's json_encode writes it by default."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def refuse(status: int, code: int, message: str) -> Refused:
    """Failures are not signed."""
    return Refused(in_json(status, {"errorCode": code, "message": message}))


def from_base64url(text: str) -> bytes:
    if "=" in text:
        raise ValueError("padded")
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def check_token(header: str) -> None:
    try:
        token = header.removeprefix("Bearer ")
        signed, signature = token.rsplit(".", 1)
        expected = hmac.new(SECRET_KEY.encode(), signed.encode(), hashlib.sha256).digest()
        if not hmac.compare_digest(from_base64url(signature), expected):
            raise ValueError("signature")
        head, claims = (json.loads(from_base64url(part)) for part in signed.split("."))
        if head != {"typ": "JWT", "alg": "HS256", "cty": "appotapay-api;v=1"}:
            raise ValueError("header")
        now = time.time()
        moment = int(claims["jti"].removeprefix(API_KEY + "-"))
        if claims["iss"] != PARTNER or claims["api_key"] != API_KEY or abs(now - moment) > 60:
            raise ValueError("claims")
        if not now < claims["exp"] <= now + 7200:
            raise ValueError("exp")
    except (ValueError, KeyError, TypeError) as error:
        raise refuse(401, 14, f"token refused: {error}") from error


class AppotaPay(Gateway):
    name = "AppotaPay"

    def __init__(self) -> None:
        super().__init__()
        self.transfers: dict[str, dict] = {}
        self.bills: dict[str, dict] = {}
        root = "/api/v1/service"
        self.routes |= {
            ("POST", f"{root}/transfer/bank/account/info"): self.account_info,
            ("POST", f"{root}/transfer/make"): self.transfer,
            ("GET", f"{root}/transfer/transaction/"): self.status,
            ("GET", f"{root}/accounts/balance"): self.balance,
            ("POST", f"{root}/ebill/create"): self.create_va,
            ("POST", "/portal/settle"): self.settle,
            ("POST", "/portal/pay"): self.pay_bill,
        }

    def message(self, request: Request, required: list[str], optional: list[str]) -> dict:
        """A body whose signature covers the listed fields that are present."""
        check_token(request.headers.get("x-appotapay-auth", ""))
        try:
            body = request.json_object()
        except ValueError as error:
            raise refuse(400, 1, "not a JSON object") from error
        signature = body.pop("signature", None)
        if not set(required) <= set(body) <= {*required, *optional}:
            raise refuse(400, 1, "fields are missing or unknown")
        if any(isinstance(value, (bool, float, list, dict)) or value is None for value in body.values()):
            raise refuse(400, 1, "fields must be texts or whole numbers")
        if not isinstance(signature, str) or not hmac.compare_digest(signature, sign(body)):
            raise refuse(400, 2, "signature invalid")
        return body

    def account_info(self, request: Request) -> Answer:
        wanted = self.message(request, ACCOUNT_INFO, [])
        owner = OWNERS.get(wanted["accountNo"])
        if owner is None:
            raise refuse(400, 161, "account number invalid")
        signature = sign({"accountName": owner, "accountNo": wanted["accountNo"], "errorCode": 0})
        account = {name: wanted[name] for name in ("accountNo", "bankCode", "accountType")} | {"accountName": owner}
        return in_json(200, {"errorCode": 0, "message": "Thành công", "accountInfo": account, "signature": signature})

    def transfer(self, request: Request) -> Answer:
        order = self.message(request, TRANSFER, TRANSFER_OPTIONAL)
        reference = order["partnerRefId"]
        if reference in self.transfers:
            raise refuse(400, 31, "duplicate transaction reference")
        now = datetime.now(VIETNAM)
        self.transfers[reference] = row = {
            "amount": int(order["amount"]),
            "transferAmount": int(order["amount"]),
            "appotapayTransId": f"AP{1_000 + len(self.transfers)}",
            "accountNo": order["accountNo"],
            "accountName": order["accountName"],
            "at": now,
            "result": 0 if order["accountType"] == "card" else 35,
        }
        if row["result"] == 35:
            raise refuse(200, 35, "Giao dịch đang được xử lý")
        return self.done(row, row["at"].strftime("%d-%m-%Y %H:%M:%S"), {"account": {"balance": BALANCE}})

    def done(self, row: dict, moment: object, more: dict) -> Answer:
        transaction = {name: row[name] for name in ("amount", "transferAmount", "appotapayTransId")} | {"time": moment}
        signature = sign(transaction | {"errorCode": 0})
        transaction |= more.pop("transaction", {})
        answer = {"errorCode": 0, "message": "Thành công", "transaction": transaction, **more, "signature": signature}
        return in_json(200, answer, indent=1)

    def status(self, request: Request) -> Answer:
        check_token(request.headers.get("x-appotapay-auth", ""))
        row = self.transfers.get(unquote(request.path.rsplit("/", 1)[1]))
        if row is None:
            raise refuse(400, 36, "transaction does not exist")
        if row["result"] != 0:
            raise refuse(200, row["result"], "not done")
        account = {"phoneNumber": "", "accountNo": row["accountNo"], "accountName": row["accountName"]}
        # Unix seconds here, text in the other messages.
        return self.done(row, int(row["at"].timestamp()), {"transaction": account})

    def balance(self, request: Request) -> Answer:
        check_token(request.headers.get("x-appotapay-auth", ""))
        return in_json(200, {"errorCode": 0, "message": "Thành công", "account": {"balance": BALANCE}})

    def settle(self, request: Request) -> Answer:
        reference = request.body.decode()
        row = self.transfers.get(reference)
        if row is None or row["result"] != 35:
            return in_text(404, "no such pending transfer")
        row["result"] = 2004 if row["accountNo"].endswith("000") else 0
        transaction = {
            "amount": row["amount"],
            "transferAmount": row["transferAmount"],
            "transferStatus": "error" if row["result"] else "success",
            "appotapayTransId": row["appotapayTransId"],
            "partnerRefId": reference,
            "time": datetime.now(VIETNAM).strftime("%d-%m-%Y %H:%M:%S"),
        }
        message = {"errorCode": row["result"], "message": "Kết quả chuyển tiền", "transaction": transaction}
        message["signature"] = sign(transaction | {"errorCode": row["result"]})
        forged = message | {"transaction": transaction | {"amount": row["amount"] + 1}}
        self.tell(
            lambda: call("POST", self.callback_url, json.dumps(message).encode()),
            lambda: call("POST", self.callback_url, json.dumps(forged).encode()),
            lambda status, body: status == 200 and json.loads(body) == {"status": "ok"},
        )
        return self.delivered()

    def create_va(self, request: Request) -> Answer:
        bill = self.message(request, CREATE_VA, CREATE_VA_OPTIONAL)
        if bill["billCode"] in self.bills:
            raise refuse(400, 1, "billCode is taken")
        self.bills[bill["billCode"]] = bill
        account = {
            "bankCode": bill["bankCode"],
            "bankName": bill["bankCode"],
            "accountNo": f"902000{225_675 + len(self.bills)}",
            "accountName": f"VAP001 {bill['customerName']}",
            "bankBranch": "Chi nhánh Hà Nội/HN",
        }
        payment = {"bankAccounts": [account]}
        signature = sign({"billCode": bill["billCode"], "errorCode": 0, "payment": php_json(payment)})
        answer = {"errorCode": 0, "message": "Thành công", "billCode": bill["billCode"], "payment": payment}
        # Written otherwise than it was signed, as a gateway behind a proxy that parses does.
        return in_json(200, answer | {"signature": signature}, ensure_ascii=False)

    def pay_bill(self, request: Request) -> Answer:
        bill = self.bills.get(request.body.decode())
        if bill is None:
            return in_text(404, "no such bill")
        now = int(time.time())
        message = {
            "partnerCode": PARTNER,
            "apiKey": API_KEY,
            "amount": int(bill["amount"]),
            "bankAccountName": f"VAP001 {bill['customerName']}",
            "bankAccountNumber": "902000225676",
            "bankCode": bill["bankCode"],
            "billCode": bill["billCode"],
            "extraData": bill.get("extraData", ""),
            "memo": "Nguyễn Văn B trả tiền & cảm ơn",
            "requestTime": now,
            "transactionId": "AP9001",
            "transactionTime": now,
            "version": "1.0",
        }
        signed = message | {"signature": sign(message)}
        forged = signed | {"amount": message["amount"] * 10}
        self.tell(
            lambda: call("POST", bill["notifyUrl"], json.dumps(signed).encode()),
            lambda: call("POST", bill["notifyUrl"], json.dumps(forged).encode()),
            lambda status, body: status == 200 and json.loads(body)["statusCode"] in ("00", "15"),
        )
        return self.delivered()
