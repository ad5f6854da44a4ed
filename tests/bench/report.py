"""Makes tables, the list of goals, one JSON text and the picture from build/bench/HOST.json.

Usage: report.py [HOST ...]        prints and writes build/bench/report.json and build/bench/bench.svg
       report.py --publish         also writes the committed copies: results, docs/bench.svg, docs/performance.md
       report.py --again           tables and picture of the committed results
A ratio is the peer's CPU time divided by kyso's: 2 means that kyso needs half of it. It is the median over all rounds
of the ratio within one round.
"""

import json
import statistics
import sys
from pathlib import Path

from picture import picture
from workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build/bench"
RESULTS = ROOT / "tests/bench/results/latest.json"
COUNTED = ROOT / "tests/bench/results/callgrind.json"
HOSTS = {"node": "Node", "python": "Python", "php": "PHP", "c": "C", "rust": "Rust"}

ENVELOPES = ("seal_64k", "seal_1m"), ("open_64k", "open_1m")


def goals() -> list[tuple[str, str, str, float]]:
    """Host, workload, peer, least ratio."""
    found = []

    def goal(host: str, peers: dict[str, str] | str, table: dict) -> None:
        for names, least in table.items():
            for name in (names,) if isinstance(names, str) else names:
                peer = peers if isinstance(peers, str) else peers.get(name, peers["*"])
                found.append((host, name, peer, least))

    seals, opens = ENVELOPES
    links = ("link", "legacy_link")
    native = {seals: 0.93, opens: 1.1, links: 0.9, "return": 0.9, "rsa_sign": 0.5, "rsa_verify": 1}
    goal("rust", "OpenSSL, reused", {"login": 1.5, "ipn": 1.5, ("transfer", "callback", "token"): 1.5, **native})
    goal("rust", "OpenSSL, HMAC()", {("transfer", "callback", "token"): 3})
    goal("c", "OpenSSL, context per call", {"login": 2, "ipn": 5, ("transfer", "callback"): 2, **native})
    python = {"*": "cryptography", "transfer": "hmac", "callback": "hmac", "token": "PyJWT"}
    python |= dict.fromkeys((*links, "return"), "hashlib")
    goal("python", python, {
        "login": 8, "ipn": 15, seals: 1.4, opens: 3, "transfer": 3, "callback": 3, "token": 25,
        links: 12, "return": 10, "rsa_sign": 0.5, "rsa_verify": 1.1,
    })
    goal("php", "openssl, hash", {
        "login": 2.2, "ipn": 7, seals: 1.2, opens: 5, "transfer": 3, "callback": 3,
        links: 1.5, "return": 2.5, "rsa_sign": 0.5, "rsa_verify": 1,
    })
    goal("node", "node:crypto", {
        "login": 2.5, "ipn": 1.3, seals: 0.25, opens: 0.2, "transfer": 1.2, "callback": 1.2, "token": 2,
        links: 2, "return": 2, "rsa_sign": 0.05, "rsa_verify": 0.06,
    })
    goal("node", "node:crypto, encodeURIComponent", {links: 1.2})
    for peer in ("crypto-js", "node-forge"):
        goal("node", peer, {
            "login": 20, "ipn": 10, seals: 6, opens: 6, "transfer": 5, "callback": 5, links: 4, "return": 4,
        })
    goal("node", "node-forge", {"rsa_sign": 3, "rsa_verify": 3})
    return found


# The peer that the picture shows: what most merchants of that language use.
MAIN_PEERS = {
    "node": {"*": "node:crypto"},
    "python": {
        "*": "cryptography", "transfer": "hmac", "transfer_token": "PyJWT", "callback": "hmac", "token": "PyJWT",
        "link": "hashlib", "legacy_link": "hashlib", "return": "hashlib",
    },
    "php": {"*": "openssl, hash"},
    "c": {"*": "OpenSSL, context per call"},
    "rust": {"*": "OpenSSL, reused"},
}
SUBTITLES = {
    "node": "against node:crypto",
    "python": "against cryptography, hashlib, PyJWT",
    "php": "against openssl_*, hash_hmac",
    "c": "against OpenSSL, context per call",
    "rust": "against OpenSSL, contexts kept",
}


def quartiles(values: list[float]) -> list[float]:
    if len(values) < 2:
        return [values[0]] * 3
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return [rounded(low), rounded(middle), rounded(high)]


def rounded(value: float) -> float:
    return float(f"{value:.4g}")


def summary(raw: dict) -> dict:
    """Medians and quartiles of a host's samples."""
    workloads = {}
    for name in WORKLOADS:
        contenders = raw["workloads"].get(name)
        if not contenders:
            continue
        ours = contenders["kyso"]
        rows = {}
        for contender, samples in contenders.items():
            row = {"ns": quartiles(samples)}
            if contender != "kyso":
                row["ratio"] = quartiles([theirs / own for theirs, own in zip(samples, ours, strict=True)])
            rows[contender] = row
        workloads[name] = rows
    rest = {name: value for name, value in raw.items() if name != "workloads"}
    rounds = len(next(iter(next(iter(raw["workloads"].values())).values())))
    return {**rest, "rounds": rounds, "workloads": workloads}


def shown(nanoseconds: float) -> str:
    for unit, size in (("ms", 1e6), ("µs", 1e3)):
        if nanoseconds >= size:
            return f"{nanoseconds / size:.3g} {unit}"
    return f"{nanoseconds:.3g} ns"


def ratio_shown(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio < 10 else f"{ratio:.0f}"


def table(host: dict) -> list[str]:
    """A table in Markdown: a line for each workload and peer."""
    lines = ["| | kyso | peer | peer's time | ratio | quartiles |", "|---|---:|---|---:|---:|---:|"]
    for name, rows in host["workloads"].items():
        title = f"{WORKLOADS[name][0]} {WORKLOADS[name][1]}"
        ours = shown(rows["kyso"]["ns"][1])
        for contender, row in rows.items():
            if contender == "kyso":
                continue
            low, middle, high = row["ratio"]
            spread = f"{ratio_shown(low)}–{ratio_shown(high)}"
            their = shown(row["ns"][1])
            lines.append(f"| {title} | {ours} | {contender} | {their} | **{ratio_shown(middle)}** | {spread} |")
            title = ours = ""
    return lines


def measured_goals(report: dict) -> list[tuple]:
    rows = []
    for host, workload, peer, least in sorted(goals(), key=lambda goal: list(HOSTS).index(goal[0])):
        found = report["hosts"].get(host, {}).get("workloads", {}).get(workload, {}).get(peer)
        if found:
            rows.append((host, workload, peer, least, found["ratio"][1]))
    for name, (value, most, unit) in report.get("limits", {}).items():
        rows.append(("", name, unit, most, value))
    return rows


def reached(row: tuple) -> bool:
    host, _, _, goal, value = row
    return value >= goal if host else value <= goal


def goal_table(report: dict) -> list[str]:
    lines = ["| host | workload | peer | goal | measured | reached |", "|---|---|---|---:|---:|---|"]
    for row in measured_goals(report):
        host, workload, peer, goal, value = row
        verdict = "yes" if reached(row) else "**no**"
        if host:
            goal_text, value_text = f"≥ {goal:g}", ratio_shown(value)
            workload = f"{WORKLOADS[workload][0]} {WORKLOADS[workload][1]}"
        else:
            goal_text, value_text, peer = f"≤ {goal:g} {peer}", f"{value:g} {peer}", ""
        lines.append(f"| {HOSTS.get(host, '')} | {workload} | {peer} | {goal_text} | {value_text} | {verdict} |")
    return lines


def drawn(report: dict) -> str:
    panels = []
    for host, title in HOSTS.items():
        workloads = report["hosts"].get(host, {}).get("workloads", {})
        bars = {}
        for name, rows in workloads.items():
            peer = MAIN_PEERS[host].get(name, MAIN_PEERS[host]["*"])
            if peer in rows:
                bars[name] = rows[peer]["ratio"]
        panels.append((title, SUBTITLES[host], bars))
    return picture(panels, {name: title for name, (_, title) in WORKLOADS.items()})


def prose(report: dict) -> list[str]:
    """Sections of docs/performance.md that are generated."""
    machine = report["machine"]
    lines = [
        f"Measured on {machine['date']}: {machine['processor']}, {machine['cores']} cores, {machine['system']}.",
        "",
        "### Goals",
        "",
        *goal_table(report),
        "",
    ]
    for host, title in HOSTS.items():
        found = report["hosts"].get(host)
        if not found:
            continue
        versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items() if name != "kyso")
        revision = machine["revisions"].get(host, machine["kyso"])
        lines += [f"### {title}", "", f"kyso {revision}, {versions}; {found['rounds']} rounds.", "", *table(found), ""]
    for title, rows in {**report.get("tables", {}), **instructions()}.items():
        lines += [f"### {title}", "", *markdown(rows), ""]
    return lines


def instructions() -> dict[str, list[list[str]]]:
    """Instructions per call at the first and the last counted revision."""
    if not COUNTED.exists():
        return {}
    first, *_, last = [*json.loads(COUNTED.read_text())] * 2
    rows = [["", first["kyso"], last["kyso"], "change"]]
    for name, before in first["instructions"].items():
        after = last["instructions"].get(name)
        if after:
            rows.append([WORKLOADS[name][1], f"{before:,}", f"{after:,}", f"{after / before - 1:+.0%}"])
    return {"Instructions per call (Rust, callgrind)": rows}


def markdown(rows: list[list[str]]) -> list[str]:
    head, *body = rows
    rule = "|".join(["---", *["---:"] * (len(head) - 1)])
    return [f"| {' | '.join(head)} |", f"|{rule}|", *(f"| {' | '.join(row)} |" for row in body)]


def publish(report: dict) -> None:
    document = ROOT / "docs/performance.md"
    begin, end = "<!-- tables: generated by scripts/bench, do not edit -->\n", "<!-- tables: end -->\n"
    before, rest = document.read_text().split(begin)
    _, after = rest.split(end)
    document.write_text(before + begin + "\n" + "\n".join(prose(report)) + "\n" + end + after)
    (ROOT / "docs/bench.svg").write_text(drawn(report))


def collected() -> dict:
    """Everything that has been measured into build/bench."""
    report = {"machine": json.loads((BUILD / "machine.json").read_text()), "hosts": {}}
    for host in HOSTS:
        path = BUILD / f"{host}.json"
        if path.exists():
            report["hosts"][host] = summary(json.loads(path.read_text()))
    extra = BUILD / "extra.json"
    if extra.exists():
        report |= json.loads(extra.read_text())
    return report


def main() -> None:
    arguments = sys.argv[1:]
    if "--again" in arguments:
        publish(json.loads(RESULTS.read_text()))
        return
    report = collected()
    (BUILD / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    (BUILD / "bench.svg").write_text(drawn(report))
    wanted = [name for name in arguments if not name.startswith("--")] or list(HOSTS)
    for host in wanted:
        if host in report["hosts"]:
            print(f"\n== {HOSTS[host]}", *aligned(table(report["hosts"][host])), sep="\n")
    everything = {} if wanted != list(HOSTS) else report
    for title, rows in everything.get("tables", {}).items():
        print(f"\n== {title}", *aligned(markdown(rows)), sep="\n")
    only = {"limits": everything.get("limits", {}), "hosts": {}}
    only["hosts"] = {host: found for host, found in report["hosts"].items() if host in wanted}
    rows = measured_goals(only)
    print("\n== Goals", *aligned(goal_table(only)), sep="\n")
    print(f"{sum(map(reached, rows))} of {len(rows)} goals reached")
    if "--publish" in arguments:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
        publish(report)


def aligned(lines: list[str]) -> list[str]:
    """A Markdown table for the terminal."""
    rows = [[cell.strip().strip("*") for cell in line.strip("|").split("|")] for line in lines]
    rows.pop(1)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


main()
