"""What is mounted, and in which order."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.mounts import build_mounts
from labkit.engine.model import HostConfig, MountPoint, MountRequest
from labkit.spec.runtime import Mount
from tests.unit.engine.build import container

FOLDER = Path("/data/containers/x")


def mounts(host: HostConfig, *points: MountPoint) -> dict[str, Mount]:
    record = container(host=host, mounts=points)
    return {m.destination: m for m in build_mounts(record, FOLDER, None, None)}


def test_the_kernels_filesystems_come_first_and_the_files_last() -> None:
    order = list(mounts(HostConfig(), MountPoint("bind", "/etc", "/srv/etc")))
    assert order[:7] == [
        *("/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup"),
        *("/dev/mqueue", "/dev/shm"),
    ]
    assert order[7] == "/etc"
    assert order[8:] == ["/etc/resolv.conf", "/etc/hostname", "/etc/hosts"]


def test_parents_are_mounted_before_children() -> None:
    points = (
        MountPoint("volume", "/a/b/c", "/v1"),
        MountPoint("volume", "/a", "/v2"),
        MountPoint("tmpfs", "/a/b"),
    )
    order = [m for m in mounts(HostConfig(), *points) if m.startswith("/a")]
    assert order == ["/a", "/a/b", "/a/b/c"]


def test_who_mounts_over_a_file_of_ours_gets_it() -> None:
    found = mounts(HostConfig(), MountPoint("bind", "/etc/hosts", "/mine"))
    assert found["/etc/hosts"].source == "/mine"
    assert found["/etc/hostname"].source == str(FOLDER / "hostname")


def test_read_only_and_propagation() -> None:
    point = MountPoint("bind", "/x", "/y", writable=False, propagation="rslave")
    assert mounts(HostConfig(), point)["/x"].options == ("rbind", "rro", "rslave")


def test_what_lies_below_a_read_only_mount_may_stay_writable() -> None:
    point = MountPoint("bind", "/x", "/y", writable=False)
    asked = MountRequest("bind", "/x", "/y", True, read_only_non_recursive=True)
    assert mounts(HostConfig(mounts=(asked,)), point)["/x"].options[1] == "ro"


def test_a_part_of_a_volume() -> None:
    point = MountPoint("volume", "/x", "/volumes/v/_data", "v")
    asked = MountRequest("volume", "/x", "v", subpath="a/b")
    found = mounts(HostConfig(mounts=(asked,)), point)["/x"]
    assert found.options == ("rbind", "rw", "rprivate", "X-mount.subdir=a/b")


def test_the_files_of_the_network_are_as_read_only_as_the_root() -> None:
    assert "rw" in mounts(HostConfig())["/etc/hosts"].options
    assert "ro" in mounts(HostConfig(readonly_rootfs=True))["/etc/hosts"].options


def test_who_may_write_to_cgroups() -> None:
    chosen = HostConfig(security_opt=("writable-cgroups=true",))
    refused = HostConfig(privileged=True, security_opt=("writable-cgroups=0",))
    assert "rw" in mounts(chosen)["/sys/fs/cgroup"].options
    assert "ro" in mounts(refused)["/sys/fs/cgroup"].options


def test_the_hosts_queues_are_those_of_its_namespace() -> None:
    assert mounts(HostConfig(ipc_mode="host"))["/dev/mqueue"].type == "mqueue"


def test_sys_is_writable_for_the_privileged_only() -> None:
    assert "ro" in mounts(HostConfig())["/sys"].options
    assert "rw" in mounts(HostConfig(privileged=True))["/sys"].options


def test_shared_memory() -> None:
    found = mounts(HostConfig(shm_size=1 << 20))["/dev/shm"]
    assert f"size={1 << 20}" in found.options
    assert mounts(HostConfig(ipc_mode="host"))["/dev/shm"].source == "/dev/shm"
    assert "/dev/shm" not in mounts(HostConfig(ipc_mode="none"))
    record = container(host=HostConfig(ipc_mode="container:x"))
    other = Path("/proc/7/root/dev/shm")
    joined = {m.destination: m for m in build_mounts(record, FOLDER, other, None)}
    assert joined["/dev/shm"].source == str(other)


def test_tmpfs_words_replace_their_opposites() -> None:
    found = mounts(HostConfig(tmpfs={"/t": "exec,size=1m"}))["/t"]
    assert found.options == ("nosuid", "nodev", "exec", "size=1m")


def test_refuses_unknown_tmpfs_words() -> None:
    with pytest.raises(InvalidInputError, match='invalid tmpfs option \\["foo"\\]'):
        mounts(HostConfig(tmpfs={"/t": "foo"}))


def test_mount_option_details_come_from_the_request() -> None:
    host = HostConfig(
        mounts=(
            MountRequest(
                "tmpfs",
                "/t",
                tmpfs_size=4096,
                tmpfs_mode=0o700,
                tmpfs_options=(("exec",),),
            ),
            MountRequest("bind", "/b", "/src", non_recursive=True),
        )
    )
    found = mounts(host, MountPoint("tmpfs", "/t"), MountPoint("bind", "/b", "/src"))
    assert {"size=4096", "mode=700", "exec"} <= set(found["/t"].options)
    assert "noexec" not in found["/t"].options
    assert found["/b"].options[0] == "bind"
