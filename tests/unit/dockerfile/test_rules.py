"""The rules' names and pages."""

import pytest

from labkit.dockerfile import rules
from labkit.dockerfile.errors import Lines
from labkit.dockerfile.rules import LintWarning, Rule

ALL = [one for one in vars(rules).values() if isinstance(one, Rule)]


@pytest.mark.parametrize(
    ("rule", "slug"),
    [
        (rules.STAGE_NAME_CASING, "stage-name-casing"),
        (rules.JSON_ARGS_RECOMMENDED, "json-args-recommended"),
        (rules.FROM_AS_CASING, "from-as-casing"),
        (rules.SECRETS_USED_IN_ARG_OR_ENV, "secrets-used-in-arg-or-env"),
    ],
)
def test_a_rule_has_its_page(rule: Rule, slug: str) -> None:
    assert rule.url == f"https://docs.docker.com/go/dockerfile/rule/{slug}/"


def test_rules_are_those_of_the_reference() -> None:
    assert len({rule.name for rule in ALL}) == len(ALL) == 21
    assert all(rule.description for rule in ALL)


def test_a_warning_says_its_line() -> None:
    warning = LintWarning(rules.UNDEFINED_VAR, "it", Lines(3, 5))
    assert str(warning) == "UndefinedVar: it (line 3)"
