"""Checks that every quick start in a README is, to the letter, the program that is tested.

Usage: blocks.py README...
"""

import re
import sys
from pathlib import Path

FOLDER = Path("examples/quickstart")
LANGUAGES = {"js": "quickstart.mjs", "python": "quickstart.py", "php": "quickstart.php", "c": "quickstart.c", "rust": "quickstart.rs"}


def program(name: str) -> str:
    """The program, or what stands between its README marks, without the common indentation."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    marked = re.search(r"^( *)[^\n]*README: begin[^\n]*\n(.*?)^[^\n]*README: end", text, re.S | re.M)
    if not marked:
        return text
    indent = marked[1]
    return "".join(line.removeprefix(indent) for line in marked[2].splitlines(keepends=True))


wrong = 0
for readme in sys.argv[1:]:
    text = Path(readme).read_text(encoding="utf-8")
    for language, name in LANGUAGES.items():
        if f"```{language}\n{program(name)}```" not in text:
            print(f"{readme}: the {language} block is not {FOLDER / name}")
            wrong += 1
sys.exit(1 if wrong else 0)
