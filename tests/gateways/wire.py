"""HTTP for the reference gateways: a small server, and calls to the merchant."""

import json
import sys
import threading
import traceback
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]  # lower-case names
    body: bytes

    def json_object(self) -> dict:
        """The body as one JSON object; ValueError for anything else."""
        if self.headers.get("content-type") != "application/json":
            raise ValueError("Content-Type must be application/json")
        value = json.loads(self.body)
        if not isinstance(value, dict):
            raise ValueError("not a JSON object")
        return value


@dataclass
class Answer:
    status: int
    body: bytes
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


class Refused(Exception):
    """A request that the gateway turns down."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


def in_json(status: int, value: object, **style: object) -> Answer:
    return Answer(status, json.dumps(value, **style).encode())


def in_text(status: int, text: str) -> Answer:
    return Answer(status, text.encode(), "text/plain; charset=utf-8")


class Gateway:
    """Requests are handled one after the other by `routes`: (method, path prefix) → function."""

    name = ""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.callback_url = ""
        self.deliveries: list[int] = []
        self.routes: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("POST", "/portal/callback_url"): self.set_callback_url,
            ("GET", "/portal/deliveries"): lambda _: self.delivered(),
        }

    def set_callback_url(self, request: Request) -> Answer:
        self.callback_url = request.body.decode()
        return in_text(200, "ok")

    def delivered(self) -> Answer:
        return in_text(200, " ".join(map(str, self.deliveries)))

    def handle(self, request: Request) -> Answer:
        for (method, path), route in self.routes.items():
            prefix = path.endswith("/") and request.path.startswith(path)
            if method == request.method and (prefix or request.path == path):
                with self.lock:
                    return route(request)
        return in_text(404, "not found")

    def tell(self, send: Callable[[], tuple[int, bytes]], forge: Callable[[], tuple[int, bytes]], confirmed: Callable) -> None:
        """Tells the merchant three times, retries included, and tries a forged message in between."""
        self.deliveries = []

        def until_confirmed() -> None:
            for _ in range(4):
                status, body = send()
                self.deliveries.append(status)
                if confirmed(status, body):
                    return

        until_confirmed()
        self.deliveries.append(forge()[0])
        until_confirmed()
        until_confirmed()


def serve(gateway: Gateway) -> str:
    """Starts the gateway in the background and gives its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            length = int(self.headers.get("Content-Length") or 0)
            headers = {name.lower(): value for name, value in self.headers.items()}
            request = Request(self.command, path, query, headers, self.rfile.read(length))
            try:
                answer = gateway.handle(request)
            except Refused as refused:
                answer = refused.answer
                print(f"{gateway.name} refused {self.command} {path}: {refused}", file=sys.stderr, flush=True)
            except Exception:
                traceback.print_exc()
                answer = in_text(500, "the gateway failed")
            self.send_response(answer.status)
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body)))
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


# Neither proxies of the environment nor redirects: the merchant is on this machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def call(method: str, url: str, body: bytes | None = None) -> tuple[int, bytes]:
    """Calls the merchant: status 0 when he cannot be reached."""
    headers = {"Content-Type": "application/json"} if body is not None else {}
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with _opener.open(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except OSError as error:
        print(f"calling the merchant failed: {error}", file=sys.stderr, flush=True)
        return 0, b""


def with_query(url: str, query: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{query}"
