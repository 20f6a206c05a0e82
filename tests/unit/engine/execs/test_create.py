"""What is to be run."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.engine.containers.pause import pause
from labkit.engine.execs.create import command_text, create_exec
from labkit.engine.model import ExecConfig
from tests.unit.engine.lab import make, make_world, open_lab, run

LS = ExecConfig(("ls",))


async def test_refuses_what_cannot_take_it(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match="No such container: ghost"):
            await create_exec(engine, "ghost", LS)
        idle = await make(engine)
        with pytest.raises(ConflictError, match=f"Container {idle} is not running"):
            await create_exec(engine, idle, LS)
        running = await run(engine, "sleep", name="web")
        with pytest.raises(InvalidInputError, match="No exec command specified"):
            await create_exec(engine, running, ExecConfig(()))
        await pause(engine, running)
        with pytest.raises(ConflictError, match="Container web is paused, unpause the"):
            await create_exec(engine, running, LS)


def test_command_text_is_dockers() -> None:
    assert command_text(LS) == "ls "
    assert command_text(ExecConfig(("sh", "-c", "a b"))) == "sh -c a b"
