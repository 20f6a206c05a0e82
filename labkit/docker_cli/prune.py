"""``prune`` of each kind: a warning, a question, and what went."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.ask import confirm
from labkit.docker_cli.client import filters_query

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.json_text import Json

TITLES = {
    "containers": ("ContainersDeleted", "Deleted Containers:"),
    "networks": ("NetworksDeleted", "Deleted Networks:"),
    "volumes": ("VolumesDeleted", "Deleted Volumes:"),
}


def prune_one(
    cli: Cli, call: Call, kind: str, warning: str, filters: list[str] | None = None
) -> int:
    """Ask, prune one kind of thing, say what went."""
    if not call.values.on("force"):
        confirm(cli, f"{warning}\n")
    wanted = call.values.list("filter") + (filters or [])
    deleted, space = prune_kind(cli, kind, wanted)
    if deleted:
        cli.write(deleted + "\n")
    if space is not None:
        cli.line(f"Total reclaimed space: {human_size(space)}")
    return 0


def prune_kind(cli: Cli, kind: str, filters: list[str]) -> tuple[str, int | None]:
    """Prune one kind; return the list of what went, and the space of it."""
    answer: Json = cli.client.post(f"/{kind}/prune", filters_query(filters))
    key, title = TITLES[kind]
    names = answer.get(key) or []
    text = f"{title}\n" + "".join(f"{name}\n" for name in names) if names else ""
    space = None if kind == "networks" else answer.get("SpaceReclaimed", 0)
    return text, space
