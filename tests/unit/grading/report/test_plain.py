from labkit.grading.report.plain import printable, spell_total
from tests.unit.grading.report.examples import DOWN, FAILED, PASSED


def test_an_outage_gives_no_points_and_no_zero():
    assert spell_total([DOWN, DOWN]) == "no points given"
    assert spell_total([PASSED, DOWN]) == "2 of 4 points"
    assert spell_total([FAILED]) == "0 of 5 points"


def test_what_a_terminal_would_obey_is_replaced():
    assert printable("\x1b[2Jgone\x07\x9b31m\u202e") == "�[2Jgone��31m�"


def test_ordinary_text_stays():
    text = "ünï ✔ \t tab\nline"
    assert printable(text) == text
