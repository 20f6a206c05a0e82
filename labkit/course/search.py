"""What the book's search looks through: one entry for each heading, no server.

The index is a script, not JSON: a page that was opened as a file may load scripts that
lie beside it, and nothing else.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass

from markdown_it.token import Token

from labkit.course.markdown import heading_anchor, parse_markdown
from labkit.course.model import Block, Chapter, Note, Prose, Step

VARIABLE = "labkitSearchIndex"
_HEADINGS = ("h1", "h2", "h3")


@dataclass(frozen=True, slots=True)
class Entry:
    """A section: where it is, and all the words in it."""

    page: str
    anchor: str
    chapter: str
    heading: str
    text: str


def write_index(chapters: Iterable[Chapter]) -> str:
    """Return the script that sets the index."""
    entries = [asdict(entry) for chapter in chapters for entry in index(chapter)]
    return f"window.{VARIABLE} = {json.dumps(entries, ensure_ascii=False)};\n"


def index(chapter: Chapter) -> Iterator[Entry]:
    """Cut a chapter into its sections."""
    heading, words = chapter.title, list[str]()
    for is_heading, text in _pieces(chapter.blocks):
        if is_heading:
            yield from _entry(chapter, heading, words)
            heading, words = text, []
        else:
            words.append(text)
    yield from _entry(chapter, heading, words)


def _entry(chapter: Chapter, heading: str, words: list[str]) -> Iterator[Entry]:
    if words:
        yield Entry(
            page=f"{chapter.name}.html",
            anchor=heading_anchor(heading),
            chapter=f"{chapter.number}. {chapter.title}",
            heading=_plain(heading),
            text=_plain(" ".join(words)),
        )


def _plain(text: str) -> str:
    """Leave out Markdown's marks and every second space."""
    return " ".join(re.sub(r"[`*]", "", text).split())


def _pieces(blocks: Iterable[Block]) -> Iterator[tuple[bool, str]]:
    """Give headings and the texts between them, in reading order."""
    for block in blocks:
        if isinstance(block, Step):
            yield False, block.script
        elif isinstance(block, Note):
            yield False, f"{block.title} {block.text}"
        elif isinstance(block, Prose):
            yield from _prose(block.text)


def _words(token: Token) -> str:
    """Return what is to be read in a line: an image's words are its description."""
    return "".join(
        "\n" if child.type == "softbreak" else child.content
        for child in token.children or ()
    )


def _prose(text: str) -> Iterator[tuple[bool, str]]:
    in_heading = False
    for token in parse_markdown(text):
        if token.type == "heading_open":
            in_heading = token.tag in _HEADINGS
        elif token.type == "inline":
            # As it stands in the file, so that a heading keeps its anchor; elsewhere
            # without the addresses of links and figures, which nobody reads.
            yield in_heading, token.content if in_heading else _words(token)
            in_heading = False
        elif token.type == "fence":
            yield False, token.content
