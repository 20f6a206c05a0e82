"""``docker images --tree``: images with their names, and the platforms below them.

The layout is Docker's, its oddities too: the heads are bold even in a pipe, and of an
image's names only the shortest shares its line with the other columns.
"""

from __future__ import annotations

import os
import sys

from labkit.base.units import human_size
from labkit.docker_cli.texts import short_id

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from labkit.docker_cli.json_text import Json

_WARNING = (
    "WARNING: This is an experimental feature. The output may change and shouldn't be "
    "depended on."
)
_BOLD, _BLUE, _FAINT, _PLAIN = (
    "\x1b[39m\x1b[1m",
    "\x1b[34m\x1b[1m",
    "\x1b[2m",
    "\x1b[39m",
)
_YELLOW = "\x1b[93m"
_END = "\x1b[0m"
_LEGEND = " Info ->  U In Use "
_FANCY_LEGEND = (
    f"\x1b[1m\x1b[106m\x1b[30mi{_END}{_END} \x1b[96mInfo → {_END}{_END} "
    f"\x1b[38;5;0m\x1b[48;5;14m U {_END} In Use "
)
_FANCY_LEGEND_WIDTH = len("i Info →   U  In Use ")
_USED, _FANCY_USED = "U", f"\x1b[38;5;0m\x1b[48;5;14m U {_END}"
_GAP = 3
_NARROWEST_NAME = 12
_NARROWEST, _USUAL = 20, 80


class _Part:
    """What a line says of an image, or of one platform of it."""

    __slots__ = ("content", "disk", "id", "used")

    def __init__(self, identity: str, disk: int, content: int, used: bool) -> None:
        self.id = short_id(identity)
        self.disk = human_size(disk, 3)
        self.content = human_size(content, 3)
        self.used = used


class _Platform:
    __slots__ = ("available", "name", "part")

    def __init__(self, manifest: Json) -> None:
        data, size = manifest["ImageData"], manifest["Size"]
        platform = data["Platform"]
        words = [platform.get(key) for key in ("os", "architecture", "variant")]
        self.name = "/".join(word for word in words if word)
        self.available = bool(manifest.get("Available"))
        used = bool(data.get("Containers"))
        self.part = _Part(manifest["ID"], size["Total"], size["Content"], used)


class _Image:
    __slots__ = ("created", "names", "part", "platforms")

    def __init__(self, image: Json) -> None:
        manifests = image.get("Manifests") or []
        self.platforms = [_Platform(m) for m in manifests if m["Kind"] == "image"]
        self.names = sorted(image.get("RepoTags") or [], key=len, reverse=True)
        self.created: int = image["Created"]
        used = image.get("Containers", 0) > 0
        used = used or any(each.part.used for each in self.platforms)
        content = sum(each["Size"]["Content"] for each in manifests)
        self.part = _Part(image["Id"], image["Size"], content, used)


class _Column:
    __slots__ = ("right", "title", "value", "width")

    def __init__(
        self, title: str, width: int, right: bool, value: Callable[[_Part], str]
    ) -> None:
        self.title = title
        self.width = width
        self.right = right
        self.value = value

    def cell(self, colour: str, text: str, shown: int) -> str:
        """Return the text in its colour, as wide as the column."""
        if shown > self.width:
            return _coloured(colour, _cut(text, self.width))
        fill = " " * (self.width - shown)
        coloured = _coloured(colour, text)
        return fill + coloured if self.right else coloured + fill


def render_tree(images: list[Json]) -> str:
    """Return the tree for the terminal on stdout, or for what is none."""
    found = [_Image(image) for image in images]
    found.sort(key=lambda image: image.created, reverse=True)
    return _Tree(found, sys.stdout.isatty()).text()


class _Tree:
    def __init__(self, images: list[_Image], fancy: bool) -> None:
        self._images = images
        self._fancy = fancy
        self._terminal_width = _terminal_width()
        self._width = max(self._terminal_width or _USUAL, _NARROWEST)
        self._marks = any(each.part.used for i in images for each in i.platforms)
        self._names, *self._columns = self._fitting()

    def text(self) -> str:
        spaced = any(image.platforms for image in self._images)
        warning = _coloured(_YELLOW if self._fancy else "", _WARNING)
        lines = [warning, self._legend(), "", self._heads()]
        for image in self._images:
            *above, last = self._name_lines(image)
            lines += [*above, last + self._details(image.part, self._colour(_PLAIN))]
            lines += self._platform_lines(image)
            lines += [""] if spaced else []
        return "\n".join(lines) + "\n"

    def _fitting(self) -> list[_Column]:
        """Return the columns that have room, the names' as narrow as it may be."""
        mark = 3 if self._fancy else 1
        columns = [
            _Column("IMAGE", 0, False, lambda part: ""),
            _Column("ID", 12, False, lambda part: part.id),
            _Column("DISK USAGE", 10, True, lambda part: part.disk),
            _Column("CONTENT SIZE", 12, True, lambda part: part.content),
            _Column("EXTRA", max(mark * self._marks, 5), False, self._extra),
        ]
        room = self._width
        kept = columns[:1]
        for column in columns[1:]:
            if room - column.width - _GAP < _NARROWEST_NAME:
                break
            room -= column.width + _GAP
            kept.append(column)
        kept[0].width = min(room, self._widest())
        return kept

    def _widest(self) -> int:
        names = [name for image in self._images for name in image.names]
        below = [each.name for image in self._images for each in image.platforms]
        # Docker counts the bytes of the branch, of which each line has three.
        branch = len("└─ ".encode())
        widths = [len("IMAGE"), *map(len, names)]
        return max(*widths, *(len(name) + branch for name in below), 0)

    def _legend(self) -> str:
        text, shown = _LEGEND, len(_LEGEND)
        if self._fancy:
            text, shown = _FANCY_LEGEND, _FANCY_LEGEND_WIDTH
        return " " * (self._width - shown) + text

    def _heads(self) -> str:
        heads = [
            column.cell(_BOLD, column.title, len(column.title))
            for column in (self._names, *self._columns)
        ]
        return (" " * _GAP).join(heads)

    def _name_lines(self, image: _Image) -> list[str]:
        if not image.names:
            faint = self._colour(_PLAIN + _FAINT)
            return [self._names.cell(faint, "<untagged>", len("<untagged>"))]
        *above, last = image.names
        blue = self._colour(_BLUE)
        lines = [_coloured(blue, _cut(name, self._terminal_width)) for name in above]
        return [*lines, self._names.cell(blue, last, len(last))]

    def _platform_lines(self, image: _Image) -> list[str]:
        lines = []
        for number, platform in enumerate(image.platforms, 1):
            colour = self._colour(_PLAIN if platform.available else _PLAIN + _FAINT)
            branch = "└─ " if number == len(image.platforms) else "├─ "
            name = branch + platform.name
            first = self._names.cell(colour, name, len(name))
            lines.append(first + self._details(platform.part, colour))
        return lines

    def _details(self, part: _Part, colour: str) -> str:
        cells = []
        for column in self._columns:
            text = column.value(part)
            if column.title == "EXTRA":
                cells.append(
                    column.cell("", text, 3 if self._fancy and text else len(text))
                )
            else:
                cells.append(column.cell(colour, text, len(text)))
        return "".join(" " * _GAP + cell for cell in cells)

    def _extra(self, part: _Part) -> str:
        if not self._marks:
            return ""
        if not part.used:
            return "   " if self._fancy else " "
        return _FANCY_USED if self._fancy else _USED

    def _colour(self, colour: str) -> str:
        return colour if self._fancy else ""


def _coloured(colour: str, text: str) -> str:
    return f"{colour}{text}{_END}" if colour else text


def _cut(text: str, width: int) -> str:
    """Shorten a text; one that just fits is shortened as well, and 0 means no end."""
    return f"{text[: width - 1]}…" if 0 < width <= len(text) else text


def _terminal_width() -> int:
    try:
        return os.get_terminal_size(1).columns
    except OSError:
        return 0
