// AppotaPay's tokens against jsonwebtoken, in both directions: it must accept kyso's, and kyso its.
import assert from "node:assert/strict";
import jsonwebtoken from "jsonwebtoken";
import { AppotaPay } from "kyso";

const secret = "kyso-test-secret-0001-long-enough-for-hs256";
const now = Math.floor(Date.now() / 1000);
const client = new AppotaPay({ partner_code: "PARTNER", api_key: "api-key-1", secret_key: secret, environment: "sandbox" });

const { token } = client.auth.token({ issued_at: now, lifetime: 60 });
const claims = jsonwebtoken.verify(token, secret, { algorithms: ["HS256"], issuer: "PARTNER" });
assert.deepEqual(claims, { iss: "PARTNER", jti: `api-key-1-${now}`, api_key: "api-key-1", exp: now + 60 });
const old = client.auth.token({ issued_at: now - 600 }).token;
assert.throws(() => jsonwebtoken.verify(old, secret), { name: "TokenExpiredError" });

const explained = (signature) => client.explain.signature({ operation: "appotapay.auth.token", signature });
const made = (key, algorithm) => jsonwebtoken.sign(claims, key, { algorithm, noTimestamp: true });
assert.equal(explained(made(secret, "HS256")).matches, true);
assert.deepEqual(explained(made(`${secret}x`, "HS256")).mistakes.map((mistake) => mistake.names), [["other_key"]]);
const hs512 = explained(made(secret, "HS512"));
assert.deepEqual(hs512.mistakes.map((mistake) => mistake.names), [["other_algorithm"], ["hmac_sha512"]]);
console.log("jsonwebtoken: 2 passed, 0 failed");
