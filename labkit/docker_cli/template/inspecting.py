"""Templates in ``inspect``: over Go's types first, over bare JSON if that fails.

Docker's command line reads the answer into a Go struct and fills the template with it;
if that goes wrong it tries again with the JSON as it came. What differs: a field that
JSON left out is there in the struct, and empty. ``_ABSENT_FIELDS`` are those.
"""

from __future__ import annotations

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.template.execute import TemplateError, execute
from labkit.docker_cli.template.lexer import TemplateSyntaxError
from labkit.docker_cli.template.parser import parse_template
from labkit.docker_cli.template.values import NilList, NilMap, NilPointer, Struct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from labkit.docker_cli.json_text import Json
    from labkit.docker_cli.template.nodes import Node

_MAPS = frozenset(
    [
        "Annotations",
        "Attributes",
        "Config.Options",
        "Containers",
        "Data",
        "DriverOpts",
        "ExposedPorts",
        "Labels",
        "LogConfig.Config",
        "Networks",
        "Options",
        "Options.Map",
        "PortBindings",
        "Ports",
        "Status",
        "StorageOpt",
        "Sysctls",
        "Tmpfs",
        "Volumes",
        "GraphDriver.Data",
    ]
)
"""Objects that are maps in Go; all others are structs."""

_BAD_TEMPLATE = 64
_MAPS_OF_STRUCTS = frozenset(("Networks", "Containers"))
_POINTERS = {
    "Health": "*container.Health",
    "Healthcheck": "*container.HealthConfig",
    "Init": "*bool",
    "MemorySwappiness": "*int64",
    "OomKillDisable": "*bool",
    "PidsLimit": "*int64",
    "StopTimeout": "*int",
    "IPAMConfig": "*network.EndpointIPAMConfig",
    "SizeRw": "*int64",
    "SizeRootFs": "*int64",
}
_ABSENT_FIELDS: dict[str, dict[str, object]] = {
    "State": {"Health": NilPointer("*container.Health")},
    "Config": {
        "Healthcheck": NilPointer("*container.HealthConfig"),
        "StopSignal": "",
        "StopTimeout": NilPointer("*int"),
        "Shell": [],
        "MacAddress": "",
        "ArgsEscaped": False,
        "ExposedPorts": {},
    },
    "HostConfig": {
        "Init": NilPointer("*bool"),
        "Tmpfs": {},
        "Mounts": [],
        "Sysctls": {},
        "StorageOpt": {},
        "Annotations": {},
    },
    "": {"SizeRw": NilPointer("*int64"), "SizeRootFs": NilPointer("*int64")},
}


def parse_layout(layout: str, only: str = "") -> Callable[[list[Json]], str]:
    """Return what prints the things found as a format asks.

    ``only`` names the Go type of what has no JSON of its own to fall back on.

    Raises:
        CliError: the format is no template.
    """
    try:
        nodes = parse_template(layout)
    except TemplateSyntaxError as error:
        raise CliError(f"template parsing error: {error}", _BAD_TEMPLATE) from None
    return lambda found: _fill_all(nodes, layout, found, only)


def _fill_all(nodes: list[Node], layout: str, found: list[Json], only: str) -> str:
    if not found:
        return "\n"
    return "".join(_fill(nodes, layout, thing, only) + "\n" for thing in found)


def _fill(nodes: list[Node], layout: str, thing: Json, only: str) -> str:
    try:
        return execute(nodes, layout, named(typed(thing, ""), only))
    except TemplateError as error:
        if only:
            raise CliError(f"template parsing error: {error}") from None
    try:
        return execute(nodes, layout, thing, strict=True)
    except TemplateError as error:
        raise CliError(f"template parsing error: {error}") from None


def named(value: object, type_name: str) -> object:
    """Return a struct that says its Go type in messages."""
    if isinstance(value, Struct) and type_name:
        value.type_name = type_name
    return value


def typed(value: Json, name: str) -> object:
    """Return an answer's JSON with Go's kinds put back, as far as names tell them."""
    if isinstance(value, dict):
        if name in _MAPS:
            inner = "struct" if name in _MAPS_OF_STRUCTS else "value"
            return {key: typed(each, inner) for key, each in value.items()}
        fields = Struct({key: typed(each, key) for key, each in value.items()})
        for key, empty in _ABSENT_FIELDS.get(name, {}).items():
            fields.setdefault(key, empty)
        if "Id" in fields:  # what Go calls it
            return Struct({"ID" if k == "Id" else k: v for k, v in fields.items()})
        return fields
    if isinstance(value, list):
        return [typed(each, "item") for each in value]
    if value is None:
        return _nothing(name)
    return value


def _nothing(name: str) -> object:
    if name in _MAPS:
        return NilMap()
    if name in _POINTERS:
        return NilPointer(_POINTERS[name])
    return NilList()
