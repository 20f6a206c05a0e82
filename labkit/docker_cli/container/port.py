"""``docker port``."""

from __future__ import annotations

from labkit.docker_cli.arguments import Arguments
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.texts import natural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = Arguments(1, 2)


def run(cli: Cli, call: Call) -> int:
    """Say where a container's ports are published."""
    name = call.arguments[0]
    ports = cli.client.get(path_of("containers", name, "/json"))["NetworkSettings"][
        "Ports"
    ]
    if len(call.arguments) > 1:
        lines = _of_one(ports or {}, call.arguments[1], name)
    else:
        lines = [
            f"{port} -> {_address(binding)}"
            for port, bindings in (ports or {}).items()
            for binding in bindings or []
        ]
    for line in sorted(lines, key=natural):
        cli.line(line)
    return 0


def _of_one(ports: Json, port: str, name: str) -> list[str]:
    number, _, protocol = port.partition("/")
    if not number.isdigit():
        raise CliError(
            f"Error: invalid port ({number}): strconv.ParseUint: "
            f'parsing "{number}": invalid syntax'
        )
    bindings = ports.get(f"{number}/{protocol or 'tcp'}")
    if not bindings:
        raise CliError(f"Error: No public port '{port}' published for {name}")
    return [_address(binding) for binding in bindings]


def _address(binding: Json) -> str:
    address, port = binding["HostIp"], binding["HostPort"]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
