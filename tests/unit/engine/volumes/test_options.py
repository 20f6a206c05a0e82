"""-o of volumes."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, LabError
from labkit.engine.model import Volume
from labkit.engine.volumes.options import check_device, check_options, make_data_folder

_BIND = {"type": "none", "o": "bind", "device": "/srv"}


@pytest.mark.parametrize(
    "options",
    [{}, _BIND, {**_BIND, "o": "rbind"}, {"type": "tmpfs", "device": "tmpfs"}],
    ids=["none", "bind", "rbind", "memory"],
)
def test_takes(options: dict[str, str]) -> None:
    check_options("data", options)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"nosuch": "1"}, 'create data: invalid option: "nosuch"'),
        ({"type": "none"}, 'create data: missing required option: "device"'),
        ({"device": "/srv"}, 'create data: missing required option: "type"'),
        ({"o": "bind"}, 'create data: missing required option: "device"'),
        ({"size": "1g"}, "create data: quota size requested but no quota support"),
        ({**_BIND, "device": "srv"}, "device 'srv' is no absolute path"),
        ({**_BIND, "o": "bind,ro"}, "not mounts of type none with o=bind,ro"),
        (
            {"type": "nfs", "device": ":/x", "o": "addr=10.0.0.1"},
            "not mounts of type nfs with o=addr=10.0.0.1",
        ),
    ],
)
def test_refuses(options: dict[str, str], text: str) -> None:
    with pytest.raises(LabError) as caught:
        check_options("data", options)
    assert text in caught.value.message


def test_a_link_or_a_folder(tmp_path: Path) -> None:
    make_data_folder(tmp_path / "a/_data", {})
    assert (tmp_path / "a/_data").is_dir()
    for _ in range(2):  # what a crash left is taken over
        bind = {**_BIND, "device": str(tmp_path / "a")}
        make_data_folder(tmp_path / "b/_data", bind)
    assert (tmp_path / "b/_data").resolve() == tmp_path / "a"
    make_data_folder(tmp_path / "c/_data", {"type": "tmpfs", "device": "tmpfs"})
    assert not (tmp_path / "c/_data").is_symlink()


def test_a_device_that_is_gone(tmp_path: Path) -> None:
    check_device(Volume("data", 1, "/x"))
    check_device(Volume("data", 1, "/x", options={"device": str(tmp_path)}))
    with pytest.raises(InternalError, match="failed to mount local volume: mount /no"):
        check_device(Volume("data", 1, "/x", options={"device": "/nosuch"}))
    memory = {"type": "tmpfs", "device": "tmpfs"}
    check_device(Volume("data", 1, "/x", options=memory))
