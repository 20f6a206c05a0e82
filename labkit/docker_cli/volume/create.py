"""``docker volume create``."""

from __future__ import annotations

from labkit.docker_cli.arguments import at_most
from labkit.docker_cli.container.checks import check_label
from labkit.docker_cli.flags import Rules
from labkit.docker_cli.texts import pairs_map

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = at_most(1)
RULES = Rules(checks={"label": check_label})

_IN_A_SWARM = (
    "availability",
    "group",
    "limit-bytes",
    "required-bytes",
    "scope",
    "sharing",
    "type",
)
"""Flags that ask for a volume of a swarm."""


def run(cli: Cli, call: Call) -> int:
    """Make a volume and print its name."""
    values = call.values
    body: dict[str, object] = {
        "Name": call.arguments[0] if call.arguments else "",
        "Driver": values.text("driver"),
        "DriverOpts": pairs_map(values.list("opt")),
        "Labels": pairs_map(values.list("label")),
    }
    if any(flag in _IN_A_SWARM for flag in values.changed):
        # No engine of the lab is in one: what it says of that is what is wanted.
        body["ClusterVolumeSpec"] = {"Group": values.text("group")}
    cli.line(cli.client.post("/volumes/create", None, body)["Name"])
    return 0
