"""``Are you sure you want to continue? [y/N]``"""

from __future__ import annotations

import sys

from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Cli


def confirm(cli: Cli, warning: str) -> None:
    """Go on only if the user says yes.

    Raises:
        CliError: they did not; nothing is said of it.
    """
    cli.write(f"{warning}Are you sure you want to continue? [y/N] ")
    cli.flush()
    try:
        answer = sys.stdin.readline().strip()
    except KeyboardInterrupt:
        cli.line("")
        raise CliError("", 0) from None
    if answer.lower() != "y":
        raise CliError("", 0)
