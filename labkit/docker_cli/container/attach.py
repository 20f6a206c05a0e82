"""``docker attach``."""

from __future__ import annotations

import os

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.attachment import open_attachment
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.signals import proxy_signals
from labkit.docker_cli.terminal import STDOUT, check_tty, terminal_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Be the terminal of a container that runs already."""
    values = call.values
    keys = values.text("detach-keys") or str(cli.config.values.get("detachKeys") or "")
    name = call.arguments[0]
    found = _running(cli, name)
    config, identity = found["Config"], found["Id"]
    stdin = not values.on("no-stdin")
    check_tty(stdin, config["Tty"])
    if values.on("sig-proxy") and not config["Tty"]:
        proxy_signals(cli, identity)
    path = path_of("containers", name, "/wait")
    waiting = cli.client.call("POST", path)
    wanted = {
        "Tty": config["Tty"],
        "AttachStdin": stdin and config["OpenStdin"],
        "AttachStdout": True,
        "AttachStderr": True,
    }
    attachment = open_attachment(cli, identity, wanted, keys)
    if config["Tty"] and os.isatty(STDOUT):
        _redraw(cli, identity)
    if not attachment.converse(cli):
        raise CliError("read escape sequence")
    answer = waiting.json() or {}
    return int(answer.get("StatusCode", 0))


def _running(cli: Cli, name: str) -> Json:
    found = cli.client.get(path_of("containers", name, "/json"))
    state = found["State"]
    for field, said in (
        ("Running", "You cannot attach to a stopped container, start it first"),
        ("Paused", "You cannot attach to a paused container, unpause it first"),
        (
            "Restarting",
            "You cannot attach to a restarting container, wait until it is running",
        ),
    ):
        if state[field] is (field != "Running"):
            raise CliError(said)
    return found


def _redraw(cli: Cli, identity: str) -> None:
    """Make the program draw itself anew: for a moment its window has another size."""
    rows, columns = terminal_size()
    query = {"h": rows + 1, "w": columns + 1}
    try:
        cli.client.post(path_of("containers", identity, "/resize"), query)
    except CliError:
        pass  # it has ended; the conversation says so
