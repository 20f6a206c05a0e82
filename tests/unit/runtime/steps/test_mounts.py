"""The order of mounts, and what waits for the gate."""

from dataclasses import replace

import pytest

from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps.context import SetupError
from labkit.runtime.steps.mounts import (
    hold_shared_sources,
    mount_kernel_files,
    mount_rest,
)
from labkit.spec.runtime import Mount
from tests.unit.runtime.steps.made import make_context, make_kernel, make_spec


def test_binds_wait_for_the_gate(channel: Channel) -> None:
    kernel, context = make_kernel(), make_context(channel)
    context.root_fd = kernel.open_folder("/")
    mount_kernel_files(kernel, context)
    assert "/data/in" not in kernel.mounted
    early = len(kernel.mounted)
    mount_rest(kernel, context)
    assert kernel.mounted[early:] == ["/data/in"]


def test_a_bind_takes_its_flags_by_a_second_call(channel: Channel) -> None:
    spec = replace(make_spec(), mounts=(Mount("/etc", "bind", "/bin", ("bind", "ro")),))
    kernel, context = make_kernel(), make_context(channel, spec)
    context.root_fd = kernel.open_folder("/")
    mount_rest(kernel, context)
    flags = [str(c) for c in kernel.calls if c.name == "mount"]
    assert len(flags) == 2
    assert "REMOUNT" not in flags[0]
    assert "REMOUNT" in flags[1]


@pytest.mark.parametrize(
    ("mount", "text"),
    [
        (Mount("/proc", "bind", "/etc", ("bind",)), "it is not of type proc"),
        (Mount("//proc", "bind", "/etc", ("bind",)), "it is not of type proc"),
        (Mount("/proc/", "tmpfs", "tmpfs"), "it is not of type proc"),
        (Mount("/proc/self", "bind", "/etc", ("bind",)), "it is inside /proc"),
        (Mount("/srv/../proc/sys", "tmpfs", "tmpfs"), "it is inside /proc"),
    ],
)
def test_nothing_else_takes_the_place_of_proc(
    channel: Channel, mount: Mount, text: str
) -> None:
    proc = Mount("/proc", "proc", "proc")
    kernel = make_kernel()
    kernel.folders |= {"/proc/self", "/proc/sys"}
    context = make_context(channel, replace(make_spec(), mounts=(proc, mount)))
    context.root_fd = kernel.open_folder("/")
    with pytest.raises(SetupError, match=text):
        mount_rest(kernel, context)
    assert kernel.mounted == ["/proc"]


def test_a_file_that_lxcfs_makes_may_be_covered(channel: Channel) -> None:
    mounts = (
        Mount("/proc", "proc", "proc"),
        Mount("/proc/uptime", "bind", "/etc/hosts", ("bind",)),
    )
    kernel = make_kernel()
    kernel.files |= {"/proc/uptime", "/etc/hosts"}
    context = make_context(channel, replace(make_spec(), mounts=mounts))
    context.root_fd = kernel.open_folder("/")
    mount_rest(kernel, context)
    assert kernel.mounted == ["/proc", "/proc/uptime"]


def test_a_missing_source_is_named(channel: Channel) -> None:
    spec = replace(make_spec(), mounts=(Mount("/x", "bind", "/gone", ("bind",)),))
    context = make_context(channel, spec)
    with pytest.raises(SetupError, match="bind source path does not exist: /gone"):
        mount_rest(RecordingKernel(), context)


def test_a_path_below_the_source_is_looked_up_there(channel: Channel) -> None:
    part = Mount("/etc", "bind", "/bin", ("bind", "X-mount.subdir=sub"))
    kernel = make_kernel()
    context = make_context(channel, replace(make_spec(), mounts=(part,)))
    context.root_fd = kernel.open_folder("/")
    with pytest.raises(SetupError, match="cannot access path /bin/sub: lstat /bin/sub"):
        mount_rest(kernel, context)
    kernel.folders.add("/sub")
    mount_rest(kernel, context)
    assert kernel.mounted == ["/etc"]


def test_what_another_container_sees_is_copied_from_there(channel: Channel) -> None:
    shared = Mount("/etc", "bind", "/proc/7/root/dev/shm", ("bind",))
    kernel = make_kernel()
    kernel.folders.add("/proc/7/root/dev/shm")
    context = make_context(channel, replace(make_spec(), mounts=(shared,)))
    context.root_fd = kernel.open_folder("/")
    mount_rest(kernel, context)
    calls = [str(call) for call in kernel.calls]
    assert any("copy_mount(" in call and "/proc/7/ns/mnt" in call for call in calls)
    assert kernel.mounted == ["/etc"]


def test_what_is_shared_is_held_before_all_is_cut_off(channel: Channel) -> None:
    shared = Mount("/etc", "bind", "/bin", ("rbind", "rshared"))
    own = Mount("/sys", "bind", "/bin", ("rbind", "rprivate"))
    kernel = make_kernel()
    context = make_context(channel, replace(make_spec(), mounts=(shared, own)))
    context.root_fd = kernel.open_folder("/")
    hold_shared_sources(kernel, context)
    assert list(context.shared) == ["/etc"]
    mount_rest(kernel, context)
    assert kernel.names.count("attach_mount") == 1
    assert kernel.mounted == ["/etc", "/sys"]
