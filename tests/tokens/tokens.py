"""AppotaPay's tokens against PyJWT, in both directions: it must accept kyso's, and kyso its."""

import time

import jwt
import kyso

SECRET = "kyso-test-secret-0001-long-enough-for-hs256"
now = int(time.time())
client = kyso.AppotaPay(partner_code="PARTNER", api_key="api-key-1", secret_key=SECRET, environment="sandbox")

token = client.auth.token(issued_at=now, lifetime=60)["token"]
claims = jwt.decode(token, SECRET, algorithms=["HS256"], issuer="PARTNER")
assert claims == {"iss": "PARTNER", "jti": f"api-key-1-{now}", "api_key": "api-key-1", "exp": now + 60}, claims
assert jwt.get_unverified_header(token) == {"typ": "JWT", "alg": "HS256", "cty": "appotapay-api;v=1"}
try:
    jwt.decode(client.auth.token(issued_at=now - 600)["token"], SECRET, algorithms=["HS256"])
    raise SystemExit("a token that has run out was accepted")
except jwt.ExpiredSignatureError:
    pass


def explained(signature: str) -> dict:
    return client.explain.signature(operation="appotapay.auth.token", signature=signature)


assert explained(jwt.encode(claims, SECRET, algorithm="HS256"))["matches"] is True
wrong = explained(jwt.encode(claims, SECRET + "x", algorithm="HS256"))
assert wrong["matches"] is False and wrong["mistakes"][0]["names"] == ["other_key"], wrong
print("PyJWT: 2 passed, 0 failed")
