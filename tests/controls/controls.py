#!/usr/bin/env python3
"""Takes the guards out of a copy of the library, one by one in the source, and expects the proofs to fail. What is
released has no switch for any of it.

Usage: tests/controls/controls.py [part of a control's name]
       tests/controls/controls.py --each [part of a control's name]   each guard is put back alone, and its proofs must
                                                                      pass: no other guard of the group answers for it
"""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPY = ROOT / "target/controls/source"

# Name of the control; file, what stands there, what is put in its place; tests that must fail: file (or lib) and test.
# The guards of a group do not touch each other, so that one build serves all of them; --each shows it.
GROUPS = [
    [
        (
            "separators and control characters in signed fields",
            [("core/src/canonical.rs", "if self.could_move_a_boundary(&value) || check::has_control(&value) {",
              "if value.len() > 1_000_000 {")],
            [("ambiguity", "accepted_inputs_of_all_formulas_have_signatures_of_their_own"),
             ("ambiguity", "accepted_fields_of_any_recipe_have_texts_of_their_own"),
             ("ambiguity", "pipes_and_control_characters_are_refused_in_pipe_recipes")],
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
            "what is expected",
            [("core/src/answer.rs", "            compare(&self.members, name, wanted).map_err(|error| self.why(name, error))?;",
              "            let _ = compare(&self.members, name, wanted);")],
            [("hostile", "expected_amounts_are_compared")],
        ),
        (
            "what only a notification has",
            [("core/src/tconnect/ipn.rs", ".all(|value| value.and_then(Value::as_text).is_some_and(|text| !text.is_empty()));",
              ".all(|_| true);")],
            [("tconnect_ipn", "no_request_of_ours_passes_as_a_notification")],
        ),
        (
            "an IV from the operating system",
            [("core/src/crypto/random.rs", "    fill(&mut iv)?;", "    fill(&mut [0; 16])?;\n    iv.fill(0);")],
            [("tconnect_ipn", "every_message_has_an_iv_of_its_own")],
        ),
        (
            "a certificate's own signature",
            [("core/src/crypto/rsa.rs", "if tbs.issuer() == tbs.subject() && !self_signature_holds(certificate, &key) {",
              "if tbs.issuer() == tbs.subject() && certificate.signature().bit_len() == 0 {")],
            [("rsa_keys", "a_flipped_bit_never_gives_another_key")],
        ),
        (
            "RSA signatures below the modulus",
            [("core/src/crypto/rsa_verify.rs", "if number >= **self.modulus.modulus() {", "if number.bits_precision() == 0 {")],
            [("lib", "crypto::rsa_verify::tests::a_signature_is_below_the_modulus")],
        ),
        (
            "other spellings are tried on request only",
            [("core/src/hpay/open_api.rs", "let swapped = input.swapped_order == Some(true);", "let swapped = true;")],
            [("formulas", "other_spellings_are_tried_on_request_and_named")],
        ),
        (
            "the lifetime of a token",
            [("core/src/appotapay/auth.rs", "if !(1..=86_400).contains(&lifetime) {", "if lifetime > 100_000 {")],
            [("hostile", "extreme_times_in_tokens")],
        ),
    ],
    [
        (
            "the configured formula replaces the built-in one",
            [("core/src/hpay/mod.rs", "self.recipes.get(operation).unwrap_or(built_in)",
              "self.recipes.get(operation).filter(|_| operation.is_empty()).unwrap_or(built_in)")],
            [("formulas", "a_configured_formula_leaves_no_way_back_to_the_built_in_one")],
        ),
        (
            "how many values a text may hold",
            [("core/src/value/json.rs", "self.values_left = self.values_left.checked_sub(1)?;", "self.values_left = self.values_left.max(1);")],
            [("peak", "readers_need_at_most_six_times_their_input"), ("hostile", "limits_hold_to_the_byte")],
        ),
        (
            "control and direction characters in texts",
            [("core/src/check.rs", "!is_printable_ascii(value) && value.chars().any(is_control_like)", "value.len() > 100_000_000")],
            [("hostile", "control_characters_are_refused_in_texts")],
        ),
        (
            "texts are signed as given",
            [("core/src/canonical.rs", "        sink(value.as_bytes());", "        sink(value.to_lowercase().as_bytes());"),],
            [("hostile", "letters_are_signed_as_given")],
        ),
        (
            "every byte of the padding",
            [("core/src/crypto/aes_cbc.rs", "good &= byte.ct_eq(&padding) | !inside;", "good &= byte.ct_eq(byte) | !inside;")],
            [("lib", "crypto::wycheproof::aes_256_cbc_pkcs7"), ("lib", "crypto::aes_cbc::tests::every_padding_byte_is_looked_at")],
        ),
        (
            "vectors as published",
            [("core/tests/nist/aes_256_cbc.txt", "5c9d844ed46f9885085e5d6a4f94c", "5c9d844ed46f9885085e5d6a4f94d"),
             ("core/tests/nist/sha256.txt", "- e3b0c442", "- e3b0c443"),
             ("core/tests/nist/md5.txt", "- d41d8cd9", "- d41d8cd8"),
             ("core/tests/nist/hmac_sha256.txt", "b0344c61", "b0344c62")],
            [("lib", "crypto::aes_cbc::tests::nist_cavp_cbc_aes256"), ("lib", "crypto::nist::sha_256_md5_and_hmac")],
        ),
        (
            "placeholders",
            [("core/src/secret.rs", "if is_placeholder(text) {", "if text.len() > 1_000_000 {")],
            [("hostile", "no_constructor_takes_what_is_no_secret")],
        ),
        (
            "money after an unreadable answer",
            [("core/src/operations.rs", "Kind::ReadOutcome(ask) if error.outcome_name().is_none() =>",
              "Kind::ReadOutcome(ask) if error.outcome_name().is_none() && error.code() == Code::GatewayRefused =>")],
            [("attacks", "whatever_cannot_be_read_leaves_money_undetermined")],
        ),
        (
            "the row's own key",
            [("core/src/tconnect/ipn.rs", "&amount.to_string(), &last]", "&amount.to_string(), \"\"]")],
            [("attacks", "a_confirmed_payment_has_one_key")],
        ),
        (
            "an expectation of nothing",
            [("core/src/answer.rs", "if expected.is_empty() {", "if expected.len() > 1_000_000 {")],
            [("attacks", "expecting_nothing_is_refused")],
        ),
        (
            "the hosts of the other environment",
            [("core/src/http.rs", "if !host_of(&checked).eq_ignore_ascii_case(host_of(other)) {", "if !host_of(&checked).eq_ignore_ascii_case(field) {")],
            [("attacks", "hosts_of_the_other_environment_are_refused")],
        ),
        (
            "errors on one line",
            [("core/src/error.rs", ".filter(|c| !is_control_like(*c))", ".filter(|c| *c != ' ' || !is_control_like(*c))")],
            [("attacks", "errors_are_sentences_on_one_line")],
        ),
        (
            "the readings of a space-joined link",
            [("core/src/hpay/checkout.rs", "looks_like_block(block) && Some(block) != real", "block.is_empty()")],
            [("ambiguity", "hpay_price_tampering_link_is_refused")],
        ),
    ],
    [
        (
            "a member named like the way to a proven one",
            [("core/src/answer.rs", "(same(step, name) && !step.bytes().any(|byte| byte == b'/')).then_some(tail)", "same(step, name).then_some(tail)")],
            [("hostile", "what_is_not_proven_meets_no_expectation")],
        ),
        (
            "one spelling of a digest",
            [("core/src/crypto/encoding.rs", "if text.as_bytes().get(1) == Some(&b'x') {", "if text.len() > 100_000_000 {")],
            [("tamper", "signatures_have_one_spelling")],
        ),
        (
            "a digest decides which payment it is",
            [("core/src/answer.rs", "    for part in parts {", "    for part in parts.into_iter().take(0) {")],
            [("tamper", "idempotency_keys_follow_the_payment")],
        ),
        (
            "limits",
            [("core/src/http.rs", "MAX_QUERY: usize = 64 * 1024;", "MAX_QUERY: usize = 64 * 1024 + 1;")],
            [("hostile", "limits_hold_to_the_byte")],
        ),
        (
            "parameters that come twice",
            [("core/src/http.rs", ".any(|(other, _): (&str, _)| other.eq_ignore_ascii_case(&name))",
              ".any(|(other, _): (&str, _)| other.len() > 1_000_000)")],
            [("pollution", "every_member_of_every_signed_message")],
        ),
    ],
    [
        (
            "digests are not compared",
            [("core/src/crypto/compare.rs", "left.ct_eq(right).into()", "left.len() == right.len() || left.ct_eq(right).into()")],
            [("tamper", "no_changed_member_and_no_changed_signature_is_accepted"), ("pollution", "every_member_of_every_signed_message")],
        ),
        (
            "sizes and exponents of keys",
            [("core/src/crypto/rsa.rs", "if !(2048..=4096).contains(&bits) {", "if !(8..=100_000).contains(&bits) {"),
             ("core/src/crypto/rsa.rs", "if *key.e() != BoxedUint::from(65537_u64) {", "if key.n().bits() < 8 {")],
            [("rsa_keys", "private_keys"), ("rsa_keys", "public_keys_and_certificates"), ("lib", "crypto::nist::key_files")],
        ),
        (
            "a secret in Debug",
            [("core/src/secret.rs", 'f.write_str("Secret")', "f.write_str(self.expose())")],
            [("canary", "secrets_in_inputs_are_sealed_or_absent")],
        ),
    ],
    [
        (
            "members that come twice",
            [("core/src/value/json.rs", "(!twice).then_some(())", "(!twice || record.0.len() < 1_000_000).then_some(())")],
            [("hostile", "json_tricks_are_refused"), ("pollution", "every_member_inside")],
        ),
        (
            "the merchant's own code",
            [("core/src/hpay/answers.rs", ".is_some_and(|code| code != client.merchant_site_code)", ".is_some_and(|code| code.len() > 1_000_000)")],
            [("hostile", "other_merchants_messages_are_refused")],
        ),
        (
            "what a formula leaves out of a payment",
            [("core/src/hpay/checkout.rs", "    let covered = match configured {\n        Some(_) =>",
              "    let covered = match configured {\n        Some(recipe) if recipe.separator.is_empty() =>"),
             ("core/src/hpay/checkout.rs", "        None => COVERED.to_vec(),", "        _ => COVERED.to_vec(),")],
            [("formulas", "a_formula_proves_what_it_covers")],
        ),
        (
            "proven members only meet an expectation",
            [("core/src/answer.rs", "            compare(&self.members, name, wanted).map_err(|error| self.why(name, error))?;",
              "            compare(&self.members, name, wanted).or_else(|_| compare(&self.unverified, name, wanted))?;")],
            [("hostile", "what_is_not_proven_meets_no_expectation")],
        ),
    ],
    [
        (
            "members outside the formula are called proven",
            [("core/src/answer.rs", "if first.into_iter().chain(tails.clone()).any(str::is_empty) {",
              "if first.into_iter().chain(tails.clone()).any(str::is_empty) || !matches!(value, Value::Record(_)) {")],
            [("tamper", "readers_show_as_proven_what_the_formula_covers"),
             ("tamper", "whatever_bit_of_a_message_is_flipped_it_proves_the_same_or_nothing")],
        ),
    ],
    # Alone: what else is taken out of the reader of notifications makes the same test fail.
    [
        (
            "the one error of decryption",
            [("core/src/tconnect/ipn.rs", "        let reading = notification(client, index, accepted(&text)?, input.expected.as_ref());",
              "        let Some(members) = accepted(&text) else { return Some(Err(Error::new(Code::MalformedInput))) };\n"
              "        let reading = notification(client, index, members, input.expected.as_ref());")],
            [("oracle", "a_hundred_thousand_failures_have_one_answer")],
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
            # Not copy2: with its old time Cargo would take a guard that was put back for unchanged, and not build it.
            shutil.copy(ROOT / name, target)


def take_out(edits):
    for name, guard, without in edits:
        path = COPY / name
        source = path.read_text()
        if source.count(guard) < 1:
            sys.exit(f"controls: {name} has no `{guard}` any more")
        path.write_text(source.replace(guard, without))


def results(tests):
    """What became of the tests in the copy: name to "ok" or "FAILED"."""
    files = sorted({file for file, _ in tests})
    names = sorted({test for _, test in tests})
    command = ["cargo", "test", "-p", "kyso", "--no-fail-fast", "--target-dir", str(ROOT / "target/controls/build")]
    for file in files:
        command += ["--lib"] if file == "lib" else ["--test", file]
    done = subprocess.run([*command, "--", *names, "--exact"], cwd=COPY, capture_output=True, text=True)
    if "test result:" not in done.stdout:
        sys.exit(f"controls: the copy does not build\n{done.stderr[-3000:]}")
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("test ") and " ... " in line]
    return {line[1]: line[-1] for line in lines}


def without(controls, tests):
    """Results of the tests when the guards of these controls are out."""
    copy_source()
    for _, edits, _ in controls:
        take_out(edits)
    return results(tests)


def not_as(expected, proofs, found):
    """The proofs whose result is another one; a test that did not run has none."""
    return [f"{file}: {test}" for file, test in proofs if found.get(test) != expected]


def all_out(group, chosen):
    """Takes out all guards of a group that are chosen; gives the proofs that do not notice."""
    tests = [test for _, _, proofs in chosen for test in proofs]
    assert len(set(tests)) == len(tests), "two controls of a group would answer for each other"
    found = without(chosen, tests)
    bad = []
    for name, _, proofs in chosen:
        survived = not_as("FAILED", proofs, found)
        print(f"without {name}: " + ("NOT NOTICED by " + ", ".join(survived) if survived else f"{len(proofs)} proofs fail, as they must"))
        bad += survived
    return bad


def all_but_one(group, chosen):
    """Keeps one guard of a group at a time; gives the proofs that fail for another guard's sake."""
    bad = []
    for control in chosen:
        name, _, proofs = control
        confused = not_as("ok", proofs, without([other for other in group if other is not control], proofs))
        print(f"with {name} alone: " + ("FAILS FOR ANOTHER GUARD'S SAKE: " + ", ".join(confused) if confused else f"{len(proofs)} proofs pass"), flush=True)
        bad += confused
    return bad


def main(arguments):
    run = all_but_one if arguments[:1] == ["--each"] else all_out
    wanted = arguments[-1] if arguments[-1:] not in ([], ["--each"]) else ""
    bad = []
    for group in GROUPS:
        chosen = [control for control in group if wanted in control[0]]
        if chosen:
            bad += run(group, chosen)
    shutil.rmtree(COPY, ignore_errors=True)
    sys.exit(1 if bad else 0)


main(sys.argv[1:])
