"""``docker volume create``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.container.checks import check_label
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.texts import pairs_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_most(1)
RULES = Rules(checks={"label": check_label})


def run(cli: Cli, call: Call) -> int:
    """Make a volume and print its name."""
    values = call.values
    for flag in ("type", "group", "secret", "availability"):
        if flag in values.changed:
            raise CliError(
                f"--{flag} is for volumes of a swarm, which this engine is not part of"
            )
    body = {
        "Name": call.arguments[0] if call.arguments else "",
        "Driver": values.text("driver"),
        "DriverOpts": pairs_map(values.list("opt")),
        "Labels": pairs_map(values.list("label")),
    }
    cli.line(cli.client.post("/volumes/create", None, body)["Name"])
    return 0
