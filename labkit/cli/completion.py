"""``labkit completion``: lines for the shell, so that Tab knows names.

For ``labkit`` they are click's own. For ``docker`` they ask the command itself
(``docker __complete``), the bundled one and Docker's alike: it knows the containers,
images and networks that there are.
"""

import click
from click.shell_completion import get_completion_class

from labkit.docker_cli.completion.scripts import script_of

_SHELLS = ("bash", "fish", "zsh")


def completion_lines(command: click.Command, shell: str) -> str:
    """Return the lines that a shell reads."""
    kind = get_completion_class(shell)
    assert kind is not None
    own = kind(command, {}, "labkit", "_LABKIT_COMPLETE").source()
    return f"{own}\n{script_of(shell)}"


@click.command()
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print shell lines for Tab: `eval "$(labkit completion bash)"`."""
    click.echo(completion_lines(ctx.find_root().command, shell), nl=False)
