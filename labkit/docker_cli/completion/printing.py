"""What the four verbs of ``docker completion`` share: they print a shell's lines."""

from __future__ import annotations

from labkit.docker_cli.completion.scripts import script_of
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli


def print_script(cli: Cli, call: Call, shell: str) -> int:
    """Print the lines for a shell.

    Raises:
        CliError: more is typed than the shell's name.
    """
    if call.arguments:
        raise CliError(f'unknown command "{call.arguments[0]}" for "{call.path}"')
    cli.write(script_of(shell, not call.values.on("no-descriptions")))
    return 0
