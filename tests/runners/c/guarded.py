"""Every function that libkyso exports runs its body behind the catcher of panics: guarded.py SOURCE..."""

import re
import sys
from pathlib import Path

#: The catcher, and what runs its body in it.
GUARDED = re.compile(r"\b(guard|kyso_result::of|call|construct|new_client|give|give_text|error_text|set|change)\(")
#: Gives a constant.
FREE = {"kyso_version"}

bare, seen = [], 0
for path in sys.argv[1:]:
    text = Path(path).read_text(encoding="utf-8")
    for found in re.finditer(r'extern "C" fn (\w+)(.*?)\n}\n', text, re.S):
        seen += 1
        if not GUARDED.search(found[2]) and found[1] not in FREE:
            bare.append(found[1])
if bare or not seen:
    sys.exit(f"not behind the catcher: {', '.join(bare) or 'no function found'}")
print(f"catcher: {seen} exported functions behind it")
