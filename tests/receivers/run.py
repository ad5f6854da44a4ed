"""Sends callbacks to a running receiver over HTTP and checks its answers and its database.

Usage: run.py NAME FOLDER COMMAND...   The receiver is started in FOLDER with the credentials, PORT and DATABASE in its
environment. Genuine messages are made with the testing operations of the installed package, which the shared vectors
hold against other programs. Last line: NAME: N passed, M failed.
"""

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from kyso import AppotaPay, HPay, TConnect

SCHEMA = Path(__file__).parents[2] / "examples/receivers/schema.sql"
ENVIRONMENT = {
    "TCONNECT_PARTNER": "1111111",
    "TCONNECT_KEY": "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
    "HPAY_MERCHANT": "65001",
    "HPAY_SECURE_PASS": "test-pass-Aa1",
    "APPOTAPAY_PARTNER": "APPOTAPAY",
    "APPOTAPAY_API_KEY": "FJcmF8uj2ISveL5FvvNk4pnp8xrhINz8",
    "APPOTAPAY_SECRET_KEY": "kyso-test-secret-0001",
    "DJANGO_SECRET_KEY": "only for this test",
}
AMOUNT = 200_000
JSON = "application/json"

Answer = tuple[int, str, str]
ACKNOWLEDGED: dict[str, Answer] = {
    "tconnect": (200, JSON, "{}"),
    "hpay": (200, JSON, '{"error_code":"000","message":"Success"}'),
    "appotapay": (200, JSON, '{"status":"ok"}'),
}
REFUSED: Answer = (400, "text/plain", "refused")
THANKS: Answer = (200, "text/plain", "Thank you.")


class Sender:
    """One gateway, or somebody who plays it, with secrets of its own."""

    def __init__(self, tail: str = "") -> None:
        # For a forger the last characters of every secret are others.
        secret = {name: value[: len(value) - len(tail)] + tail for name, value in ENVIRONMENT.items()}
        self.tconnect = TConnect(partner_code="1111111", key=secret["TCONNECT_KEY"], environment="sandbox")
        self.hpay = HPay(
            merchant_site_code="65001", secure_pass=secret["HPAY_SECURE_PASS"], environment="sandbox"
        )
        self.appotapay = AppotaPay(
            partner_code="APPOTAPAY",
            api_key=ENVIRONMENT["APPOTAPAY_API_KEY"],
            secret_key=secret["APPOTAPAY_SECRET_KEY"],
            environment="sandbox",
        )

    def message(self, gateway: str, order: str, amount: int, number: int, succeeded: bool = True) -> str:
        if gateway == "tconnect":
            members = {
                "order_id": order,
                "amount": amount,
                "payment_type": "QR",
                "retrieval_ref_no": f"FT{number}",
                "request_id": f"R{number}",
                "narrative": "Thanh toán đơn hàng",
            }
            return self.tconnect.testing.ipn_callback(members=members)["body"]
        if gateway == "hpay":
            members = {
                "transaction_info": "Đơn hàng #2 & quà + 100%",
                "order_code": order,
                "price": str(amount),
                "payment_id": str(96_138_500 + number),
                "payment_type": "1",
                "error_text": "" if succeeded else "Giao dịch bị từ chối",
            }
            return self.hpay.testing.checkout_callback(members=members)["query"]
        status = "success" if succeeded else "error"
        transaction = {"transactionId": f"AP{number}", "status": status, "orderAmount": amount, "amount": amount}
        members = {"transaction": transaction, "partnerReference": {"order": {"id": order, "info": "đơn hàng"}}}
        return self.appotapay.testing.payment_callback(members=members)["body"]


class Receiver:
    """The program under test."""

    def __init__(self, folder: str, command: list[str], scratch: str) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.database = f"{scratch}/shop.sqlite"
        with sqlite3.connect(self.database) as db:
            db.executescript(SCHEMA.read_text())
        environment = {**os.environ, **ENVIRONMENT, "PORT": str(self.port), "DATABASE": self.database}
        command = [part.replace("{PORT}", str(self.port)) for part in command]
        # A group of its own: npm and PHP start children.
        self.process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=sys.stderr, start_new_session=True
        )
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.1)
        self.stop()
        raise SystemExit("the receiver did not start")

    def stop(self) -> None:
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.process.wait(20)

    def send(self, path: str, body: str | None = None, content_type: str = JSON) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Content-Type": content_type} if body is not None else {}
        method, content = ("GET", None) if body is None else ("POST", body.encode())
        connection.request(method, path, content, headers)
        answer = connection.getresponse()
        kind = (answer.getheader("Content-Type") or "").split(";")[0]
        return answer.status, kind, answer.read().decode()

    def deliver(self, gateway: str, message: str) -> Answer:
        paths = {"tconnect": "/tconnect/ipn", "appotapay": "/appotapay/callback"}
        if gateway == "hpay":
            return self.send(f"/hpay/notify?{message}")
        return self.send(paths[gateway], message)

    def order(self, code: str) -> int:
        with sqlite3.connect(self.database) as db:
            return db.execute("SELECT credited FROM orders WHERE code = ?", (code,)).fetchone()[0]

    def payments(self, code: str | None = None) -> list[tuple[str, int, str]]:
        query = "SELECT gateway, amount, state FROM payments" + (" WHERE order_code = ?" if code else "")
        with sqlite3.connect(self.database) as db:
            return db.execute(query, (code,) if code else ()).fetchall()

    def sold(self, code: str) -> str:
        with sqlite3.connect(self.database) as db:
            db.execute("INSERT INTO orders (code, amount) VALUES (?, ?)", (code, AMOUNT))
        return code


passed = failed = 0


def check(name: str, found: object, wanted: object) -> None:
    global passed, failed
    if found == wanted:
        passed += 1
    else:
        failed += 1
        print(f"FAILED {name}: {found!r} instead of {wanted!r}")


def try_gateway(receiver: Receiver, gateway: str, real: Sender, forger: Sender) -> None:
    state = "to_confirm" if gateway == "tconnect" else "succeeded"
    worth = 0 if gateway == "tconnect" else AMOUNT  # an IPN is not credited before it is confirmed
    order = receiver.sold(f"{gateway}-1")
    genuine = real.message(gateway, order, AMOUNT, 1)

    def refused(what: str, message: str) -> None:
        check(f"{gateway}, {what}", receiver.deliver(gateway, message), REFUSED)
        check(f"{gateway}, {what}: nothing stored", (receiver.payments(order), receiver.order(order)), ([], 0))

    refused("forged", forger.message(gateway, order, AMOUNT, 1))
    refused("another amount", real.message(gateway, order, AMOUNT - 1, 2))
    refused("an order that is not ours", real.message(gateway, f"{gateway}-none", AMOUNT, 3))
    refused("no message", "{}" if gateway != "hpay" else "order_code=1")
    digit = "0" if genuine[-20] != "0" else "1"
    refused("changed on its way", genuine[:-20] + digit + genuine[-19:])

    check(f"{gateway}, genuine", receiver.deliver(gateway, genuine), ACKNOWLEDGED[gateway])
    once = ([(gateway, AMOUNT, state)], worth)
    check(f"{gateway}, genuine: stored", (receiver.payments(order), receiver.order(order)), once)
    check(f"{gateway}, again", receiver.deliver(gateway, genuine), ACKNOWLEDGED[gateway])
    check(f"{gateway}, again: no second credit", (receiver.payments(order), receiver.order(order)), once)

    order = receiver.sold(f"{gateway}-2")
    message = real.message(gateway, order, AMOUNT, 4)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: receiver.deliver(gateway, message), range(16)))
    check(f"{gateway}, 16 at once", answers, [ACKNOWLEDGED[gateway]] * 16)
    check(f"{gateway}, 16 at once: one credit", (receiver.payments(order), receiver.order(order)), once)

    if gateway == "tconnect":
        return
    order = receiver.sold(f"{gateway}-3")
    failure = real.message(gateway, order, AMOUNT, 5, succeeded=False)
    check(f"{gateway}, failed payment", receiver.deliver(gateway, failure), ACKNOWLEDGED[gateway])
    kept = ([(gateway, AMOUNT, "failed")], 0)
    check(f"{gateway}, failed payment: no credit", (receiver.payments(order), receiver.order(order)), kept)


def try_edges(receiver: Receiver, real: Sender) -> None:
    order = receiver.sold("edge-1")
    query = real.message("hpay", order, AMOUNT, 11)
    check("return_url first", receiver.send(f"/hpay/return?{query}"), THANKS)
    check("return_url: credited", receiver.order(order), AMOUNT)
    check("then notify_url", receiver.deliver("hpay", query), ACKNOWLEDGED["hpay"])
    check("then notify_url: no second credit", receiver.order(order), AMOUNT)
    check("return_url, forged", receiver.send("/hpay/return?" + query.replace("200000", "900000")), REFUSED)

    for number, content_type in ((12, "text/plain"), (13, "application/x-www-form-urlencoded")):
        order = receiver.sold(f"edge-{number}")
        body = real.message("appotapay", order, AMOUNT, number)
        found = receiver.send("/appotapay/callback", body, content_type)
        check(f"Content-Type {content_type}", found, ACKNOWLEDGED["appotapay"])
        check(f"Content-Type {content_type}: credited", receiver.order(order), AMOUNT)

    # A JSON text that a parser and a writer would not give back.
    order = receiver.sold("edge-14")
    body = json.loads(real.message("appotapay", order, AMOUNT, 14))
    text = '{ "signature" : "%s",\n "time": 1.0e3, "data": "%s" }' % (body["signature"], body["data"])
    check("white space and an odd number", receiver.send("/appotapay/callback", text), ACKNOWLEDGED["appotapay"])


def main() -> None:
    name, folder, *command = sys.argv[1:]
    with tempfile.TemporaryDirectory() as scratch:
        receiver = Receiver(folder, command, scratch)
        try:
            real, forger = Sender(), Sender(tail="0")
            for gateway in ("tconnect", "hpay", "appotapay"):
                try_gateway(receiver, gateway, real, forger)
            try_edges(receiver, real)
        finally:
            receiver.stop()
    print(f"{name}: {passed} passed, {failed} failed")
    sys.exit(1 if failed or not passed else 0)


main()
