"""What ``docker buildx`` does with its words: its own flags, a verb, the verb's flags.

The docker command line hands over all its words, its own flags in front; Compose calls
``docker-buildx bake ...`` without the word ``buildx``.
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from labkit.docker_cli import flags, pages
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given, UsageError, help_text, parse
from labkit.docker_cli.buildx.real import become, find_real, is_the_labs
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.cli import Cli
from labkit.docker_cli.config import default_folder
from labkit.docker_cli.errors import CliError

# A verb's module is imported when it is called: Compose waits for every millisecond.
VERBS = {
    "bake": ("bake", "Build from a file"),
    "build": ("build", "Start a build"),
    "du": ("cache", "Disk usage"),
    "inspect": ("builders", "Inspect current builder instance"),
    "ls": ("builders", "List builder instances"),
    "prune": ("cache", "Remove build cache"),
    "version": ("builders", "Show buildx version information"),
}
_ALIASES = {"b": "build", "f": "bake"}


def run_alone(words: Sequence[str]) -> int:
    """Run as a program of its own, which ctrl-c ends."""
    try:
        real = find_real()
        if real is not None and not _is_for_the_lab(list(words)):
            become(real, words)
        return run(words)
    except KeyboardInterrupt:
        reason = "failed to solve: Canceled: context canceled"
        sys.stderr.write(f"\x1b[?25hERROR: failed to build: {reason}\n")
        return 130


def _is_for_the_lab(words: list[str]) -> bool:
    try:
        known, _ = _read_globals(words)
    except (BuildxError, flags.HelpWantedError):
        return True  # it is ours to say what is wrong
    return is_the_labs(Cli(known, _folder(known)))


def run(words: Sequence[str]) -> int:
    """Do what the words say; return the code to end with."""
    try:
        return _dispatch(list(words))
    except CliError as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return error.code


def _dispatch(words: list[str]) -> int:
    try:
        known, rest = _read_globals(words)
    except flags.HelpWantedError:
        rest = []
    if not rest or rest[0] == "help":
        sys.stdout.write(_overview())
        return 0
    name = _ALIASES.get(rest[0], rest[0])
    if name not in VERBS:
        raise BuildxError(
            f"docker: unknown command: docker buildx {rest[0]}\n\nRun 'docker buildx "
            "--help' for more information"
        )
    module = importlib.import_module(f"labkit.docker_cli.buildx.{VERBS[name][0]}")
    command, verb = module.COMMANDS[name]
    try:
        given = parse(command, rest[1:])
    except UsageError as error:
        usage = command.usage.split(" [")[0]
        raise BuildxError(
            f"{error}\n\nUsage:  {command.usage}\n\nRun '{usage} --help' for more "
            "information"
        ) from error
    if given.is_set("help"):
        sys.stdout.write(help_text(command))
        return 0
    if known.on("debug"):
        given.values.setdefault("debug", ["true"])
    _check_builder(given)
    return int(verb(_open(known), given))


def _open(known: flags.Values) -> Shop:
    cli = Cli(known, _folder(known))
    return Shop(Engine(cli.endpoint), Path(cli.config.folder))


def _folder(known: flags.Values) -> str:
    return known.text("config") if "config" in known.changed else default_folder()


def _check_builder(given: Given) -> None:
    builder = given.text("builder", "default")
    if builder not in ("default", ""):
        raise BuildxError(f'no builder "{builder}" found')


def _read_globals(words: list[str]) -> tuple[flags.Values, list[str]]:
    """Read the docker command line's own flags, before and behind ``buildx``."""
    text = pages.read_text("help").replace("Global Options", "Options")
    table = pages.parse_page(text).flags
    rules = flags.Rules(interspersed=False)
    try:
        parsed = flags.parse(table, words, rules)
        if parsed.arguments[:1] == ["buildx"]:
            front = words[: len(words) - len(parsed.arguments)]
            parsed = flags.parse(table, [*front, *parsed.arguments[1:]], rules)
    except flags.FlagError as error:
        raise BuildxError(str(error)) from error
    return parsed.values, parsed.arguments


def _overview() -> str:
    rows = [
        "Usage:  docker buildx [OPTIONS] COMMAND",
        "",
        "Extended build capabilities with BuildKit's words, on labkit's builder",
        "",
        "Commands:",
        *(f"  {name:<9} {about}" for name, (_, about) in VERBS.items()),
        "",
        "Run 'docker buildx COMMAND --help' for more information on a command.",
    ]
    return "\n".join(rows) + "\n"
