"""Shows that blocks.py finds what it is there to find: broken blocks, one page each, and good ones beside them.

Usage: control.py FOLDER   (scratch space, in the environment of scripts/test-docs)
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GOOD = {
    "python": "import kyso\nprint(1)",
    "js": 'import { KysoError } from "kyso";\nconsole.log(KysoError.name);',
    "php": "echo Kyso\\VERSION;",
    "c": 'puts(kyso_version());',
    "rust": "println!(\"{}\", kyso::operations::GATEWAYS.len());",
    "sh": "kyso --version",
    "json": '{"a": 1}',
}
# What is wrong, the page, a part of what must be said.
BROKEN = [
    ("python", "```python\nimport kyso\nkyso.HPay(merchant_site_code='1')\n```", "MissingField"),
    ("js", "```js\nthrow new Error('broken');\n```", "broken"),
    ("php", "```php\nnew Kyso\\HPay(['x' => 1]);\n```", "KysoException"),
    ("c", "```c\nreturn 1;\n```", "page.md"),
    ("c, a type", "```c\nkyso_no_such_function();\n```", "kyso_no_such_function"),
    ("rust", '```rust\nErr("broken")?;\n```', "broken"),
    ("sh", "```sh\nfalse\n```", "page.md"),
    ("sh, in the middle", "```sh\nfalse\ntrue\n```", "page.md"),
    ("json", '```json\n{"a": }\n```', "page.md"),
    ("output", "```python\nprint(1)\n```\n\n<!-- output -->\n```text\n2\n```", "printed"),
    ("text without reason", "```text\nx\n```", "reason"),
    ("an empty reason", "<!-- text:  -->\n```sh\nx\n```", "page.md"),
    ("a language that nobody runs", "```cobol\nx\n```", "nothing is known"),
    ("file", "<!-- file: examples/receivers/php/index.php -->\n```php\n$body = $_POST;\n```", "does not stand"),
    ("config", '<!-- config: hpay -->\n```json\n{"no_such_setting": 1}\n```', "no_such_setting"),
    ("input", '<!-- input: hpay.checkout.create_link -->\n```json\n{"price": 1.5}\n```', "page.md"),
    ("prelude", "<!-- prelude: other.md -->\n```python\nprint(1)\n```", "page.md"),
    ("second block", "```python\nx = 1\n```\n\n```python\nprint(y)\n```", "page.md"),
    ("inside tabs", '=== "Python"\n\n    ```python\n    print(y)\n    ```', "page.md"),
]


def blocks(scratch: Path, text: str) -> tuple[int, str]:
    folder = scratch / "control"
    folder.mkdir(exist_ok=True)
    page = folder / "page.md"
    page.write_text(text + "\n", encoding="utf-8")
    (scratch / "tree" / folder.relative_to(ROOT)).mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "tests/docs/blocks.py", str(scratch), str(page.relative_to(ROOT))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def main() -> None:
    scratch = Path(sys.argv[1]).resolve()
    missed = 0
    good = "\n\n".join(f"```{language}\n{code}\n```" for language, code in GOOD.items())
    status, said = blocks(scratch, good)
    if status != 0:
        missed += 1
        print(f"FAILED good blocks are refused: {said}")
    for name, text, wanted in BROKEN:
        # A good block beside it, so that nothing fails for want of blocks.
        status, said = blocks(scratch, f"```python\nprint(0)\n```\n\n{text}")
        if status == 0 or wanted not in said:
            missed += 1
            print(f"FAILED a broken block passes: {name}: {said}")
    print(f"control: {len(BROKEN) + 1 - missed} passed, {missed} failed")
    sys.exit(1 if missed else 0)


main()
