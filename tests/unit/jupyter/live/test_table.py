"""Containers as a table."""

from labkit.jupyter.live.table import draw_table
from labkit.jupyter.live.world import Box, Plug, World

WEB = Box(
    "web", "nginx", "running", "Up 1 second", ("8080 → 80",), (Plug("a", "10.0.0.2"),)
)
OLD = Box("old", "busybox", "exited", "Exited (3) 1 hour ago")


def test_counts_and_lists() -> None:
    page = draw_table(World((OLD, WEB)))
    assert "2 containers, 1 running" in page
    assert "● Up 1 second" in page
    assert "○ Exited (3) 1 hour ago" in page
    assert "8080 → 80" in page
    assert "a 10.0.0.2" in page
    assert page.count("scope='row'") == 2


def test_an_empty_engine_is_said() -> None:
    assert draw_table(World()) == "<p>There is no container yet.</p>"


def test_a_hostile_image_name_is_text() -> None:
    page = draw_table(World((Box("x", "<img src=x>", "created", ""),)))
    assert "<img" not in page
    assert "· created" in page
