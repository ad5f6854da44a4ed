"""Starts the three reference gateways. Usage: run.py FOLDER (see README.md)."""

import shlex
import sys
import threading
from datetime import datetime, timedelta, timezone
from pathlib import Path

import appotapay
import hpay
import tconnect
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from wire import serve


def key_pair(name: str) -> tuple[rsa.RSAPrivateKey, x509.Certificate]:
    """RSA-2048 with a self-signed certificate, as HPay's document has its merchants make them."""
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
    return key, certificate


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    merchant_key, merchant_certificate = key_pair("merchant of the tests")
    hpay_key, hpay_certificate = key_pair("HPay of the tests")
    private_key = merchant_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "merchant.pem").write_bytes(private_key)
    (folder / "hpay.crt").write_bytes(hpay_certificate.public_bytes(Encoding.PEM))
    settings = {
        "TCONNECT_URL": serve(tconnect.TConnect()),
        "TCONNECT_PARTNER": tconnect.PARTNER,
        "TCONNECT_KEY": tconnect.KEY,
        **{f"TCONNECT_{name.upper()}": value for name, value in tconnect.LOGIN.items()},
        "HPAY_URL": serve(hpay.HPay(hpay_key, merchant_certificate)),
        "HPAY_MERCHANT": hpay.MERCHANT,
        "HPAY_SECURE_PASS": hpay.SECURE_PASS,
        "HPAY_PASSCODE": hpay.PASSCODE,
        "HPAY_RECEIVER": hpay.RECEIVER,
        "HPAY_CLIENT_ID": hpay.CLIENT_ID,
        "HPAY_CLIENT_SECRET": hpay.CLIENT_SECRET,
        "HPAY_PRIVATE_KEY": str(folder / "merchant.pem"),
        "HPAY_CERTIFICATE": str(folder / "hpay.crt"),
        "APPOTAPAY_URL": serve(appotapay.AppotaPay()),
        "APPOTAPAY_PARTNER": appotapay.PARTNER,
        "APPOTAPAY_API_KEY": appotapay.API_KEY,
        "APPOTAPAY_SECRET_KEY": appotapay.SECRET_KEY,
    }
    lines = "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items())
    # Renamed last, so that whoever waits for the file finds it complete.
    (folder / "env.new").write_text(lines, encoding="utf-8")
    (folder / "env.new").rename(folder / "env")
    threading.Event().wait()


main()
