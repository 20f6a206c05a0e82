"""What the recorder knows."""

import pytest

from labkit.kernel.flags import MountFlag, UnmountFlag
from labkit.kernel.recording import RecordingKernel


def test_writes_down_calls_and_mounts() -> None:
    kernel = RecordingKernel()
    kernel.mount(None, "/", None, MountFlag.SLAVE | MountFlag.REC)
    kernel.mount("proc", "/proc", "proc")
    assert kernel.names == ["mount", "mount"]
    assert (kernel.mounted, kernel.leaked) == (["/proc"], [])
    kernel.umount("/proc", UnmountFlag.DETACH)
    assert kernel.mounted == []


def test_sees_a_mount_that_reaches_the_host() -> None:
    kernel = RecordingKernel()
    kernel.mount("proc", "/proc", "proc")
    assert kernel.leaked == ["/proc"]


def test_fails_the_call_it_was_told_to() -> None:
    kernel = RecordingKernel(fail_at=1)
    kernel.sethostname("a")
    with pytest.raises(OSError, match="setdomainname"):
        kernel.setdomainname("b")
    assert kernel.names == ["sethostname"]
