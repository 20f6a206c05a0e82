"""Removing what does not run."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.containers.prune import prune_containers, until_ns
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_removes_what_does_not_run(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        running = await run(engine, "sleep")
        idle = await make(engine)
        kept = await make(engine, labels={"keep": "yes"})
        (engine.container_folder(idle) / "upper/file").write_bytes(b"123")
        pruned = await prune_containers(engine, {"label!": ("keep",)})
        assert pruned.deleted == (idle,)
        assert pruned.space == 3
        assert {c.id for c in engine.store.containers()} == {running, kept}


async def test_spares_the_young(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine)
        assert (await prune_containers(engine, {"until": ("1h",)})).deleted == ()
        assert len((await prune_containers(engine, {"until": ("0s",)})).deleted) == 1


async def test_reads_until(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        assert until_ns(engine, {"until": ("12",)}) == 12 * 10**9
        now = engine.clock.now_ns()
        ago = until_ns(engine, {"until": ("1h2m3s",)})
        assert ago == now + 10**9 - 3723 * 10**9
        for bad in (("soon",), ("1h", "2h"), ("",)):
            with pytest.raises(
                InvalidInputError,
                match=r"until|failed to parse",
            ):
                until_ns(engine, {"until": bad})


async def test_refuses_unknown_filters(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="invalid filter 'foo'"):
            await prune_containers(engine, {"foo": ("x",)})
