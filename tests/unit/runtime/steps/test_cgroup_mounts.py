"""/sys/fs/cgroup for both versions, with a cgroup namespace and without."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.cgroups.hierarchy import CgroupMount, Hierarchy, Kind
from labkit.kernel.recording import RecordingKernel
from labkit.runtime.handshake import Channel
from labkit.runtime.steps.cgroup_mounts import mount_cgroups
from labkit.runtime.steps.options import parse_options
from labkit.spec.runtime import Mount, Namespace
from tests.unit.runtime.steps.made import make_context, make_spec

_MOUNT = Mount("/sys/fs/cgroup", "cgroup", "cgroup", ("ro",))
_V1 = Hierarchy(Kind.V1, (CgroupMount(Path("/c/cpu,cpuacct"), ("cpu", "cpuacct")),))
_V2 = Hierarchy(Kind.V2, (), CgroupMount(Path("/c"), ()))


def _mount(channel: Channel, hierarchy: Hierarchy, own: bool) -> RecordingKernel:
    spec = make_spec()
    if own:
        made = (*spec.linux.namespaces, Namespace("cgroup"))
        spec = replace(spec, linux=replace(spec.linux, namespaces=made))
    context = make_context(channel, spec)
    context.hierarchy = hierarchy
    kernel = RecordingKernel()
    context.root_fd = kernel.open_folder("/")
    mount_cgroups(kernel, context, _MOUNT, parse_options(_MOUNT.options))
    return kernel


@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("hierarchy", [_V1, _V2], ids=["v1", "v2"])
def test_is_never_writable(channel: Channel, hierarchy: Hierarchy, own: bool) -> None:
    kernel = _mount(channel, hierarchy, own)
    last = [c for c in kernel.calls if c.name == "mount"][-1]
    assert "RDONLY" in str(last)


def test_names_a_tree_of_two_controllers_by_each(channel: Channel) -> None:
    kernel = _mount(channel, _V1, own=True)
    links = [c.operands[:2] for c in kernel.calls if c.name == "make_symlink"]
    assert links == [("cpu,cpuacct", "cpu"), ("cpu,cpuacct", "cpuacct")]
    assert "/sys/fs/cgroup/cpu,cpuacct" in kernel.mounted


def test_v2_is_one_mount(channel: Channel) -> None:
    kernel = _mount(channel, _V2, own=True)
    assert kernel.mounted == ["/sys/fs/cgroup"]
