"""``docker system prune``."""

from __future__ import annotations

from labkit.base.units import human_size
from labkit.docker_cli.arguments import NONE
from labkit.docker_cli.ask import confirm
from labkit.docker_cli.builder.prune import prune_cache
from labkit.docker_cli.client import filters_query
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.image.prune import prune_images
from labkit.docker_cli.prune import prune_kind
from labkit.docker_cli.texts import natural

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.cli import Call, Cli
    from labkit.docker_cli.flags import Values

ARGUMENTS = NONE


def run(cli: Cli, call: Call) -> int:
    """Remove all that nothing uses."""
    values = call.values
    filters = values.list("filter")
    if values.on("volumes") and any(f.startswith("until=") for f in filters):
        raise CliError('ERROR: The "until" filter is not supported with "--volumes"')
    if not values.on("force"):
        confirm(cli, _warning(values))
    space = 0
    for text, size in _prune_all(cli, values, filters):
        space += size or 0
        if text:
            cli.line(text)
    cli.line(f"Total reclaimed space: {human_size(space)}")
    return 0


def _prune_all(
    cli: Cli, values: Values, filters: list[str]
) -> list[tuple[str, int | None]]:
    done = [
        prune_kind(cli, "containers", filters),
        prune_kind(cli, "networks", filters),
    ]
    if values.on("volumes"):
        done.append(prune_kind(cli, "volumes", filters))
    done.append(prune_images(cli, filters, values.on("all")))
    query: dict[str, object] = {"all": "1"} if values.on("all") else {}
    done.append(prune_cache(cli, query | filters_query(filters)))
    return done


def _warning(values: Values) -> str:
    every = values.on("all")
    lines = [
        "all stopped containers",
        "all networks not used by at least one container",
    ]
    if values.on("volumes"):
        lines.append("all anonymous volumes not used by at least one container")
    lines.append(
        "all images without at least one container associated to them"
        if every
        else "all dangling images"
    )
    lines.append("all build cache" if every else "unused build cache")
    text = "WARNING! This will remove:\n" + "\n".join(f"  - {line}" for line in lines)
    if values.list("filter"):
        text += "\n\n  Items to be pruned will be filtered with:\n"
        ordered = sorted(values.list("filter"), key=natural)
        text += "\n".join(f"  - {each}" for each in ordered)
    return f"{text}\n\n"
