"""``docker builder prune``, and what the build cache takes."""

from dataclasses import dataclass

from labkit.base.errors import InvalidInputError
from labkit.builder.cache import Record
from labkit.engine.containers.prune import until_ns
from labkit.engine.engine import Engine
from labkit.engine.filters import Filters, boolean, check_names
from labkit.engine.overlays import sweep
from labkit.engine.pruned import Pruned

_ID_DIGITS = 25  # as long as BuildKit's
FILTERS = frozenset(
    {
        *("id", "parent", "type", "description", "inuse", "shared", "private"),
        *("until", "unused-for"),
        # Understood and without effect, so that `system prune` may have them.
        *("label", "label!"),
    }
)


@dataclass(frozen=True, slots=True)
class CacheUsage:
    """A record; ``shared`` says that an image has its layer, too."""

    record: Record
    in_use: bool
    shared: bool


async def cache_usage(engine: Engine) -> tuple[CacheUsage, ...]:
    """Return what the build cache holds, oldest first."""
    images = await engine.images.list()
    chains = {chain.text for image in images for chain in image.chain_ids}
    return tuple(
        CacheUsage(
            record, engine.builder.is_busy(record.key), record.chain_id in chains
        )
        for record in await engine.builder.records()
    )


async def prune_builds(
    engine: Engine, filters: Filters, *, all: bool = False, keep_bytes: int = 0
) -> Pruned:
    """Forget what builds have done.

    Args:
        all: also what images that are here share; their layers stay with them.
        keep_bytes: so much of what was used last stays.

    Raises:
        InvalidInputError: a filter is unknown.
    """
    check_names(filters, FILTERS)
    last_ns = _limit_ns(engine, filters)
    candidates = [
        one
        for one in await cache_usage(engine)
        if not one.in_use
        and (all or not one.shared)
        and one.record.used_ns <= last_ns
        and _matches(filters, one)
    ]
    doomed = _beyond(candidates, keep_bytes)
    if all and not filters and not keep_bytes:
        await engine.builder.forget_metadata()
    await engine.builder.forget([one.record.key for one in doomed])
    await sweep(engine)
    space = sum(one.record.size for one in doomed if not one.shared)
    pruned = Pruned(tuple(one.record.key[:_ID_DIGITS] for one in doomed), space)
    engine.events.publish("builder", "prune", "", {"reclaimed": str(space)})
    return pruned


def _beyond(candidates: list[CacheUsage], keep_bytes: int) -> list[CacheUsage]:
    """Leave out what was used last, up to so many bytes."""
    if not keep_bytes:
        return candidates
    kept, doomed = 0, []
    for one in sorted(candidates, key=lambda item: -item.record.used_ns):
        kept += one.record.size
        if kept > keep_bytes:
            doomed.append(one)
    return doomed


def _matches(filters: Filters, usage: CacheUsage) -> bool:
    record = usage.record
    ids = filters.get("id", ())
    if ids and not any(text in record.key[:_ID_DIGITS] for text in ids):
        return False
    values = {"parent": record.parent, "type": record.kind}
    if any(
        name in filters and value not in filters[name] for name, value in values.items()
    ):
        return False
    texts = filters.get("description", ())
    if texts and not any(text in record.description for text in texts):
        return False
    if usage.in_use != boolean(filters, "inuse", usage.in_use):
        return False
    if usage.shared != boolean(filters, "shared", usage.shared):
        return False
    return usage.shared != boolean(filters, "private", not usage.shared)


def _limit_ns(engine: Engine, filters: Filters) -> int:
    if "unused-for" in filters and "until" in filters:
        raise InvalidInputError('conflicting filters: "until" and "unused-for"')
    words = filters.get("unused-for", filters.get("until", ()))
    return until_ns(engine, {"until": words} if words else {})
