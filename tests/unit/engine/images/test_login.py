"""Trying a password."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, UnauthorizedError
from labkit.engine.images.login import log_in, server_domain
from labkit.images.registry.failures import RefusedError
from labkit.images.registry.model import Credentials
from tests.unit.engine.lab import make_world, open_lab

ME = Credentials("lab", "secret")


@pytest.mark.parametrize(
    ("server", "domain"),
    [
        ("", "docker.io"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("127.0.0.1:5000", "127.0.0.1:5000"),
        ("http://lab.example:5000/v2/", "lab.example:5000"),
    ],
)
def test_reads_a_servers_address(server: str, domain: str) -> None:
    assert server_domain(server) == domain


async def test_asks_the_registry(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await log_in(engine, "lab:5000", ME)
        assert world.registries.logins == [("lab:5000", ME)]


async def test_tells_a_token_servers_no_from_a_registrys(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        said = "unauthorized: incorrect username or password"
        world.registries.refusal = RefusedError(said, "UNAUTHORIZED", 401)
        with pytest.raises(UnauthorizedError, match=f'^Get "https://lab/v2/": {said}$'):
            await log_in(engine, "lab", ME)
        said = "login attempt to http://lab/v2/ failed with status: 401 Unauthorized"
        world.registries.refusal = RefusedError(said, "UNAUTHORIZED", 401)
        with pytest.raises(InternalError, match=said):
            await log_in(engine, "lab", ME)
