import pytest

from labkit.base.go_text import go_quote, go_quote_list


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", '""'),
        ("plain é 日", '"plain é 日"'),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("\a\b\f\n\r\t\v", '"\\a\\b\\f\\n\\r\\t\\v"'),
        ("\x00\x1b\x7f", '"\\x00\\x1b\\x7f"'),
        ("\x85\u2028\ue000", '"\\u0085\\u2028\\ue000"'),
        ("\U000e0001", '"\\U000e0001"'),
        (b"a\xff".decode("utf-8", "surrogateescape"), '"a\\xff"'),
    ],
)
def test_shows_what_go_shows(text, shown):
    assert go_quote(text) == shown


def test_a_list_is_in_brackets():
    assert go_quote_list([]) == "[]"
    assert go_quote_list(("a", "b c")) == '["a" "b c"]'
