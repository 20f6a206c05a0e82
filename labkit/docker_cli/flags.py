"""Flags as Go's pflag reads them: ``-it``, ``-p8080:80``, ``--name=x``, ``--``.

A table of flags (``pages``) and the words typed go in, values by name come out. What
is wrong is a ``FlagError`` in pflag's words.
"""

from __future__ import annotations

from labkit.base.go_text import go_quote
from labkit.docker_cli.values import KINDS, empty_value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from labkit.docker_cli.pages import Flag

    Check = Callable[[str], object]


class FlagError(Exception):
    """A flag was typed wrong."""

    values: Values
    """What the flags in front of it say."""


class HelpWantedError(Exception):
    """``--help`` was among the flags."""


class Values:
    """What the flags say: every flag has a value, ``changed`` names those typed."""

    __slots__ = ("_values", "changed")

    def __init__(self, flags: Sequence[Flag]) -> None:
        self._values: dict[str, Any] = {f.name: empty_value(f) for f in flags}
        self.changed: list[str] = []

    def text(self, name: str) -> str:
        value = self._values[name]
        return value if isinstance(value, str) else str(value)

    def on(self, name: str) -> bool:
        return bool(self._values[name])

    def number(self, name: str) -> int:
        value = self._values[name]
        return value if isinstance(value, int) else 0

    def list(self, name: str) -> list[str]:
        value = self._values[name]
        return value if isinstance(value, list) else []

    def set(self, flag: Flag, text: str, check: Check | None) -> None:
        """Take one value; a list grows by it.

        Raises:
            FlagError: the value is none of the flag's kind.
        """
        reader = KINDS[flag.kind]
        try:
            value = reader(text)
            if check is not None:
                check(text)
        except ValueError as error:
            raise FlagError(
                f"invalid argument {go_quote(text)} for "
                f'"{flag.described}" flag: {error}'
            ) from None
        if flag.name not in self.changed:
            self.changed.append(flag.name)
            if isinstance(value, list):
                self._values[flag.name] = []
        if isinstance(value, list):
            self._values[flag.name].extend(value)
        else:
            self._values[flag.name] = value


class Rules:
    """How one command reads its flags, beside the table of them."""

    __slots__ = ("checks", "interspersed", "renamed")

    def __init__(
        self,
        interspersed: bool = True,
        checks: Mapping[str, Check] | None = None,
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self.interspersed = interspersed
        self.checks = checks or {}
        self.renamed = renamed or {}


class Parsed:
    """Values and what is left, and pflag's warnings about old names."""

    __slots__ = ("arguments", "values", "warnings")

    def __init__(self, flags: Sequence[Flag]) -> None:
        self.values = Values(flags)
        self.arguments: list[str] = []
        self.warnings: list[str] = []


def parse(flags: Sequence[Flag], words: Sequence[str], rules: Rules) -> Parsed:
    """Read the words typed.

    Raises:
        FlagError: in pflag's words.
        HelpWantedError: the reader wants the page.
    """
    return _Reader(flags, words, rules).read()


class _Reader:
    def __init__(
        self, flags: Sequence[Flag], words: Sequence[str], rules: Rules
    ) -> None:
        self._long = {flag.name: flag for flag in flags}
        self._short = {flag.short: flag for flag in flags if flag.short}
        self._left = list(words)
        self._rules = rules
        self._parsed = Parsed(flags)
        self._help_wanted = False

    def read(self) -> Parsed:
        try:
            self._read_words()
        except FlagError as error:
            error.values = self._parsed.values
            raise
        if self._help_wanted:
            raise HelpWantedError(*self._parsed.warnings)
        return self._parsed

    def _read_words(self) -> None:
        arguments = self._parsed.arguments
        while self._left:
            word = self._left.pop(0)
            if word == "--":
                arguments += self._left
                break
            if word.startswith("--"):
                self._read_long(word)
            elif word.startswith("-") and len(word) > 1:
                self._read_short(word)
            else:
                arguments.append(word)
                if not self._rules.interspersed:
                    arguments += self._left
                    break

    def _read_long(self, word: str) -> None:
        name, equals, value = word[2:].partition("=")
        if not name or name.startswith("-"):
            raise FlagError(f"bad flag syntax: {word}")
        flag = self._long.get(self._current_name(name))
        if flag is None:
            if name == "help":
                self._help(value if equals else "true")
                return
            raise FlagError(f"unknown flag: --{name}")
        if equals:
            self._set(flag, value)
        elif not flag.kind:
            self._set(flag, "true")
        elif self._left:
            self._set(flag, self._left.pop(0))
        else:
            raise FlagError(f"flag needs an argument: --{name}")

    def _current_name(self, name: str) -> str:
        current = self._rules.renamed.get(name, name)
        if current.startswith("!"):  # still read, and said to be old
            current = current[1:]
            self._parsed.warnings.append(
                f"Flag --{name} has been deprecated, use --{current} instead"
            )
        return current

    def _read_short(self, word: str) -> None:
        letters = word[1:]
        while letters:
            letter, letters = letters[0], letters[1:]
            flag = self._short.get(letter)
            if flag is None:
                if letter == "h":
                    self._parsed.warnings.append(
                        "Flag shorthand -h has been deprecated, use --help"
                    )
                    self._help_wanted = True
                    continue
                raise FlagError(
                    f"unknown shorthand flag: '{letter}' in -{letter}{letters}"
                )
            if letters.startswith("=") and len(letters) > 1:
                self._set(flag, letters[1:])
                return
            if not flag.kind:
                self._set(flag, "true")
            elif letters:
                self._set(flag, letters)
                return
            elif self._left:
                self._set(flag, self._left.pop(0))
                return
            else:
                raise FlagError(f"flag needs an argument: '{letter}' in -{letter}")

    def _set(self, flag: Flag, text: str) -> None:
        if flag.name == "help":
            self._help(text)
            return
        self._parsed.values.set(flag, text, self._rules.checks.get(flag.name))

    def _help(self, text: str) -> None:
        try:
            self._help_wanted = bool(KINDS[""](text))
        except ValueError as error:
            raise FlagError(
                f'invalid argument {go_quote(text)} for "--help" flag: {error}'
            ) from None
