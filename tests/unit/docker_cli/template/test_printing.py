import pytest

from labkit.docker_cli.template.printing import (
    print_all,
    print_format,
    show,
    show_result,
)
from labkit.docker_cli.template.values import ABSENT, Struct


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "<nil>"),
        (True, "true"),
        (2.0, "2"),
        (2.5, "2.5"),
        ([1, "a"], "[1 a]"),
        ({"b": 1, "a": None}, "map[a:<nil> b:1]"),
        (Struct(A=1, B="x"), "{1 x}"),
    ],
)
def test_shows_values_as_go(value, text):
    assert show(value) == text


def test_nothing_at_all_is_no_value():
    assert show_result(None) == show_result(ABSENT) == "<no value>"


@pytest.mark.parametrize(
    ("layout", "values", "text"),
    [
        ("%s %d %v %q", ("a", 3, True, "b"), 'a 3 true "b"'),
        ("%5s|%-5s|%05d|%x", ("a", "b", 42, 255), "    a|b    |00042|ff"),
        ("%.2f %t %T", (1.5, False, "x"), "1.50 false string"),
        ("%.2s%%", ("abc",), "ab%"),
        ("%s", (), "%!s(MISSING)"),
        ("%d", ("x",), "%!d(string=x)"),
        ("a", ("x",), "a%!(EXTRA string=x)"),
        ("%", (), "%!(NOVERB)"),
        ("%999999999d", (1,), "%!(BADWIDTH)"),
        ("%.999999999f", (1.0,), "%!(BADPREC)"),
        ("%*d", ("x", 1), "%!(BADWIDTH)"),
    ],
)
def test_formats_as_go(layout, values, text):
    assert print_format(layout, values) == text


def test_prints_blanks_between_what_are_no_strings():
    assert print_all((1, 2, "a", 3)) == "1 2a3"
