"""The plug-in's flags as tables in its code, read as ``docker`` reads its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from labkit.docker_cli import flags, pages
from labkit.docker_cli.buildx.errors import BuildxError


class Kind(Enum):
    BOOL = ""
    TEXT = "string"
    TEXTS = "stringArray"


_VALUES = {Kind.BOOL: "", Kind.TEXT: "string", Kind.TEXTS: "list"}


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
    table = [
        pages.Flag(one.short, one.name, _VALUES[one.kind], one.help, "")
        for one in command.flags
    ]
    try:
        parsed = flags.parse(table, words, flags.Rules())
    except flags.HelpWantedError:
        return Given({"help": ["true"]})
    except flags.FlagError as error:
        raise UsageError(str(error)) from error
    _check_count(command, len(parsed.arguments))
    kinds = {one.name: one.kind for one in command.flags}
    typed = parsed.values
    values = {name: _texts(typed, name, kinds[name]) for name in typed.changed}
    return Given(values, parsed.arguments)


def _texts(typed: flags.Values, name: str, kind: Kind) -> list[str]:
    if kind is Kind.TEXTS:
        return typed.list(name)
    return [str(typed.on(name)).lower() if kind is Kind.BOOL else typed.text(name)]


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
