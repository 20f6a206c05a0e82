from labkit.grading.report.plain import printable


def test_what_a_terminal_would_obey_is_replaced():
    assert printable("\x1b[2Jgone\x07\x9b31m\u202e") == "�[2Jgone��31m�"


def test_ordinary_text_stays():
    text = "ünï ✔ \t tab\nline"
    assert printable(text) == text
