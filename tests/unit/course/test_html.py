import re
from html.parser import HTMLParser

import pytest

from labkit.course.html import (
    heading_anchor,
    read_style,
    render_chapter,
    render_contents,
    render_markdown,
)
from labkit.course.load import book_folder, load_book
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


@pytest.mark.parametrize(
    ("title", "anchor"), [("By `name`, or not", "by-name-or-not"), ("A · B", "a-b")]
)
def test_makes_anchors_of_headings(title: str, anchor: str) -> None:
    assert heading_anchor(title) == anchor


def test_renders_every_kind_of_block() -> None:
    page = render_chapter(make_chapter(BODY), {"c05-e1": "Do it"}, ())
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
        *(render_chapter(chapter, {}, chapters) for chapter in chapters),
    ]:
        balance = Balance()
        balance.feed(page)
        assert balance.open == []
        assert "<script" not in page
        assert "(data:" not in page
        assert not re.search(r"""src=["'](?!data:)""", page)


def test_the_style_knows_the_dark() -> None:
    assert "prefers-color-scheme: dark" in read_style()


def test_renders_tables() -> None:
    assert "<table>" in render_markdown("| a |\n| - |\n| b |\n")
