"""``docker push``."""

from __future__ import annotations

from labkit.docker_cli.arguments import exactly
from labkit.docker_cli.client import path_of
from labkit.docker_cli.image.names import name_to_transfer
from labkit.docker_cli.progress import show_progress
from labkit.docker_cli.registry.credentials import (
    auth_header,
    credentials_for,
    registry_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = exactly(1)


def run(cli: Cli, call: Call) -> int:
    """Send an image to a registry."""
    values = call.values
    quiet = values.on("quiet")
    name = name_to_transfer(cli, call)
    auth = credentials_for(cli.config, registry_of(name.domain))
    query: dict[str, object] = {"tag": name.tag} if name.tag else {}
    if values.text("platform"):
        query["platform"] = values.text("platform")
    path = path_of("images", name.familiar_name, "/push")
    answer = cli.client.call("POST", path, query, None, auth_header(auth))
    if quiet:
        show_progress(m for m in answer.values() if m.get("error"))
        cli.line(name.text)
    else:
        show_progress(answer.values())
    return 0
