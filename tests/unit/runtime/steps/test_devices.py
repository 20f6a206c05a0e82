"""/dev on the recording kernel."""

import errno
from dataclasses import replace

from labkit.kernel.libc import kernel_error
from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps.devices import link_devices, make_devices
from labkit.spec.runtime import Mount
from tests.unit.runtime.steps.made import make_context, make_spec


def test_makes_the_six_and_the_bundles_own(channel: Channel) -> None:
    kernel = RecordingKernel()
    make_devices(kernel, make_context(channel))
    made = {c.operands[0] for c in kernel.calls if c.name == "make_node"}
    assert made == {"null", "zero", "full", "tty", "random", "urandom", "fuse"}
    assert kernel.open_files == {}


def test_links_the_streams(channel: Channel) -> None:
    kernel = RecordingKernel()
    link_devices(kernel, make_context(channel))
    links = {c.operands[1] for c in kernel.calls if c.name == "make_symlink"}
    assert links == {"fd", "stdin", "stdout", "stderr", "ptmx"}


def test_leaves_a_bound_dev_alone(channel: Channel) -> None:
    spec = replace(make_spec(), mounts=(Mount("/dev", "bind", "/dev", ("rbind",)),))
    kernel = RecordingKernel()
    for step in (make_devices, link_devices):
        step(kernel, make_context(channel, spec))
    assert kernel.calls == []


class NoNodes(RecordingKernel):
    """As in a user namespace."""

    def make_node(
        self, path: str, mode: int, device: int, folder: int | None = None
    ) -> None:
        raise kernel_error(errno.EPERM, "mknodat", path)


def test_binds_devices_where_none_can_be_made(channel: Channel) -> None:
    kernel = NoNodes()
    make_devices(kernel, make_context(channel))
    assert "/dev/null" in kernel.mounted
