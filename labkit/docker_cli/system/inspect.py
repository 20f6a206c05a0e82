"""``docker inspect``: a name of anything."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError, EngineError
from labkit.docker_cli.inspecting import inspect_each

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_least(1)

_PATHS = {
    "container": ("containers", "/json"),
    "image": ("images", "/json"),
    "network": ("networks", ""),
    "volume": ("volumes", ""),
    "plugin": ("plugins", "/json"),
}
_SWARM = ("node", "service", "secret", "task", "config")
_KINDS = ", ".join(f'"{kind}"' for kind in sorted((*_PATHS, *_SWARM)))
_NOT_FOUND = 404


def run(cli: Cli, call: Call) -> int:
    """Print all that the engine knows of things by name."""
    values = call.values
    kind = values.text("type")
    if "type" in values.changed and not kind:
        raise CliError(f"type is empty: must be one of {_KINDS}")
    if kind and kind not in (*_PATHS, *_SWARM):
        raise CliError(f'unknown type: "{kind}": must be one of {_KINDS}')
    with_size = values.on("size")

    def find(name: str) -> Json:
        return _find(cli, name, kind, with_size)

    return inspect_each(cli, call, find)


def _find(cli: Cli, name: str, kind: str, with_size: bool) -> Json:
    if kind in _SWARM:
        return cli.client.get(path_of(f"{kind}s", name))
    for each in [kind] if kind else _PATHS:
        folder, rest = _PATHS[each]
        query = {"size": "1"} if with_size and each == "container" else {}
        try:
            return cli.client.get(path_of(folder, name, rest), query)
        except EngineError as error:
            if kind or (error.status != _NOT_FOUND and each != "plugin"):
                raise
    raise CliError(f"Error: No such object: {name}")
