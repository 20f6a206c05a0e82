"""An image's layers as a stack."""

from labkit.jupyter.display import show_layers
from labkit.jupyter.stack import draw_stack
from labkit.layers.model import ImageReport, LayerReport, WastedFile


def layer(number: int, instruction: str, size: int, wasted: int = 0) -> LayerReport:
    hidden = (WastedFile("big", wasted, number + 1),) if wasted else ()
    return LayerReport(
        number=number,
        instruction=instruction,
        digest="",
        is_empty=size == 0,
        size=size,
        added=3 if size else 0,
        changed=(),
        removed=("old",) if size else (),
        largest=(),
        wasted_bytes=wasted,
        wasted=hidden,
    )


REPORT = ImageReport(
    "shop:1",
    "sha256:ab",
    3_000_000,
    1_000_000,
    (
        layer(1, "FROM <base>", 2_000_000, 1_000_000),
        layer(2, "RUN rm /big", 1_000_000),
        layer(3, "CMD sh", 0),
    ),
)


def test_the_topmost_layer_comes_first() -> None:
    page = draw_stack(REPORT)
    assert page.index("CMD sh") < page.index("RUN rm /big") < page.index("FROM &lt;")
    assert "shop:1: 2 layers, 3MB, of which 1MB can't be seen" in page.replace(
        "&#x27;", "'"
    )


def test_waste_is_hatched_and_said() -> None:
    page = draw_stack(REPORT)
    assert page.count("repeating-linear-gradient") == 1
    assert "3 added, 1 removed" in page
    assert page.count("width: 7.00em") == 3


def test_an_image_without_layers_has_no_bars() -> None:
    empty = ImageReport("none", "", 0, 0, (layer(1, "CMD sh", 0),))
    assert "display: inline-block" not in draw_stack(empty)


def test_words_for_a_plain_terminal() -> None:
    assert repr(show_layers(REPORT)).splitlines()[2] == "  2 RUN rm /big: 1MB"
