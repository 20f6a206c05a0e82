"""An image's layers as a stack, the topmost first, as wide as they are big. Pure."""

import html

from labkit.base.units import spell_size
from labkit.layers.compare import summary
from labkit.layers.model import ImageReport, LayerReport

_CELL = "text-align: left; padding: 0.15em 1em 0.15em 0; vertical-align: middle"
_BAR = (
    "display: inline-block; height: 0.9em; min-width: 1px; "
    "background: var(--jp-brand-color1, #1976d2)"
)
_WASTE = (
    "display: inline-block; height: 0.9em; background: repeating-linear-gradient("
    "45deg, var(--jp-warn-color1, #b26a00) 0 3px, transparent 3px 6px)"
)
_WIDEST_EM = 14.0


def draw_stack(report: ImageReport) -> str:
    """Draw all steps; what nobody can see is hatched, and said in words."""
    biggest = max((layer.size for layer in report.layers), default=0)
    heads = "".join(
        f"<th scope='col' style='{_CELL}'>{title}</th>"
        for title in ("Layer", "Instruction", "Size", "", "Files", "Wasted")
    )
    rows = "".join(_row(layer, biggest) for layer in reversed(report.layers))
    return (
        "<table style='color: var(--jp-ui-font-color1, inherit)'>"
        f"<caption style='text-align: left'>{html.escape(summary(report))}</caption>"
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(layer: LayerReport, biggest: int) -> str:
    cells = (
        f"<code>{html.escape(layer.instruction[:70])}</code>",
        "nothing" if layer.is_empty else spell_size(layer.size),
        "" if layer.is_empty else _bars(layer, biggest),
        _changes(layer),
        spell_size(layer.wasted_bytes) if layer.wasted_bytes else "",
    )
    return (
        f"<tr><th scope='row' style='{_CELL}'>{layer.number}</th>"
        + "".join(f"<td style='{_CELL}'>{cell}</td>" for cell in cells)
        + "</tr>"
    )


def _bars(layer: LayerReport, biggest: int) -> str:
    scale = _WIDEST_EM / biggest if biggest else 0.0
    wasted = min(layer.wasted_bytes, layer.size)
    bars = f"<span style='{_BAR}; width: {(layer.size - wasted) * scale:.2f}em'></span>"
    if wasted:
        bars += f"<span style='{_WASTE}; width: {wasted * scale:.2f}em'></span>"
    return bars


def _changes(layer: LayerReport) -> str:
    counts = (
        (layer.added, "added"),
        (len(layer.changed), "changed"),
        (len(layer.removed), "removed"),
    )
    return ", ".join(f"{count} {word}" for count, word in counts if count)
