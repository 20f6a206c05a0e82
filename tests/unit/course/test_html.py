import re
from html.parser import HTMLParser
from pathlib import Path

from labkit.course.html import (
    Surroundings,
    read_style,
    render_chapter,
    render_contents,
)
from labkit.course.load import book_folder, load_book
from labkit.course.recording import Printed, Recording, load_recording, mark
from tests.unit.course.build import make_chapter

BODY = """\
# Title

A <b>tag</b> and a | table.

## Part `one`

```{step} go
:exit: 1
echo "<script>"
```

```{tip}
Look *here*.
```

```{exercise} c05-e1
```
"""
VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})


class Balance(HTMLParser):
    """Collects what is opened and not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        """``<img />`` is closed at once."""

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_renders_every_kind_of_block() -> None:
    around = Surroundings({"c05-e1": "Do it"})
    page = render_chapter(make_chapter(BODY), around)
    assert "echo &quot;&lt;script&gt;&quot;" in page
    assert "step go · meant to fail" in page
    assert "<p class='title'>Tip</p>" in page
    assert "Exercise: Do it" in page
    assert '<h2 id="part-one">' in page
    assert "href='#part-one'" in page


def test_pages_of_the_book_are_whole_and_ask_for_nothing() -> None:
    chapters = load_book(book_folder())
    for page in [
        render_contents(chapters),
        *(
            render_chapter(chapter, Surroundings({}, chapters, load_recording(chapter)))
            for chapter in chapters
        ),
    ]:
        balance = Balance()
        balance.feed(page)
        assert balance.open == []
        scripts = re.findall(r"<script[^>]*>", page)
        assert scripts == ['<script src="search.js">', '<script src="book.js">']
        assert "(data:" not in page
        assert not re.search(r"""src=["'](?!data:|search.js|book.js)""", page)


def test_shows_what_a_step_printed_until_its_script_changes() -> None:
    chapter = make_chapter(BODY)
    (step,) = chapter.steps
    for script, shown in ((step.script, True), ("another", False)):
        steps = {"go": Printed(mark(script), "a <b>\n")}
        recording = Recording("labkit 1", {"nginx:1.25": "sha256:" + "ab" * 32}, steps)
        page = render_chapter(chapter, Surroundings(recording=recording))
        assert ("<samp>a &lt;b&gt;</samp>" in page) is shown
        assert "labkit 1, with these images" in page
        assert "sha256:abababababab<" in page


def test_leads_to_the_chapters_around_it() -> None:
    names = ("04-before.md", "05-here.md", "06-next.md")
    chapters = [make_chapter("# Hi\n", Path(name)) for name in names]
    page = render_chapter(chapters[1], Surroundings(others=chapters))
    assert "<a href='chapter04.html'>Before: 4." in page
    assert "<a href='chapter06.html'>Next: 6." in page


def test_the_style_knows_the_dark() -> None:
    assert "prefers-color-scheme: dark" in read_style()
