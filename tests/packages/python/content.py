"""What is in the packages for PyPI: files, dependencies, no path of the machine that built them: content.py FILE..."""

import re
import sys
import tarfile
import zipfile
from pathlib import Path

# The list of make security, which looks at the wheel of this machine.
WHEEL = set((Path(__file__).parent.parent / "wheel.txt").read_text().split())
PATHS = re.compile(rb"/(home|root|Users|work)/|\.cargo/registry")


def check_wheel(path: str) -> None:
    with zipfile.ZipFile(path) as wheel:
        names = {re.sub(r"^kyso-[\d.]+\.dist-info", "kyso-VERSION.dist-info", name) for name in wheel.namelist()}
        assert names == WHEEL, f"{path}: {sorted(names ^ WHEEL)}"
        for name in wheel.namelist():
            content = wheel.read(name)
            assert not PATHS.search(content), f"{path}: {name} holds a path of the build machine"
            if name.endswith("METADATA"):
                assert b"Requires-Dist" not in content, f"{path}: has dependencies"


def check_source(path: str) -> None:
    with tarfile.open(path) as source:
        names = [name.split("/", 1)[1] for name in source.getnames()]
    for wanted in ["pyproject.toml", "Cargo.lock", "PKG-INFO", "python/kyso/__init__.py"]:
        assert any(name.endswith(wanted) for name in names), f"{path}: no {wanted}"
    # tests/memcheck is a crate that the core's tests name: Cargo looks for its manifest.
    unwanted = re.compile(r"(^|/)((target|build|node_modules|\.git)/|tests/(?!memcheck/))|\.so$|\.pyc$")
    stray = [name for name in names if unwanted.search(name)]
    assert not stray, f"{path}: {stray[:3]}"


for path in sys.argv[1:]:
    (check_wheel if path.endswith(".whl") else check_source)(path)
