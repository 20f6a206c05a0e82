"""Scenes: what is typed at a docker, in text files.

    # a comment
    ! docker create --name tr-web busybox        set-up: run, and not compared
    $ docker start tr-web                        typed, and compared
    % docker ps --odd                            the same, at dockerd alone: no engine
                                                 hears of it, so any will do

A scene has a folder of its own while it plays, and names its things ``tr-…``; what is
left of them is removed behind it. Lines that end with a backslash go on.
"""

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "scenes"


@dataclass(frozen=True, slots=True)
class Line:
    """One command of a scene."""

    scene: str
    command: str
    is_compared: bool
    is_for_all: bool

    @property
    def name(self) -> str:
        """Return what a list of differences calls it."""
        return f"{self.scene}: {self.command}"


@dataclass(frozen=True, slots=True)
class Scene:
    """The commands of one file, in their order."""

    name: str
    lines: tuple[Line, ...]


def load_scenes() -> list[Scene]:
    """Return all scenes by name."""
    return [_load(path) for path in sorted(FOLDER.rglob("*.txt"))]


def _load(path: Path) -> Scene:
    name = str(path.relative_to(FOLDER).with_suffix(""))
    lines = []
    for text in path.read_text().replace("\\\n", "").splitlines():
        if text.startswith(("$ ", "% ", "! ")):
            compared, everywhere = not text.startswith("!"), not text.startswith("%")
            lines.append(Line(name, text[2:], compared, everywhere))
    return Scene(name, tuple(lines))
