import html.parser
import re

import pytest

from labkit.course.markdown import render_foreign_markdown
from labkit.grading.checks.model import Finding
from labkit.grading.model import Grade, Outcome, Verdict
from labkit.grading.report.page import report_page
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style><script>alert(1)</script>",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "\x1b[2J\x00\u202e",
    "]]><!--",
]
OUTSIDE = {"html", "head", "meta", "title", "style", "body", "main", "section"}
TABLES = {"table", "caption", "thead", "tbody", "tr", "th", "td"}
ALLOWED = OUTSIDE | TABLES | {"h1", "h2", "span", "dl", "dt", "dd", "a", "p", "code"}


class Tags(html.parser.HTMLParser):
    """Collects the tags and attributes of a page, and what is not closed."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.open = set(), set(), []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def _page(*grades):
    return report_page(grades, render_foreign_markdown)


def test_shows_each_exercise_and_its_findings():
    page = _page(PASSED, FAILED, DOWN)
    assert "<title>labkit report: 2 of 9 points, could not check</title>" in page
    assert "<dt>found</dt><dd>exited with code 1</dd>" in page
    assert "<dd>no engine answers</dd>" in page
    assert "Its range is <code>10.9.0.0/24</code>." in page
    assert page == _page(PASSED, FAILED, DOWN)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_learners_world_says_stays_text(text):
    finding = Finding(text, text, text, text)
    verdicts = (
        Verdict("a", text, Outcome.FAILED, 0, 1, (finding,)),
        Verdict("b", text, Outcome.COULD_NOT_CHECK, 0, 1, reason=text),
    )
    tags = Tags(_page(Grade("c05-e1", text, verdicts, f"see {text}")))
    assert tags.tags <= ALLOWED
    assert tags.open == []
    assert not {name for _, name in tags.attributes if name.startswith("on")}
    assert {tag for tag, name in tags.attributes if name in ("src", "href")} <= {"a"}


def test_a_debriefs_link_can_not_run_anything():
    verdict = Verdict("a", "a", Outcome.PASSED, 1, 1)
    page = _page(Grade("c05-e1", "a", (verdict,), "[x](javascript:alert(1))"))
    assert 'href="javascript' not in page


def test_needs_nothing_beside_it_and_runs_nothing():
    page = _page(PASSED, FAILED, DOWN)
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|@import|url\(|<script", page)


def test_can_be_read_without_eyes_and_on_paper():
    page = _page(PASSED, FAILED, DOWN)
    assert '<html lang="en">' in page
    assert page.count("<caption>") == page.count("<table>") == 4
    assert page.count('scope="col"') == 4 + 3 * 3
    assert '<th scope="row"><a href="#c05-e1">' in page
    assert '<section aria-labelledby="c05-e1">' in page
    assert "@media print" in page
    for word in ("passed", "failed", "could not check"):
        assert f"</span> {word}</span>" in page
