"""Expressions, as they bind."""

from typing import Any

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.hcl.expressions import number
from tests.unit.docker_cli.buildx.hcl.worth import worth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3 - 4 / 2", 5),
        ("(1 + 2) * 3 % 4", 1),
        ("-2 - -3", 1),
        ("!false && 1 < 2 || no", True),
        ('1 == 1 ? "a" : "b"', "a"),
        ("false ? 1 : true ? 2 : 3", 2),
        ("1.5e1 >= 15", True),
        ("null == null", True),
        ("[1, 2,\n 3,\n][1]", 2),
        ('{ a = 1, "b": 2\n c = 3 }.c', 3),
        ("{ (k) = 1 }", {"key": 1}),
        ("{\n a = {\n b = [\n1]\n}\n # c\n}", {"a": {"b": [1]}}),
        ("m.a[0].b", 5),
        ('m["a"].0.b', 5),
        ("m.a[*].b", [5, 6]),
        ("m.a.*.b", [5, 6]),
        ("[for x in [1, 2, 3] : x * 2 if x != 2]", [2, 6]),
        ('[for i, x in ["a"] : "${i}${x}"]', ["0a"]),
        ('[for k, v in {b = 1, a = 2} : "${k}${v}"]', ["a2", "b1"]),
        ('{for x in ["a"] : x => upper(x)}', {"a": "A"}),
        ("{for x in [1, 2, 3] : x % 2 => x...}", {"0": [2], "1": [1, 3]}),
        ("max([1, 3, 2]...)", 3),
        ("max(1,\n 2,\n)", 2),
        ("twice(4)", 8),
    ],
)
def test_reads(text: str, value: Any) -> None:
    m: Any = {"a": [{"b": 5}, {"b": 6}]}
    assert worth(text, m=m, k="key", no=False) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "f:1,1: an expression is missing"),
        ("1 +", "an expression is missing"),
        ("(1", r"'\)' is missing"),
        ("[1 2]", "']' is missing"),
        ("{a 1}", "'=' is missing"),
        ("[for x [1] : x]", "'in' is missing"),
        ("[for 1]", "a name is missing"),
        ("m.-", "a name is missing"),
        ("true ? 1", "':' is missing"),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        worth(text, m={})


def test_whole_numbers_are_integers() -> None:
    assert [repr(number(text)) for text in ("1", "1.0", "1.5")] == ["1", "1", "1.5"]
