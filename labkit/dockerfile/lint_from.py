"""Checks of FROM lines: their variables, their platforms."""

from collections.abc import Iterator, Mapping

from labkit.base.errors import InvalidInputError
from labkit.base.go_text import go_quote
from labkit.base.reference import parse_reference
from labkit.dockerfile import rules
from labkit.dockerfile.errors import Fault
from labkit.dockerfile.instructions import From
from labkit.dockerfile.lexer import Expansion, Rules, lex
from labkit.dockerfile.rules import LintWarning
from labkit.dockerfile.scopes import Scopes
from labkit.dockerfile.suggest import with_suggestion

_SYSTEMS = ("linux", "windows", "darwin", "freebsd")
_TARGET = "TARGETPLATFORM"


def check_from(
    from_: From, scopes: Scopes, defaults: Scopes, declared: frozenset[str]
) -> Iterator[LintWarning]:
    """Yield what is found in one FROM line.

    Args:
        from_: the line, not expanded.
        scopes: what is in force.
        defaults: what would be, were nothing given from outside.
        declared: the names of the ARGs above, and of predefined ones.
    """
    try:
        base = _lex(from_.base, scopes.globals, scopes.escape)
        platform = _lex(from_.platform, scopes.globals, scopes.escape)
        default = _lex(from_.base, defaults.globals, scopes.escape)
    except Fault:
        return  # the build will say so, and fail
    if not _is_reference(default.text):
        message = (
            f"Default value for ARG {from_.base} results in empty or invalid base "
            "image name"
        )
        yield LintWarning(rules.INVALID_DEFAULT_ARG_IN_FROM, message, from_.lines)
    for name in sorted({*base.unmatched, *platform.unmatched} - declared):
        message = f"FROM argument '{name}' is not declared"
        yield LintWarning(
            rules.UNDEFINED_ARG_IN_FROM,
            with_suggestion(message, name, sorted(declared)),
            from_.lines,
        )
    if from_.platform:
        yield from _check_platform(from_, platform, scopes)


def _check_platform(
    from_: From, platform: Expansion, scopes: Scopes
) -> Iterator[LintWarning]:
    if platform.matched == {_TARGET} and not platform.unmatched:
        if platform.text == scopes.globals.get(_TARGET):
            message = (
                f"Setting platform to predefined {from_.platform} in FROM is redundant "
                "as this is the default behavior"
            )
            yield LintWarning(rules.REDUNDANT_TARGET_PLATFORM, message, from_.lines)
        return
    if platform.matched or platform.unmatched:
        return
    if not any(part in from_.stage for part in _system_and_machine(platform.text)):
        message = (
            "FROM --platform flag should not use constant value "
            f"{go_quote(platform.text)}"
        )
        yield LintWarning(
            rules.FROM_PLATFORM_FLAG_CONST_DISALLOWED, message, from_.lines
        )


def _system_and_machine(platform: str) -> tuple[str, ...]:
    """Split ``linux/amd64``; one word alone is either of the two."""
    parts = platform.lower().split("/")
    if len(parts) > 1:
        return (parts[0], parts[1])
    return (parts[0],) if parts[0] in _SYSTEMS else ("linux", parts[0])


def _lex(text: str, variables: Mapping[str, str], escape: str) -> Expansion:
    return lex(text, variables, Rules(escape))


def _is_reference(text: str) -> bool:
    try:
        parse_reference(text)
    except InvalidInputError:
        return False
    return True
