"""Progress as HTML."""

from labkit.course.standing import Standing
from labkit.jupyter.standings import draw_standings

HALF = Standing("chapter05", "Net <works>", 4, 2, 3, 1, 7.5)


def test_a_bar_says_in_words_how_long_it_is() -> None:
    page = draw_standings([HALF])
    assert "2 of 4" in page
    assert "1 of 3" in page
    assert "7.5" in page
    assert "Net &lt;works&gt;" in page


def test_the_chapter_at_hand_is_marked_in_words() -> None:
    assert "(here)" in draw_standings([HALF], "chapter05")
    assert "(here)" not in draw_standings([HALF], "chapter01")


def test_a_chapter_without_steps_has_a_bar_all_the_same() -> None:
    page = draw_standings([Standing("chapter06", "Soon", 0, 0, 0, 0, 0)])
    assert "max='1'" in page
