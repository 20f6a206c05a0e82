"""What a daemon is told."""

import os
from pathlib import Path

import pytest

from labkit.daemon.config import (
    Owner,
    engine_id,
    parse_arguments,
    socket_owner,
)


def test_everything_follows_from_the_data_root(tmp_path: Path) -> None:
    config = parse_arguments(["--data-root", str(tmp_path / "x/../data")], {})
    assert config.data_root == tmp_path / "data"
    assert config.socket == tmp_path / "data/run/docker.sock"
    assert config.engine_id == engine_id(tmp_path / "data")


def test_a_socket_of_its_own(tmp_path: Path) -> None:
    arguments = ["--data-root", str(tmp_path), "--socket", str(tmp_path / "s")]
    assert parse_arguments(arguments, {}).socket == tmp_path / "s"


def test_ids_are_short_and_differ() -> None:
    one, other = engine_id(Path("/a")), engine_id(Path("/b"))
    assert one != other
    assert len(one) == 6
    assert int(one, 16) >= 0


@pytest.mark.parametrize(
    "environ",
    [{}, {"SUDO_UID": "x", "SUDO_GID": "1"}, {"SUDO_UID": "1000"}],
)
def test_the_socket_is_ours_without_sudo(environ: dict[str, str]) -> None:
    assert socket_owner(environ) == Owner(os.geteuid(), os.getegid())


@pytest.mark.root
def test_the_socket_goes_to_who_said_sudo() -> None:
    environ = {"SUDO_UID": "1000", "SUDO_GID": "1001"}
    assert socket_owner(environ) == Owner(1000, 1001)
