"""Ending a build by its id."""

import io
from pathlib import Path

import pytest

from labkit.builder.model import BuildRequest
from labkit.engine.builds.build import BuildOptions, open_build
from labkit.engine.builds.cancel import cancel_build, cancellable
from tests.unit.engine.lab import make_world, open_lab


async def test_ends_the_builds_of_an_id_and_no_others(tmp_path: Path) -> None:
    ended: list[str] = []
    async with open_lab(make_world(tmp_path)) as engine:
        with (
            cancellable(engine, "a", lambda: ended.append("a1")),
            cancellable(engine, "a", lambda: ended.append("a2")),
            cancellable(engine, "b", lambda: ended.append("b")),
            cancellable(engine, "", lambda: ended.append("nameless")),
        ):
            cancel_build(engine, "a")
            cancel_build(engine, "")
            cancel_build(engine, "never")
        cancel_build(engine, "b")  # it is over
        assert ended == ["a1", "a2"]
        assert engine.builds == {}


async def test_a_build_is_found_by_the_id_that_it_was_given(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        options = BuildOptions(BuildRequest(), id="mine")
        async with open_build(engine, options, io.BytesIO()) as building:
            cancel_build(engine, "mine")
            assert world.builder.jobs[0].stopped
            assert [events async for events in building.events()] == []
        assert engine.builds == {}


@pytest.mark.parametrize("build_id", ["", "mine"])
async def test_a_build_that_fails_is_forgotten(tmp_path: Path, build_id: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with (
            pytest.raises(ZeroDivisionError),
            cancellable(engine, build_id, lambda: None),
        ):
            raise ZeroDivisionError
        assert engine.builds == {}
