"""Hostile Python values against every parameter of every operation, secrets in what Python shows, and sharing.

Uses the installed package; the first accepted vector of each operation gives the good input.
"""

import copy
import enum
import inspect
import json
import pickle
import threading
import traceback
import unittest
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import kyso

VECTORS = Path(__file__).parents[2] / "vectors"
KEY = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
REFUSALS = (TypeError, ValueError, kyso.KysoError)


class Shouting(str):
    """A text that lies about itself wherever Python lets it."""

    def __str__(self):
        return "lie"

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def encode(self, *_):
        return b"lie"


class Lying(int):
    """A number that lies about itself."""

    def __str__(self):
        return "1"

    def __repr__(self):
        return "1"

    def __index__(self):
        return 1

    def __int__(self):
        return 1


class Number(enum.IntEnum):
    TWENTY = 20_000


def cyclic():
    value = {}
    value["again"] = value
    return value


def wide():
    value = [1]
    for _ in range(30):
        value = [value] * 10
    return value


def deep():
    value = 1
    for _ in range(100_000):
        value = [value]
    return value


#: Of no accepted type anywhere.
NEVER = [
    1.5, 0.0, -0.0, float("nan"), float("inf"), 1j, Decimal("1"), Fraction(1, 2), object(), type, int, len, ..., NotImplemented,
    {1}, frozenset(), range(3), iter([]), b"\xff", bytearray(b"\xc0\x80"), memoryview(b"\xed\xa0\x80"), "\ud800", "a\udfffb",
    Shouting("\ud800"), {"\ud800": 1}, {1: 2}, {None: 1}, {b"a": 1}, {("a",): 1}, [1.5], (1.5,), {"a": 1.5}, {"a": [{"b": 0.1}]},
    {"a": "\udc00"}, {"a": object()}, 10**5000, [10**5000], cyclic(), wide(), deep(), {"a": deep()}, kyso.KysoError, Exception(),
]
TEXT = [True, False, 0, 1, -1, 2**64, 10**30, Lying(5), Number.TWENTY, [], (), {}, ["a"], {"a": "b"}]
WHOLE = [
    True, False, -1, Lying(-1), 2**63, 2**64, 10**16, 10**30, -(10**30), "", " 1", "1 ", "01", "+1", "-1", "1.0", "1e3", "0x1", "1_000",
    "1,000", "\u0661", "\uff11", "1\n", "1" * 1_000_000, b"1.0", [], [1], {}, {"a": 1},
]
FLAG = [0, 1, -1, "true", "false", "", "1", b"true", [], {}, Lying(1)]
MAPPING = [True, 0, 1, "", "{}", b"{}", [], (), [("a", 1)], "a" * 1_000_000]
LIST = [True, 0, "", "ab", b"ab", {}, {"a": 1}, "a" * 1_000_000, [None], [True], [{}], [[]]]
WORDS = [True, False, -1, 10**30, "", " ", "no such word", "a" * 1_000_000, b"no such word", [], {}, ["sandbox"]]


def hostile_values(annotation):
    kind = annotation.removesuffix(" | None")
    if kind == "int | str":
        return WHOLE
    if kind == "bool":
        return FLAG
    if kind.startswith("Literal"):
        return WORDS
    if kind.startswith("builtins.list"):
        return LIST
    if kind.endswith("| Raw"):
        return [True, 0, 1]
    if kind.startswith(("Mapping", "types.")):
        return MAPPING
    assert kind in ("str", "Raw"), kind
    return TEXT


def good_calls():
    """Operation -> client, method, input of its first good call."""
    found = {}
    for path in [*sorted(VECTORS.rglob("*.json")), VECTORS.parent / "runners/good_calls.json"]:
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            name = case["operation"]
            if name in found or "error" in case:
                continue
            gateway, service, method = name.split(".")
            make = next(getattr(kyso, member) for member in kyso.__all__ if member.lower() == gateway)
            client = make(**case.get("config", {}))
            found[name] = (make, case.get("config", {}), getattr(getattr(client, service), method), case["input"])
    return found


CALLS = good_calls()


def shown(value):
    """Short: some of the values would fill any memory."""
    if isinstance(value, (str, bytes, float, bool)):
        return repr(value[:40] if isinstance(value, (str, bytes)) else value)
    return type(value).__name__


class HostileValues(unittest.TestCase):
    def refuse(self, call, fields, name, value):
        try:
            call(**{**fields, name: value})
        except REFUSALS as error:
            if isinstance(error, kyso.KysoError):
                self.assertNotEqual(error.code, "internal", name)
            return
        except BaseException as error:
            self.fail(f"{name}={shown(value)}: {type(error).__name__}")
        self.fail(f"{call.__qualname__}: {name}={shown(value)} was accepted")

    def matrix(self, call, fields):
        count = 0
        for name, parameter in inspect.signature(call).parameters.items():
            if name == "self":
                continue
            values = NEVER + hostile_values(parameter.annotation)
            if parameter.default is inspect.Parameter.empty:
                values = [None, *values]
            for value in values:
                self.refuse(call, fields, name, value)
                count += 1
        return count

    def test_every_parameter_of_every_operation(self):
        clients = {make: client(**config) for make, config, _, _ in CALLS.values() for client in [make]}
        known = {
            f"{make.__name__.lower()}.{service}.{method}"
            for make, client in clients.items()
            for service in dir(client)
            for method in dir(getattr(client, service))
            if service[0] != "_" and method[0] != "_"
        }
        self.assertEqual(known - set(CALLS), set(), "each operation has a good call in tests/vectors or good_calls.json")
        count = 0
        for operation, (_, _, method, fields) in CALLS.items():
            with self.subTest(operation):
                method(**fields)
                count += self.matrix(method, fields)
        print(f"{len(CALLS)} operations, {count} hostile values refused")
        self.assertGreater(count, 50_000)

    def test_every_parameter_of_every_configuration(self):
        seen = set()
        for make, config, _, _ in CALLS.values():
            if make in seen or not config:
                continue
            seen.add(make)
            with self.subTest(make.__name__):
                signature = inspect.signature(make.__init__)
                typed = lambda **fields: make(**fields)  # noqa: E731 (a class has the signature of its metaclass)
                typed.__signature__ = signature
                self.matrix(typed, config)

    def test_unknown_names_are_refused(self):
        for operation, (_, _, method, fields) in CALLS.items():
            for name, value in [("no_such_field", "1"), ("no_such_field", None), ("self", 1), ("\ud800", 1), ("", 1)]:
                with self.subTest(operation), self.assertRaises(kyso.KysoError):
                    method(**{**fields, name: value})

    def test_only_keyword_arguments(self):
        for operation, (_, _, method, fields) in CALLS.items():
            for value in [None, {}, fields, "{}", []]:
                with self.subTest(operation), self.assertRaises(TypeError):
                    method(value)

    def test_none_means_not_given_where_it_is_optional(self):
        for operation, (_, _, method, fields) in CALLS.items():
            parameters = inspect.signature(method).parameters
            left_out = {name: None for name in parameters if name not in fields and name != "self"}
            with self.subTest(operation):
                method(**{**left_out, **fields})


class Subclasses(unittest.TestCase):
    def test_a_text_is_what_it_holds(self):
        client = kyso.VietQR().code
        text = "00020101021138540010A00000072701240006970436011001234567890208QRIBFTTA53037045802VN6304"
        with self.assertRaises(kyso.KysoError) as plain:
            client.read(text=text)
        with self.assertRaises(kyso.KysoError) as subclass:
            client.read(text=Shouting(text))
        self.assertEqual(plain.exception.to_dict(), subclass.exception.to_dict())

    def test_numbers_are_what_they_hold(self):
        link = kyso.HPay(merchant_site_code="65001", secure_pass="test-pass-Aa1", environment="sandbox").checkout.create_link
        fields = {"return_url": "https://shop.example.com/r", "receiver": "m@example.com", "order_code": "A1"}
        plain = link(**fields, price=20_000)
        for price in ["20000", Lying(20_000), Number.TWENTY]:
            self.assertEqual(link(**fields, price=price)["signature"], plain["signature"])

    def test_bytes_are_texts(self):
        for operation, (_, _, method, fields) in CALLS.items():
            body = fields.get("body")
            if "read_" not in operation or not isinstance(body, str):
                continue
            expected = method(**fields)
            for form in (bytes, bytearray, lambda data: memoryview(data), lambda data: memoryview(b"x" + data)[1:]):
                with self.subTest(operation):
                    self.assertEqual(method(**{**fields, "body": form(body.encode())}), expected)


CANARY = "c4n4ry-9f3a71d2e8b64c05"
CLIENTS = [
    lambda secret: kyso.TConnect(partner_code="1", key=KEY, environment="sandbox", previous_secrets=[secret]),
    lambda secret: kyso.TConnect(partner_code="1", key=secret, environment="sandbox"),
    lambda secret: kyso.HPay(merchant_site_code="65001", environment="sandbox", secure_pass=secret, passcode=secret + "2"),
    lambda secret: kyso.HPay(merchant_site_code="65001", environment="nowhere", secure_pass=secret),
    lambda secret: kyso.HPay(merchant_site_code="65001", environment="sandbox", secure_pass=secret, private_key=secret),
    lambda secret: kyso.HPay(merchant_site_code="65001", environment="sandbox", secure_pass=secret + " "),
    lambda secret: kyso.HPay(merchant_site_code="65001", environment="sandbox", secure_pass=secret, recipes={"x": {"prefix": secret}}),
    lambda secret: kyso.AppotaPay(partner_code="P", api_key=secret, secret_key=secret + "2", environment="sandbox"),
    lambda secret: kyso.AppotaPay(partner_code="P", api_key=secret, secret_key=1.5, environment="sandbox"),
    lambda secret: kyso.AppotaPay(partner_code="P", api_key=secret, secret_key=secret, environment="sandbox", nothing=secret),
]
FORMS = [CANARY, CANARY.encode().hex(), __import__("base64").b64encode(CANARY.encode()).decode()[:-4]]


class Secrets(unittest.TestCase):
    def clean(self, text, what):
        for form in FORMS:
            self.assertNotIn(form, text, what)

    def clean_error(self, error):
        self.clean(repr(error) + str(error) + repr(error.args) + repr(vars(error)), "exception")
        self.clean("".join(traceback.format_exception(error)), "traceback")
        frame = error.__traceback__
        while frame is not None:
            if Path(frame.tb_frame.f_code.co_filename).parent == Path(kyso.__file__).parent:
                self.clean(repr(frame.tb_frame.f_locals), f"variables of {frame.tb_frame.f_code.co_name}")
            frame = frame.tb_next

    def test_nothing_shows_a_secret(self):
        failed = 0
        for make in CLIENTS:
            try:
                client = make(CANARY)
            except kyso.KysoError as error:
                failed += 1
                self.clean_error(error)
                continue
            for holder in [client, client._client, *(getattr(client, name) for name in dir(client) if name[0] != "_")]:
                members = {name: getattr(holder, name, None) for name in dir(holder)}
                self.clean(repr(holder) + str(holder) + f"{holder}" + repr(members), "repr")
                with self.assertRaises(TypeError):
                    vars(holder)
                for refused in (copy.copy, copy.deepcopy, pickle.dumps, lambda value: value.__reduce_ex__(2)):
                    with self.assertRaises(TypeError):
                        refused(holder)
            for service in [getattr(client, name) for name in dir(client) if name[0] != "_"]:
                for name in dir(service):
                    if name[0] == "_":
                        continue
                    for fields in [{}, {"body": "{}"}, {"body": CANARY[:3]}, {"query": "a=1"}, {"no": 1}]:
                        try:
                            getattr(service, name)(**fields)
                        except kyso.KysoError as error:
                            self.clean_error(error)
        self.assertGreater(failed, 3)

    def test_errors_show_no_values(self):
        for operation, (_, _, method, fields) in CALLS.items():
            for name in fields:
                for value in [{CANARY: 1.5}, [CANARY, 1.5], CANARY + "\ud800", CANARY.encode() + b"\xff", {"a": [CANARY, object()]}]:
                    with self.subTest(operation), self.assertRaises(kyso.KysoError) as caught:
                        method(**{**fields, name: value})
                    if isinstance(value, dict) and CANARY in value:
                        continue  # The name of a member is no value.
                    error = caught.exception
                    self.clean(repr(error) + repr(vars(error)) + "".join(traceback.format_exception(error)), operation)


class Sharing(unittest.TestCase):
    def test_clients_do_not_change(self):
        client = kyso.HPay(merchant_site_code="65001", secure_pass="test-pass-Aa1", environment="sandbox")
        for holder in (client, client.checkout):
            for name in ("_client", "checkout", "create_link", "other"):
                with self.assertRaises(AttributeError):
                    setattr(holder, name, None)
                with self.assertRaises(AttributeError):
                    delattr(holder, name)
        config = {"merchant_site_code": "65001", "secure_pass": "test-pass-Aa1", "environment": "sandbox"}
        before = dict(config)
        kyso.HPay(**config)
        self.assertEqual(config, before)

    def test_eight_threads_share_a_client(self):
        client = kyso.TConnect(partner_code="1", key=KEY, environment="sandbox")
        texts = [f"{number}: " + "Nguyễn " * number for number in (1, 10, 100, 20_000)]
        wrong = []

        def work():
            for _ in range(100):
                for text in texts:
                    sealed = client.envelope.seal(plaintext=text)
                    if client.envelope.open(data=sealed["data"])["plaintext"] != text:
                        wrong.append(text[:10])

        threads = [threading.Thread(target=work) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


class Errors(unittest.TestCase):
    def test_error_record(self):
        with self.assertRaises(kyso.InvalidKey) as caught:
            kyso.TConnect(partner_code="1", key="0" * 63, environment="sandbox")
        error = caught.exception
        self.assertEqual((error.code, error.field, error.stage), ("invalid_key", "key", "config"))
        self.assertIn("63", str(error))
        self.assertIsNone(error.gateway_code)
        self.assertEqual(error.to_dict()["message_vi"], error.message_vi)
        self.assertEqual(type(error).__module__, "kyso")
        again = pickle.loads(pickle.dumps(error))
        self.assertEqual((type(again), again.to_dict(), str(again)), (type(error), error.to_dict(), str(error)))

    def test_each_code_has_a_class(self):
        classes = [getattr(kyso, name) for name in kyso.__all__ if isinstance(getattr(kyso, name), type)]
        errors = [found for found in classes if issubclass(found, kyso.KysoError)]
        self.assertEqual(len(errors), 19)

    def test_signatures_and_documentation(self):
        for operation, (make, _, method, _) in CALLS.items():
            with self.subTest(operation):
                self.assertIn("Evidence: ", method.__doc__)
                self.assertEqual(method.__module__, f"kyso._{operation.split('.')[0]}")


if __name__ == "__main__":
    unittest.main()
