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
    from collections.abc import Sequence

    from labkit.docker_cli.cli import Cli

_NO_FILES, _FILES = ":4", ":0"
_SAID = {_NO_FILES: "ShellCompDirectiveNoFileComp", _FILES: "ShellCompDirectiveDefault"}

_RUNNING, _AWAKE = ("running", "paused", "restarting"), ("running", "restarting")
_OF_RUNNING = "commit diff kill port stats stop top wait"
_STATES: dict[str, Sequence[str]] = {
    **{f"container/{verb}": _AWAKE for verb in ("attach", "exec", "pause")},
    **{f"container/{verb}": _RUNNING for verb in _OF_RUNNING.split()},
    "container/rm": ("created", "exited"),
    "container/start": ("created", "exited"),
    "container/unpause": ("paused",),
}
"""In which states a container is something to a verb; the others take any."""

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
_FLAG_WORDS = {
    "log-driver": "json-file local none",
    "pull": "always missing never",
    "restart": "no always on-failure unless-stopped",
}
_AFTER_IT_A_COMMAND = ("container/create", "container/exec", "container/run")


def complete(cli: Cli, words: list[str], described: bool = True) -> int:
    """Print what may stand for the last of the words, and a word about each."""
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
            cli.line(candidate if described else candidate.partition("\t")[0])
    cli.line(directive)
    cli.error(f"Completion ended with directive: {_SAID[directive]}")
    return 0


def _candidates(cli: Cli, words: list[str]) -> tuple[list[str], str]:
    *before, current = words or [""]
    if not before:
        return _first(cli, current), _NO_FILES
    if len(before) == 1 and before[0] in (*commands.GROUPS, *commands.ELSEWHERE):
        return _described(before[0]), _NO_FILES
    command, typed = commands.find(before)
    if command is None:
        return [], _FILES
    flags = pages.read_page(command.module).flags
    if current.startswith("-"):
        return _flags(flags), _NO_FILES
    kind = _NAMES.get(command.module, "")
    last = next((f for f in flags if before[-1] == f"--{f.name}" and f.kind), None)
    if last is not None:
        if last.name in _FLAG_WORDS:
            return _FLAG_WORDS[last.name].split(), _NO_FILES
        kind = _FLAG_NAMES.get(last.name, "")
    elif command.module in _AFTER_IT_A_COMMAND and _has_argument(flags, typed):
        return [], _FILES
    if not kind:
        return [], _FILES
    states = _STATES.get(command.module, ()) if last is None else ()
    return _names(cli, kind, () if "--force" in typed else states), _NO_FILES


def _first(cli: Cli, current: str) -> list[str]:
    """Return the commands, or the flags that stand before all of them."""
    if current.startswith("-"):
        page = pages.read_text("help").replace("Global Options", "Options")
        return _flags(pages.parse_page(page).flags)
    known = {*commands.TOP, *commands.GROUPS, *commands.ELSEWHERE} - {"completion"}
    about = dict(line.partition("\t")[::2] for line in _described(""))
    described = [
        f"{name}\t{about[name]}" if about.get(name) else name for name in known
    ]
    return sorted([*described, *plugins.names(cli.config)])


def _described(group: str) -> list[str]:
    """Return the words of an overview, each with what is said of it."""
    place = f"elsewhere/{group}" if group in commands.ELSEWHERE else f"{group}/help"
    found = []
    for block in pages.read_text(place.lstrip("/")).split("ommands:\n")[1:]:
        for line in block.partition("\n\n")[0].splitlines():
            name, _, about = line.strip().removesuffix(" {swarm}").partition(" ")
            found.append(f"{name}\t{about.strip()}")
    return found


def _flags(flags: Sequence[pages.Flag]) -> list[str]:
    return [f"--{flag.name}\t{flag.usage.partition(chr(10))[0]}" for flag in flags]


def _has_argument(flags: Sequence[pages.Flag], typed: list[str]) -> bool:
    """Say whether a word stands there that is neither a flag nor a flag's value."""
    valued = {f"--{f.name}" for f in flags if f.kind}
    valued |= {f"-{f.short}" for f in flags if f.kind and f.short}
    previous = ""
    for word in typed:
        if not word.startswith("-") and previous not in valued:
            return True
        previous = word
    return False


def _names(cli: Cli, kind: str, states: Sequence[str]) -> list[str]:
    try:
        if kind == "containers":
            return _containers(cli, states)
        return _READERS[kind](cli)
    except CliError:  # nobody answers: there is nothing to offer
        return []


def _containers(cli: Cli, states: Sequence[str]) -> list[str]:
    found = cli.client.get("/containers/json", {"all": "1"})
    return [
        each["Names"][0].removeprefix("/")
        for each in found
        if each["Names"] and (not states or each["State"] in states)
    ]


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
    "contexts": _contexts,
    "images": _images,
    "networks": _networks,
    "volumes": _volumes,
}
