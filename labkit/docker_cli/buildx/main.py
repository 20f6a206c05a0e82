"""``docker-buildx``: found by the docker command line and by Compose as a plug-in.

The docker command line hands over all its words, its own flags in front; Compose calls
``docker-buildx bake ...`` without the word ``buildx``. Before either, it is asked what
it is: ``docker-buildx docker-cli-plugin-metadata``.
"""

import importlib
import json
import os
import signal
import sys
from collections.abc import Sequence

from labkit.docker_cli.buildx.engine import Engine, config_folder, find_host
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given, UsageError, help_text, parse
from labkit.docker_cli.buildx.shop import VERSION, Shop

_METADATA = {
    "SchemaVersion": "0.1.0",
    "Vendor": "labkit",
    "Version": VERSION,
    "ShortDescription": "Docker Buildx",
    "URL": "https://docs.docker.com/build/",
}
_GLOBAL_VALUES = {
    "--host": "host",
    "-H": "host",
    "--context": "context",
    "-c": "context",
}
_GLOBAL_VALUES |= {"--config": "config", "-l": "level", "--log-level": "level"}
_GLOBAL_WORDS = ("-D", "--debug", "--tls", "--tlsverify")


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


def main() -> None:
    """Run the plug-in as the program that it is."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    try:
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        sys.stderr.write("\x1b[?25hERROR: failed to build: context canceled\n")
        code = 130
    sys.exit(code)


def run(words: Sequence[str]) -> int:
    """Do what the words say; return the code to end with."""
    if list(words[:1]) == ["docker-cli-plugin-metadata"]:
        sys.stdout.write(json.dumps(_METADATA) + "\n")
        return 0
    try:
        return _dispatch(list(words))
    except BuildxError as error:
        sys.stderr.write(f"ERROR: {error}\n")
        return error.code


def _dispatch(words: list[str]) -> int:
    known, rest = _take_globals(words)
    if rest[:1] == ["buildx"]:
        more, rest = _take_globals(rest[1:])
        known |= more
    if not rest or rest[0] in ("--help", "-h", "help"):
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
    if "debug" in known:
        given.values.setdefault("debug", ["true"])
    _check_builder(given)
    return int(verb(_open(known), given))


def _open(known: dict[str, str]) -> Shop:
    environ = dict(os.environ)
    if "config" in known:
        environ["DOCKER_CONFIG"] = known["config"]
    host = find_host(known.get("host", ""), known.get("context", ""), environ)
    return Shop(Engine(host), config_folder(environ))


def _check_builder(given: Given) -> None:
    builder = given.text("builder", "default")
    if builder not in ("default", ""):
        raise BuildxError(f'no builder "{builder}" found')


def _take_globals(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Take the docker command line's own flags off the front."""
    known: dict[str, str] = {}
    rest = list(words)
    while rest and rest[0].startswith("-"):
        name, equals, value = rest[0].partition("=")
        if name in _GLOBAL_WORDS:
            known["debug" if name in ("-D", "--debug") else name] = "true"
            rest.pop(0)
        elif name in _GLOBAL_VALUES and (equals or len(rest) > 1):
            rest.pop(0)
            known[_GLOBAL_VALUES[name]] = value if equals else rest.pop(0)
        elif name.startswith("--tls") and len(rest) > 1:
            del rest[: 1 if equals else 2]
        else:
            break
    return known, rest


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


if __name__ == "__main__":
    main()
