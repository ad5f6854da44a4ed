"""What convert.py and make.py share: collecting cases, changing them, writing vector files. Standard library only."""

import copy
import json
import pathlib
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent

NOTES = {
    "unicode": "Vietnamese or other text beyond ASCII",
    "nfd": "decomposed Unicode: other bytes, other digest",
    "boundary": "shortest, longest or largest accepted value, or the first one beyond",
    "tampered": "a good message with one thing changed",
    "foreign": "a good message of another merchant, operation or key",
    "ambiguous": "another message would have the same signed text",
    "config": "a configuration that must be refused",
    "input": "an input that must be refused by the name of its field",
    "number": "a spelling of a number",
    "override": "a formula of the merchant's own",
    "unsigned": "an answer without a signature",
    "rotation": "an earlier secret",
    "refusal": "the gateway reports a failure",
}


class Suite:
    """Cases by file, `<gateway>/<name>.json`."""

    def __init__(self):
        self.files = {}
        self.ids = set()

    def add(self, file, id, operation, config, input, output=None, error=None, comment="", flags=(), source=""):
        case = {"id": id, "operation": operation, "comment": comment, "flags": list(flags), "source": source}
        if (file, id) in self.ids:
            raise SystemExit(f"{file}: {id} comes twice")
        self.ids.add((file, id))
        unknown = set(flags) - set(NOTES)
        if unknown or not source or (output is None) == (error is None):
            raise SystemExit(f"{file}: {id} is incomplete {unknown}")
        if config is not None:
            case["config"] = config
        case["input"] = input
        if error is None:
            case["output"] = output
        else:
            case["error"] = error
        self.files.setdefault(file, []).append(case)

    def write(self):
        total = 0
        for file, cases in sorted(self.files.items()):
            used = {flag for case in cases for flag in case["flags"]}
            content = {"cases": cases, "notes": {flag: NOTES[flag] for flag in sorted(used)}}
            path = HERE / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
            total += len(cases)
            print(f"{file}: {len(cases)} cases")
        print(f"{total} cases")


def without(record, *names):
    """A copy of a record without some members."""
    return {name: value for name, value in record.items() if name not in names}


def at(record, path, value):
    """A deep copy of a record with the value at `a.b` replaced."""
    record = copy.deepcopy(record)
    *parents, last = path.split(".")
    inner = record
    for name in parents:
        inner = inner[name]
    inner[last] = value
    return record


def form(pairs):
    """A query string as browsers and PHP write it."""
    return urllib.parse.urlencode(pairs)


def compact(record):
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))


def flip_hex(digest, bit=0):
    """Hexadecimal text with one bit of the decoded bytes changed."""
    raw = bytearray.fromhex(digest)
    raw[bit // 8] ^= 1 << (bit % 8)
    return raw.hex()


def input_faults(suite, file, id, operation, config, good, required, source, texts=(), amounts=()):
    """Unknown first, every required field by name, wrong types by name: the same rules for every operation."""

    def refuse(name, input, code, field, comment):
        flags = ["input"]
        error = {"code": code, "field": field}
        suite.add(file, f"{id}-{name}", operation, config, input, error=error, comment=comment, flags=flags, source=source)

    refuse("unknown-field", {**good, "unknownField": "x"}, "unknown_field", "unknownField", "a field that does not exist")
    if required:
        input = {**without(good, required[0]), "unknown_field": 1}
        refuse("unknown-first", input, "unknown_field", "unknown_field", "unknown before missing: a misspelt name explains it")
    for name in required:
        refuse(f"without-{name}", without(good, name), "missing_field", name, "a required field is absent")
    for name in texts:
        for kind, value in [("true", True), ("list", ["x"]), ("object", {"a": "x"}), ("null", None)]:
            refuse(f"{name}-{kind}", {**good, name: value}, "wrong_type", name, "text is expected")
    for name in amounts:
        for kind, value in [("true", True), ("fraction", 50000.5), ("list", [1]), ("null", None)]:
            refuse(f"{name}-{kind}", {**good, name: value}, "wrong_type", name, "a whole number is expected")
        for kind, value in [
            ("leading-zero", "000123"),
            ("fraction-text", "50000.0"),
            ("commas", "50,000"),
            ("exponent", "5e4"),
            ("sign", "+5"),
            ("negative", "-5"),
            ("empty", ""),
            ("over-10-15", "1000000000000001"),
            ("huge", "99999999999999999999999"),
            ("hex", "0x10"),
            ("arabic-digits", "٥٠"),
            ("spaces-inside", "1 000" if not operation.endswith("legacy_link") else "1.000"),
        ]:
            refuse(f"{name}-{kind}", {**good, name: value}, "invalid_value", name, "no canonical whole number of dong")
