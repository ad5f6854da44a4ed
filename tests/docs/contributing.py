"""Takes the new gateway of CONTRIBUTING.md to a copy of the repository, by its text alone.

Usage: contributing.py FOLDER   writes the named files into the copy and applies the diff.
"""

import re
import subprocess
import sys
from pathlib import Path

text = Path("CONTRIBUTING.md").read_text(encoding="utf-8")
folder = Path(sys.argv[1])
files = re.findall(r"<!-- new file: (\S+) -->\n```\w+\n(.*?)^```", text, re.S | re.M)
(diff,) = re.findall(r"<!-- edit -->\n```diff\n(.*?)^```", text, re.S | re.M)
for path, content in files:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(content, encoding="utf-8")
subprocess.run(["patch", "-p1", "--quiet", "--no-backup-if-mismatch"], cwd=folder, input=diff, text=True, check=True)
print(f"CONTRIBUTING: {len(files)} files written, the diff applied")
