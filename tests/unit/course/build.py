"""Make chapters and steps by keyword."""

from pathlib import Path
from typing import Any

from labkit.course.load import parse_chapter
from labkit.course.model import Chapter, Step

FRONT = "---\ntitle: Testing\nsummary: Nothing but tests\nminutes: 1\n---\n"


def make_chapter(body: str, path: Path = Path("05-testing.md")) -> Chapter:
    """Parse a chapter with the usual front matter, which takes five lines."""
    return parse_chapter(path, f"{FRONT}\n{body}")


def make_step(script: str = "true", **fields: Any) -> Step:
    return Step(**{"id": "try-it", "line": 1, "script": script, **fields})
