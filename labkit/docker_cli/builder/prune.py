"""``docker builder prune``."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.ask import confirm
from labkit.docker_cli.client import filters_query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli

ARGUMENTS = NONE

_ALL_WARNING = "WARNING! This will remove all build cache."
_DANGLING_WARNING = "WARNING! This will remove all dangling build cache."


def run(cli: Cli, call: Call) -> int:
    """Forget what builds remember."""
    values = call.values
    every = values.on("all")
    if not values.on("force"):
        confirm(cli, (_ALL_WARNING if every else _DANGLING_WARNING) + " ")
    query: dict[str, object] = {"all": "1"} if every else {}
    if values.number("keep-storage"):
        query["keep-storage"] = values.number("keep-storage")
    query |= filters_query(values.list("filter"))
    deleted, space = prune_cache(cli, query)
    if deleted:
        cli.write(deleted + "\n")
    cli.line(f"Total reclaimed space: {human_size(space)}")
    return 0


def prune_cache(cli: Cli, query: dict[str, object]) -> tuple[str, int]:
    """Remove cache; return the list of what went, and the space of it."""
    answer = cli.client.post("/build/prune", query)
    caches = answer.get("CachesDeleted") or []
    text = "".join(f"{cache}\n" for cache in caches)
    return ("Deleted build cache objects:\n" + text if text else ""), answer.get(
        "SpaceReclaimed", 0
    )
