"""The value of ``# check=``."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.dockerfile import rules
from labkit.dockerfile.check_options import (
    CheckOptions,
    given_options,
    parse_check_options,
    violation,
)
from labkit.dockerfile.errors import Fault, Lines
from labkit.dockerfile.rules import LintWarning


def test_reads_options() -> None:
    options = parse_check_options("skip=A, B;error=true;experimental=all")
    assert options == CheckOptions(
        frozenset(["A", "B"]), frozenset(["all"]), is_error=True
    )
    assert parse_check_options(" ") == CheckOptions()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("skip", 'invalid check option "skip"'),
        ("error=yes", 'failed to parse check option "error=yes"'),
        ("other=1", 'invalid check option "other"'),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        parse_check_options(text)


def test_experimental_rules_are_asked_for() -> None:
    rule = rules.INVALID_DEFINITION_DESCRIPTION
    assert not CheckOptions().applies(rule)
    assert CheckOptions(experimental=frozenset(["all"])).applies(rule)
    assert CheckOptions(
        skip=frozenset(["all"]), experimental=frozenset([rule.name])
    ).applies(rule)


def test_comments_add_to_them() -> None:
    options = CheckOptions(frozenset(["A"]))
    more = options.with_comments(["hello", "check = skip=B because"])
    assert more.skip == {"A", "B"}
    assert options.with_comments(["check=nonsense"]) == options


def test_a_violation_names_each_rule_once() -> None:
    one = LintWarning(rules.UNDEFINED_VAR, "x", Lines(1, 1))
    other = LintWarning(rules.STAGE_NAME_CASING, "x", Lines(1, 1))
    assert violation([one, other, one]) == (
        "lint violation found for rules: UndefinedVar, StageNameCasing"
    )


def test_an_argument_may_give_them() -> None:
    name = "BUILDKIT_DOCKERFILE_CHECK"
    assert given_options({"A": "b"}) is None
    assert given_options({name: "skip=A"}) == CheckOptions(skip=frozenset({"A"}))
    with pytest.raises(InvalidInputError, match=f"failed to parse {name}: invalid che"):
        given_options({name: "x"})
