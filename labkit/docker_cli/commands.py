"""Which module a command is in: the one table of names, and the one late import.

A command is named by its words (``container ls``); ``ALIASES`` are other words for the
same. Modules are imported by name when they are called for, because importing all of
them costs more than most commands take (see the package's docstring).
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

GROUPS: dict[str, str] = {
    "builder": "build prune",
    "completion": "bash fish powershell zsh",
    "container": (
        "attach commit cp create diff exec export inspect kill logs ls pause port "
        "prune rename restart rm run start stats stop top unpause update wait"
    ),
    "context": "create export import inspect ls rm show update use",
    "image": "build history import inspect load ls prune pull push rm save tag",
    "network": "connect create disconnect inspect ls prune rm",
    "system": "df events info prune",
    "volume": "create inspect ls prune rm",
}

TOP: dict[str, str] = {
    **{
        verb: f"container {verb}"
        for verb in [
            "attach",
            "commit",
            "cp",
            "create",
            "diff",
            "exec",
            "export",
            "kill",
            "logs",
            "pause",
            "port",
            "rename",
            "restart",
            "rm",
            "run",
            "start",
            "stats",
            "stop",
            "top",
            "unpause",
            "update",
            "wait",
        ]
    },
    **{
        verb: f"image {verb}"
        for verb in [
            "build",
            "history",
            "import",
            "load",
            "pull",
            "push",
            "save",
            "tag",
        ]
    },
    "ps": "container ls",
    "images": "image ls",
    "rmi": "image rm",
    "events": "system events",
    "info": "system info",
    "inspect": "system inspect",
    "version": "system version",
    "login": "registry login",
    "logout": "registry logout",
    "search": "registry search",
}
"""The commands of one word, and where their modules are."""

ALIASES: dict[str, dict[str, str]] = {
    "container": {"list": "ls", "ps": "ls", "remove": "rm"},
    "context": {"list": "ls", "remove": "rm"},
    "image": {"list": "ls", "remove": "rm"},
    "network": {"list": "ls", "remove": "rm"},
    "volume": {"list": "ls", "remove": "rm"},
}


ELSEWHERE = (
    "checkpoint",
    "config",
    "manifest",
    "node",
    "plugin",
    "secret",
    "service",
    "stack",
    "swarm",
    "trust",
)
"""Groups that are left to the engine and to Docker's own command line."""


class Command:
    """A command as typed, and where it is."""

    __slots__ = ("module", "path")

    def __init__(self, path: str, module: str) -> None:
        self.path = path
        """``docker container ls``: as messages and usage name it."""
        self.module = module
        """``container/ls``: the page; the module is beside it."""


def find(words: list[str]) -> tuple[Command | None, list[str]]:
    """Return the command that the words begin with, and the words behind it."""
    name = words[0]
    if name in TOP:
        return Command(f"docker {name}", TOP[name].replace(" ", "/")), words[1:]
    if name not in GROUPS or len(words) < 2:
        return None, words
    verb = ALIASES.get(name, {}).get(words[1], words[1])
    if verb not in GROUPS[name].split():
        return None, words
    place = "image/build" if (name, verb) == ("builder", "build") else f"{name}/{verb}"
    return Command(f"docker {name} {verb}", place), words[2:]


def load(command: Command) -> ModuleType:
    """Import the module of a command."""
    name = "labkit.docker_cli." + command.module.replace("/", ".")
    name = _MODULES.get(command.module, name)
    __import__(name)
    return sys.modules[name]


_MODULES = {
    "image/import": "labkit.docker_cli.image.import_archive",
    "context/import": "labkit.docker_cli.context.import_archive",
}
"""``import`` is a word of Python's: these two have another."""
