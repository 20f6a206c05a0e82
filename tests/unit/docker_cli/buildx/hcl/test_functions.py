"""Functions of bake files."""

import re
from typing import Any

import pytest

from labkit.docker_cli.buildx.hcl.functions import FUNCTIONS, as_text, shown
from tests.unit.docker_cli.buildx.hcl.worth import worth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("add(1, 2.5)", 3.5),
        ("divide(6, 3)", 2),
        ("modulo(-7, 3)", -1),
        ("ceil(1.2)", 2),
        ("floor(-1.2)", -2),
        ("int(2.9)", 2),
        ("signum(-4)", -1),
        ("and(true, false)", False),
        ("or(true, false)", True),
        ("not(true)", False),
        ('notequal("a", "b")', True),
        ("greaterthan(2, 1)", True),
        ('coalesce(null, "", "x")', "x"),
        ("coalesce(null)", None),
        ('compact(["a", "", null])', ["a"]),
        ("concat([1], [2])", [1, 2]),
        ('contains([1, "a"], "a")', True),
        ("contains([1], true)", False),
        ("distinct([1, true, 1])", [1, True]),
        ("flatten([1, [2, [3]]])", [1, 2, 3]),
        ("element([1, 2], 3)", 2),
        ("index([1, 2], 1)", 2),
        ('hasindex({a = 1}, "a")', True),
        ("hasindex([1], 1)", False),
        ("slice([1, 2, 3], 1, 2)", [2]),
        ("chunklist([1, 2, 3], 2)", [[1, 2], [3]]),
        ("range(2)", [0, 1]),
        ("range(3, 1)", [3, 2]),
        ("range(0, 5, 2)", [0, 2, 4]),
        ("setproduct([1], [2, 3])", [[1, 2], [1, 3]]),
        ("setunion([1], [1, 2])", [1, 2]),
        ('sort(["b", "a"])', ["a", "b"]),
        ("reverselist([1, 2])", [2, 1]),
        ("keys({b = 1, a = 2})", ["a", "b"]),
        ("values({b = 1, a = 2})", [2, 1]),
        ("merge({a = 1}, null, {b = 2})", {"a": 1, "b": 2}),
        ('lookup({a = 1}, "a", 2)', 1),
        ('lookup({a = 1}, "b", 2)', 2),
        ('zipmap(["a"], [1])', {"a": 1}),
        ('join(",", [1, "a"], [true])', "1,a,true"),
        ('split(",", "a,b")', ["a", "b"]),
        ('replace("aba", "a", "c")', "cbc"),
        ('trimprefix("v1", "v")', "1"),
        ('trimsuffix("a.b", ".b")', "a"),
        ('trim("xax", "x")', "a"),
        ('title("one two")', "One Two"),
        ('substr("hello", 1, 3)', "ell"),
        ('substr("hello", -2, -1)', "lo"),
        ('strlen("é")', 1),
        ('reverse("ab")', "ba"),
        ('indent(2, "a\\nb")', "a\n  b"),
        ('chomp("a\\n")', "a"),
        ('dirname("a")', "."),
        ('basename("a/b")', "b"),
        ('sanitize("a/b.c")', "a_b_c"),
        ('urlencode("a b&")', "a+b%26"),
        ('base64decode(base64encode("x"))', "x"),
        ("jsonencode({a = [1, true]})", '{"a":[1,true]}'),
        ('jsondecode("[1]")', [1]),
        ('csvdecode("a,b\\n1,2")', [{"a": "1", "b": "2"}]),
        ('parseint("ff", 16)', 255),
        ('md5("")', "d41d8cd98f00b204e9800998ecf8427e"),
        ('format("%s-%03d-%v-%q-%%", 1, 2, [3], "a")', '1-002-[3]-"a"-%'),
        ('format("%x-%b-%.1f", 255, 5, 1)', "ff-101-1.0"),
        ('formatlist("%s%s", [1, 2], "x")', ["1x", "2x"]),
        ('regex("b+", "abbc")', "bb"),
        ('regex("(a)(b)", "ab")', ["a", "b"]),
        ('regex("(?<x>a)", "ab")', {"x": "a"}),
        ('regexall("[0-9]", "a1b2")', ["1", "2"]),
        ('regex_replace("a1", "([a-z])([0-9])", two)', "1a"),
    ],
)
def test_functions(text: str, value: Any) -> None:
    assert worth(text, two="$2${1}") == value


def test_some_are_new_each_time() -> None:
    moment = str(FUNCTIONS["timestamp"]())
    assert re.fullmatch(r"\d{4}(-\d\d){2}T\d\d:\d\d:\d\dZ", moment)
    assert FUNCTIONS["uuidv4"]() != FUNCTIONS["uuidv4"]()


def test_values_as_texts() -> None:
    assert [as_text(one) for one in (True, 1, 1.0, 0.5, "x")] == [
        *("true", "1", "1", "0.5", "x"),
    ]
    assert shown(["a", {"b": None}]) == '["a",{"b":null}]'
    with pytest.raises(ValueError, match="null is no text"):
        as_text(None)
