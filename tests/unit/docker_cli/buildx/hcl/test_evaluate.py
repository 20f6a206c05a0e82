"""What names mean, and what goes wrong."""

from typing import Any

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from tests.unit.docker_cli.buildx.hcl.worth import worth


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("try(no, 1)", 1),
        ("can(no)", False),
        ("can(1)", True),
        ("null[*].a", []),
        ("one[*].a", [1]),
        ('"true" ? 1 : 2', 1),
        ("true == 1", False),
        ("false && no", False),
        ("true || no", True),
    ],
)
def test_works_out(text: str, value: Any) -> None:
    assert worth(text, one={"a": 1}) == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("no", "f:1,1: there is no variable 'no'"),
        ("no()", "f:1,1: there is no function 'no'"),
        ("try(no)", "none of try's expressions has a value"),
        ("one.b", "there is no 'b' in it"),
        ("[1][4]", "wrong value: list index out of range"),
        ("1 ? 2 : 3", "'1' is neither true nor false"),
        ("1 / 0", "wrong value: "),
        ('1 + "x"', "wrong value: "),
        ("1 + true", "true is no number"),
        ("upper(1, 2)", "wrong call of upper: "),
        ("[for x in 1 : x]", "'1' is no list and no map"),
        ("{for x in [1, 1] : x => x}", "there are two of the key '1'"),
    ],
)
def test_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(BuildxError, match=said):
        worth(text, one={"a": 1})
