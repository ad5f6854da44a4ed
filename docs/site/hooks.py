"""Fills the navigation: the generated pages of the gateways, and pages that exist."""

from pathlib import Path

# Written by others at their own pace: shown as soon as they are there.
LATER = {"docs/performance.md", "docs/threat-model.md", "docs/security-proofs.md"}


def on_config(config):
    source = Path(config["docs_dir"])
    config["nav"] = filled(config["nav"], source)
    return config


def filled(nav, source):
    out = []
    for entry in nav:
        if isinstance(entry, dict):
            ((title, below),) = entry.items()
            below = gateways(source) if below == "gateways" else filled(below, source)
            out.append({title: below})
        elif entry not in LATER or (source / entry).exists():
            out.append(entry)
    return out


def gateways(source):
    folder = source / "docs/gateways"
    out = []
    for page in sorted(folder.glob("*.md")):
        name = page.stem
        title = page.read_text(encoding="utf-8").split("# ", 1)[1].split("\n", 1)[0]
        services = [{below.stem: f"docs/gateways/{name}/{below.name}"} for below in sorted((folder / name).glob("*.md"))]
        out.append({title: [f"docs/gateways/{name}.md", *services]})
    return out
