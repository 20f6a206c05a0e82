"""The book as a folder of pages that needs no server: open index.html."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from labkit.course.html import Surroundings, render_chapter, render_contents
from labkit.course.load import book_folder
from labkit.course.model import Chapter
from labkit.course.recording import load_recording
from labkit.course.search import write_index


def build_site(
    chapters: Sequence[Chapter], titles: Mapping[str, str], folder: Path
) -> tuple[Path, ...]:
    """Write pages and their scripts into a folder and return their paths."""
    files = {"index.html": render_contents(chapters)}
    for chapter in chapters:
        around = Surroundings(titles, chapters, load_recording(chapter))
        files[f"{chapter.name}.html"] = render_chapter(chapter, around)
    files["search.js"] = write_index(chapters)
    files["book.js"] = (book_folder() / "theme" / "book.js").read_text("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in files.items():
        path = folder / name
        path.write_text(text, "utf-8")
        written.append(path)
    return tuple(written)
