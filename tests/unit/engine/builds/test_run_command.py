"""RUN's container: it has what it needs, and nothing of it stays."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.ids import new_id
from labkit.builder.ports import BoundFolder, Order
from labkit.engine.builds.run_command import run_command
from labkit.engine.model import HostConfig, ResourceLimits
from labkit.runtime.bundle import read_spec
from labkit.spec.runtime import Spec
from tests.unit.engine.lab import make_world, open_lab


class Taken:
    """What a command printed."""

    def __init__(self) -> None:
        self.printed: list[tuple[str, bytes]] = []

    async def write(self, stream: str, data: bytes) -> None:
        self.printed.append((stream, data))


def _order(*args: str, **values: object) -> Order:
    return Order(new_id(), (), args, ("A=1",), **values)  # type: ignore[arg-type]


async def _run(tmp_path: Path, order: Order) -> tuple[int, Spec, Path]:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        folder = engine.container_folder(order.container_id)
        host = HostConfig(resources=ResourceLimits(memory=1 << 26))
        async with AsyncExitStack() as undo:
            outcome = await run_command(engine, order, host, Taken(), undo)
            spec = read_spec(folder)
            assert outcome.upper == folder / "upper"
            assert world.runtime.containers == {}
        assert not folder.exists()
        assert engine.overlays == {}
        assert engine.store.containers() == ()
        return outcome.exit_code, spec, folder


@pytest.mark.parametrize(("program", "code"), [("true", 0), ("false", 1)])
async def test_runs_to_the_end(tmp_path: Path, program: str, code: int) -> None:
    assert (await _run(tmp_path, _order(program)))[0] == code


async def test_gives_the_command_what_was_ordered(tmp_path: Path) -> None:
    bind = tmp_path / "bound"
    bind.mkdir()
    order = _order(
        "true",
        user="app",
        working_dir="/w",
        network="none",
        binds=(BoundFolder("/b", bind), BoundFolder("/t", None, False, 4096)),
    )
    _, spec, _ = await _run(tmp_path, order)
    assert (spec.process.user.uid, spec.process.cwd) == (1000, "/w")
    assert "A=1" in spec.process.env
    mounts = {mount.destination: mount for mount in spec.mounts}
    assert "rro" in mounts["/b"].options
    assert {"exec", "size=4096"} <= set(mounts["/t"].options)
    assert spec.linux.resources is not None
    assert spec.linux.resources.memory is not None
    assert spec.linux.resources.memory.limit == 1 << 26


async def test_a_sandbox_has_a_name_of_its_own(tmp_path: Path) -> None:
    order = _order("true", sandbox="buildkitsandbox")
    _, spec, _ = await _run(tmp_path / "one", order)
    assert spec.hostname == "buildkitsandbox"
    order = _order("true")
    _, spec, _ = await _run(tmp_path / "two", order)
    assert spec.hostname == order.container_id[:12]


async def test_says_why_a_program_cannot_be_started(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine, AsyncExitStack() as undo:
        with pytest.raises(InvalidInputError, match="executable file not found"):
            await run_command(engine, _order("nosuch"), HostConfig(), Taken(), undo)
        members = engine.store.find_network("bridge").network.id
        assert list(engine.members.addresses(members)) == []
