"""``docker context update``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.context.endpoint_options import parse_docker_options
from labkit.docker_cli.contexts import DEFAULT, load, save
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Change what a name stands for."""
    values = call.values
    name = call.arguments[0]
    if name == DEFAULT:
        raise CliError('"default" is a reserved context name')
    context = load(cli.config, name)
    if values.text("description"):
        context.description = values.text("description")
    if values.list("docker"):
        context.host, context.skip_tls_verify = parse_docker_options(
            cli, values.list("docker")
        )
    save(cli.config, context)
    cli.line(name)
    cli.error(f'Successfully updated context "{name}"')
    return 0
