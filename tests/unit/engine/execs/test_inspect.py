"""One exec."""

from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.engine.execs.create import create_exec
from labkit.engine.execs.inspect import inspect_exec
from labkit.engine.model import ExecConfig
from tests.unit.engine.lab import make_world, open_lab, run


async def test_a_new_one_has_no_exit_code(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await run(engine, "sleep")
        exec_id = await create_exec(engine, container_id, ExecConfig(("ls",)))
        record = await inspect_exec(engine, exec_id)
        assert (record.running, record.exit_code) == (False, None)
        with pytest.raises(NotFoundError, match="No such exec instance: ghost"):
            await inspect_exec(engine, "ghost")
