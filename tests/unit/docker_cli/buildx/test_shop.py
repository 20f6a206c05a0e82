"""The place where builds are made."""

from pathlib import Path

from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.endpoint import Endpoint


def test_a_shop_is_an_engine_and_a_folder() -> None:
    engine = Engine(Endpoint("unix:///x"))
    assert Shop(engine, Path("/c")).engine is engine
