"""Names the dependencies of the crate kyso that ask for a newer Rust: cargo metadata | newer-rust.py VERSION"""

import json
import sys


def version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


metadata = json.load(sys.stdin)
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
root = next(key for key, package in packages.items() if package["name"] == "kyso")

seen: set[str] = set()
waiting = [root]
while waiting:
    here = waiting.pop()
    if here in seen:
        continue
    seen.add(here)
    # Neither tests nor codegen's features reach a user.
    waiting += [one["pkg"] for one in nodes[here]["deps"] if any(kind["kind"] != "dev" for kind in one["dep_kinds"])]

for key in sorted(seen):
    package = packages[key]
    wanted = package["rust_version"]
    if wanted and version(wanted) > version(sys.argv[1]):
        print(package["name"], package["version"], "needs", wanted)
