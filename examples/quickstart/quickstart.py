from os import environ as env
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from kyso import TConnect

tconnect = TConnect(partner_code=env["TCONNECT_PARTNER"], key=env["TCONNECT_KEY"], base_url=env["TCONNECT_URL"])
request = tconnect.virtual_account.create(
    access_token=env["TCONNECT_TOKEN"], bank_code="970454", account_name="NGUYEN VAN A"
)
http = Request(request["url"], request.get("body", "").encode(), request["headers"], method=request["method"])
try:
    answer = urlopen(http, timeout=30).read()
except HTTPError as error:  # 4xx and 5xx: they say what the gateway refused
    answer = error.read()
# Any other error means no answer: ask with the status operation, never send again.
account = tconnect.virtual_account.read_create(body=answer)
print(account["va_number"])
