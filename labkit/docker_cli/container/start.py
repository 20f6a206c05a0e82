"""``docker start``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_least(1)


def run(cli: Cli, call: Call) -> int:
    """Start containers, or one and be its terminal."""
    values = call.values
    keys = values.text("detach-keys") or str(cli.config.values.get("detachKeys") or "")
    if values.on("attach") or values.on("interactive"):
        if len(call.arguments) > 1:
            raise CliError("you cannot start and attach multiple containers at once")
        return _attached(cli, call.arguments[0], values.on("interactive"), keys)
    failed = []
    for name in call.arguments:
        try:
            cli.client.post(path_of("containers", name, "/start"))
        except CliError as error:
            cli.error(str(error))
            failed.append(name)
        else:
            cli.line(name)
    if failed:
        raise CliError(f"Error: failed to start containers: {', '.join(failed)}")
    return 0


def _attached(cli: Cli, name: str, interactive: bool, keys: str) -> int:
    # Late: starting alone needs no conversation.
    from labkit.docker_cli.container.attachment import (
        open_attachment,
        wait_for_exit,
    )
    from labkit.docker_cli.container.run import exit_code
    from labkit.docker_cli.signals import proxy_signals

    found = cli.client.get(path_of("containers", name, "/json"))
    identity, config = found["Id"], found["Config"]
    if not config["Tty"]:
        proxy_signals(cli, identity)
    wanted = {
        "Tty": config["Tty"],
        "AttachStdin": interactive and config["OpenStdin"],
        "AttachStdout": True,
        "AttachStderr": True,
    }
    attachment = open_attachment(cli, identity, wanted, keys)
    waiting = wait_for_exit(cli, identity, found["HostConfig"]["AutoRemove"])
    cli.client.post(path_of("containers", identity, "/start"))
    if not attachment.converse(cli):
        return 0
    return exit_code(waiting)
