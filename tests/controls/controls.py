#!/usr/bin/env python3
"""Takes the guards out of a copy of the library, one by one in the source, and expects the proofs to fail. What is
released has no switch for any of it.

Usage: tests/controls/controls.py [part of a control's name]
"""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "target/controls/source"

# Name of the control; file, what stands there, what is put in its place; tests that must fail: file and test.
# The guards of a group do not touch each other, so that one build serves all of them.
GROUPS = [
    [
        (
            "digests are not compared",
            [("core/src/crypto/compare.rs", "left.ct_eq(right).into()", "left.len() == right.len() || left.ct_eq(right).into()")],
            [("tamper", "no_changed_member_and_no_changed_signature_is_accepted"), ("pollution", "every_member_of_every_signed_message")],
        ),
        (
            "separators and control characters in signed fields",
            [("core/src/canonical.rs", "if self.could_move_a_boundary(&value) || check::has_control(&value) {",
              "if value.len() > 1_000_000 {")],
            [("ambiguity", "accepted_inputs_of_all_formulas_have_signatures_of_their_own"),
             ("ambiguity", "accepted_fields_of_any_recipe_have_texts_of_their_own"),
             ("ambiguity", "pipes_and_control_characters_are_refused_in_pipe_recipes")],
        ),
        (
            "the one error of decryption",
            [("core/src/tconnect/ipn.rs", "        let reading = notification(client, index, accepted(&text)?, input.expected.as_ref());",
              "        let Some(members) = accepted(&text) else { return Some(Err(Error::new(Code::MalformedInput))) };\n"
              "        let reading = notification(client, index, members, input.expected.as_ref());")],
            [("oracle", "a_hundred_thousand_failures_have_one_answer")],
        ),
        (
            "blank secrets",
            [("core/src/secret.rs", "if text.trim().len() != text.len() {", "if text.len() > 1_000_000 {")],
            [("hostile", "no_constructor_takes_what_is_no_secret")],
        ),
        (
            "visible ASCII in headers",
            [("core/src/check.rs", "fold(true, |visible, byte| visible & byte.is_ascii_graphic())",
              "fold(true, |visible, byte| visible | byte.is_ascii_graphic())")],
            [("hostile", "only_visible_ascii_reaches_a_header")],
        ),
        (
            "plain hosts",
            [("core/src/check.rs", "if !is_plain_host(host) || !port.is_none_or(is_port) {", "if host.is_empty() {")],
            [("hostile", "hostile_addresses_are_refused")],
        ),
        (
            "members that come twice",
            [("core/src/value/json.rs", "(!twice).then_some(())", "(!twice || record.0.len() < 1_000_000).then_some(())")],
            [("hostile", "json_tricks_are_refused"), ("pollution", "every_member_inside")],
        ),
        (
            "parameters that come twice",
            [("core/src/http.rs", ".any(|(other, _): (&str, _)| other.eq_ignore_ascii_case(&name))",
              ".any(|(other, _): (&str, _)| other.len() > 1_000_000)")],
            [("pollution", "every_member_of_every_signed_message")],
        ),
        (
            "what is expected",
            [("core/src/answer.rs", "            compare(&self.members, name, wanted)?;", "            let _ = compare(&self.members, name, wanted);")],
            [("hostile", "expected_amounts_are_compared")],
        ),
        (
            "the merchant's own code",
            [("core/src/hpay/answers.rs", ".is_some_and(|code| code != client.merchant_site_code)", ".is_some_and(|code| code.len() > 1_000_000)")],
            [("hostile", "other_merchants_messages_are_refused")],
        ),
        (
            "a secret in Debug",
            [("core/src/secret.rs", 'f.write_str("Secret")', "f.write_str(self.expose())")],
            [("canary", "secrets_in_inputs_are_sealed_or_absent")],
        ),
    ],
    [
        (
            "members outside the formula are called proven",
            [("core/src/answer.rs", "if tails.clone().any(str::is_empty) {",
              "if tails.clone().any(str::is_empty) || !matches!(value, Value::Record(_)) {")],
            [("tamper", "readers_show_as_proven_what_the_formula_covers"),
             ("tamper", "whatever_bit_of_a_message_is_flipped_it_proves_the_same_or_nothing")],
        ),
        (
            "a digest decides which payment it is",
            [("core/src/answer.rs", "    for part in parts {", "    for part in parts.into_iter().take(0) {")],
            [("tamper", "idempotency_keys_follow_the_payment")],
        ),
        (
            "the readings of a space-joined link",
            [("core/src/hpay/checkout.rs", "looks_like_block(block) && Some(block) != real", "block.is_empty()")],
            [("ambiguity", "hpay_price_tampering_link_is_refused")],
        ),
    ],
]


def copy_source():
    shutil.rmtree(COPY, ignore_errors=True)
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True)
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            target = COPY / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target)


def take_out(edits):
    for name, guard, without in edits:
        path = COPY / name
        source = path.read_text()
        if source.count(guard) < 1:
            sys.exit(f"controls: {name} has no `{guard}` any more")
        path.write_text(source.replace(guard, without))


def failures(tests):
    """Names of the tests that fail in the copy."""
    files = sorted({file for file, _ in tests})
    names = sorted({test for _, test in tests})
    command = ["cargo", "test", "-p", "kyso", "--no-fail-fast", "--target-dir", str(ROOT / "target/controls/build")]
    for file in files:
        command += ["--test", file]
    done = subprocess.run([*command, "--", *names, "--exact"], cwd=COPY, capture_output=True, text=True)
    if "test result:" not in done.stdout:
        sys.exit(f"controls: the copy does not build\n{done.stderr[-3000:]}")
    failed = {line.split()[1] for line in done.stdout.splitlines() if line.startswith("test ") and line.endswith("FAILED")}
    return failed


def main(wanted):
    bad = []
    for group in GROUPS:
        chosen = [control for control in group if wanted in control[0]]
        if not chosen:
            continue
        copy_source()
        for _, edits, _ in chosen:
            take_out(edits)
        failed = failures([test for _, _, tests in chosen for test in tests])
        for name, _, tests in chosen:
            survived = [f"{file}: {test}" for file, test in tests if test not in failed]
            print(f"without {name}: " + ("NOT NOTICED by " + ", ".join(survived) if survived else f"{len(tests)} proofs fail, as they must"))
            bad += survived
    shutil.rmtree(COPY, ignore_errors=True)
    sys.exit(1 if bad else 0)


main(sys.argv[1] if len(sys.argv) > 1 else "")
