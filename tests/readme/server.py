"""A stand-in for TConnect on this machine: opens what arrives with OpenSSL and answers the documented VA.

Usage: server.py PORT_FILE. Written without kyso, so that the README's examples meet somebody else's reading of the
protocol. The key is the NIST SP 800-38A example key.
"""

import json
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"


def opened(data: str) -> dict:
    command = ["openssl", "enc", "-d", "-aes-256-cbc", "-K", KEY, "-iv", data[:32]]
    plain = subprocess.run(command, input=bytes.fromhex(data[32:]), capture_output=True, check=True)
    return json.loads(plain.stdout)


class TConnect(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        try:
            request = opened(json.loads(self.rfile.read(length))["data"])
            assert self.path == "/openapi/v1/va/va-account/create", self.path
            assert self.headers["Partner-Code"] == "1111111"
            assert self.headers["Authorization"] == "Bearer token-1"
            assert self.headers["Content-Type"] == "application/json"
            assert request == {"bank_code": "970454", "account_name": "NGUYEN VAN A"}, request
            status, answer = 200, {"va_number": "VA100023312", **request, "status": "active"}
        except Exception as error:  # whatever is wrong, the example must fail with it
            status, answer = 400, {"code": "03", "message": repr(error)}
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


server = HTTPServer(("127.0.0.1", 0), TConnect)
Path(sys.argv[1]).write_text(str(server.server_port))
server.serve_forever()
