"""``docker builder prune``, and what the build cache takes."""

import shutil
from dataclasses import dataclass

from labkit.base.errors import InvalidInputError
from labkit.builder.cache import Record
from labkit.engine.containers.prune import until_ns
from labkit.engine.engine import Engine
from labkit.engine.filters import Filters, boolean, check_names
from labkit.engine.overlays import sweep
from labkit.engine.pruned import Pruned

_ID_DIGITS = 25  # as long as BuildKit's
_TEXTS = ("id", "parent", "type", "description")
FILTERS = frozenset(
    {
        *(f"{name}{sign}" for name in _TEXTS for sign in ("", "~", "!")),
        *("inuse", "shared", "private", "until", "unused-for"),
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


@dataclass(frozen=True, slots=True)
class Room:
    """How much of the cache stays, in bytes; 0 says nothing.

    ``reserved`` stays in any case, ``most`` at most, and less than that if the disk
    shall have ``least_free`` afterwards.
    """

    reserved: int = 0
    most: int = 0
    least_free: int = 0

    def left(self, used: int, free: int) -> int:
        """Return what may stay of ``used`` bytes, with ``free`` ones on the disk."""
        if not (self.reserved or self.most or self.least_free):
            return 0
        bounds = [self.most] if self.most else []
        if self.least_free:
            bounds.append(used - max(self.least_free - free, 0))
        return max(self.reserved, min(bounds, default=0))


NO_ROOM = Room()


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
    engine: Engine, filters: Filters, *, all: bool = False, room: Room = NO_ROOM
) -> Pruned:
    """Forget what builds have done.

    Args:
        all: also what images that are here share; their layers stay with them.
        room: so much of what was used last stays.

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
    used = sum(one.record.size for one in candidates)
    free = shutil.disk_usage(engine.config.data_root).free
    doomed = _beyond(candidates, room.left(used, free))
    if all and not filters and room == NO_ROOM:
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
    ident = record.key[:_ID_DIGITS]
    # An id and a description are looked for inside, as BuildKit does with ids.
    for name, value, is_part in (
        ("id", ident, True),
        ("type", record.kind, False),
        ("parent", record.parent, False),
        ("description", record.description, True),
    ):
        if not _holds(filters, name, value, is_part):
            return False
    if usage.in_use != boolean(filters, "inuse", usage.in_use):
        return False
    if usage.shared != boolean(filters, "shared", usage.shared):
        return False
    return usage.shared != boolean(filters, "private", not usage.shared)


def _holds(filters: Filters, name: str, value: str, is_part: bool) -> bool:
    """Tell whether ``name=``, ``name~=`` (a part of it) and ``name!=`` let it by."""
    wanted, parts = filters.get(name, ()), filters.get(f"{name}~", ())
    parts = (*parts, *wanted) if is_part else parts
    if wanted and not is_part and value not in wanted:
        return False
    if parts and not any(part in value for part in parts):
        return False
    return value not in filters.get(f"{name}!", ())


def _limit_ns(engine: Engine, filters: Filters) -> int:
    if "unused-for" in filters and "until" in filters:
        raise InvalidInputError('conflicting filters: "until" and "unused-for"')
    words = filters.get("unused-for", filters.get("until", ()))
    return until_ns(engine, {"until": words} if words else {})
