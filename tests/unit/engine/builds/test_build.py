"""The verb: a context comes in, events go out, nobody is left waiting."""

import asyncio
import contextlib
import errno
import io
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, InvalidInputError
from labkit.base.ids import new_id
from labkit.base.reference import parse_reference
from labkit.builder.model import (
    BuildCancelledError,
    BuildInput,
    BuildRequest,
    Event,
    Step,
    StepError,
    StepStarted,
)
from labkit.builder.ports import Order
from labkit.engine.builds.build import (
    Building,
    BuildOptions,
    open_build,
    open_build_from,
)
from labkit.engine.builds.cancel import cancel_build
from labkit.engine.engine import Engine
from tests.contract.fakes.builder import IMAGE
from tests.unit.engine.lab import make_world, open_lab, until_true

STEP = StepStarted(Step(0, 1, 1, "FROM x"))


async def _take(engine: Engine, options: BuildOptions) -> list[Event]:
    async with open_build(engine, options, io.BytesIO(b"tar")) as building:
        return await _all(building)


async def _all(building: Building) -> list[Event]:
    return [event async for events in building.events() for event in events]


async def test_tells_what_happens_and_names_the_image(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.builder.events = [STEP, STEP]
    request = BuildRequest(names=(parse_reference("app:1"),))
    async with open_lab(world) as engine:
        options = BuildOptions(request, dockerfile="x")
        async with open_build(engine, options, io.BytesIO(b"tar")) as building:
            events = await _all(building)
            assert building.built.image is IMAGE
        assert events == [STEP, STEP]
        assert world.builder.received == b"tar"
        assert world.builder.jobs[0].source.dockerfile == "FROM x"
        assert world.builder.ignored == ["x"]
        (event,) = engine.events.past()
        assert (event.type, event.action) == ("image", "tag")


async def test_tells_at_once_what_happened_meanwhile(tmp_path: Path) -> None:
    """A build of thousands of steps woke the loop and the client for each."""
    world = make_world(tmp_path)
    world.builder.events = [STEP] * 500
    async with open_lab(world) as engine:
        options = BuildOptions(BuildRequest())
        async with open_build(engine, options, io.BytesIO(b"tar")) as building:
            told = [events async for events in building.events()]
    assert [len(events) for events in told] == [500]


async def test_takes_a_context_from_elsewhere(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await _take(engine, BuildOptions(BuildRequest(), remote="http://x"))
        texts = [job.source.dockerfile for job in world.builder.jobs]
        assert texts == ["FROM http://x"]
        with pytest.raises(InvalidInputError, match="no build context"):
            async with open_build(engine, BuildOptions(BuildRequest()), None):
                pass


async def test_a_failure_comes_after_what_was_told(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.builder.events = [STEP]
    world.builder.fails = StepError("it failed", 3)
    async with open_lab(world) as engine:
        seen: list[Event | str] = []
        options = BuildOptions(BuildRequest())
        async with open_build(engine, options, io.BytesIO()) as building:
            try:
                async for events in building.events():
                    seen += events
            except StepError as error:
                seen.append(error.message)
        assert seen == [STEP, "it failed"]


async def test_a_full_disk_ends_a_build_in_words(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.builder.fails = OSError(errno.ENOSPC, "No space left on device")
    async with open_lab(world) as engine:
        with pytest.raises(InternalError, match="cannot build: no space left on"):
            await _take(engine, BuildOptions(BuildRequest()))


@pytest.mark.parametrize("failure", [None, StepError("it failed", 3)])
async def test_its_end_is_told_when_its_folder_is_gone(
    tmp_path: Path, failure: StepError | None
) -> None:
    world = make_world(tmp_path)
    world.builder.fails = failure
    async with open_lab(world) as engine:
        options = BuildOptions(BuildRequest())
        async with open_build(engine, options, io.BytesIO()) as building:
            assert world.builder.scratch.exists()
            with contextlib.suppress(StepError):
                assert await _all(building) == []
            assert not world.builder.scratch.exists()


async def test_runs_commands(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.builder.order = Order(new_id(), (), ("false",), ())
    async with open_lab(world) as engine:
        await _take(engine, BuildOptions(BuildRequest()))
        assert world.builder.outcome is not None
        assert world.builder.outcome.exit_code == 1
        assert world.runtime.containers == {}


async def _never(folder: Path) -> BuildInput:
    await asyncio.Event().wait()
    raise AssertionError(folder)


async def test_is_cancelled_while_its_context_comes_in(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        options = BuildOptions(BuildRequest(), id="mine")

        async def begin() -> None:
            async with open_build_from(engine, options, _never):
                pass

        beginning = asyncio.ensure_future(begin())
        await until_true(lambda: "mine" in engine.builds)
        cancel_build(engine, "mine")
        with pytest.raises(BuildCancelledError, match="Build cancelled"):
            await beginning
        assert engine.builds == {}
        assert not world.builder.scratch.exists()


async def test_who_leaves_while_his_context_comes_in_ends_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        options = BuildOptions(BuildRequest(), id="mine")

        async def begin() -> None:
            async with open_build_from(engine, options, _never):
                pass

        beginning = asyncio.ensure_future(begin())
        await until_true(lambda: "mine" in engine.builds)
        beginning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await beginning
        assert not world.builder.scratch.exists()


async def test_who_leaves_ends_the_build(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.builder.events = [STEP]
    world.builder.order = Order(new_id(), (), ("sleep",), ())
    started = ("start", world.builder.order.container_id)
    async with open_lab(world) as engine:
        options = BuildOptions(BuildRequest())
        async with open_build(engine, options, io.BytesIO()) as building:
            events = building.events()
            await anext(events)
            await until_true(lambda: started in world.runtime.calls)
            await events.aclose()
        assert world.builder.jobs[0].stopped
        assert world.runtime.containers == {}
