"""Flags as the docker command line reads them: ``-t x``, ``-tx``, ``--tag=x``."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from labkit.docker_cli.buildx.errors import BuildxError


class Kind(Enum):
    BOOL = ""
    TEXT = "string"
    TEXTS = "stringArray"


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag; without a help text it is not shown."""

    name: str
    kind: Kind
    help: str = ""
    short: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its usage line, what it does, its flags, how many arguments."""

    usage: str
    about: str
    flags: tuple[Flag, ...]
    least: int = 0
    most: int = 0


@dataclass(slots=True)
class Given:
    """What a command line says."""

    values: dict[str, list[str]] = field(default_factory=dict)
    arguments: list[str] = field(default_factory=list)

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(name, [default])[-1]

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self.values.get(name, ()))

    def is_set(self, name: str) -> bool:
        return self.text(name, "false") == "true"


class UsageError(BuildxError):
    """The command line is wrong: the usage is shown with it."""


def parse(command: Command, words: Sequence[str]) -> Given:
    """Read the words behind a command; flags and arguments may be mixed.

    Raises:
        UsageError: a flag is unknown or has no value, or an argument is missing.
    """
    given = Given()
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "--":
            given.arguments += rest
            break
        if word.startswith("--"):
            _take_long(command, word, rest, given)
        elif word.startswith("-") and word != "-":
            _take_short(command, word, rest, given)
        else:
            given.arguments.append(word)
    if not given.is_set("help"):
        _check_count(command, len(given.arguments))
    return given


def help_text(command: Command) -> str:
    """Return what ``--help`` prints."""
    rows = [f"Usage:  {command.usage}", "", command.about]
    shown = sorted((one for one in command.flags if one.help), key=lambda one: one.name)
    if shown:
        names = [_name(flag) for flag in shown]
        width = max(len(name) for name in names)
        rows += ["", "Options:"]
        rows += [
            f"  {name:<{width}}   {flag.help}"
            for name, flag in zip(names, shown, strict=True)
        ]
    return "\n".join(rows) + "\n"


def _name(flag: Flag) -> str:
    short = f"-{flag.short}, " if flag.short else "    "
    return f"{short}--{flag.name} {flag.kind.value}".rstrip()


def _take_long(command: Command, word: str, rest: list[str], given: Given) -> None:
    name, equals, value = word[2:].partition("=")
    flag = next((one for one in command.flags if one.name == name), None)
    if flag is None:
        if name == "help":
            given.values["help"] = ["true"]
            return
        raise UsageError(f"unknown flag: --{name}")
    if flag.kind is Kind.BOOL:
        value = _boolean(word, name, value) if equals else "true"
    elif not equals:
        if not rest:
            raise UsageError(f"flag needs an argument: --{name}")
        value = rest.pop(0)
    given.values.setdefault(name, []).append(value)


def _take_short(command: Command, word: str, rest: list[str], given: Given) -> None:
    letters = word[1:]
    while letters:
        letter, letters = letters[0], letters[1:]
        flag = next((one for one in command.flags if one.short == letter), None)
        if flag is None:
            if letter == "h":
                given.values["help"] = ["true"]
                continue
            raise UsageError(f"unknown shorthand flag: '{letter}' in {word}")
        if flag.kind is Kind.BOOL:
            given.values.setdefault(flag.name, []).append("true")
            continue
        if not letters and not rest:
            raise UsageError(f"flag needs an argument: '{letter}' in {word}")
        value = letters.removeprefix("=") if letters else rest.pop(0)
        given.values.setdefault(flag.name, []).append(value)
        return


def _boolean(word: str, name: str, value: str) -> str:
    if value.lower() in ("1", "t", "true"):
        return "true"
    if value.lower() in ("0", "f", "false"):
        return "false"
    raise UsageError(
        f'invalid argument "{value}" for "--{name}" flag: strconv.ParseBool: parsing '
        f'"{value}": invalid syntax'
    )


def _check_count(command: Command, count: int) -> None:
    if command.least <= count <= command.most:
        return
    name = command.usage.split(" [")[0]
    if command.least == command.most:
        what = f"requires {command.least} argument{'s' if command.least != 1 else ''}"
        what = what if command.most else "accepts no arguments"
    elif count < command.least:
        what = f"requires at least {command.least} argument"
    else:
        what = f"requires at most {command.most} argument"
    raise UsageError(f"'{name}' {what}")
