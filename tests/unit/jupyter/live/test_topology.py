"""The drawing of networks and containers."""

import re
from xml.etree import ElementTree

from labkit.jupyter.live.topology import describe, draw_topology
from labkit.jupyter.live.world import Box, Plug, Wire, World

WORLD = World(
    boxes=(
        Box(
            "app",
            "nginx",
            "running",
            "Up",
            ("8080 → 80",),
            (Plug("back", "10.0.2.2"), Plug("front", "10.0.1.2")),
        ),
        Box("db", "mongo", "exited", "Exited (0)", (), (Plug("back"),)),
        Box("hermit", "busybox", "running", "Up"),
    ),
    wires=(
        Wire("back", "bridge", "10.0.2.0/24", internal=True),
        Wire("front", "bridge"),
    ),
)


def parse(page: str) -> ElementTree.Element:
    # Attributes hold CSS and our own text: the drawing has to be well-formed XML.
    return ElementTree.fromstring(page)


def test_a_container_in_two_networks_has_two_cables() -> None:
    drawing = parse(draw_topology(WORLD))
    assert len(drawing.findall("rect")) == 3
    assert len(drawing.findall("circle")) == 3
    spots = {(spot.get("cx"), spot.get("cy")) for spot in drawing.findall("circle")}
    assert len(spots) == 3


def test_says_names_addresses_and_ports() -> None:
    texts = [text.text for text in parse(draw_topology(WORLD)).findall("text")]
    for wanted in ("app", "db", "back", "front", "10.0.2.2", "8080 → 80", "exited"):
        assert wanted in texts
    assert "bridge, 10.0.2.0/24, internal" in texts


def test_what_does_not_run_is_dashed() -> None:
    boxes = parse(draw_topology(WORLD)).findall("rect")
    assert [bool(box.get("stroke-dasharray")) for box in boxes] == [False, True, False]


def test_words_for_who_cannot_see_it() -> None:
    assert describe(WORLD) == (
        "Network back, bridge: app (10.0.2.2), db (exited). "
        "Network front, bridge: app (10.0.1.2). "
        "Without a network of their own: hermit."
    )
    assert describe(World(wires=(Wire("a", "bridge"),))) == "Network a, bridge: nobody."


def test_long_and_hostile_names_fit() -> None:
    world = World((Box("n" * 60, "<script>", "running", "Up"),))
    page = draw_topology(world)
    assert "n" * 17 + "…" in page
    assert "<script>" not in page
    assert re.search(r"width='\d+'", page)


def test_an_empty_engine_is_said() -> None:
    assert draw_topology(World()).startswith("<p>There is neither")
