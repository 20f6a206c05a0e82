"""``# check=skip=RuleA,RuleB;error=true``: which checks are made, and what they count.

The same may stand as a comment above one instruction, and skips for it only. A build
argument of the name ``BUILDKIT_DOCKERFILE_CHECK`` goes before the directive.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import TRUTHS
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.rules import LintWarning, Rule

_ALL = frozenset(["all"])
_ARGUMENT = "BUILDKIT_DOCKERFILE_CHECK"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Names of rules to skip and of experimental ones to apply; ``all`` is each."""

    skip: frozenset[str] = frozenset()
    experimental: frozenset[str] = frozenset()
    is_error: bool = False

    def applies(self, rule: Rule) -> bool:
        if rule.is_experimental:
            return bool(self.experimental & (_ALL | {rule.name}))
        return not self.skip & (_ALL | {rule.name})

    def with_comments(self, comments: Iterable[str]) -> "CheckOptions":
        """Return the options for an instruction under these comments."""
        for comment in comments:
            name, equals, value = comment.partition("=")
            if name.strip().lower() != "check" or not equals or not value.strip():
                continue
            try:
                own = parse_check_options(value.split()[0])
            except Fault:
                return self
            return replace(
                self,
                skip=self.skip | own.skip,
                experimental=self.experimental | own.experimental,
            )
        return self


def parse_check_options(text: str) -> CheckOptions:
    """Read the value of the directive.

    Raises:
        Fault: it has another option, or a value that is none.
    """
    options = CheckOptions()
    for part in text.strip().split(";", 2) if text.strip() else ():
        name, equals, value = part.partition("=")
        name, value = name.strip(), value.strip()
        if not equals:
            raise Fault(f'invalid check option "{part}"')
        if name == "skip":
            options = replace(options, skip=_names(value))
        elif name == "experimental":
            options = replace(options, experimental=_names(value))
        elif name == "error":
            if value not in TRUTHS:
                raise Fault(f'failed to parse check option "{part}"')
            options = replace(options, is_error=TRUTHS[value])
        else:
            raise Fault(f'invalid check option "{name}"')
    return options


def given_options(arguments: Mapping[str, str | None]) -> CheckOptions | None:
    """Return the options that a build's arguments give, if they do.

    Raises:
        InvalidInputError: they make no sense.
    """
    text = arguments.get(_ARGUMENT)
    if text is None:
        return None
    try:
        return parse_check_options(text)
    except Fault as fault:
        raise InvalidInputError(f"failed to parse {_ARGUMENT}: {fault}") from fault


def violation(warnings: Iterable[LintWarning]) -> str:
    """Say why a build fails whose warnings are errors."""
    names = dict.fromkeys(warning.rule.name for warning in warnings)
    return f"lint violation found for rules: {', '.join(names)}"


def _names(value: str) -> frozenset[str]:
    return frozenset(name.strip() for name in value.split(","))
