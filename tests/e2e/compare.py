"""Compares what the merchants printed with expected.txt. Usage: compare.py FOLDER LANGUAGE... (FOLDER/LANGUAGE.txt)."""

import sys
from pathlib import Path


def steps(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines)


folder, languages = Path(sys.argv[1]), sys.argv[2:]
expected = steps(Path(__file__).with_name("expected.txt"))
passed = failed = 0
for language in languages:
    printed = steps(folder / f"{language}.txt")
    wrong = [step for step in expected | printed if printed.get(step) != expected.get(step)]
    for step in wrong:
        print(f"{language}: {step}\n    expected: {expected.get(step)}\n    printed:  {printed.get(step)}")
    failed += len(wrong)
    passed += len(expected.keys() - wrong)
    print(f"{language}: {len(expected.keys() - wrong)} steps of {len(expected)} as expected")
print(f"e2e: {passed} passed, {failed} failed")
sys.exit(1 if failed or not passed else 0)
