"""Signals that this process gets and the container is meant to have.

On ``_signal``, the C half of ``signal``: the other half makes enums of all numbers,
which takes longer than a container's start.
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]

from labkit.docker_cli.client import Client, path_of
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.terminal import terminal_size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli

_NOT_PROXIED = ("SIGKILL", "SIGSTOP", "SIGCHLD", "SIGPIPE", "SIGURG", "SIGWINCH")
_RUNTIME = ("SIGSEGV", "SIGFPE", "SIGBUS", "SIGILL", "SIGRTMIN", "SIGRTMAX")


def names() -> dict[str, int]:
    """Return this machine's signals by name."""
    return {
        name: number
        for name, number in vars(_signal).items()
        if name.startswith("SIG") and not name.startswith("SIG_")
    }


def proxy_signals(cli: Cli, container: str) -> None:
    """Hand every signal on to a container's process."""
    client = cli.client

    def hand_on(number: int, frame: object) -> None:
        other = Client(client.endpoint)  # the first may be in the middle of a call
        try:
            path = path_of("containers", container, "/kill")
            other.call("POST", path, {"signal": by_number[number]})
        except CliError:
            pass  # the container is gone, and so is who should hear
        finally:
            other.close()

    by_number: dict[int, str] = {}
    for name, number in names().items():
        if name not in (*_NOT_PROXIED, *_RUNTIME, "SIGCLD", "SIGPOLL", "SIGIOT"):
            by_number.setdefault(number, name)
            _signal.signal(number, hand_on)


def follow_size(cli: Cli, path: str) -> None:
    """Tell the engine the terminal's size, now and whenever it changes."""
    client = cli.client

    def tell(number: int = 0, frame: object = None) -> None:
        rows, columns = terminal_size()
        if not rows and not columns:
            return
        other = Client(client.endpoint)
        try:
            other.post(f"{path}/resize", {"h": rows, "w": columns})
        except CliError:
            pass  # not started yet, or gone already
        finally:
            other.close()

    _signal.signal(_signal.SIGWINCH, tell)
    tell()
