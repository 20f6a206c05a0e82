"""``docker image prune``."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.ask import confirm
from labkit.docker_cli.client import filters_query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE

ALL_WARNING = (
    "WARNING! This will remove all images without at least one container "
    "associated to them."
)
DANGLING_WARNING = "WARNING! This will remove all dangling images."


def run(cli: Cli, call: Call) -> int:
    """Remove images that nothing uses."""
    every = call.values.on("all")
    if not call.values.on("force"):
        warning = ALL_WARNING if every else DANGLING_WARNING
        confirm(cli, f"{warning}\n")
    deleted, space = prune_images(cli, call.values.list("filter"), every)
    if deleted:
        cli.write(deleted + "\n")
    cli.line(f"Total reclaimed space: {human_size(space)}")
    return 0


def prune_images(cli: Cli, filters: list[str], every: bool) -> tuple[str, int]:
    """Remove images; return the list of what went, and the space of it."""
    wanted = [*filters, f"dangling={'false' if every else 'true'}"]
    answer = cli.client.post("/images/prune", filters_query(wanted))
    lines = []
    for step in answer.get("ImagesDeleted") or []:
        if step.get("Untagged"):
            lines.append(f"untagged: {step['Untagged']}\n")
        else:
            lines.append(f"deleted: {step['Deleted']}\n")
    text = "Deleted Images:\n" + "".join(lines) if lines else ""
    return text, answer.get("SpaceReclaimed", 0)
