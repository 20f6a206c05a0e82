"""One daemon a data root."""

import os
import socket
import stat
from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InternalError, InvalidInputError
from labkit.daemon.config import Config, Owner
from labkit.daemon.instance import (
    empty_scratch,
    make_folders,
    open_listener,
    single_instance,
)
from labkit.kernel.probe.host import SCRATCH_PREFIX


@pytest.fixture
def config(tmp_path: Path) -> Config:
    owner = Owner(os.geteuid(), os.getegid())
    made = Config(tmp_path / "data", tmp_path / "s", owner)
    make_folders(made)
    return made


def test_empties_its_scratch_folder(config: Config) -> None:
    (config.scratch_folder / "left").write_text("over")
    (config.data_root / f"{SCRATCH_PREFIX}x/overlay").mkdir(parents=True)
    empty_scratch(config)
    assert not list(config.data_root.glob(f"{SCRATCH_PREFIX}*"))
    assert list(config.scratch_folder.iterdir()) == []


def test_a_second_daemon_leaves_the_firsts_scratch_alone(config: Config) -> None:
    (config.scratch_folder / "archive").write_text("on its way")
    make_folders(config)
    assert (config.scratch_folder / "archive").exists()


def test_a_second_daemon_is_refused_by_name(config: Config) -> None:
    with (
        single_instance(config),
        pytest.raises(ConflictError, match=f"as process {os.getpid()}"),
        single_instance(config),
    ):
        pass
    with single_instance(config):
        assert (config.run_folder / "daemon.pid").read_text() == f"{os.getpid()}\n"
    assert not (config.run_folder / "daemon.pid").exists()


def test_a_data_root_that_takes_nothing_gets_a_sentence(config: Config) -> None:
    pid_file = config.run_folder / "daemon.pid"
    pid_file.symlink_to("/dev/full")
    told = pytest.raises(InternalError, match=r"cannot write '.*pid': .*No space left")
    with told, single_instance(config):
        pass
    lock = config.run_folder / "daemon.lock"
    lock.unlink()
    lock.mkdir()
    told = pytest.raises(InternalError, match="cannot lock the data root: ")
    with told, single_instance(config):
        pass


def test_a_pid_file_without_a_lock_means_nothing(config: Config) -> None:
    (config.run_folder / "daemon.pid").write_text("1\n")
    with single_instance(config):
        pass


def test_the_socket_is_for_owner_and_group_only(config: Config) -> None:
    with open_listener(config):
        mode = config.socket.stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o660
    assert not config.socket.exists()


def test_takes_over_what_a_killed_daemon_left(config: Config) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(config.socket))
    with open_listener(config) as listener:
        listener.listen()
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(config.socket))


def test_leaves_a_socket_that_lives(config: Config) -> None:
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(config.socket))
        other.listen()
        with (
            pytest.raises(ConflictError, match="another program listens there"),
            open_listener(config),
        ):
            pass
        assert config.socket.exists()


def test_leaves_a_file_that_is_in_the_way(config: Config) -> None:
    config.socket.write_text("precious")
    with pytest.raises(ConflictError, match="no socket"), open_listener(config):
        pass
    assert config.socket.read_text() == "precious"


def test_does_not_remove_a_successors_socket(config: Config) -> None:
    with socket.socket(socket.AF_UNIX) as successor:
        with open_listener(config):
            config.socket.rename(config.socket.with_name("old"))
            successor.bind(str(config.socket))
        assert config.socket.exists()


def test_refuses_a_path_the_kernel_cannot_take(tmp_path: Path) -> None:
    path = tmp_path / ("x" * 108)
    config = Config(tmp_path, path, Owner(os.geteuid(), os.getegid()))
    with pytest.raises(InvalidInputError, match="at most 107 bytes"):
        open_listener(config).__enter__()


@pytest.mark.parametrize("name", ["a:b", "a, b", "a\\b"])
def test_refuses_a_folder_whose_layers_could_not_be_mounted(
    tmp_path: Path, name: str
) -> None:
    config = Config(tmp_path / name, tmp_path / "s", Owner(0, 0))
    with pytest.raises(InvalidInputError, match="no colon, comma or backslash"):
        make_folders(config)
    assert not (tmp_path / name).exists()
