"""Runs the Python blocks of a page; see blocks.py. Lines in tracebacks are those of the page."""

import json
import sys

for scope in json.load(open(sys.argv[1])):
    names = {"__name__": "__main__"}
    for at, line, code, shown in scope:
        if shown:
            print("\x1e", end="")
        page = at.rsplit(":", 1)[0]
        exec(compile("\n" * line + code, page, "exec"), names)
