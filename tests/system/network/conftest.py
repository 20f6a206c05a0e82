"""An engine's network for a test, gone without a trace afterwards."""

import hashlib
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.system.network.world import World, ip


@pytest.fixture
def engine_id(tmp_path: Path) -> str:
    return hashlib.sha256(str(tmp_path).encode()).hexdigest()[:6]


@pytest.fixture
def world(tmp_path: Path, engine_id: str) -> Iterator[World]:
    with ExitStack() as stack:
        yield World(tmp_path / "network", engine_id, stack)
    assert traces(engine_id) == []


def traces(engine_id: str) -> list[str]:
    """List what an engine left in the host's namespace."""
    found = [line for line in ip("link").splitlines() if engine_id in line]
    found += [line for line in ip("route").splitlines() if engine_id in line]
    rules = subprocess.run(
        ["nft", "list", "ruleset"], capture_output=True, text=True, check=True
    ).stdout
    return found + [line for line in rules.splitlines() if engine_id in line]
