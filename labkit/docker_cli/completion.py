"""``docker __complete``: what may stand where Tab was pressed, a line each.

The protocol is cobra's, so that the shell's lines work with Docker's own command, too:
candidates, a tab and a word about each, and at the end a colon and a number (4: no
names of files; 0: those as well).
"""

from __future__ import annotations

import sys

from labkit.docker_cli import commands, pages, plugins
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_NO_FILES, _FILES = ":4", ":0"
_CONTAINERS = (
    "attach commit diff exec export inspect kill logs pause port rename restart rm "
    "start stats stop top unpause update wait"
)
_IMAGES = "history inspect push rm save tag"
_NETWORKS = "connect disconnect inspect rm"
_NAMES = {
    **{f"container/{verb}": "containers" for verb in _CONTAINERS.split()},
    **{f"image/{verb}": "images" for verb in _IMAGES.split()},
    **{f"network/{verb}": "networks" for verb in _NETWORKS.split()},
    "container/create": "images",
    "container/run": "images",
    "image/ls": "images",
    "volume/inspect": "volumes",
    "volume/rm": "volumes",
    "system/inspect": "containers",
    "context/use": "contexts",
    "context/rm": "contexts",
    "context/inspect": "contexts",
}
_FLAG_NAMES = {
    "network": "networks",
    "volumes-from": "containers",
    "link": "containers",
}


def complete(cli: Cli, words: list[str]) -> int:
    """Print what may stand for the last of the words."""
    plugin = plugins.find_plugin(cli.config, words[0]) if len(words) > 1 else None
    if plugin is not None:
        plugins.run_plugin(plugin, ["__complete", *words], sys.argv[0])
    before, current = words[:-1], words[-1] if words else ""
    if current.startswith("--") and "=" in current:
        flag, _, current = current.partition("=")
        before = [*before, flag]
    candidates, directive = _candidates(cli, [*before, current])
    for candidate in candidates:
        if candidate.startswith(current):
            cli.line(candidate)
    cli.line(directive)
    return 0


def _candidates(cli: Cli, words: list[str]) -> tuple[list[str], str]:
    *before, current = words or [""]
    if not before:
        known = [*commands.TOP, *commands.GROUPS, *commands.ELSEWHERE]
        return sorted([*known, *plugins.names(cli.config)]), _NO_FILES
    if len(before) == 1 and before[0] in commands.GROUPS:
        return commands.GROUPS[before[0]].split(), _NO_FILES
    command, _ = commands.find(before)
    if command is None:
        return [], _FILES
    flags = pages.read_page(command.module).flags
    if current.startswith("-"):
        named = [f"--{f.name}\t{f.usage.partition(chr(10))[0]}" for f in flags]
        return named, _NO_FILES
    kind = _NAMES.get(command.module, "")
    last = next((f for f in flags if before[-1] == f"--{f.name}" and f.kind), None)
    if last is not None:
        kind = _FLAG_NAMES.get(last.name, "")
    if not kind:
        return [], _FILES
    return _names(cli, kind), _NO_FILES


def _names(cli: Cli, kind: str) -> list[str]:
    try:
        return _READERS[kind](cli)
    except CliError:  # nobody answers: there is nothing to offer
        return []


def _containers(cli: Cli) -> list[str]:
    found = cli.client.get("/containers/json", {"all": "1"})
    return [each["Names"][0].removeprefix("/") for each in found if each["Names"]]


def _images(cli: Cli) -> list[str]:
    found = cli.client.get("/images/json")
    return [tag for each in found for tag in each.get("RepoTags") or []]


def _networks(cli: Cli) -> list[str]:
    return [each["Name"] for each in cli.client.get("/networks")]


def _volumes(cli: Cli) -> list[str]:
    return [each["Name"] for each in cli.client.get("/volumes").get("Volumes") or []]


def _contexts(cli: Cli) -> list[str]:
    from labkit.docker_cli.contexts import load_all

    return ["default", *(context.name for context in load_all(cli.config))]


_READERS = {
    "containers": _containers,
    "contexts": _contexts,
    "images": _images,
    "networks": _networks,
    "volumes": _volumes,
}
