from os import environ as env
from urllib.request import Request, urlopen

from kyso import TConnect

tconnect = TConnect(partner_code=env["TCONNECT_PARTNER"], key=env["TCONNECT_KEY"], base_url=env["TCONNECT_URL"])
request = tconnect.virtual_account.create(
    access_token=env["TCONNECT_TOKEN"], bank_code="970454", account_name="NGUYEN VAN A"
)
http = Request(request["url"], request["body"].encode(), request["headers"], method=request["method"])
account = tconnect.virtual_account.read_create(body=urlopen(http).read())
print(account["va_number"])
