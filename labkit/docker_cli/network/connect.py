"""``docker network connect``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.container.checks import check_link
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.texts import pairs_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(2)
RULES = Rules(checks={"link": check_link})


def run(cli: Cli, call: Call) -> int:
    """Plug a container into one more network."""
    values = call.values
    network, container = call.arguments
    options = values.list("driver-opt")
    for option in options:
        if not option.partition("=")[1] or option.startswith("="):
            raise CliError("invalid key/value pair format in driver options")
    ipam: dict[str, object] = {
        key: values.text(flag)
        for flag, key in (("ip", "IPv4Address"), ("ip6", "IPv6Address"))
        if values.text(flag)
    }
    if values.list("link-local-ip"):
        ipam["LinkLocalIPs"] = values.list("link-local-ip")
    body = {
        "Container": container,
        "EndpointConfig": {
            "IPAMConfig": ipam,
            "Links": values.list("link") or None,
            "Aliases": values.list("alias") or None,
            "DriverOpts": pairs_map(options) or None,
            "GwPriority": values.number("gw-priority"),
        },
    }
    cli.client.post(path_of("networks", network, "/connect"), None, body)
    return 0
