"""``docker network prune``: user-defined networks that nothing refers to."""

from labkit.base.errors import ForbiddenError, NotFoundError
from labkit.engine.attachments import PREDEFINED
from labkit.engine.containers.prune import until_ns
from labkit.engine.engine import Engine
from labkit.engine.filters import PRUNE, Filters, check_names, match_labels
from labkit.engine.networks.remove import remove_unused_network
from labkit.engine.pruned import Pruned


async def prune_networks(engine: Engine, filters: Filters) -> Pruned:
    """Remove unused networks; return their names."""
    check_names(filters, PRUNE)
    limit_ns = until_ns(engine, filters)
    deleted = []
    for record in engine.store.networks():
        name = record.network.name
        if name in PREDEFINED or record.created_at > limit_ns:
            continue
        if record.config_only or not match_labels(filters, record.labels):
            continue
        try:
            await engine.complete(
                remove_unused_network(engine, record), f"prune network {name}"
            )
        except (ForbiddenError, NotFoundError):
            continue  # in use, or removed by somebody else
        deleted.append(name)
    return Pruned(tuple(deleted))
