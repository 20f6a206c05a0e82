"""An x-ray as HTML."""

from labkit.course.xray import Section
from labkit.jupyter.sections import draw_sections


def test_a_table_has_its_columns_and_every_row_its_name() -> None:
    page = draw_sections("web", [Section("mounts", (("/", "yes"),), ("at", "rw"))])
    assert "<th scope='col'" in page
    assert page.count("scope='row'") == 1
    assert "<summary>mounts</summary>" in page


def test_what_the_engine_said_is_text_not_markup() -> None:
    page = draw_sections("<w>", [Section("<m>", (("<k>", "<script>"),))])
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "<m>" not in page
    assert "<thead>" not in page
