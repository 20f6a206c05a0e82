"""One spawner for a test module; every container of it is deleted at the end."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.errors import LabError
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.runtime.runtime import Runtime
from tests.system.runtime.lab import CGROUP_PARENT, Lab, cgroups, make_root


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    root = tmp_path_factory.mktemp("runtime")
    make_root(root / "lower")
    runtime = Runtime(root / "containers", cgroups)
    runtime.open()
    made = Lab(root, runtime)
    yield made
    for folder in (root / "containers").glob("*"):
        with contextlib.suppress(LabError):
            runtime.delete(folder.name)
    runtime.close()
    _remove_parent()


def _remove_parent() -> None:
    for tree in read_hierarchy().v1:
        folder = Path(tree.mount_point, CGROUP_PARENT.strip("/"))
        if folder.exists():
            folder.rmdir()
