"""An image made of a container."""

from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
    InternalError,
    InvalidInputError,
    UnavailableError,
)
from labkit.engine.containers.commit import CommitOptions, commit
from labkit.engine.containers.pause import pause
from labkit.engine.images.remove import remove_image
from labkit.engine.model import ContainerConfig, Status
from tests.contract.fakes.runtime import FakeRuntime
from tests.unit.engine.lab import make, make_world, open_lab, run, told

NOTHING = ContainerConfig()


async def test_the_containers_configuration_is_the_images(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", "9", env=("A=1",))
        options = CommitOptions("mine", "1", changes=("ENV B=2",), author="me")
        image = await commit(engine, container_id, options, ContainerConfig(user="u"))
        base = await engine.images.resolve("busybox")
        assert image.parent == base.id
        found = image.config.config
        assert (found.user, found.cmd) == ("u", ("sleep", "9"))
        assert found.env == ("B=2", "A=1", "FROM=image")  # the client's own first
        assert image.config.history[-1].created_by == "sleep 9"
        event = engine.events.past()[-1]
        assert event.attributes["imageRef"] == "mine:1"
        assert event.attributes["imageID"] == image.id.text


async def test_changes_go_on_from_the_containers_configuration(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep", env=("A=1",), working_dir="/w")
        changes = ("ENV B=2 C=${A}b", "ENV A=3", "WORKDIR sub")
        options = CommitOptions(changes=changes)
        found = (await commit(engine, container_id, options, None)).config.config
        assert found.env == ("A=3", "FROM=image", "B=2", "C=1b")
        assert found.working_dir == "/w/sub"


async def test_a_running_container_is_paused_meanwhile(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await commit(engine, container_id, CommitOptions(), NOTHING)
        assert told(engine, "container")[-3:] == [
            "container pause",
            "container commit",
            "container unpause",
        ]
        assert engine.store.find_container(container_id).status is Status.RUNNING


async def test_one_that_was_paused_stays_so(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await pause(engine, container_id)
        await commit(engine, container_id, CommitOptions(), NOTHING)
        assert engine.store.find_container(container_id).status is Status.PAUSED


class EndsAtPause(FakeRuntime):
    """A runtime whose containers end at the very moment somebody wants them still."""

    async def pause(self, container_id: str) -> None:
        self.finish(container_id, 0)
        raise UnavailableError("the shim is gone")


async def test_one_that_just_ended_needs_no_pause(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.runtime = EndsAtPause(world.runtime.root)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        image = await commit(engine, container_id, CommitOptions(), NOTHING)
        assert engine.store.find_container(container_id).status is Status.EXITED
        assert image.config.container == container_id
        assert image.config.container_config is not None
        assert image.config.container_config.image == "busybox"


async def test_without_pause_it_runs_on(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        await commit(engine, container_id, CommitOptions(pause=False), NOTHING)
        assert "container pause" not in told(engine, "container")


async def test_a_failure_thaws_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        world.snapshots.fail_on = "diff"
        with pytest.raises(InternalError, match="diff failed"):
            await commit(engine, container_id, CommitOptions(), NOTHING)
        assert engine.store.find_container(container_id).status is Status.RUNNING


async def test_nothing_is_done_for_an_invalid_wish(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        for options in (CommitOptions("UPPER"), CommitOptions(changes=("RUN x",))):
            with pytest.raises(InvalidInputError):
                await commit(engine, container_id, options, NOTHING)
        assert "container pause" not in told(engine, "container")


async def test_an_image_with_children_stays_without_a_name(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "sleep")
        child = await commit(engine, container_id, CommitOptions("child"), NOTHING)
        base = await engine.images.resolve("busybox")
        with pytest.raises(ConflictError, match="has dependent child images"):
            await remove_image(engine, base.id.text, force=True)
        removed = await remove_image(engine, "busybox", force=True)
        assert [one.untagged for one in removed] == ["busybox:latest"]
        assert (await engine.images.resolve(base.id.text)).names == ()
        assert child.parent == base.id
