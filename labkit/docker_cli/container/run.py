"""``docker run``: create, attach, wait, start; then a conversation until the end.

The order is Docker's, and matters: who attaches before the start misses no output, and
who waits before it misses no exit.
"""

from __future__ import annotations

from labkit.docker_cli.arguments import at_least
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.new import (
    CREATE_RULES,
    create_container,
    settings_of,
    with_help,
)
from labkit.docker_cli.errors import USAGE, CliError
from labkit.docker_cli.terminal import check_tty, terminal_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values
    from labkit.docker_cli.http import Response
    from labkit.docker_cli.json_text import Json

ARGUMENTS = at_least(1)
RULES = CREATE_RULES

_NOT_FOUND = ("executable file not found", "no such file or directory")
_NOT_ALLOWED = ("permission denied", "is a directory")


def run(cli: Cli, call: Call) -> int:
    """Make a container, start it, and be its terminal unless it is detached."""
    values = call.values
    settings = settings_of(values, call.arguments, "run")
    keys = values.text("detach-keys") or str(cli.config.values.get("detachKeys") or "")
    if values.on("detach"):
        _detach(values, settings)
    else:
        check_tty(settings["AttachStdin"], settings["Tty"])
    if settings["Tty"]:
        settings["HostConfig"]["ConsoleSize"] = list(terminal_size())
    try:
        identity = create_container(cli, values, settings)
    except CliError as error:
        raise _failed(error) from None
    if not _attaches(settings):
        return _start_detached(cli, identity)
    return _converse(cli, values, settings, identity, keys)


def _detach(values: Values, settings: Json) -> None:
    if values.list("attach"):
        raise CliError("conflicting options: cannot specify both --attach and --detach")
    for name in ("AttachStdin", "AttachStdout", "AttachStderr", "StdinOnce"):
        settings[name] = False


def _attaches(settings: Json) -> bool:
    streams = ("AttachStdin", "AttachStdout", "AttachStderr")
    return any(settings[stream] for stream in streams)


def _start_detached(cli: Cli, identity: str) -> int:
    try:
        cli.client.post(path_of("containers", identity, "/start"))
    except CliError as error:
        cli.line(identity)
        raise _failed(error) from None
    cli.line(identity)
    return 0


def _converse(
    cli: Cli, values: Values, settings: Json, identity: str, keys: str
) -> int:
    # Late: a detached run needs no conversation.
    from labkit.docker_cli.container.attachment import (
        open_attachment,
        wait_for_exit,
    )
    from labkit.docker_cli.signals import proxy_signals

    if values.on("sig-proxy") and not settings["Tty"]:
        proxy_signals(cli, identity)
    attachment = open_attachment(cli, identity, settings, keys)
    waiting = wait_for_exit(cli, identity, removed=values.on("rm"))
    try:
        cli.client.post(path_of("containers", identity, "/start"))
    except CliError as error:
        if values.on("rm"):
            _await_removal(waiting)
        raise _failed(error) from None
    if not attachment.converse(cli):
        return 0
    return exit_code(waiting)


def _await_removal(waiting: Response) -> None:
    try:
        waiting.read()
    except OSError:
        pass


def exit_code(waiting: Response) -> int:
    """Return how the container ended, read from the answer to a wait."""
    answer = waiting.json() or {}
    error = answer.get("Error") or {}
    if error.get("Message"):
        raise CliError(str(error["Message"]), USAGE)
    return int(answer.get("StatusCode", USAGE))


def _failed(error: CliError) -> CliError:
    """Return a failure with the exit code that shells would give."""
    said = str(error)
    code = USAGE
    if any(reason in said for reason in _NOT_FOUND):
        code = 127
    elif any(reason in said for reason in _NOT_ALLOWED):
        code = 126
    return CliError(with_help(said, "run"), code)
