"""The book is written in our own words.

The guide that the course mirrors is somebody else's text. ``guide_sequences.txt``
holds a digest of every eight words in a row of it, so that the text itself need not be
here; no eight words of the book, outside of code, may be among them.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import yaml

from labkit.base.home import content_folder

LENGTH = 8
SEQUENCES = frozenset(
    Path(__file__).with_name("guide_sequences.txt").read_text("ascii").split()
)
_CODE = re.compile(r"^(`{3,})[^\n]*\n.*?^\1$|`[^`\n]*`|^---\n.*?^---$", re.M | re.S)
_KEEP = re.compile(r"^`{3,}\{(?:note|tip|warning|pitfall|deeper)\}")


def digests(text: str) -> Iterator[tuple[str, str]]:
    """Yield every eight words in a row, and the digest by which they are known."""
    words = re.findall(r"[a-z0-9]+", text.lower().replace("'", "").replace("’", ""))
    for start in range(len(words) - LENGTH + 1):
        sequence = " ".join(words[start : start + LENGTH])
        yield sequence, sha256(sequence.encode()).hexdigest()[:12]


def prose(markdown: str) -> str:
    """Leave code out, and keep what stands in boxes."""

    def one(match: re.Match[str]) -> str:
        body = match[0]
        if _KEEP.match(body):
            return prose("\n".join(body.split("\n")[1:-1]))
        return "\n"

    return _CODE.sub(one, markdown)


def borrowed(text: str) -> list[str]:
    return [sequence for sequence, known in digests(text) if known in SEQUENCES]


@pytest.mark.parametrize(
    "path", sorted(content_folder("book").glob("*.md")), ids=lambda path: path.stem
)
def test_no_eight_words_of_a_chapter_are_the_guides(path: Path) -> None:
    assert borrowed(prose(path.read_text("utf-8"))) == []


def test_no_eight_words_of_an_exercise_are_the_guides() -> None:
    for path in content_folder("exercises").glob("*/*.yaml"):
        tree = yaml.safe_load(path.read_text("utf-8"))
        text = "\n".join([tree["title"], tree["task"], tree["debrief"]])
        assert borrowed(prose(text)) == [], path.name


def test_finds_what_was_taken_over_and_leaves_code_alone() -> None:
    sentence = "the default bridge predates the embedded DNS feature. In production"
    taken = ["the default bridge predates the embedded dns feature"]
    assert borrowed(sentence)[:1] == taken
    assert borrowed(prose(f"```{{note}} x\n{sentence}\n```"))[:1] == taken
    assert borrowed(prose(f"```bash\n{sentence}\n```\n`{sentence}`")) == []
