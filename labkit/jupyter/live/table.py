"""Containers as a table. Pure: a world in, HTML out."""

import html

from labkit.jupyter.live.world import Box, World

_CELL = "text-align: left; padding: 0.2em 1em 0.2em 0; vertical-align: top"
_SIGNS = {"running": "●", "paused": "◐", "exited": "○", "created": "·", "dead": "✘"}


def draw_table(world: World) -> str:
    """Draw all containers; a state is a sign and Docker's own words, never a colour."""
    if not world.boxes:
        return "<p>There is no container yet.</p>"
    heads = "".join(
        f"<th scope='col' style='{_CELL}'>{title}</th>"
        for title in ("Name", "Image", "Status", "Ports", "Networks")
    )
    rows = "".join(_row(box) for box in world.boxes)
    running = sum(box.runs for box in world.boxes)
    caption = f"{len(world.boxes)} containers, {running} running"
    return (
        "<table style='color: var(--jp-ui-font-color1, inherit)'>"
        f"<caption style='text-align: left'>{caption}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(box: Box) -> str:
    sign = _SIGNS.get(box.state, "·")
    places = ", ".join(f"{plug.network} {plug.address}".strip() for plug in box.plugs)
    cells = (
        box.name,
        box.image,
        f"{sign} {box.status or box.state}",
        ", ".join(box.ports),
        places,
    )
    name, *others = (html.escape(cell) for cell in cells)
    return (
        f"<tr><th scope='row' style='{_CELL}'>{name}</th>"
        + "".join(f"<td style='{_CELL}'>{cell}</td>" for cell in others)
        + "</tr>"
    )
