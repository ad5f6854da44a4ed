"""Runs a folder of test vectors through the installed package, by its typed classes."""

import json
import sys
from pathlib import Path

import kyso

#: Random or written for people: never compared.
NOT_COMPARED = {"idempotency_key", "message", "message_vi"}

#: JSON's null as an argument. `None` would mean that the argument is not given, so this is something that no argument
#: accepts either.
NULL = object()


def gateway_class(name):
    return next(getattr(kyso, member) for member in kyso.__all__ if member.lower() == name)


def arguments(record):
    return {name: NULL if value is None else value for name, value in record.items()}


def difference(path, expected, got):
    """Where `got` lacks what is expected, or None."""
    if isinstance(expected, dict):
        if not isinstance(got, dict):
            return f"{path}: expected an object, got {got!r}"
        for key, value in expected.items():
            if key in NOT_COMPARED:
                continue
            if key not in got:
                return f"{path}.{key}: absent"
            found = difference(f"{path}.{key}", value, got[key])
            if found:
                return found
        return None
    if isinstance(expected, list):
        if not isinstance(got, list) or len(got) != len(expected):
            return f"{path}: expected a list of {len(expected)}, got {got!r}"
        pairs = enumerate(zip(expected, got))
        return next(filter(None, (difference(f"{path}.{i}", a, b) for i, (a, b) in pairs)), None)
    if expected != got or isinstance(expected, bool) != isinstance(got, bool):
        return f"{path}: expected {expected!r}, got {got!r}"
    return None


def opened_difference(client, expected, got):
    """Compares what a sealed request opens to."""
    text = client.envelope.open(data=json.loads(got["body"])["data"])["plaintext"]
    if text == expected:
        return None
    try:
        return difference("opened", json.loads(expected), json.loads(text))
    except ValueError:
        return f"opened: expected {expected!r}, got {text!r}"


def error_difference(expected, error):
    for name in ("code", "field"):
        if name in expected and expected[name] != getattr(error, name):
            return f"error.{name}: expected {expected[name]!r}, got {getattr(error, name)!r} ({error})"
    return None


def run(case):
    """Why a case fails, or None."""
    gateway, service, method = case["operation"].split(".")
    try:
        client = gateway_class(gateway)(**arguments(case.get("config", {})))
        got = getattr(getattr(client, service), method)(**arguments(case.get("input", {})))
    except kyso.KysoError as error:
        if "error" in case:
            return error_difference(case["error"], error)
        return f"refused: {error.code}: {error}"
    if "error" in case:
        return f"accepted, expected the error {case['error']}"
    output = dict(case["output"])
    opened = output.pop("opened", None)
    if opened is not None:
        found = opened_difference(client, opened, got)
        if found:
            return found
    return difference("output", output, got)


def main(folder):
    passed = failed = 0
    for path in sorted(Path(folder).rglob("*.json")):
        for case in json.loads(path.read_text(encoding="utf-8"))["cases"]:
            try:
                found = run(case)
            except Exception as error:  # A defect in one case must not hide the others.
                found = f"{type(error).__name__}: {error}"
            if found is None:
                passed += 1
                continue
            failed += 1
            print(f"{path}: {case['id']} ({case['operation']}): {found}")
    print(f"python: {passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
