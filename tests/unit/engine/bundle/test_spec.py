"""The whole document."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.codec import camel_case, decode, encode
from labkit.engine.bundle.spec import Surroundings, build_spec
from labkit.engine.bundle.users import Identity
from labkit.engine.containers.defaults import fill_host_config
from labkit.engine.model import (
    Container,
    ContainerConfig,
    HostConfig,
    MountPoint,
    ResourceLimits,
)
from labkit.snapshots.model import OverlayDirs
from labkit.spec.runtime import OVERLAY_LOWER, Spec, User
from tests.unit.engine.build import ID, container

FOLDER = Path("/data/containers/x")
AROUND = Surroundings(
    folder=FOLDER,
    dirs=OverlayDirs((Path("/l/2"), Path("/l/1")), FOLDER / "upper", FOLDER / "work"),
    identity=Identity(User(), "/root"),
    cgroup_parent="/labkit-abc123",
    hostname="box",
)


def record(host: HostConfig | None = None, **changes: object) -> Container:
    filled = fill_host_config(host or HostConfig())
    return container(ContainerConfig(domainname="lab"), filled, **changes)


@pytest.mark.parametrize(
    ("wanted", "parent"),
    [("/mine", "/mine"), ("a/b", "/a/b"), ("../../x", "/x"), ("/", ""), ("//y/", "/y")],
)
def test_a_cgroup_of_ones_own_choice(wanted: str, parent: str) -> None:
    host = HostConfig(resources=ResourceLimits(cgroup_parent=wanted))
    spec = build_spec(record(host), AROUND)
    assert spec.linux.cgroups_path == f"{parent}/{ID}"


def test_a_default_container() -> None:
    spec = build_spec(record(), AROUND)
    assert (spec.hostname, spec.domainname) == ("box", "lab")
    assert spec.root.path == "rootfs"
    assert spec.annotations[OVERLAY_LOWER] == "/l/2:/l/1"
    assert spec.linux.cgroups_path == f"/labkit-abc123/{ID}"
    assert "/proc/kcore" in spec.linux.masked_paths
    assert "/proc/sys" in spec.linux.readonly_paths
    assert spec.linux.seccomp is not None


def test_survives_the_way_to_the_disk() -> None:
    spec = build_spec(record(HostConfig(sysctls={"net.core.somaxconn": "9"})), AROUND)
    assert decode(Spec, encode(spec, camel_case), camel_case) == spec


def test_the_hosts_name_is_nobodys_to_set() -> None:
    spec = build_spec(record(HostConfig(uts_mode="host")), AROUND)
    assert (spec.hostname, spec.domainname) == (None, None)


def test_privileged_sees_everything() -> None:
    spec = build_spec(record(HostConfig(privileged=True)), AROUND)
    assert spec.linux.masked_paths == spec.linux.readonly_paths == ()
    assert spec.linux.seccomp is None


def test_a_copied_tree_needs_no_overlay() -> None:
    dirs = OverlayDirs((), FOLDER / "upper", FOLDER / "work")
    spec = build_spec(record(), replace(AROUND, dirs=dirs))
    assert spec.root.path == str(FOLDER / "upper")
    assert OVERLAY_LOWER not in spec.annotations


def test_a_shared_bind_needs_a_shared_root() -> None:
    point = MountPoint("bind", "/x", "/y", propagation="rshared")
    spec = build_spec(record(mounts=(point,)), AROUND)
    assert spec.linux.rootfs_propagation == "rshared"
    assert build_spec(record(), AROUND).linux.rootfs_propagation is None


def test_a_network_of_ones_own_is_open_to_ordinary_users() -> None:
    name = "net.ipv4.ip_unprivileged_port_start"
    assert build_spec(record(), AROUND).linux.sysctl[name] == "0"
    chosen = record(HostConfig(sysctls={name: "1024"}))
    assert build_spec(chosen, AROUND).linux.sysctl[name] == "1024"
    for mode in ("host", "container:x"):
        sysctls = build_spec(record(HostConfig(network_mode=mode)), AROUND).linux.sysctl
        assert sysctls == {}
