"""What every receiver does with a message, in the order in which it must be done. No framework in here.

    raw text -> genuine? -> which order? -> the right amount? -> store once -> acknowledge
"""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import environ as env
from typing import Any

from kyso import AppotaPay, HPay, KysoError, TConnect

tconnect = TConnect(partner_code=env["TCONNECT_PARTNER"], key=env["TCONNECT_KEY"], environment="sandbox")
hpay = HPay(
    merchant_site_code=env["HPAY_MERCHANT"], secure_pass=env["HPAY_SECURE_PASS"], environment="sandbox"
)
appotapay = AppotaPay(
    partner_code=env["APPOTAPAY_PARTNER"],
    api_key=env["APPOTAPAY_API_KEY"],
    secret_key=env["APPOTAPAY_SECRET_KEY"],
    environment="sandbox",
)


@dataclass(frozen=True)
class Callback:
    """How one gateway tells of a payment."""

    # Raw text (and what it must say) -> checked record; raises KysoError.
    read: Callable[..., Any]
    # Name of the raw text: body or query.
    raw: str
    order_of: Callable[[Any], str | None]
    # Amount -> the members that must be equal.
    expected: Callable[[int], dict[str, Any]]
    acknowledge: Callable[[], Any]


CALLBACKS = {
    "tconnect": Callback(
        read=tconnect.ipn.read_callback,
        raw="body",
        order_of=lambda message: message.get("order_id"),
        expected=lambda amount: {"amount": amount},
        acknowledge=tconnect.ipn.acknowledge,
    ),
    "hpay": Callback(
        read=hpay.checkout.read_callback,
        raw="query",
        order_of=lambda message: message["order_code"],
        expected=lambda amount: {"price": amount},
        acknowledge=hpay.checkout.acknowledge,
    ),
    "appotapay": Callback(
        read=appotapay.payment.read_callback,
        raw="body",
        order_of=lambda message: message["partnerReference"]["order"]["id"],
        expected=lambda amount: {"transaction": {"orderAmount": amount}},
        acknowledge=appotapay.payment.acknowledge,
    ),
}

# One answer for everything that is refused: a sender who tries things out learns nothing from it.
REFUSED = {"status": 400, "content_type": "text/plain", "body": "refused"}


def receive(gateway: str, raw: bytes) -> dict[str, Any]:
    """Takes a message; gives the status, content type and body to answer with.

    A failing database raises: the framework answers 500 and the gateway sends the message again.
    """
    callback = CALLBACKS[gateway]
    try:
        message = callback.read(**{callback.raw: raw})
        order = callback.order_of(message)
        amount = amount_of(order)
        # The amount is compared with our own record, never taken from the message.
        callback.read(**{callback.raw: raw}, expected=callback.expected(amount))
    except KysoError as error:
        # Names of operation and field only: a KysoError never holds a value or a secret.
        logging.warning("refused: %s %s %s", error.operation, error.code, error.field)
        return REFUSED
    except LookupError:
        logging.warning("refused: %s names no order of ours", gateway)
        return REFUSED
    store(gateway, order, amount, message, raw)
    return callback.acknowledge()


@contextmanager
def database() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(env["DATABASE"], isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()  # without COMMIT this rolls back


def amount_of(order: str | None) -> int:
    with database() as db:
        row = db.execute("SELECT amount FROM orders WHERE code = ?", (order,)).fetchone()
    if row is None:
        raise LookupError
    return row[0]


def store(gateway: str, order: str, amount: int, message: Any, raw: bytes) -> None:
    """Stores and credits in one transaction. The second delivery of a payment finds its key taken and changes nothing."""
    # A TConnect IPN is encrypted, not signed: it waits for ipn.confirm. "Genuine" is not yet "paid" either.
    state = "to_confirm" if message.get("must_inquire") else message.get("outcome", "undetermined")
    with database() as db:
        new = db.execute(
            "INSERT INTO payments VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (idempotency_key) DO NOTHING",
            (message["idempotency_key"], gateway, order, amount, state, raw.decode()),
        ).rowcount
        if new and state == "succeeded":
            db.execute("UPDATE orders SET credited = credited + ? WHERE code = ?", (amount, order))
