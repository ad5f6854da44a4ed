"""A merchant that uses all three gateways over HTTP. Prints one line per step: step, tab, result."""

import sqlite3
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from os import environ as env
from pathlib import Path

import httpx

from kyso import AppotaPay, HPay, KysoError, TConnect

# The merchant's own record: what each order or transfer should be worth.
ORDERS = {
    "DH-1001": 150_000,
    "DH-1002": 200_000,
    "DH-1003": 350_000,
    "HD-1": 90_000,
    "NAP-1": 120_000,
    "RUT-2": 50_000,
    "RUT-3": 70_000,
}
INFO = "Đơn hàng #2 & quà + 100%"

tconnect = TConnect(partner_code=env["TCONNECT_PARTNER"], key=env["TCONNECT_KEY"], base_url=env["TCONNECT_URL"])
hpay = HPay(
    merchant_site_code=env["HPAY_MERCHANT"],
    secure_pass=env["HPAY_SECURE_PASS"],
    passcode=env["HPAY_PASSCODE"],
    receiver=env["HPAY_RECEIVER"],
    private_key=Path(env["HPAY_PRIVATE_KEY"]).read_text(),
    hpay_certificate=Path(env["HPAY_CERTIFICATE"]).read_text(),
    client_id=env["HPAY_CLIENT_ID"],
    client_secret=env["HPAY_CLIENT_SECRET"],
    base_urls={"checkout": env["HPAY_URL"], "account": env["HPAY_URL"], "open_api": env["HPAY_URL"]},
    environment="sandbox",
)
appotapay = AppotaPay(
    partner_code=env["APPOTAPAY_PARTNER"],
    api_key=env["APPOTAPAY_API_KEY"],
    secret_key=env["APPOTAPAY_SECRET_KEY"],
    base_urls={"gateway": env["APPOTAPAY_URL"]},
    environment="sandbox",
)
# Proxies of the environment are not for this machine.
http = httpx.Client(follow_redirects=True, trust_env=False)


def send(request: dict) -> bytes:
    answer = http.request(
        request["method"], request["url"], headers=request["headers"], content=request.get("body")
    )
    return answer.content  # failures come with a body to read, so the status is not looked at


def post(url: str, text: str) -> str:
    return http.post(url, content=text).text


def browse(url: str) -> str:
    page = http.get(url)
    return page.text if page.status_code == 200 else f"{page.status_code} {page.text}"


# Callbacks


class NotOurs(Exception):
    pass


def our_own(order: str | None, amount: int) -> None:
    if order not in ORDERS or ORDERS[order] != amount:
        raise NotOurs


def read_tconnect(path: str, query: str, body: bytes) -> tuple[str, str, dict]:
    ipn = tconnect.ipn.read_callback(body=body)
    our_own(ipn.get("order_id"), ipn["amount"])
    text = f"order {ipn['order_id']}, {ipn['amount']} VND, {ipn['proof']}"
    return ipn["idempotency_key"], text, tconnect.ipn.acknowledge()


def read_hpay(path: str, query: str, body: bytes) -> tuple[str, str, dict]:
    paid = hpay.checkout.read_callback(query=query, link="legacy" if path.startswith("/hpay/legacy/") else "v1")
    our_own(paid["order_code"], paid["price"])
    if paid["transaction_info"] != INFO:
        raise NotOurs
    state = f"{paid['proof']}, {paid['outcome']}, {paid['evidence']}"
    text = f"order {paid['order_code']}, {paid['price']} VND, {state}"
    return paid["idempotency_key"], text, hpay.checkout.acknowledge()


def read_webhook(path: str, query: str, body: bytes) -> tuple[str, str, dict]:
    paid = hpay.open_api.read_callback(query=query)
    our_own(paid["client_request_id"], paid["amount"])
    text = f"{paid['client_request_id']}, {paid['amount']} VND, {paid['proof']}"
    return paid["idempotency_key"], text, hpay.open_api.acknowledge()


def read_appotapay(path: str, query: str, body: bytes) -> tuple[str, str, dict]:
    result = appotapay.firm_banking.read_callback(body=body)
    row = result["transaction"]
    our_own(row["partnerRefId"], row["amount"])
    text = f"{row['partnerRefId']}, {row['amount']} VND, {result['proof']}, {result['outcome']}"
    return result["idempotency_key"], text, appotapay.firm_banking.acknowledge()


def read_bill(path: str, query: str, body: bytes) -> tuple[str, str, dict]:
    paid = appotapay.virtual_account.read_callback(body=body)
    our_own(paid["billCode"], paid["amount"])
    text = f"{paid['billCode']}, {paid['amount']} VND, {paid['proof']}, {paid['outcome']}"
    return paid["idempotency_key"], text, appotapay.virtual_account.acknowledge()


READERS = {
    "/tconnect/ipn": read_tconnect,
    "/hpay/webhook": read_webhook,
    "/hpay/v1/notify": read_hpay,
    "/hpay/v1/return": read_hpay,
    "/hpay/legacy/notify": read_hpay,
    "/hpay/legacy/return": read_hpay,
    "/appotapay/callback": read_appotapay,
    "/appotapay/bill": read_bill,
}
lock = threading.Lock()
calls = Counter[str]()
store = sqlite3.connect(":memory:", check_same_thread=False)
store.execute("CREATE TABLE payments (path TEXT, key TEXT, text TEXT, raw BLOB, UNIQUE (path, key))")


def plain(status: int, text: str) -> dict:
    return {"status": status, "content_type": "text/plain", "body": text}


def called(path: str, query: str, body: bytes) -> dict:
    """Every message that is not genuine gets the same answer."""
    calls[path] += 1
    returned = path.endswith("/return")
    if calls[path] == 1 and not returned:
        return plain(503, "the database is down")
    try:
        key, text, answer = READERS[path](path, query, body)
    except (KysoError, NotOurs):
        return plain(400, "refused")
    if returned:
        notify = path.replace("/return", "/notify")
        known = store.execute("SELECT 1 FROM payments WHERE path = ? AND key = ?", (notify, key)).fetchone()
        return plain(200, f"{text}, {'stored before' if known else 'not stored'}")
    store.execute("INSERT OR IGNORE INTO payments VALUES (?, ?, ?, ?)", (path, key, text, body))
    return answer


class Callbacks(BaseHTTPRequestHandler):
    def answer(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with lock:
            answer = called(path, query, body)
        content = answer["body"].encode()
        self.send_response(answer["status"])
        self.send_header("Content-Type", answer["content_type"])
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = answer

    def log_message(self, *_: object) -> None:
        pass


# What is printed


def show(step: str, result: object) -> None:
    print(f"{step}\t{result}")


def refused(step: str, call: Callable[[], object]) -> None:
    try:
        call()
        show(step, "ACCEPTED: this must not happen")
    except KysoError as error:
        parts = [error.code, error.field, error.gateway_code, error.outcome, error.next_operation]
        show(step, "refused: " + " ".join(part for part in parts if part))


def show_calls(step: str, path: str, statuses: str) -> None:
    """What the gateway was answered, and what was stored."""
    rows = store.execute("SELECT text FROM payments WHERE path = ? ORDER BY rowid", (path,)).fetchall()
    show(step, f"{statuses}; stored {len(rows)}: {rows[-1][0] if rows else ''}")


def show_transfer(step: str, read: dict) -> None:
    row = read["transaction"]
    show(step, f"{read['proof']}, {read['outcome']}, {row['transferAmount']} VND, {row['appotapayTransId']}")


def yes(answer: bool) -> str:
    return "yes" if answer else "no"


# The gateways


def pay_by_tconnect(address: str) -> None:
    credentials = {
        name: env[f"TCONNECT_{name.upper()}"] for name in ("username", "password", "client_id", "client_secret")
    }
    tokens = tconnect.auth.read_login(body=send(tconnect.auth.login(**credentials)))
    show("TConnect login", f"{tokens['proof']}, {tokens['token_type']}, {tokens['expires_in']} s")
    stranger = TConnect(
        partner_code=env["TCONNECT_PARTNER"], key="0123456789abcdef" * 4, base_url=env["TCONNECT_URL"]
    )
    answer = send(stranger.auth.login(**credentials))
    refused("TConnect login, other key", lambda: tconnect.auth.read_login(body=answer))

    refresh_token = tokens["refresh_token"]
    newer = tconnect.auth.read_refresh(body=send(tconnect.auth.refresh(refresh_token=refresh_token)))
    token = newer["access_token"]
    show("TConnect refresh", f"{newer['proof']}, new token: {yes(token != tokens['access_token'])}")
    used = send(tconnect.auth.refresh(refresh_token=refresh_token))
    refused("TConnect refresh, used token", lambda: tconnect.auth.read_refresh(body=used))

    rows = tconnect.services.read_list(body=send(tconnect.services.list(access_token=token, payment_method="qr")))
    service = next(row["code"] for row in rows["data"] if row["allowed_va_creation"])
    show("TConnect services", f"{service} of {len(rows['data'])}")

    def create(access_token: str) -> bytes:
        return send(
            tconnect.virtual_account.create(
                access_token=access_token, bank_code="970454", account_name="NGUYEN VAN A"
            )
        )

    account = tconnect.virtual_account.read_create(body=create(token))
    show("TConnect virtual account", f"{account['va_number']}, {account['status']}")
    answer = create("no-such-token")
    refused("TConnect virtual account, bad token", lambda: tconnect.virtual_account.read_create(body=answer))

    code = {
        "access_token": token,
        "accountNumber": account["va_number"],
        "amount": 150_000,
        "orderId": "DH-1001",
        "narrative": "Thanh toán đơn hàng",
        "extraData": {"table": "B12"},
        "service_code": service,
    }
    answer = send(tconnect.qr.create(**code))
    made = tconnect.qr.read_create(body=answer, requested=code)
    said = made["vietqr"]
    show("TConnect QR", f"{said['bin']} {said['account']}, {said['amount']} VND, bill {said['bill_number']}")
    other = code | {"amount": 15_000}
    refused("TConnect QR, other amount asked", lambda: tconnect.qr.read_create(body=answer, requested=other))

    url = env["TCONNECT_URL"]
    post(f"{url}/portal/callback_url", f"{address}/tconnect/ipn")
    statuses = post(f"{url}/portal/pay", made["qrString"])
    show_calls("TConnect IPN", "/tconnect/ipn", statuses)
    confirm(token)


def confirm(token: str) -> None:
    """The gateway lists one payment per page here; ours is on the second."""
    (ipn,) = store.execute("SELECT raw FROM payments WHERE path = '/tconnect/ipn'").fetchone()
    first, second = (
        send(
            tconnect.transactions.qr(
                access_token=token,
                from_date="2026-01-01 00:00:00",
                to_date="2099-12-31 23:59:59",
                limit=1,
                page=page,
            )
        )
        for page in (1, 2)
    )
    listed = tconnect.transactions.read_qr(body=first)
    row, pages = listed["data"][0], listed["pagination"]["total_pages"]
    show("TConnect transactions, page 1", f"{row['order_id']}, {row['amount']} VND, of {pages} pages")
    ipn = ipn.decode()
    refused("TConnect confirm, page 1", lambda: tconnect.ipn.confirm(ipn=ipn, kind="qr", body=first))
    found = tconnect.ipn.confirm(ipn=ipn, kind="qr", body=second)
    payment = f"order {found['order_id']}, {found['amount']} VND, reference equal: {yes(found['reference_equal'])}"
    show("TConnect confirm, page 2", f"{found['proof']}, {payment}")


def pay_by_hpay(address: str) -> None:
    order = {
        "transaction_info": INFO,
        "order_description": "Áo dài cỡ M/L = 2 chiếc?",
        "buyer_info": "Trần Thị B",
    }
    link = hpay.checkout.create_link(
        return_url=f"{address}/hpay/v1/return",
        notify_url=f"{address}/hpay/v1/notify",
        order_code="DH-1002",
        price=200_000,
        lang="vi",
        **order,
    )
    open_link("V1", "/hpay/v1/notify", link["url"])
    legacy = hpay.checkout.create_legacy_link(
        return_url=f"{address}/hpay/legacy/return",
        notify_url=f"{address}/hpay/legacy/notify",
        order_code="DH-1003",
        price=350_000,
        **order,
    )
    open_link("legacy", "/hpay/legacy/notify", legacy["url"])


def open_link(kind: str, notify: str, url: str) -> None:
    """What the buyer's browser does, first with a price of his own."""
    show(f"HPay {kind} link, price changed", browse(url.replace("0000&currency", "000&currency")))
    show(f"HPay {kind} link, return_url", browse(url))
    show_calls(f"HPay {kind} link, notify_url", notify, browse(f"{env['HPAY_URL']}/portal/deliveries"))
    show(f"HPay {kind} link, opened again", browse(url))


def transfer_by_hpay() -> None:
    def transfer(request_id: str, account: str) -> bytes:
        return send(
            hpay.firm_banking.transfer(
                requestId=request_id,
                bankName="TCB",
                bankAccountNumber=account,
                bankAccountName="NGUYEN VAN A",
                amount=500_000,
                note="hoan tien DH-1002",
            )
        )

    def read(body: bytes, request_id: str) -> dict:
        return hpay.firm_banking.read_transfer(body=body, expected={"data": {"requestId": request_id}})

    body = transfer("CK-1", "19036000123")
    done = read(body, "CK-1")
    data = done["data"]
    show("HPay transfer", f"{done['proof']}, account {data['bankAccountNumber']}, cash-out {data['omiCashoutId']}")
    other = body.replace(b"19036000123", b"19036000124")
    refused("HPay transfer, answer changed", lambda: read(other, "CK-1"))
    refused("HPay transfer, answer to another", lambda: read(body, "CK-2"))
    refused("HPay transfer, unclear", lambda: read(transfer("CK-2", "19036000199"), "CK-2"))
    refused("HPay transfer, sent again", lambda: read(transfer("CK-1", "19036000123"), "CK-1"))
    for request_id in ("CK-1", "CK-2"):
        found = hpay.firm_banking.read_inquire(body=send(hpay.firm_banking.inquire(requestId=request_id)))
        show(f"HPay inquiry, {request_id}", f"{found['proof']}, {found['outcome']}")
    answer = send(hpay.firm_banking.inquire(requestId="CK-3"))
    refused("HPay inquiry, CK-3", lambda: hpay.firm_banking.read_inquire(body=answer))


def use_open_api(address: str) -> None:
    api = hpay.open_api
    tokens = {scope: api.read_token(body=send(api.token(scope=scope))) for scope in ("va", "ibft", "account")}
    access = {scope: token["access_token"] for scope, token in tokens.items()}
    token = tokens["va"]
    show("HPay Open API token", f"{token['proof']}, {token['token_type']}, {token['expires_in']} s")

    create = api.create_va(
        access_token=access["va"],
        requestId="NAP-1",
        vaType="1",
        vaName="NGUYEN VAN A",
        vaCondition="1",
        vaAmount=120_000,
        remark="nap vi 1",
        notifyUrl=f"{address}/hpay/webhook",
    )
    account = api.read_create_va(body=send(create), expected={"vaAmount": 120_000})
    show("HPay Open API virtual account", f"{account['proof']}, {account['vaAccount']}, {account['vaAmount']} VND")
    statuses = post(f"{env['HPAY_URL']}/portal/pay", account["vaAccount"])
    show_calls("HPay Open API webhook", "/hpay/webhook", statuses)

    def transfer(scope: str, amount: int) -> bytes:
        return send(
            api.transfer(
                access_token=access[scope],
                requestId="CK-9",
                bankName="TCB",
                bankAccountNumber="19036000123",
                bankAccountName="NGUYEN VAN A",
                amount=amount,
            )
        )

    done = api.read_transfer(body=transfer("ibft", 45_000), expected={"requestId": "CK-9", "amount": 45_000})
    show("HPay Open API transfer", f"{done['proof']}, {done['amount']} VND, cash-out {done['cashoutId']}")
    refused("HPay Open API transfer, too much", lambda: api.read_transfer(body=transfer("ibft", 20_000_000)))
    refused("HPay Open API transfer, other scope", lambda: api.read_transfer(body=transfer("va", 45_000)))
    balance = api.read_balance(body=send(api.balance(access_token=access["account"], requestId="SD-1")))
    show("HPay Open API balance", f"{balance['proof']}, {balance['balance']} VND")


def transfer_by_appotapay(address: str) -> None:
    banking = appotapay.firm_banking
    wanted = {"bankCode": "TPBANK", "accountNo": "132100132400000", "accountType": "account"}
    owner = banking.read_account_info(body=send(banking.account_info(**wanted, partnerRefId="TEN-1")))
    show("AppotaPay account", f"{owner['proof']}, {owner['accountInfo']['accountName']}")

    def transfer(reference: str, account: str, kind: str, amount: int) -> bytes:
        return send(
            banking.transfer(
                bankCode="TPBANK",
                accountNo=account,
                accountType=kind,
                accountName="NGUYEN VAN A",
                amount=amount,
                feeType="payer",
                partnerRefId=reference,
                message="rut tien vi",
            )
        )

    def status() -> bytes:
        return send(banking.status(partnerRefId="RUT-2"))

    card = transfer("RUT-1", "9704000000000018", "card", 30_000)
    show_transfer("AppotaPay transfer", banking.read_transfer(body=card))
    pending = transfer("RUT-2", "132100132400001", "account", 50_000)
    refused("AppotaPay transfer, pending", lambda: banking.read_transfer(body=pending))
    refused("AppotaPay status, pending", lambda: banking.read_status(body=status()))

    url, path = env["APPOTAPAY_URL"], "/appotapay/callback"
    post(f"{url}/portal/callback_url", f"{address}{path}")
    show_calls("AppotaPay callback", path, post(f"{url}/portal/settle", "RUT-2"))
    show_transfer("AppotaPay status", banking.read_status(body=status()))
    again = transfer("RUT-2", "132100132400001", "account", 50_000)
    refused("AppotaPay transfer, sent again", lambda: banking.read_transfer(body=again))
    transfer("RUT-3", "132100132400000", "account", 70_000)
    show_calls("AppotaPay callback, bank refused", path, post(f"{url}/portal/settle", "RUT-3"))
    balance = banking.read_balance(body=send(banking.balance()))
    show("AppotaPay balance", f"{balance['proof']}, {balance['account']['balance']} VND")


def be_paid_by_appotapay(address: str) -> None:
    create = appotapay.virtual_account.create(
        billCode="HD-1",
        billInfo="Thanh toán hóa đơn",
        customerName="PHAM MINH TUAN",
        amount=90_000,
        paymentCondition="EQ",
        bankCode="WOORIBANK",
        notifyUrl=f"{address}/appotapay/bill",
        extraData="",
    )
    bill = appotapay.virtual_account.read_create(body=send(create), expected={"billCode": "HD-1"})
    account = bill["payment"]["bankAccounts"][0]
    where = f"{account['accountNo']}, {account['bankBranch']}"
    show("AppotaPay virtual account", f"{bill['proof']}, {where}, {bill['matched']}")
    statuses = post(f"{env['APPOTAPAY_URL']}/portal/pay", "HD-1")
    show_calls("AppotaPay virtual account, IPN", "/appotapay/bill", statuses)


server = ThreadingHTTPServer(("127.0.0.1", 0), Callbacks)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
pay_by_tconnect(address)
pay_by_hpay(address)
transfer_by_hpay()
use_open_api(address)
transfer_by_appotapay(address)
be_paid_by_appotapay(address)
