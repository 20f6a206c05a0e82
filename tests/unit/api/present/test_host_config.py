"""HostConfig as inspect shows it; read back it is the same."""

from labkit.api.parse.containers import parse_host_config
from labkit.api.parse.fields import Fields
from labkit.api.present.host_config import describe_host_config
from labkit.api.versions import NEWEST, ApiVersion
from labkit.engine.model import (
    DeviceMapping,
    HostConfig,
    MountRequest,
    ResourceLimits,
    RestartPolicy,
    ThrottleRule,
    Ulimit,
    WeightDevice,
)
from labkit.network.model import PortBinding

FULL = HostConfig(
    binds=("a:/b:ro",),
    network_mode="net",
    port_bindings=(PortBinding(80, "tcp", "127.0.0.1", 8080), PortBinding(53, "udp")),
    restart_policy=RestartPolicy("on-failure", 2),
    auto_remove=True,
    cap_add=("NET_ADMIN",),
    dns=("10.0.0.1",),
    tmpfs={"/run": "size=1m"},
    sysctls={"net.core.somaxconn": "9"},
    storage_opt={"size": "1g"},
    annotations={"a": "b"},
    init=False,
    shm_size=4096,
    masked_paths=(),
    mounts=(
        MountRequest("bind", "/b", "/a", read_only=True, propagation="rshared"),
        MountRequest("volume", "/c", "v", labels={"x": "y"}, driver="local"),
        MountRequest("tmpfs", "/d", tmpfs_size=1, tmpfs_mode=448, consistency="cached"),
        MountRequest("tmpfs", "/e", tmpfs_options=(("exec",),)),
    ),
    resources=ResourceLimits(
        memory=1 << 25,
        pids_limit=9,
        memory_swappiness=0,
        devices=(DeviceMapping("/dev/a", "/dev/b", "r"),),
        ulimits=(Ulimit("core", 1, 2),),
        blkio_weight_device=(WeightDevice("/dev/a", 1),),
        blkio_device_write_iops=(ThrottleRule("/dev/a", 2),),
    ),
)


def test_what_is_shown_can_be_sent_back() -> None:
    for host in (HostConfig(), FULL):
        body = describe_host_config(host, NEWEST)
        assert parse_host_config(Fields(body)) == host


def test_empty_optional_parts_are_left_out() -> None:
    body = describe_host_config(HostConfig(), NEWEST)
    for name in ("Mounts", "Tmpfs", "Sysctls", "StorageOpt", "Annotations", "Init"):
        assert name not in body


def test_old_versions_have_fields_of_their_own() -> None:
    old = describe_host_config(FULL, ApiVersion(1, 41))
    assert old["KernelMemory"] == 0
    assert "Annotations" not in old
    assert "KernelMemory" not in describe_host_config(FULL, ApiVersion(1, 42))
