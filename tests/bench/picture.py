"""The picture: a panel for each host, a bar for each workload, on a logarithmic scale around ratio 1."""

from html import escape
from math import log10

LEAST, MOST = 0.025, 120
ROW, TOP, LEFT, PANEL, GAP, RIGHT = 21, 74, 226, 168, 14, 10
FASTER, SLOWER, INK, FAINT, GRID = "#2f7d5b", "#b8632f", "#1f2328", "#656d76", "#e3e6ea"
TICKS = (0.1, 1, 10, 100)

Panel = tuple[str, str, dict[str, list[float]]]


def offset(ratio: float) -> float:
    """Where a ratio stands within a panel."""
    held = min(max(ratio, LEAST), MOST)
    return PANEL * (log10(held) - log10(LEAST)) / (log10(MOST) - log10(LEAST))


def text(x: float, y: float, words: str, size: float = 12, color: str = INK, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" {more}>{escape(words)}</text>'


def bar(left: float, y: float, quartiles: list[float]) -> list[str]:
    low, ratio, high = quartiles
    one, end = left + offset(1), left + offset(ratio)
    color = FASTER if ratio >= 1 else SLOWER
    start, width = min(one, end), max(abs(end - one), 1)
    parts = [f'<rect x="{start:.1f}" y="{y + 4}" width="{width:.1f}" height="{ROW - 9}" rx="1.5" fill="{color}"/>']
    spread = f'x1="{left + offset(low):.1f}" x2="{left + offset(high):.1f}" y1="{y + ROW / 2 - 0.5}"'
    parts.append(f'<line {spread} y2="{y + ROW / 2 - 0.5}" stroke="{INK}" stroke-opacity=".55"/>')
    words = f"{ratio:.2g}" if ratio < 10 else f"{ratio:.0f}"
    # Beside the bar's end, on the side where there is room: the other side of the line for what is slower.
    x = (left + offset(max(ratio, high)) if ratio >= 1 else one) + 4
    parts.append(text(x, y + ROW - 6.5, words, 11, INK))
    return parts


def picture(panels: list[Panel], titles: dict[str, str]) -> str:
    width = LEFT + len(panels) * (PANEL + GAP) + RIGHT
    bottom = TOP + ROW * len(titles)
    height = bottom + 46
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
        ' font-family="system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif" role="img">',
        "<title>CPU time of the same whole operation done by hand, divided by kyso's</title>",
        f'<rect width="{width}" height="{height}" rx="6" fill="#ffffff"/>',
        text(14, 26, "How many times the CPU time the usual way takes, for the same whole operation", 15, INK,
             'font-weight="600"'),
    ]
    for row, title in enumerate(titles.values()):
        y = TOP + ROW * row
        if row % 2 == 0:
            parts.append(f'<rect x="8" y="{y}" width="{width - 16}" height="{ROW}" fill="#f6f8fa"/>')
        parts.append(text(14, y + ROW - 6.5, title))
    for at, (title, subtitle, bars) in enumerate(panels):
        left = LEFT + at * (PANEL + GAP)
        parts.append(text(left, TOP - 23, title, 13, INK, 'font-weight="600"'))
        parts.append(text(left, TOP - 9, subtitle, 9.5, FAINT))
        for tick in TICKS:
            x = left + offset(tick)
            color, stroke = (INK, 1.4) if tick == 1 else (GRID, 1)
            parts.append(
                f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{bottom}" stroke="{color}" stroke-width="{stroke}"/>'
            )
            parts.append(text(x, bottom + 14, f"{tick:g}×", 10, FAINT, 'text-anchor="middle"'))
        for row, name in enumerate(titles):
            if name in bars:
                parts += bar(left, TOP + ROW * row, bars[name])
            else:
                parts.append(text(left + offset(1) + 4, TOP + ROW * row + ROW - 6.5, "–", 11, FAINT))
    parts.append(text(14, bottom + 36, "Logarithmic scale. Right of the line (green): kyso needs less CPU time. "
                      "Left of it (brown): more. Thin line: middle half of the rounds.", 11, FAINT))
    parts.append("</svg>\n")
    return "\n".join(parts)
