"""Keep the committed notebooks what the book says.

A notebook that differs from what its chapter gives is *drift*: somebody edited one of
the two. ``find_drift`` says where, ``sync`` writes the notebooks anew.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.course.model import Chapter
from labkit.course.notebook import build_notebook, write_notebook


@dataclass(frozen=True, slots=True)
class Drift:
    """A notebook that is not what its chapter gives."""

    path: Path
    text: str
    reason: str


def find_drift(
    chapters: Sequence[Chapter], titles: Mapping[str, str], folder: Path
) -> Iterator[Drift]:
    """Yield every notebook that is missing, changed or left over."""
    expected = {
        folder / f"{chapter.name}.ipynb": write_notebook(
            build_notebook(chapter, titles)
        )
        for chapter in chapters
    }
    for path, text in expected.items():
        if not path.exists():
            yield Drift(path, text, "is missing")
        elif path.read_text("utf-8") != text:
            yield Drift(path, text, "differs from its chapter")
    for path in sorted(folder.glob("chapter*.ipynb")):
        if path not in expected:
            yield Drift(path, "", "has no chapter")


def sync(drifts: Iterator[Drift]) -> tuple[Path, ...]:
    """Mend drift: write what is missing or changed, remove what is left over."""
    mended = []
    for drift in drifts:
        if drift.text:
            drift.path.parent.mkdir(parents=True, exist_ok=True)
            drift.path.write_text(drift.text, "utf-8")
        else:
            drift.path.unlink()
        mended.append(drift.path)
    return tuple(mended)
