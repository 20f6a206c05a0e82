"""The layers below, opened and closed as the daemon does it."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from labkit.daemon.config import Config, Owner
from labkit.daemon.foundations import Foundations
from labkit.daemon.instance import make_folders
from labkit.daemon.wiring import Machine, open_machine
from labkit.network.model import Network, Subnet
from tests.leftovers import take_stock

pytestmark = [pytest.mark.root, pytest.mark.slow]

NETWORK = Network("e" * 64, "net", "bridge", (Subnet("10.219.0.0/24", "10.219.0.1"),))


@pytest.fixture
def config() -> Iterator[Config]:
    root = Path(tempfile.mkdtemp(prefix="lk-", dir="/tmp"))
    made = Config(root / "data", root / "s", Owner(0, 0))
    make_folders(made)
    yield made
    shutil.rmtree(root)


def _named(config: Config) -> list[str]:
    marks = (config.engine_id, str(config.data_root))
    return sorted(line for line in take_stock() if any(mark in line for mark in marks))


@contextlib.asynccontextmanager
async def _opened(config: Config) -> AsyncIterator[tuple[Foundations, Machine]]:
    with Foundations(config) as foundations:
        async with open_machine(config, foundations) as machine:
            yield foundations, machine


async def test_networks_stay_unless_they_are_to_go(config: Config) -> None:
    async with _opened(config) as (foundations, machine):
        foundations.opened = True
        await machine.ports.network.ensure_network(NETWORK)
        namespace = os.stat(await machine.network_namespace()).st_ino
    async with _opened(config) as (foundations, machine):
        # Another daemon would find them as they were.
        assert os.stat(await machine.network_namespace()).st_ino == namespace
        foundations.emptied = True
    assert _named(config) == []


async def test_an_engine_that_never_stood_takes_back_what_it_made(
    config: Config,
) -> None:
    async with _opened(config):
        assert _named(config) != []
    assert _named(config) == []


async def test_an_engine_that_never_stood_leaves_what_it_found(config: Config) -> None:
    async with _opened(config) as (foundations, _):
        foundations.opened = True
    found = _named(config)
    async with _opened(config):
        pass
    assert _named(config) == found != []
    async with _opened(config) as (foundations, _):
        foundations.emptied = True
    assert _named(config) == []


async def test_every_layer_answers(config: Config) -> None:
    async with _opened(config) as (foundations, machine):
        foundations.emptied = True
        assert await machine.ports.images.list() == ()
        assert await machine.ports.network.host_routes()
        assert machine.scratch.is_dir()
