#!/usr/bin/env bash
# Makes the throw-away key files of ../rsa_keys.rs with OpenSSL. They protect nothing. The result is committed, so
# that the tests need no OpenSSL.
set -euo pipefail
cd "$(dirname "$0")"

for bits in 512 1024 2047 2048 2049 3072 4096 5120; do
  [ -f "rsa$bits.pem" ] || openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:$bits -out "rsa$bits.pem"
  openssl pkey -in "rsa$bits.pem" -pubout -out "rsa$bits.pub.pem"
done
# A public key of 16384 bits: any odd number will do, since its factors are nobody's business.
cat >asn1.conf <<END
asn1=SEQUENCE:spki
[spki]
algorithm=SEQUENCE:algorithm
key=BITWRAP,SEQUENCE:key
[algorithm]
oid=OID:rsaEncryption
parameters=NULL
[key]
n=INTEGER:0xC$(openssl rand -hex 2047 | tr a-f A-F)1
e=INTEGER:65537
END
openssl asn1parse -genconf asn1.conf -noout -out rsa16384.der
openssl pkey -pubin -inform DER -in rsa16384.der -pubout -out rsa16384.pub.pem
rm asn1.conf rsa16384.der
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3 -out e3.pem
openssl pkey -in e3.pem -pubout -out e3.pub.pem
openssl rsa -in rsa2048.pem -traditional -out pkcs1.pem
openssl rsa -in rsa2048.pem -RSAPublicKey_out -out pkcs1.pub.pem
openssl pkcs8 -topk8 -in rsa2048.pem -passout pass:kyso -out encrypted.pem
openssl rsa -in rsa2048.pem -traditional -aes128 -passout pass:kyso -out encrypted_pkcs1.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out ec.pem
openssl pkey -in ec.pem -pubout -out ec.pub.pem
openssl genpkey -algorithm ED25519 -out ed25519.pem
openssl pkey -in ed25519.pem -pubout -out ed25519.pub.pem
openssl genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:2048 -out dsa.parameters
openssl genpkey -paramfile dsa.parameters -out dsa.pem
rm dsa.parameters
openssl pkey -in dsa.pem -pubout -out dsa.pub.pem

# Self-signed certificates; years far ahead occur in practice.
certificate() {
  openssl req -x509 -key "$1" -subj "/CN=kyso throw-away test key" -out "$2" "${@:3}"
}
certificate rsa2048.pem cert.pem -days 3650
openssl x509 -in cert.pem -outform DER -out cert.der
certificate rsa2048.pem cert_sha384.pem -days 3650 -sha384
certificate rsa2048.pem cert_sha512.pem -days 3650 -sha512
certificate rsa2048.pem cert_sha1.pem -days 3650 -sha1
certificate rsa2048.pem cert_2049.pem -not_before 20200101000000Z -not_after 20491231235959Z 2>/dev/null ||
  certificate rsa2048.pem cert_2049.pem -days 8400
certificate rsa2048.pem cert_3021.pem -days 363600
certificate rsa2048.pem cert_9999.pem -days 2912000
certificate rsa1024.pem cert_rsa1024.pem -days 3650
certificate ec.pem cert_ec.pem -days 3650
# Signed by another key: nothing to check it against.
openssl req -new -key rsa3072.pem -subj "/CN=kyso issued test key" -out issued.csr
openssl x509 -req -in issued.csr -CA cert.pem -CAkey rsa2048.pem -CAcreateserial -days 3650 -out cert_issued.pem
rm -f issued.csr cert.srl
