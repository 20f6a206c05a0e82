"""An exec's terminal."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.engine.execs.create import create_exec
from labkit.engine.execs.resize import resize_exec
from labkit.engine.execs.start import start_exec
from labkit.engine.model import ExecConfig
from tests.unit.engine.lab import make_world, open_lab, run


async def test_passes_the_size_on(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await run(engine, "sleep")
        config = ExecConfig(("sleep",), tty=True)
        exec_id = await create_exec(engine, container_id, config)
        with pytest.raises(InternalError, match="cannot resize a stopped"):
            await resize_exec(engine, exec_id, 24, 80)
        await start_exec(engine, exec_id, detach=True, tty=True)
        await resize_exec(engine, exec_id, 24, 80)
        assert world.runtime.calls[-1] == ("resize", container_id, exec_id, "24x80")
