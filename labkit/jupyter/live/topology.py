"""Networks and containers as a drawing. Pure: a world in, SVG out.

Each network is a line from left to right, each container a box above the lines with a
cable down to every network that it is in; where the cable meets the line stands its
address. So a container in two networks is seen to be in two, and two containers with
no line in common are seen to be apart.
"""

import html
from collections.abc import Iterator

from labkit.jupyter.live.world import Box, Plug, Wire, World

_LABELS = 190  # pixels at the left, for the networks' names
_COLUMN = 150
_MARGIN = 40  # at the right, for the last box's addresses
_BOX_WIDTH, _BOX_HEIGHT = 130, 62
_TOP = 10
_FIRST_LINE = _TOP + _BOX_HEIGHT + 50
_LINE = 56
_INK = "var(--jp-ui-font-color1, #222)"
_QUIET = "var(--jp-ui-font-color2, #666)"
_PAPER = "var(--jp-layout-color2, #eee)"
_CABLE = "var(--jp-brand-color1, #1976d2)"


def draw_topology(world: World) -> str:
    """Draw the containers that run or wait, and the networks between them."""
    if not world.boxes and not world.wires:
        return "<p>There is neither a container nor a network of yours yet.</p>"
    width = _LABELS + _COLUMN * max(1, len(world.boxes)) + _MARGIN
    height = _FIRST_LINE + _LINE * max(1, len(world.wires))
    parts = [*_lines(world, width), *_cables(world), *_boxes(world)]
    return (
        f"<svg role='img' viewBox='0 0 {width} {height}' width='{width}' "
        f"style='max-width: 100%; height: auto; font: 12px sans-serif'>"
        f"<title>Containers and networks</title><desc>{_text(describe(world))}</desc>"
        f"{''.join(parts)}</svg>"
    )


def describe(world: World) -> str:
    """Say in words what the drawing shows."""
    sentences = []
    for wire in world.wires:
        members = [
            f"{box.name} ({plug.address or box.state})"
            for box in world.boxes
            for plug in box.plugs
            if plug.network == wire.name
        ]
        listed = ", ".join(members) or "nobody"
        sentences.append(f"Network {wire.name}, {wire.driver}: {listed}.")
    alone = [box.name for box in world.boxes if not box.plugs]
    if alone:
        sentences.append(f"Without a network of their own: {', '.join(alone)}.")
    return " ".join(sentences)


def _lines(world: World, width: int) -> Iterator[str]:
    for index, wire in enumerate(world.wires):
        y = _height_of(index)
        yield (
            f"<line x1='0' y1='{y}' x2='{width}' y2='{y}' stroke='{_INK}' "
            f"stroke-width='3' {'' if not wire.internal else _dashes()}/>"
            f"<text x='4' y='{y - 8}' fill='{_INK}' font-weight='bold'>"
            f"{_text(wire.name)}</text>"
            f"<text x='4' y='{y + 16}' fill='{_QUIET}'>{_text(_facts(wire))}</text>"
        )


def _facts(wire: Wire) -> str:
    facts = [wire.driver, wire.subnet, "internal" if wire.internal else ""]
    return ", ".join(fact for fact in facts if fact)


def _cables(world: World) -> Iterator[str]:
    heights = {wire.name: _height_of(i) for i, wire in enumerate(world.wires)}
    for column, box in enumerate(world.boxes):
        for number, plug in enumerate(box.plugs):
            # Side by side, so that a cable to the second line passes the first; with
            # the addresses outside, where no other cable of this box runs.
            aside = 20 * number - 10 * (len(box.plugs) - 1)
            x = _middle_of(column) + aside
            if plug.network in heights:
                yield _cable(box, plug, (x, heights[plug.network]), aside < 0)


def _cable(box: Box, plug: Plug, end: tuple[int, int], to_the_left: bool) -> str:
    x, y = end
    style = "" if box.runs else _dashes()
    at, anchor = (x - 7, "end") if to_the_left else (x + 7, "start")
    return (
        f"<line x1='{x}' y1='{_TOP + _BOX_HEIGHT}' x2='{x}' y2='{y}' "
        f"stroke='{_CABLE}' stroke-width='2' {style}/>"
        f"<circle cx='{x}' cy='{y}' r='4' fill='{_CABLE}'/>"
        f"<text x='{at}' y='{y - 7}' text-anchor='{anchor}' fill='{_INK}'>"
        f"{_text(plug.address)}</text>"
    )


def _boxes(world: World) -> Iterator[str]:
    for column, box in enumerate(world.boxes):
        left = _middle_of(column) - _BOX_WIDTH // 2
        lines = (box.name, box.image, ", ".join(box.ports) or box.state)
        texts = "".join(
            f"<text x='{left + 8}' y='{_TOP + 18 + 18 * index}' "
            f"fill='{_INK if index == 0 else _QUIET}' "
            f"font-weight='{'bold' if index == 0 else 'normal'}'>"
            f"{_text(_shortened(line))}</text>"
            for index, line in enumerate(lines)
        )
        yield (
            f"<rect x='{left}' y='{_TOP}' width='{_BOX_WIDTH}' height='{_BOX_HEIGHT}' "
            f"rx='6' fill='{_PAPER}' stroke='{_INK}' "
            f"{'' if box.runs else _dashes()}/>{texts}"
        )


def _middle_of(column: int) -> int:
    return _LABELS + _COLUMN * column + _COLUMN // 2


def _height_of(line: int) -> int:
    return _FIRST_LINE + _LINE * line


def _dashes() -> str:
    return "stroke-dasharray='4 4'"


def _shortened(text: str, most: int = 18) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _text(value: str) -> str:
    return html.escape(value)
