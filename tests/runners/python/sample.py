"""What a user writes, for `mypy --strict`: each line marked `refused` must be an error of the type checker."""

from typing import TYPE_CHECKING

import kyso
from kyso import AppotaPay, HPay, KysoError, TConnect, VietQR

if TYPE_CHECKING:
    from kyso.types import HttpRequest
    from kyso.types.tconnect import IpnNotification


def send(request: "HttpRequest") -> bytes:
    print(request["method"], request["url"], dict(request["headers"]), request.get("body", ""))
    return b"{}"


def login(client: TConnect) -> str:
    request = client.auth.login(username="u", password="p", client_id="i", client_secret="s", extra={"a": [1, None]})
    answer = client.auth.read_login(body=send(request))
    return answer["access_token"]


def notified(client: TConnect, body: bytes | bytearray | memoryview) -> "IpnNotification":
    ipn = client.ipn.read_callback(body=body)
    order: str | None = ipn.get("order_id")
    amount: int = ipn["amount"]
    client.ipn.confirm(ipn=ipn, kind="qr", body=b"{}")
    print(order, amount, ipn["proof"] == "decrypted_only")
    return ipn


def main() -> None:
    tconnect = TConnect(partner_code="1", key="k", environment="sandbox", previous_secrets=["a"])
    hpay = HPay(merchant_site_code="1", environment="production", secure_pass="s", base_urls={"checkout": "https://a"})
    appotapay = AppotaPay(partner_code="p", api_key="a", secret_key="s", environment="sandbox", language=None)
    try:
        login(tconnect)
        link: str = hpay.checkout.create_link(return_url="u", order_code="1", price="20000", receiver=None)["url"]
        send(appotapay.firm_banking.balance())
        VietQR().code.read(text=link, lenient=True)
    except kyso.SignatureMismatch as error:
        print(error.field)
    except KysoError as error:
        code: str = error.code
        print(code, error.operation, error.gateway_code, error.outcome, error.more_pages)

    tconnect.auth.login(username="u", password="p", client_id="i")  # refused: missing
    tconnect.auth.login(username=1, password="p", client_id="i", client_secret="s")  # refused: not a text
    tconnect.auth.read_login(body={"a": 1})  # refused: parsed
    hpay.checkout.create_link(return_url="u", order_code="1", price=1.5)  # refused: float
    TConnect(partner_code="1", key="k", environment="staging")  # refused: no such word
    tconnect.auth.logout()  # refused: no such operation
    kyso.Unknown  # refused: no such name
    print(tconnect.ipn.read_callback(body="")["amuont"])  # refused: no such member


main()
