"""What answers here."""

import os
from pathlib import Path

import labkit
from labkit.engine.system.version import go_architecture, version
from tests.unit.engine.lab import make_world, open_lab


async def test_names_engine_and_kernel(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        found = await version(engine)
        assert found.version == labkit.__version__
        assert found.kernel_version == os.uname().release
        assert found.arch == go_architecture() != "x86_64"
