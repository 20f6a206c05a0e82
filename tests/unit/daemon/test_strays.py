"""What an earlier daemon left and nobody can speak to any more."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

from labkit.cgroups.manager import Manager
from labkit.daemon.strays import (
    NETD_SOCKET,
    SHIM_SOCKET,
    end_stray_containers,
    end_stray_netd,
)
from tests.waiting import wait_until


class _Group:
    """A group of a made-up tree, which is a dictionary of paths to pids."""

    def __init__(self, tree: dict[str, tuple[int, ...]], path: str) -> None:
        self._tree = tree
        self._path = path

    def children(self) -> tuple[str, ...]:
        below = f"{self._path}/"
        return tuple(p.removeprefix(below) for p in self._tree if p.startswith(below))

    def processes(self) -> tuple[int, ...]:
        return self._tree[self._path]

    def kill(self) -> None:
        self._tree[self._path] = ()

    def delete(self) -> None:
        assert self._tree.pop(self._path) == ()


def test_ends_containers_that_no_shim_answers_for(tmp_path: Path) -> None:
    tree: dict[str, tuple[int, ...]] = {"/p/held": (1,), "/p/lost": (2,), "/p/old": ()}
    (tmp_path / "held").mkdir()
    (tmp_path / "held" / SHIM_SOCKET).touch()

    def cgroup(path: str) -> _Group:
        return _Group(tree, path)

    factory = cast(Callable[[str], Manager], cgroup)
    end_stray_containers("/p", factory, tmp_path)
    assert tree == {"/p/held": (1,)}


def test_ends_a_netd_that_cannot_be_found(tmp_path: Path) -> None:
    script = "import sys; sys.stdin.read()"
    words = ["-m", "labkit.network.netd", "--home", str(tmp_path)]
    # What it is called is all that counts.
    with subprocess.Popen(
        [sys.executable, "-c", script, *words, ""], stdin=subprocess.PIPE
    ) as pretender:
        # The kernel lets a parent go on before it has written its child's command line.
        named = Path(f"/proc/{pretender.pid}/cmdline")
        wait_until(named.read_bytes, "it has its name")
        (tmp_path / NETD_SOCKET).touch()
        end_stray_netd(tmp_path)
        assert pretender.poll() is None
        (tmp_path / NETD_SOCKET).unlink()
        end_stray_netd(tmp_path)
        assert pretender.wait(10) == -9
