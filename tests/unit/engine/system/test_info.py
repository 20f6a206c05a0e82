"""Counts and facts."""

import os
from pathlib import Path

from labkit.engine.containers.pause import pause
from labkit.engine.system.info import info
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_counts_by_state(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run(engine, "sleep")
        await pause(engine, await run(engine, "sleep"))
        await make(engine)
        found = await info(engine)
        assert (found.containers_running, found.containers_paused) == (1, 1)
        assert (found.containers_stopped, found.containers) == (1, 3)
        assert (found.images, found.cpus) == (1, os.cpu_count())
        assert found.data_root == str(tmp_path / "data")
        assert found.memory_bytes > 1 << 20
