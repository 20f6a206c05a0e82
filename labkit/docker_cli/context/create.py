"""``docker context create``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.context.endpoint_options import parse_docker_options
from labkit.docker_cli.contexts import Context, check_new, load, save

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Give an engine a name."""
    values = call.values
    name = call.arguments[0]
    check_new(cli.config, name)
    source, options = values.text("from"), values.list("docker")
    if options:
        host, skip = parse_docker_options(cli, options)
    elif source or not options:
        host, skip = _copied(cli, source or cli.context_name)
    save(cli.config, Context(name, host, values.text("description"), skip))
    cli.line(name)
    cli.error(f'Successfully created context "{name}"')
    return 0


def _copied(cli: Cli, source: str) -> tuple[str, bool]:
    if source == "default":
        return cli.endpoint.host, False
    found = load(cli.config, source)
    return found.host, found.skip_tls_verify
