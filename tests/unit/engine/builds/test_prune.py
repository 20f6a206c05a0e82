"""``docker builder prune``: what goes, what stays."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.cache import Record
from labkit.engine.builds.prune import NO_ROOM, Room, cache_usage, prune_builds
from labkit.engine.engine import Engine
from tests.unit.engine.lab import World, make_world, open_lab

DAY_NS = 24 * 3600 * 10**9


def _fill(world: World) -> None:
    (shared,) = [image.chain_ids[0].text for image in world.images.images.values()]
    now = world.clock.now_ns()
    world.builder.kept = [
        Record("old", "regular", "RUN old", size=10, used_ns=now - 9 * DAY_NS),
        Record("new", "source.local", "COPY new", size=20, used_ns=now),
        Record("shared", "regular", "RUN", chain_id=shared, size=40, used_ns=now),
        Record("busy", "exec.cachemount", "cache", size=80, used_ns=now),
    ]
    world.builder.busy = {"busy"}


async def _prune(
    engine: Engine, world: World, **options: object
) -> tuple[tuple[str, ...], int]:
    _fill(world)
    filters = options.pop("filters", {})
    pruned = await prune_builds(engine, filters, **options)  # type: ignore[arg-type]
    return pruned.deleted, pruned.space


async def test_removes_what_nobody_has(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        _fill(world)
        usage = {one.record.key: one for one in await cache_usage(engine)}
        assert usage["shared"].shared
        assert usage["busy"].in_use
        assert await _prune(engine, world) == (("old", "new"), 30)
        assert [one.key for one in world.builder.kept] == ["shared", "busy"]
        assert world.images.collected == 2  # at the start, and now
        assert engine.events.past()[-1].attributes == {"reclaimed": "30"}


async def test_removes_what_was_asked_for(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        for options, expected in (
            ({"all": True}, (("old", "new", "shared"), 30)),
            ({"room": Room(reserved=25)}, (("old",), 10)),
            ({"room": Room(most=25)}, (("old",), 10)),
            ({"room": Room(most=1 << 20)}, ((), 0)),
            ({"room": Room(least_free=1)}, ((), 0)),
            ({"room": Room(least_free=1 << 60)}, (("old", "new"), 30)),
            ({"filters": {"until": ("24h",)}}, (("old",), 10)),
            ({"filters": {"unused-for": ("24h",)}}, (("old",), 10)),
            ({"filters": {"type": ("source.local",)}}, (("new",), 20)),
            ({"filters": {"label": ("a",), "label!": ("b",)}}, (("old", "new"), 30)),
            ({"filters": {"id": ("old",)}}, (("old",), 10)),
            ({"filters": {"id": ("e",)}}, (("new",), 20)),
            ({"filters": {"description": ("COPY",)}}, (("new",), 20)),
            ({"filters": {"description~": ("COPY",)}}, (("new",), 20)),
            ({"filters": {"type!": ("regular",)}}, (("new",), 20)),
            ({"filters": {"type~": ("local",)}}, (("new",), 20)),
            ({"filters": {"type": ("local",)}}, ((), 0)),
            ({"filters": {"private": ("true",)}, "all": True}, (("old", "new"), 30)),
            ({"filters": {"shared": ("true",)}, "all": True}, (("shared",), 0)),
            ({"filters": {"label": ("a=b",), "label!": ("c",)}}, (("old", "new"), 30)),
            ({"filters": {"inuse": ("true",)}}, ((), 0)),
        ):
            assert await _prune(engine, world, **options) == expected


def test_room_is_what_is_reserved_and_at_most_what_is_allowed() -> None:
    assert NO_ROOM.left(100, 0) == 0
    assert Room(least_free=30).left(100, 10) == 80
    assert Room(most=50, least_free=30).left(100, 10) == 50
    assert Room(most=90, least_free=30).left(100, 10) == 80
    assert Room(reserved=85, most=90, least_free=30).left(100, 10) == 85


async def test_refuses_an_unknown_filter(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        with pytest.raises(InvalidInputError, match="invalid filter 'color'"):
            await prune_builds(engine, {"color": ("red",)})


async def test_refuses_a_wrong_moment_though_nothing_is_there(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="soon"):
            await prune_builds(engine, {"until": ("soon",)})
        both = {"until": ("1h",), "unused-for": ("1h",)}
        with pytest.raises(InvalidInputError, match="conflicting filters"):
            await prune_builds(engine, both)
