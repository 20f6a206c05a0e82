"""Create and exec bodies, with the sentinels that clients send."""

from typing import Any

import pytest

from labkit.api.parse.containers import (
    parse_config,
    parse_endpoints,
    parse_exec,
    parse_host_config,
)
from labkit.api.parse.fields import Fields
from labkit.engine.model import (
    ContainerConfig,
    DeviceMapping,
    EndpointRequest,
    HostConfig,
    MountRequest,
    RestartPolicy,
    ThrottleRule,
    Ulimit,
    WeightDevice,
)
from labkit.spec.image import Healthcheck


def test_an_empty_body_is_all_defaults() -> None:
    assert parse_config(Fields({})) == ContainerConfig()
    assert parse_host_config(Fields({})) == HostConfig()


@pytest.mark.parametrize(
    "body",
    [
        {"MemorySwappiness": -1, "PidsLimit": 0, "NetworkMode": "", "ShmSize": 0},
        {"RestartPolicy": {"Name": ""}, "LogConfig": {"Type": "", "Config": None}},
        {"RestartPolicy": {"Name": "no"}, "MemorySwappiness": None},
        {"Binds": None, "PortBindings": {}, "Devices": [], "Ulimits": None},
        {"NetworkMode": "default", "ConsoleSize": [0, 0]},
    ],
)
def test_sentinels_mean_nothing(body: dict[str, Any]) -> None:
    assert parse_host_config(Fields(body)) == HostConfig()


def test_reads_a_config() -> None:
    config = parse_config(
        Fields(
            {
                "Image": "busybox",
                "Cmd": ["sleep", "1"],
                "Entrypoint": [],
                "Env": ["A=1"],
                "ExposedPorts": {"80/tcp": {}},
                "Volumes": {"/data": {}},
                "Labels": {"a": "b"},
                "StopTimeout": 0,
                "Healthcheck": {"Test": ["CMD", "true"], "Interval": 10**9},
            }
        )
    )
    assert (config.cmd, config.entrypoint) == (("sleep", "1"), ())
    assert (config.exposed_ports, config.volumes) == (("80/tcp",), ("/data",))
    assert config.stop_timeout == 0
    assert config.healthcheck == Healthcheck(("CMD", "true"), interval=10**9)


def test_reads_a_host_config() -> None:
    host = parse_host_config(
        Fields(
            {
                "Binds": ["a:/b"],
                "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 3},
                "Init": False,
                "MaskedPaths": [],
                "Memory": 1 << 25,
                "MemorySwappiness": 0,
                "PidsLimit": -1,
                "Devices": [{"PathOnHost": "/dev/null", "PathInContainer": "/dev/x"}],
                "Ulimits": [{"Name": "core", "Soft": 1, "Hard": 2}],
                "BlkioWeightDevice": [{"Path": "/dev/a", "Weight": 5}],
                "BlkioDeviceReadBps": [{"Path": "/dev/a", "Rate": 6}],
            }
        )
    )
    limits = host.resources
    assert host.restart_policy == RestartPolicy("on-failure", 3)
    assert (host.init, host.masked_paths, host.readonly_paths) == (False, (), None)
    assert (limits.memory, limits.memory_swappiness) == (1 << 25, 0)
    assert limits.pids_limit == -1
    assert limits.devices == (DeviceMapping("/dev/null", "/dev/x", ""),)
    assert limits.ulimits == (Ulimit("core", 1, 2),)
    assert limits.blkio_weight_device == (WeightDevice("/dev/a", 5),)
    assert limits.blkio_device_read_bps == (ThrottleRule("/dev/a", 6),)


def test_reads_mounts_of_each_type() -> None:
    options = {"NoCopy": True, "DriverConfig": {"Name": "local"}, "Subpath": "x"}
    body = {
        "Mounts": [
            {"Type": "bind", "Source": "/a", "Target": "/b", "ReadOnly": True}
            | {"BindOptions": {"Propagation": "rshared"}},
            {"Type": "volume", "Target": "/c", "VolumeOptions": options},
            {"Type": "tmpfs", "Target": "/d"}
            | {"TmpfsOptions": {"SizeBytes": 4096, "Mode": 0o700}},
        ]
    }
    bind, volume, tmpfs = parse_host_config(Fields(body)).mounts
    assert bind == MountRequest(
        "bind", "/b", "/a", read_only=True, propagation="rshared"
    )
    assert volume == MountRequest(
        "volume", "/c", no_copy=True, driver="local", subpath="x"
    )
    assert (tmpfs.tmpfs_size, tmpfs.tmpfs_mode) == (4096, 0o700)


def test_reads_endpoints() -> None:
    wanted = {
        "net": {"Aliases": ["db"], "IPAMConfig": {"IPv4Address": "10.0.0.9"}},
        "compose": {"IPAddress": "10.0.0.8"},
        "default": None,
    }
    body = Fields({"NetworkingConfig": {"EndpointsConfig": wanted}})
    assert parse_endpoints(body) == {
        "net": EndpointRequest(aliases=("db",), ipv4="10.0.0.9"),
        "compose": EndpointRequest(ipv4="10.0.0.8"),
        "default": EndpointRequest(),
    }


def test_reads_an_exec() -> None:
    config = parse_exec(Fields({"Cmd": "ls", "Tty": True, "WorkingDir": "/tmp"}))
    assert (config.cmd, config.tty, config.working_dir) == (("ls",), True, "/tmp")
    assert parse_exec(Fields({})).cmd == ()
