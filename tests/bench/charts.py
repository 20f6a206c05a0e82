"""Charts as SVG, written by hand: bars for two engines, lines for growth."""

from collections.abc import Sequence
from html import escape
from pathlib import Path

_WIDTH, _ROW, _LEFT = 720, 26, 260
_OURS, _THEIRS = "#0a6e8a", "#c9c9c9"


def draw_bars(path: Path, title: str, rows: Sequence[tuple[str, float, float]]) -> None:
    """Draw a pair of bars for each work: ours, and theirs, which is the whole width."""
    height = 50 + len(rows) * 2 * _ROW
    parts = [_text(10, 24, title, bold=True)]
    for place, (name, ours, theirs) in enumerate(rows):
        top = 40 + place * 2 * _ROW
        most = max(ours, theirs)
        parts.append(_text(10, top + 18, name))
        for line, (value, colour) in enumerate(((ours, _OURS), (theirs, _THEIRS))):
            length = (_WIDTH - _LEFT - 90) * value / most
            y = top + line * 18
            parts.append(
                f'<rect x="{_LEFT}" y="{y}" width="{length:.1f}" height="15" '
                f'fill="{colour}"/>'
            )
            parts.append(_text(_LEFT + length + 6, y + 12, f"{value:.0f} ms"))
    _write(path, height, parts)


def draw_lines(path: Path, title: str, rows: Sequence[dict[str, float]]) -> None:
    """Draw each figure against the number of containers, each on its own scale."""
    names = [name for name in rows[0] if name != "containers"]
    panel, parts = 90, [_text(10, 24, title, bold=True)]
    for place, name in enumerate(names):
        top = 40 + place * panel
        values = [row[name] for row in rows]
        most = max(values) or 1
        step = (_WIDTH - _LEFT - 90) / max(len(rows) - 1, 1)
        points = [
            (_LEFT + number * step, top + 60 - 50 * value / most)
            for number, value in enumerate(values)
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(_text(10, top + 40, name))
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{_OURS}" stroke-width="2"/>'
        )
        for (x, y), value, row in zip(points, values, rows, strict=True):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{_OURS}"/>')
            parts.append(_text(x - 8, y - 6, f"{value:g}"))
            parts.append(_text(x - 8, top + 76, f"{row['containers']:.0f}"))
    _write(path, 50 + len(names) * panel, parts)


def _text(x: float, y: float, text: str, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{weight}>{escape(text)}</text>'


def _write(path: Path, height: int, parts: list[str]) -> None:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        'font-family="sans-serif" font-size="12">'
    )
    path.write_text("\n".join([head, *parts, "</svg>"]) + "\n")
