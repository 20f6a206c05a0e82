"""One suite for the kernel and its recording twin: where they must not differ."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labkit.kernel.calls import Kernel
from labkit.kernel.linux import LinuxKernel
from labkit.kernel.recording import RecordingKernel

Made = tuple[Kernel, int]


def _linux(folder: Path) -> Made:
    return LinuxKernel(), os.open(folder, os.O_PATH | os.O_DIRECTORY)


def _recording(_: Path) -> Made:
    kernel = RecordingKernel(folders=("/",))
    return kernel, kernel.open_folder("/")


@pytest.fixture(params=[_linux, _recording], ids=["linux", "recording"])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    factory: Callable[[Path], Made] = request.param
    kernel, root = factory(tmp_path)
    yield kernel, root
    kernel.close(root)


def test_what_is_absent_is_not_found(made: Made) -> None:
    kernel, root = made
    with pytest.raises(FileNotFoundError):
        kernel.open_inside(root, "/absent")


def test_what_was_made_can_be_opened(made: Made) -> None:
    kernel, root = made
    kernel.make_folder("folder", folder=root)
    inner = kernel.open_inside(root, "/folder")
    kernel.make_file("file", 0o644, folder=inner)
    kernel.close(inner)
    kernel.close(kernel.open_inside(root, "/folder/file"))
    kernel.close(kernel.open_inside(root, "folder/../folder"))
