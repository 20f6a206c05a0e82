import re
from pathlib import Path

from labkit.course.load import book_folder, load_book
from labkit.course.site import build_site
from tests.unit.course.build import make_chapter


def test_writes_a_page_for_each_chapter_and_the_scripts(tmp_path: Path) -> None:
    paths = build_site((make_chapter("# Hi\n"),), {}, tmp_path / "site")
    names = ["index.html", "chapter05.html", "search.js", "book.js"]
    assert [path.name for path in paths] == names
    assert "href='chapter05.html'" in paths[0].read_text()
    assert "Testing" in paths[1].read_text()


def test_every_link_of_the_book_leads_somewhere(tmp_path: Path) -> None:
    paths = build_site(load_book(book_folder()), {}, tmp_path)
    pages = {path.name: path.read_text() for path in paths}
    anchors = {
        name: set(re.findall(r"""id=["']([^"']+)""", text))
        for name, text in pages.items()
    }
    dead = []
    for name, text in pages.items():
        if not name.endswith(".html"):
            continue
        for target in re.findall(r"""href=["']([^"']+)""", text):
            page, _, anchor = target.partition("#")
            if re.match(r"https?:", target):
                continue
            if (page or name) not in pages or (
                anchor and anchor not in anchors[page or name]
            ):
                dead.append(f"{name}: {target}")
    assert dead == []
