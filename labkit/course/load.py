"""Markdown to ``Chapter``.

markdown-it-py finds the blocks, so that a fence inside a list or a longer fence is
never mistaken for a directive; the text of a block is then cut out of the source by
its lines. Nothing is rendered here: prose stays the author's Markdown, which is what
makes the way back (``write_markdown``) exact.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.front_matter import front_matter_plugin

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.home import content_folder
from labkit.course.directives import Fence, build_block
from labkit.course.model import Block, Chapter, Note, Prose, Step
from labkit.course.suggest import suggest
from labkit.grading.model import Belongings

_DIRECTIVE = re.compile(r"\{(?P<name>[a-z-]+)\}[ \t]*(?P<argument>.*)")
_FILE_NAME = re.compile(r"(?P<number>\d\d)-[a-z0-9-]+\.md")
_KEYS = frozenset({"title", "summary", "minutes", "owns"})


def book_folder() -> Path:
    """Return the folder of the chapters."""
    return content_folder("book")


def load_book(folder: Path) -> tuple[Chapter, ...]:
    """Read every chapter of a folder, in order."""
    paths = sorted(path for path in folder.glob("*.md") if _is_chapter(path))
    return tuple(parse_chapter(path, path.read_text("utf-8")) for path in paths)


def load_chapter(name: str, folder: Path) -> Chapter:
    """Read one chapter by the name that commands use, such as ``chapter05``."""
    known = {
        f"chapter{path.name[:2]}": path
        for path in folder.glob("*.md")
        if _is_chapter(path)
    }
    if name not in known:
        raise NotFoundError(f"no chapter {name!r}{suggest(name, known)}")
    return parse_chapter(known[name], known[name].read_text("utf-8"))


def parse_chapter(path: Path, text: str) -> Chapter:
    """Read a chapter from its text.

    Raises:
        InvalidInputError: with file and line of what could not be placed.
    """
    match = _FILE_NAME.fullmatch(path.name)
    if match is None:
        raise InvalidInputError(f"{path.name}: expected a name such as 05-networks.md")
    parser = MarkdownIt("commonmark").enable("table").use(front_matter_plugin)
    tokens = parser.parse(text)
    if not tokens or tokens[0].type != "front_matter":
        raise InvalidInputError(f"{path.name}:1: a chapter begins with front matter")
    front = _read_front_matter(path, tokens[0].content)
    _refuse_nested_directives(path, tokens)
    blocks = tuple(_read_blocks(path, text.splitlines(), tokens))
    _refuse_repeated_ids(path, blocks)
    return Chapter(
        path=path,
        number=int(match["number"]),
        title=front["title"],
        summary=front["summary"],
        minutes=front["minutes"],
        front_matter=tokens[0].content,
        blocks=blocks,
        owns=_read_owns(path, front.get("owns", {})),
    )


def write_markdown(chapter: Chapter) -> str:
    """Write a chapter as Markdown: the inverse of ``parse_chapter``."""
    parts = [f"---\n{chapter.front_matter}\n---"]
    parts += [write_block(block) for block in chapter.blocks]
    return "\n\n".join(parts) + "\n"


def write_block(block: Block) -> str:
    """Write one block as it stands in the file."""
    if isinstance(block, Prose):
        return block.text
    if isinstance(block, Step):
        return _write_fence("step", block.id, "\n".join((*block.head, block.script)))
    if isinstance(block, Note):
        return _write_fence(block.kind, block.title, block.text)
    return _write_fence("exercise", block.id, "")


def _write_fence(name: str, argument: str, body: str) -> str:
    # A fence holds a shorter one: CommonMark 4.5.
    inner = [len(ticks) for ticks in re.findall(r"^`{3,}", body, re.MULTILINE)]
    ticks = "`" * max(3, *(count + 1 for count in inner)) if inner else "```"
    opening = f"{ticks}{{{name}}} {argument}".rstrip()
    return f"{opening}\n{body}\n{ticks}" if body else f"{opening}\n{ticks}"


def _is_chapter(path: Path) -> bool:
    return _FILE_NAME.fullmatch(path.name) is not None


def _read_front_matter(path: Path, content: str) -> Mapping[str, Any]:
    try:
        front = yaml.safe_load(content)
    except yaml.YAMLError as error:
        raise InvalidInputError(f"{path.name}: front matter: {error}") from error
    if not isinstance(front, dict):
        raise InvalidInputError(f"{path.name}:1: front matter is no mapping")
    for name in front:
        if name not in _KEYS:
            raise InvalidInputError(
                f"{path.name}: unknown key {name!r} in front matter"
                f"{suggest(str(name), _KEYS)}"
            )
    for name, kind in (("title", str), ("summary", str), ("minutes", int)):
        if not isinstance(front.get(name), kind):
            raise InvalidInputError(
                f"{path.name}: front matter needs {name!r} of type {kind.__name__}"
            )
    return front


def _read_owns(path: Path, value: Any) -> Belongings:
    kinds = ("containers", "networks", "volumes", "images", "engines")
    if not isinstance(value, dict) or not all(
        kind in kinds
        and isinstance(names, list)
        and all(isinstance(name, str) for name in names)
        for kind, names in value.items()
    ):
        raise InvalidInputError(
            f"{path.name}: 'owns' is a mapping of {', '.join(kinds)} to lists of names"
        )
    return Belongings(**{kind: tuple(names) for kind, names in value.items()})


def _read_blocks(path: Path, lines: list[str], tokens: list[Token]) -> Iterator[Block]:
    """Cut the source at directives and headings."""
    assert tokens[0].map is not None
    start = tokens[0].map[1]
    for token in tokens[1:]:
        if token.level or token.map is None:
            continue
        begin, end = token.map
        if token.type == "heading_open":
            yield from _read_prose(lines, start, begin)
            start = begin
        match = _match_directive(token)
        if match is not None:
            yield from _read_prose(lines, start, begin)
            yield _read_directive(path, match, token)
            start = end
    yield from _read_prose(lines, start, len(lines))


def _match_directive(token: Token) -> re.Match[str] | None:
    if token.type != "fence":
        return None
    return _DIRECTIVE.fullmatch(token.info.strip())


def _read_directive(path: Path, match: re.Match[str], token: Token) -> Block:
    assert token.map is not None
    fence = Fence(
        file=path.name,
        line=token.map[0] + 1,
        argument=match["argument"].strip(),
        lines=tuple(token.content.splitlines()),
    )
    return build_block(match["name"], fence)


def _read_prose(lines: list[str], start: int, end: int) -> Iterator[Prose]:
    while start < end and not lines[start].strip():
        start += 1
    text = "\n".join(lines[start:end]).rstrip()
    if text:
        yield Prose(text=text, line=start + 1)


def _refuse_nested_directives(path: Path, tokens: list[Token]) -> None:
    for token in tokens:
        if token.level and token.map and _match_directive(token):
            raise InvalidInputError(
                f"{path.name}:{token.map[0] + 1}: a directive inside a list or a "
                "quotation can't be a cell of its own: move it to the margin"
            )


def _refuse_repeated_ids(path: Path, blocks: tuple[Block, ...]) -> None:
    seen: dict[str, int] = {}
    for block in blocks:
        if isinstance(block, (Prose, Note)):
            continue
        if block.id in seen:
            raise InvalidInputError(
                f"{path.name}:{block.line}: id {block.id!r} is taken by line "
                f"{seen[block.id]}"
            )
        seen[block.id] = block.line
