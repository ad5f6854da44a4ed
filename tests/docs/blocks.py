"""Runs every code block of the documents from the installed packages.

Usage: blocks.py FOLDER PAGE...   FOLDER is scratch space. Called by scripts/test-docs, which sets up the packages.

What happens to a block follows from its language and from a comment in front of it (which also holds for all blocks of
a group of tabs):

  js python php c rust   run; blocks of one page and language are one program, in their order
  sh                     run by bash in the folder of the page
  json                   every line, or the whole, must be JSON
  text                   only with a reason
  <!-- text: reason -->  not run
  <!-- prelude -->       runs before each block of the pages that name this page; there every block stands alone:
  <!-- prelude: page -->
  <!-- file: path -->    stands, to the letter, in a program that another script of `make` tests
  <!-- output -->        is, to the letter, what the block before it printed
  <!-- new file: path -->       scripts/test-contributing writes it, and applies what stands under <!-- edit -->
  <!-- config: gateway -->      JSON: members that a client of the gateway accepts beside those of <gateway>.json
  <!-- input: operation -->     JSON: each line is accepted by the operation

Without comment, a block that is one of examples/quickstart is run by scripts/test-readme.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUICKSTARTS = ROOT / "examples/quickstart"
RUN = ("js", "python", "php", "c", "rust")
DIRECTIVE = re.compile(r"<!-- (text|prelude|file|new file|edit|output|config|input)(?:: (.*?))? -->$")
FENCE = re.compile(r"( *)(```+)(\S*)$")


class Fault(Exception):
    pass


@dataclass
class Block:
    page: str
    line: int
    language: str
    code: str
    kind: str = ""
    detail: str = ""
    printed: str | None = None

    @property
    def at(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass
class Page:
    path: str
    blocks: list[Block]
    # Page whose prelude runs before each block, or none: then the blocks of a language are one program.
    prelude: str | None = None
    preludes: dict[str, Block] = field(default_factory=dict)


def read(path: str) -> Page:
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    page = Page(path, [])
    kind = detail = ""
    in_tabs = False
    number = 0
    while number < len(lines):
        line = lines[number]
        number += 1
        if found := DIRECTIVE.match(line.strip()):
            kind, detail = found[1], found[2] or ""
            in_tabs = False
            if kind == "prelude" and detail:
                page.prelude = os.path.normpath(f"{Path(path).parent}/{detail}")
                kind = detail = ""
            continue
        if line.startswith("=== "):
            in_tabs = True
            continue
        if not (fence := FENCE.match(line)):
            if line.strip() and not (in_tabs and line.startswith("    ")):
                kind, detail, in_tabs = "", "", False
            continue
        indent, ticks, language = fence.groups()
        first = number
        while number < len(lines) and lines[number].strip() != ticks:
            number += 1
        if number == len(lines):
            raise Fault(f"{path}:{first}: the block does not end")
        code = "".join(line.removeprefix(indent) + "\n" for line in lines[first:number])
        number += 1
        block = Block(path, first, language, code, kind, detail)
        if kind == "prelude":
            page.preludes[language] = block
        page.blocks.append(block)
        if not in_tabs:
            kind = detail = ""
    return page


# What is not run here


def quickstarts() -> set[str]:
    programs = set()
    for path in QUICKSTARTS.iterdir():
        text = path.read_text(encoding="utf-8")
        programs.add(text)
        if marked := re.search(r"^( *)[^\n]*README: begin[^\n]*\n(.*?)^[^\n]*README: end", text, re.S | re.M):
            programs.add("".join(line.removeprefix(marked[1]) for line in marked[2].splitlines(keepends=True)))
    return programs


def same(text: str) -> str:
    """Without the indentation, which an excerpt loses."""
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def check_shown(block: Block, programs: set[str]) -> bool:
    """Whether the block needs no run. Raises where its comment does not hold."""
    if block.kind == "text":
        if not block.detail.strip():
            raise Fault("text needs a reason")
        return True
    if block.kind in ("new file", "edit") and block.page == "CONTRIBUTING.md":
        return True
    if block.kind == "file":
        if same(block.code) not in same((ROOT / block.detail).read_text(encoding="utf-8")):
            raise Fault(f"does not stand in {block.detail}")
        return True
    if block.code in programs:
        return True
    if block.language in ("text", ""):
        if block.kind == "output":
            return False
        raise Fault("a block of text needs a reason")
    return False


def check_json(block: Block, folder: Path) -> None:
    try:
        values = [json.loads(block.code)]
    except ValueError:
        values = [json.loads(line) for line in block.code.splitlines()]
    if block.kind in ("config", "input"):
        import kyso

        gateway = block.detail.split(".")[0]
        (client,) = [getattr(kyso, name) for name in kyso.__all__ if name.lower() == gateway]
        config = json.loads((ROOT / f"docs/gateways/{gateway}.json").read_text())
        for value in values:
            if block.kind == "config":
                client(**{**config, **value})
                continue
            target = client(**config)
            for name in block.detail.split(".")[1:]:
                target = getattr(target, name)
            target(**value)


# One program per page and language


def programs_of(page: Page, pages: dict[str, Page], language: str) -> list[tuple[Block | None, list[Block]]]:
    """(prelude, blocks that share one scope)"""
    blocks = [block for block in page.blocks if block.language == language and block.kind in ("", "prelude")]
    if not page.prelude:
        return [(None, blocks)] if blocks else []
    if page.prelude not in pages:
        raise Fault(f"{page.path}: no page {page.prelude} among those given")
    prelude = pages[page.prelude].preludes.get(language)
    if blocks and prelude is None:
        raise Fault(f"{page.path}: {page.prelude} has no prelude for {language}")
    return [(prelude, [block]) for block in blocks]


def folder_of(page: Page, tree: Path) -> Path:
    return tree / Path(page.prelude or page.path).parent


@dataclass
class Program:
    page: Page
    # Every scope: a prelude and blocks, each nested in the one before it.
    scopes: list[tuple[Block | None, list[Block]]]

    def blocks(self) -> list[Block]:
        return [block for _, blocks in self.scopes for block in blocks]


MARK = "\x1e"  # separates what the blocks print


def nested(scopes: list[tuple[Block | None, list[Block]]], begin, code, open_: str, close: str) -> str:
    out = []
    for prelude, blocks in scopes:
        parts = ([prelude] if prelude else []) + blocks
        for part in parts:
            out.append(f"{open_}\n{begin(part, part in blocks)}\n{code(part.code)}")
        out.append(f"\n{close}" * len(parts))
    return "\n".join(out)


def js(program: Program) -> str:
    imports: list[str] = []

    def code(text: str) -> str:
        found = re.findall(r"^import [^;]*;$", text, re.M)
        imports.extend(one for one in found if one not in imports)
        return re.sub(r"^import [^;]*;$", "", text, flags=re.M)

    def begin(block: Block, shown: bool) -> str:
        mark = 'console.log("\\x1e");' if shown else ""
        return f"{mark} at = {json.dumps(block.at)};"

    body = nested(program.scopes, begin, code, "{", "}")
    merged = merge_imports(imports)
    return f'{merged}\nlet at;\nprocess.on("uncaughtExceptionMonitor", () => console.error(`at ${{at}}`));\n{body}\n'


def merge_imports(imports: list[str]) -> str:
    """Each name is imported once, however many blocks show the line."""
    names: dict[str, set[str]] = {}
    rest = []
    for one in imports:
        if found := re.fullmatch(r'import \{ ([^}]*) \} from "([^"]+)";', one):
            names.setdefault(found[2], set()).update(found[1].replace("\n", " ").strip(", ").split(", "))
        else:
            rest.append(one)
    lines = [f'import {{ {", ".join(sorted(group))} }} from "{source}";' for source, group in names.items()]
    return "\n".join(lines + rest)


def php(program: Program) -> str:
    out = ["<?php\nset_exception_handler(function ($e) { global $at; fwrite(STDERR, \"at $at\\n$e\\n\"); exit(1); });"]
    for prelude, blocks in program.scopes:
        for part in ([prelude] if prelude else []) + blocks:
            mark = 'echo "\\x1e";' if part in blocks else ""
            code = part.code.removeprefix("<?php\n")
            out.append(f"{mark} $at = {json.dumps(part.at)};\n{code}")
    return "\n".join(out)


def c(programs: list[Program], tree: Path) -> str:
    def begin(block: Block, shown: bool) -> str:
        return f'fputs("at {block.at}\\n", stderr);' + (' puts("\\x1e");' if shown else "")

    headers = ("kyso.h", "stdio.h", "stdlib.h", "string.h", "unistd.h")
    out = [f"#include <{name}>\n" for name in headers]
    calls = []
    for index, program in enumerate(programs):
        body = nested(program.scopes, begin, lambda code: code, "{", "}")
        out.append(f"static int page_{index}(void) {{\n{body}\nreturn 0;\n}}\n")
        folder = json.dumps(str(folder_of(program.page, tree)))
        calls.append(f"    if (chdir({folder}) != 0 || page_{index}() != 0) return 1;\n")
    return "".join(out) + "int main(void) {\n" + "".join(calls) + "    return 0;\n}\n"


def rust(programs: list[Program], tree: Path) -> str:
    def begin(block: Block, shown: bool) -> str:
        return f'eprintln!("at {block.at}");' + (' println!("\\x1e");' if shown else "")

    out = ["#![allow(unused)]\nuse std::error::Error;\n"]
    calls = []
    for index, program in enumerate(programs):
        body = nested(program.scopes, begin, lambda code: code, "{", "}")
        out.append(f"fn page_{index}() -> Result<(), Box<dyn Error>> {{\n{body}\nOk(())\n}}\n")
        folder = json.dumps(str(folder_of(program.page, tree)))
        calls.append(f"    std::env::set_current_dir({folder})?;\n    page_{index}()?;\n")
    return "".join(out) + "fn main() -> Result<(), Box<dyn Error>> {\n" + "".join(calls) + "    Ok(())\n}\n"


def run(command: list[str], cwd: Path, **more) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=600, **more)
    if done.returncode != 0:
        raise Fault((done.stdout[-500:] + done.stderr[-3000:]).strip())
    return done.stdout


def give_out(printed: str, blocks: list[Block]) -> None:
    parts = printed.split(MARK)[1:]
    if len(parts) != len(blocks):
        raise Fault(f"{len(parts)} of {len(blocks)} blocks have run")
    for block, part in zip(blocks, parts, strict=True):
        block.printed = part.lstrip("\n") if block.language in ("js", "c", "rust") else part


def run_python(program: Program, tree: Path, scratch: Path) -> None:
    steps = [
        [[part.at, part.line, part.code, part in blocks] for part in ([prelude] if prelude else []) + blocks]
        for prelude, blocks in program.scopes
    ]
    path = scratch / "steps.json"
    path.write_text(json.dumps(steps))
    player = Path(__file__).with_name("player.py")
    give_out(run([sys.executable, str(player), str(path)], folder_of(program.page, tree)), program.blocks())


def run_one(language: str, program: Program, tree: Path, scratch: Path) -> None:
    folder = folder_of(program.page, tree)
    if language == "python":
        return run_python(program, tree, scratch)
    if language == "js":
        path = Path(os.environ["NODE_PROJECT"]) / "block.mjs"
        path.write_text(js(program), encoding="utf-8")
        command = ["node", str(path)]
    else:
        path = scratch / "block.php"
        path.write_text(php(program), encoding="utf-8")
        command = ["php", "-d", f"extension={os.environ['PHP_EXTENSION']}", str(path)]
    give_out(run(command, folder), program.blocks())


def run_c(programs: list[Program], tree: Path, scratch: Path) -> None:
    source = scratch / "blocks.c"
    source.write_text(c(programs, tree), encoding="utf-8")
    flags = os.environ["KYSO_C_FLAGS"].split()
    run(["cc", "-std=c99", "-D_POSIX_C_SOURCE=200809L", "-Wall", "-Wno-shadow", "-o", "blocks-c", "blocks.c", *flags], scratch)
    give_out(run([str(scratch / "blocks-c")], scratch), [one for program in programs for one in program.blocks()])


def run_rust(programs: list[Program], tree: Path, scratch: Path) -> None:
    crate = scratch / "rust"
    (crate / "src").mkdir(parents=True, exist_ok=True)
    (crate / "Cargo.toml").write_text(
        '[workspace]\n[package]\nname = "blocks"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n'
        f'kyso = {{ path = "{ROOT}/core" }}\nserde_json = "1"\nureq = {{ version = "3", default-features = false }}\n'
    )
    # The same versions as everywhere else in the repository.
    (crate / "Cargo.lock").write_text((ROOT / "Cargo.lock").read_text())
    (crate / "src/main.rs").write_text(rust(programs, tree), encoding="utf-8")
    target = os.environ["RUST_TARGET"]
    run(["cargo", "build", "-q", "--target-dir", target], crate)
    give_out(run([f"{target}/debug/blocks"], crate), [one for program in programs for one in program.blocks()])


def check_outputs(page: Page) -> list[str]:
    faults = []
    for before, block in zip(page.blocks, page.blocks[1:], strict=False):
        if block.kind == "output" and (before.printed or "").strip() != block.code.strip():
            faults.append(f"{block.at}: the block before it printed {before.printed!r}")
    return faults


def main() -> None:
    scratch = Path(sys.argv[1]).resolve()
    tree = scratch / "tree"
    pages = {path: read(path) for path in sys.argv[2:]}
    shown = quickstarts()
    faults: list[str] = []
    counts = dict.fromkeys([*RUN, "sh", "json", "shown"], 0)
    by_language: dict[str, list[Program]] = {language: [] for language in RUN}
    for page in pages.values():
        for block in page.blocks:
            try:
                if check_shown(block, shown):
                    counts["shown"] += 1
                    block.kind = "shown"
                elif block.language == "json":
                    check_json(block, tree)
                    counts["json"] += 1
                elif block.language == "sh":
                    block.printed = run(["bash", "-euo", "pipefail", "-c", block.code], tree / Path(page.path).parent)
                    counts["sh"] += 1
                elif block.language not in RUN and block.kind != "output":
                    raise Fault(f"nothing is known about the language {block.language}")
            except Exception as error:  # whatever it is, the next block is tried as well
                faults.append(f"{block.at}: {error}")
        for language in RUN:
            try:
                scopes = programs_of(page, pages, language)
            except Fault as fault:
                faults.append(str(fault))
                continue
            if scopes:
                by_language[language].append(Program(page, scopes))
    for language, programs in by_language.items():
        counts[language] = sum(len(program.blocks()) for program in programs)
        if not programs:
            continue
        try:
            if language == "c":
                run_c(programs, tree, scratch)
            elif language == "rust":
                run_rust(programs, tree, scratch)
        except (Fault, subprocess.TimeoutExpired) as error:
            faults.append(f"{language}: {error}")
        if language in ("c", "rust"):
            continue
        for program in programs:
            try:
                run_one(language, program, tree, scratch)
            except (Fault, subprocess.TimeoutExpired) as error:
                faults.append(f"{language}: {program.page.path}: {error}")
    for page in pages.values():
        faults.extend(check_outputs(page))
    for fault in faults:
        print(f"FAILED {fault}")
    print("blocks:", ", ".join(f"{count} {name}" for name, count in counts.items()) + f"; {len(faults)} failed")
    sys.exit(1 if faults or not sum(counts.values()) else 0)


main()
