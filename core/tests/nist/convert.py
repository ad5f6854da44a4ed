#!/usr/bin/env python3
"""Makes the files beside it from the PyPI package cryptography-vectors (Apache-2.0 OR BSD-3-Clause; the response files
are NIST's CAVP, in the public domain).

Usage: pip download --no-deps cryptography-vectors==50.0.2 && core/tests/nist/convert.py cryptography_vectors-*.whl

One case per line, fields in hexadecimal, `-` for an empty one. The outcome of key_files.txt is OpenSSL's word on each
file, held against this library's rules: RSA of 2048 to 4096 bits, exponent 65537, PEM, not encrypted.
"""
import base64
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

HERE = pathlib.Path(__file__).parent
FOLDERS = ("DER_Serialization", "PEM_Serialization", "PKCS8", "Traditional_OpenSSL_Serialization", "public")


def records(text):
    """Dictionaries of `name = value` lines, one per case; names of a section's head go on."""
    current = {}
    for line in text.splitlines():
        line = line.strip()
        section = re.fullmatch(r"\[(?:mod = (\d+)|(ENCRYPT|DECRYPT)|L = (\d+))\]", line)
        if section:
            current = {"mod": section[1], "way": section[2]}
        elif " = " in line and not line.startswith("#"):
            name, value = line.split(" = ", 1)
            current[name.strip()] = value.strip()
            yield dict(current), name.strip()


def cases(text, last):
    return [fields for fields, name in records(text) if name == last]


def write(name, lines):
    (HERE / name).write_text("".join(line + "\n" for line in lines))
    print(name, len(lines))


def strip(number):
    number = number.lstrip("0")
    return number if len(number) % 2 == 0 else "0" + number


def openssl(*arguments):
    password = [] if arguments[0] == "asn1parse" else ["-passin", "pass:"]
    done = subprocess.run(["openssl", *arguments, *password], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def is_pss(path):
    """A key that may sign with PSS only."""
    return "rsassaPss" in openssl("asn1parse", "-in", path, "-strparse", "0") + openssl("asn1parse", "-in", path)


def acceptable(text):
    """OpenSSL's description of a key that the library takes."""
    size = re.search(r"^(?:RSA )?(?:Private|Public)-Key: \((\d+) bit", text, re.M)
    return bool(size) and 2048 <= int(size[1]) <= 4096 and "xponent: 65537 (" in text


def key_files(archive):
    for name in sorted(archive.namelist()):
        if not any(f"/asymmetric/{folder}/" in name for folder in FOLDERS) or name.endswith((".txt", ".py")):
            continue
        data = archive.read(name)
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            pem = data.lstrip().startswith(b"-----BEGIN")
            pem = pem and not is_pss(file.name)
            private = pem and acceptable(openssl("pkey", "-inform", "PEM", "-check", "-in", file.name, "-noout", "-text"))
            public = pem and b" PUBLIC KEY" in data and acceptable(
                openssl("rsa", "-RSAPublicKey_in", "-in", file.name, "-noout", "-text")
                or openssl("pkey", "-pubin", "-inform", "PEM", "-in", file.name, "-noout", "-text")
            )
        outcome = ["accepted" if good else "refused" for good in (private, public)]
        yield " ".join([name.split("/asymmetric/")[1], *outcome, base64.b64encode(data).decode()])


def main(wheel):
    archive = zipfile.ZipFile(wheel)
    read = lambda path: archive.read(f"cryptography_vectors/{path}").decode()

    # Of each case the complete record is the last one.
    last = {}
    for name in ("GFSbox", "KeySbox", "VarKey", "VarTxt", "MMT"):
        for way, order in (("ENCRYPT", "CIPHERTEXT"), ("DECRYPT", "PLAINTEXT")):
            for case in cases(read(f"ciphers/AES/CBC/CBC{name}256.rsp"), order):
                if case["way"] == way:
                    last[name, way, case["COUNT"]] = [case["KEY"], case["IV"], case["PLAINTEXT"], case["CIPHERTEXT"]]
    write("aes_256_cbc.txt", [" ".join(case) for case in last.values()])

    sha = [
        (case["Msg"] if case["Len"] != "0" else "-", case["MD"])
        for name in ("Short", "Long")
        for case in cases(read(f"hashes/SHA2/SHA256{name}Msg.rsp"), "MD")
    ]
    write("sha256.txt", [" ".join(case) for case in sha])
    md5 = cases(read("hashes/MD5/rfc-1321.txt"), "MD")
    write("md5.txt", [f"{case['Msg'] if case['Len'] != '0' else '-'} {case['MD']}" for case in md5])
    hmac = cases(read("HMAC/rfc-4231-sha256.txt"), "MD")
    write("hmac_sha256.txt", [f"{case['Key']} {case['Msg']} {case['MD']}" for case in hmac])

    rsa = "asymmetric/RSA/FIPS_186-2/"
    verify = [
        " ".join([strip(case["n"]), strip(case["e"]), case["Msg"], case["S"], case["Result"][0]])
        for case in cases(read(rsa + "SigVer15_186-3.rsp"), "Result")
        if case["SHAAlg"] == "SHA256" and int(case["mod"]) >= 2048
    ]
    write("rsa_verify.txt", verify)
    sign = [
        " ".join([strip(case["n"]), strip(case["e"]), strip(case["d"]), case["Msg"], case["S"]])
        for case in cases(read(rsa + "SigGen15_186-2.txt"), "S")
        if case["SHAAlg"] == "SHA256" and int(case["mod"]) >= 2048
    ]
    write("rsa_sign.txt", sign)
    write("key_files.txt", list(key_files(archive)))


main(sys.argv[1])
