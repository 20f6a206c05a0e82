"""The book as a folder of pages, each complete in itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from labkit.course.html import render_chapter, render_contents
from labkit.course.model import Chapter


def build_site(
    chapters: Sequence[Chapter], titles: Mapping[str, str], folder: Path
) -> tuple[Path, ...]:
    """Write the pages into a folder and return their paths."""
    pages = {"index.html": render_contents(chapters)}
    for chapter in chapters:
        pages[f"{chapter.name}.html"] = render_chapter(chapter, titles, chapters)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in pages.items():
        path = folder / name
        path.write_text(text, "utf-8")
        written.append(path)
    return tuple(written)
