"""``docker completion zsh``."""

from __future__ import annotations

from labkit.docker_cli.arguments import ANY
from labkit.docker_cli.completion.printing import print_script

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = ANY


def run(cli: Cli, call: Call) -> int:
    """Print the lines for zsh."""
    return print_script(cli, call, "zsh")
