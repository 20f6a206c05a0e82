"""The same vocabulary for a step of a chapter: ``:expect:``.

    {network: {name: mongo-net, driver: bridge}}
    {container: [{name: mongodb}, {name: mongo-express}], http: {port: 8081}}

A step has no points and no ids: each word is one check worth one point.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from labkit.base.errors import InvalidInputError
from labkit.grading.checks.table import FAMILIES
from labkit.grading.judge import judge_check
from labkit.grading.model import Check, Verdict
from labkit.grading.observe import observe
from labkit.grading.source import suggest
from labkit.grading.values import fill_tree


def evaluate(
    docker_host: str,
    expectation: Mapping[str, Any],
    values: Mapping[str, str] | None = None,
) -> tuple[Verdict, ...]:
    """Say of each expectation whether it holds now.

    Raises:
        InvalidInputError: the expectation itself is wrong.
    """
    checks = parse_expectation(expectation, values or {})
    probes = [probe for check in checks for probe in check.family.probes(check.params)]
    seen = observe(docker_host, probes)
    return tuple(judge_check(check, seen) for check in checks)


def parse_expectation(
    expectation: Mapping[str, Any], values: Mapping[str, str]
) -> tuple[Check, ...]:
    """Read a mapping of words to parameters.

    Raises:
        InvalidInputError: an unknown word or parameter; with its name.
    """
    filled = fill_tree(dict(expectation), values)
    return tuple(_checks(filled))


def _checks(expectation: Mapping[str, Any]) -> Iterator[Check]:
    for word, items in expectation.items():
        family = FAMILIES.get(word)
        if family is None:
            hint = suggest(word, FAMILIES)
            raise InvalidInputError(f"unknown expectation {word!r}{hint}")
        for number, item in enumerate(items if isinstance(items, list) else [items]):
            try:
                params = family.params.model_validate(item)
            except ValidationError as error:
                raise InvalidInputError(_problem(word, error)) from error
            name = f"{word}-{number + 1}"
            yield Check(name, family.sentence(params), family, params, points=1)


def _problem(word: str, error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(step) for step in (word, *first["loc"]))
    if first["type"] == "extra_forbidden":
        known = FAMILIES[word].params.model_fields
        names = [field.alias or name for name, field in known.items()]
        return f"unknown key {place!r}{suggest(str(first['loc'][-1]), names)}"
    return f"{place}: {first['msg']}"
