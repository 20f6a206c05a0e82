"""The one builder."""

from pathlib import Path

import pytest

from labkit.docker_cli.buildx.builders import inspect, ls, table, version
from labkit.docker_cli.buildx.engine import Engine
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given
from labkit.docker_cli.buildx.shop import Shop
from labkit.docker_cli.endpoint import Endpoint
from tests.unit.docker_cli.buildx.fake_engine import fake_engine

ANSWERS = {"GET /version": (200, {"Os": "linux", "Arch": "amd64", "Version": "27.0"})}


def test_lists_and_inspects_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with fake_engine(tmp_path, answers=ANSWERS) as fake:
        shop = Shop(fake.engine, tmp_path)
        assert ls(shop, Given()) == 0
        rows = capsys.readouterr().out.splitlines()
        assert rows[0].split() == [
            *("NAME/NODE", "DRIVER/ENDPOINT", "STATUS", "BUILDKIT", "PLATFORMS"),
        ]
        assert rows[1] == "default*      docker"
        assert rows[2].split() == [
            *("\\_", "default", "\\_", "default", "running", "27.0", "linux/amd64"),
        ]
        assert inspect(shop, Given()) == 0
        assert "Status:           running\n" in capsys.readouterr().out
        with pytest.raises(BuildxError, match='no builder "x" found'):
            inspect(shop, Given(arguments=["x"]))


def test_an_engine_that_is_away_is_an_error_in_the_list(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = Shop(Engine(Endpoint(f"unix://{tmp_path}/none")), tmp_path)
    assert ls(shop, Given()) == 0
    assert "error" in capsys.readouterr().out
    assert version(shop, Given()) == 0


def test_columns_are_as_wide_as_their_widest() -> None:
    assert table([("a", "bb"), ("ccc", "d")]) == "a     bb\nccc   d\n"
