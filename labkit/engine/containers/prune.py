"""``docker container prune``: the containers that do not run."""

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.engine.containers.remove import remove
from labkit.engine.engine import Engine
from labkit.engine.filters import PRUNE, Filters, check_names, match_labels
from labkit.engine.model import Status
from labkit.engine.moments import parse_moment
from labkit.engine.overlays import overlay_dirs
from labkit.engine.pruned import Pruned

_DONE = (Status.CREATED, Status.EXITED, Status.DEAD)


async def prune_containers(engine: Engine, filters: Filters) -> Pruned:
    """Remove containers that are created, exited or dead."""
    check_names(filters, PRUNE)
    limit_ns = until_ns(engine, filters)
    deleted, space = [], 0
    for container in engine.store.containers():
        if container.status not in _DONE or container.created_at > limit_ns:
            continue
        if not match_labels(filters, container.config.labels):
            continue
        size = await engine.snapshots.usage(await overlay_dirs(engine, container))
        try:
            await remove(engine, container.id)
        except (ConflictError, NotFoundError):
            continue  # started or removed just now
        deleted.append(container.id)
        space += size
    return Pruned(tuple(deleted), space)


def until_ns(engine: Engine, filters: Filters) -> int:
    """Read ``until``: a moment, or how long ago (``24h``, ``10m30s``).

    Raises:
        InvalidInputError: it is neither, or there are several.
    """
    values = filters.get("until", ())
    now = engine.clock.now_ns()
    if not values:
        return now
    if len(values) > 1:
        raise InvalidInputError("more than one until filter specified")
    return parse_moment(values[0], now)
