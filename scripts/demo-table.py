"""Shows the demo results of several languages side by side; fails when two differ or a forgery was accepted."""

import sys
from pathlib import Path

languages = sys.argv[1:]
results = {}
for language in languages:
    lines = (Path("build/demo") / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    results[language] = dict(line.split("\t", 1) for line in lines)

first = results[languages[0]]
good = True
print()
for step, result in first.items():
    others = [language for language in languages if results[language].get(step) != result]
    marks = "  ".join(f"{language} {'≠' if language in others else '✓'}" for language in languages)
    print(f"{step}\n    {result}\n    {marks}")
    for language in others:
        print(f"    {language} says: {results[language].get(step)}")
        good = False
    if "ACCEPTED" in result:
        good = False
for language in languages:
    extra = set(results[language]) - set(first)
    if extra:
        print(f"{language} has further steps: {', '.join(sorted(extra))}")
        good = False
print()
print(f"{len(first)} steps, the same in {', '.join(languages)}." if good else "The languages differ or a forgery passed.")
sys.exit(0 if good else 1)
