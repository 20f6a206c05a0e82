"""``docker exec``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.checks import check_env
from labkit.docker_cli.container.environment import read_variables
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.terminal import STDIN, check_tty, detach_keys, terminal_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_least(2)
RULES = Rules(interspersed=False, checks={"env": check_env})


def run(cli: Cli, call: Call) -> int:
    """Run a command in a running container."""
    name, *command = call.arguments
    values = call.values
    keys = values.text("detach-keys") or str(cli.config.values.get("detachKeys") or "")
    request = _request(values, command, keys)
    cli.client.get(path_of("containers", name, "/json"))
    if not values.on("detach"):
        check_tty(request["AttachStdin"], request["Tty"])
    if request["Tty"]:
        request["ConsoleSize"] = list(terminal_size())
    identity = cli.client.post(path_of("containers", name, "/exec"), None, request)[
        "Id"
    ]
    start = {"Detach": values.on("detach"), "Tty": request["Tty"]}
    if request["Tty"]:
        start["ConsoleSize"] = request["ConsoleSize"]
    path = path_of("exec", identity)
    if values.on("detach"):
        cli.client.post(f"{path}/start", None, start)
        return 0
    return _converse(cli, path, request, start)


def _request(values: Values, command: list[str], keys: str) -> Json:
    attached = not values.on("detach")
    return {
        "User": values.text("user"),
        "Privileged": values.on("privileged"),
        "Tty": values.on("tty"),
        "AttachStdin": attached and values.on("interactive"),
        "AttachStdout": attached,
        "AttachStderr": attached,
        "DetachKeys": keys,
        "Env": read_variables(values.list("env-file"), values.list("env")) or None,
        "WorkingDir": values.text("workdir"),
        "Cmd": command,
    }


def _converse(cli: Cli, path: str, request: Json, start: Json) -> int:
    # Late: a detached exec needs no conversation.
    from labkit.docker_cli.errors import CliError
    from labkit.docker_cli.signals import follow_size
    from labkit.docker_cli.streams import Exchange

    tty = request["Tty"]
    connection = cli.client.hijack(f"{path}/start", None, start)
    if tty and os.isatty(STDIN):
        follow_size(cli, path)
    keys = detach_keys(request["DetachKeys"] if tty else "")
    if not Exchange(connection, tty, request["AttachStdin"], keys).run():
        raise CliError("read escape sequence")
    return int(cli.client.get(f"{path}/json")["ExitCode"] or 0)
