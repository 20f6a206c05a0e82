"""``docker logs``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.streams import copy_frames
from labkit.docker_cli.timestamps import moment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Print what a container wrote."""
    values = call.values
    found = cli.client.get(path_of("containers", call.arguments[0], "/json"))
    query: dict[str, object] = {"stdout": "1", "stderr": "1"}
    for flag, name in (
        ("follow", "follow"),
        ("timestamps", "timestamps"),
        ("details", "details"),
    ):
        if values.on(flag):
            query[name] = "1"
    for flag in ("since", "until"):
        if values.text(flag):
            query[flag] = moment(values.text(flag), flag)
    query["tail"] = values.text("tail")
    answer = cli.client.call("GET", path_of("containers", found["Id"], "/logs"), query)
    cli.flush()
    copy_frames(answer.pieces(), found["Config"]["Tty"])
    return 0
