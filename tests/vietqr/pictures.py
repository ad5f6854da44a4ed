#!/usr/bin/env python3
"""Draws codes and reads them back with an independent decoder: ZBar, from PNG and from SVG.

Usage: pictures.py KYSO. Needs zbarimg (zbar-tools) and rsvg-convert (librsvg2-bin).
"""

import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

KYSO = sys.argv[1]
TEXTS = [
    {"bin": "970436", "account": "1017595600"},
    {"bin": "970454", "account": "99MPI0000267600005", "amount": 10000, "purpose": "Thanh toan don hang"},
    {"bin": "970403", "account": "9704031101234567", "service": "card", "amount": 9999999999999},
    {"bin": "970422", "account": "0023457923442ASDFLJ", "amount": 1, "long_purpose": True,
     "purpose": "Thanh toan hop dong so 2026/11/20-0001 dot 3, nghiem thu hang muc thi cong phan tho nha xuong B"},
    {"bin": "123456", "account": "1", "purpose": "<&>\"'"},
]


def kyso(operation, record):
    run = subprocess.run([KYSO, "--json", "call", operation], input=json.dumps(record), capture_output=True, text=True)
    if run.returncode:
        raise SystemExit(f"{operation}: {run.stderr}")
    return json.loads(run.stdout)


def decode(png):
    run = subprocess.run(["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(png)],
                         capture_output=True, text=True)
    return run.stdout.removesuffix("\n")


def terminal_picture(text):
    """The half blocks of a terminal as a PGM picture, four pixels per module."""
    rows = []
    for line in text.splitlines():
        cells = re.sub("\x1b\\[[0-9;]*m", "", line)
        for dark in ("█▀", "█▄"):
            rows += 4 * [b"".join((b"\0" if cell in dark else b"\xff") * 4 for cell in cells)]
    return b"P5 %d %d 255\n" % (len(rows[0]), len(rows)) + b"".join(rows)


def main():
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        png, svg = pathlib.Path(folder, "code.png"), pathlib.Path(folder, "code.svg")
        pgm = pathlib.Path(folder, "code.pgm")
        for fields in TEXTS:
            text = kyso("vietqr.code.build", fields)["text"]
            drawn = kyso("vietqr.code.draw", {"text": text, "format": "terminal"})["text"]
            pgm.write_bytes(terminal_picture(drawn))
            if decode(pgm) != text:
                raise SystemExit(f"terminal: {text!r} was read as {decode(pgm)!r}")
            for level in "LMQH":
                for scale in (3, 8):
                    options = {"text": text, "scale": scale, "error_correction": level}
                    png.write_bytes(base64.b64decode(kyso("vietqr.code.draw", {**options, "format": "png"})["png_base64"]))
                    read = [decode(png)]
                    for caption in (False, True):
                        drawn = kyso("vietqr.code.draw", {**options, "format": "svg", "caption": caption})["svg"]
                        xml.etree.ElementTree.fromstring(drawn)
                        svg.write_text(drawn, encoding="utf-8")
                        subprocess.run(["rsvg-convert", str(svg), "--output", str(png)], check=True)
                        read.append(decode(png))
                    for found in read:
                        count += 1
                        if found != text:
                            raise SystemExit(f"{level} {scale}: {text!r} was read as {found!r}")
        subprocess.run(["rsvg-convert", "docs/vietqr.svg", "--output", str(png)], check=True)
        if kyso("vietqr.code.read", {"text": decode(png)})["amount"] != 1250000:
            raise SystemExit("docs/vietqr.svg is another code")
    print(f"pictures: {count} read back by ZBar")


main()
