"""The book's Markdown as HTML."""

import pytest

from labkit.course.markdown import heading_anchor, render_markdown


@pytest.mark.parametrize(
    ("title", "anchor"), [("By `name`, or not", "by-name-or-not"), ("A · B", "a-b")]
)
def test_makes_anchors_of_headings(title: str, anchor: str) -> None:
    assert heading_anchor(title) == anchor


def test_what_may_scroll_can_be_reached_by_keyboard() -> None:
    table = render_markdown("| a |\n| - |\n| b |\n")
    assert "tabindex='0'>\n<table>" in table
    assert table.endswith("</table>\n</div>\n")
    code = render_markdown("```sh\nls\n```\n")
    assert code.startswith("<pre tabindex='0'><code class=\"language-sh\">ls")
    assert render_markdown("    ls\n").startswith("<pre tabindex='0'><code>ls")
