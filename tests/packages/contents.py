"""What the packages hold, against the lists beside this file, and that they ask for nothing else. `--write` renews them."""

import json
import re
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
BUILD = ROOT / "build"


def only(pattern):
    (found,) = BUILD.glob(pattern)
    return found


def no_faults(package, program):
    """Tests build the bindings with planted panics (--cfg kyso_fault); users never get those."""
    assert b"KYSO_FAULT" not in program, f"{package}: built with planted faults"


def npm():
    with tarfile.open(only("npm/kyso-*.tgz")) as package:
        manifest = json.load(package.extractfile("package/package.json"))
        names = package.getnames()
        no_faults("npm", package.extractfile("package/dist/kyso_bg.wasm").read())
    for key in ("dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies", "scripts", "bin"):
        assert not manifest.get(key), f"npm: {key} {manifest[key]}"
    return names


def wheel():
    with zipfile.ZipFile(only("wheel/kyso-*.whl")) as package:
        names = package.namelist()
        metadata = package.read(next(name for name in names if name.endswith("/METADATA"))).decode()
        no_faults("wheel", package.read("kyso/_native.abi3.so"))
    assert "Requires-Dist" not in metadata, "wheel: it has dependencies"
    return [re.sub(r"kyso-[\d.]+\.dist-info", "kyso-VERSION.dist-info", name) for name in names]


def c():
    no_faults("c", only("c/lib/libkyso.so.0").read_bytes())
    files = [path for path in (BUILD / "c").rglob("*") if not path.is_dir()]
    return [re.sub(r"\.so\.\d+\.\d+\.\d+$", ".so.VERSION", str(path.relative_to(BUILD / "c"))) for path in files]


def php():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT / "bindings-c/php", check=True, capture_output=True, text=True)
    return listed.stdout.split()


wrong = 0
for package in (npm, wheel, c, php):
    found, path = sorted(package()), HERE / f"{package.__name__}.txt"
    if "--write" in sys.argv:
        path.write_text("".join(f"{name}\n" for name in found))
    expected = path.read_text().split()
    for name in sorted(set(found) ^ set(expected)):
        print(f"{package.__name__}: {name} is {'new' if name in found else 'gone'}")
        wrong += 1
    print(f"{package.__name__}: {len(found)} files, as listed" if found == expected else f"{package.__name__}: not as listed")
sys.exit(wrong > 0)
