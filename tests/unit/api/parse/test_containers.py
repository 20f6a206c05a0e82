"""The body of a container's creation, with the sentinels that clients really send."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.api.parse.containers import (
    parse_config,
    parse_endpoint,
    parse_endpoints,
    parse_exec,
    parse_host_config,
    parse_resources,
    parse_update,
)
from labkit.api.parse.fields import Fields
from labkit.base.errors import InvalidInputError
from labkit.engine.model import (
    ContainerConfig,
    DeviceMapping,
    DeviceRequest,
    EndpointRequest,
    ExecConfig,
    HostConfig,
    LogConfig,
    MountRequest,
    ResourceLimits,
    RestartPolicy,
    ThrottleRule,
    Ulimit,
    WeightDevice,
)
from labkit.network.model import PortBinding
from labkit.spec.image import Healthcheck
from tests.unit.api.parse.bodies import (
    CREATE,
    Place,
    places,
    value_at,
    with_value,
)

# What `docker run busybox` of CLI 28 sends, cut to what is peculiar.
CLI_CONFIG: dict[str, Any] = {
    "Hostname": "",
    "User": "",
    "AttachStdin": False,
    "AttachStdout": True,
    "AttachStderr": True,
    "Tty": False,
    "Env": None,
    "Cmd": None,
    "Image": "busybox",
    "Volumes": {},
    "Entrypoint": None,
    "OnBuild": None,
    "Labels": {},
}
CLI_HOST: dict[str, Any] = {
    "Binds": None,
    "ContainerIDFile": "",
    "LogConfig": {"Type": "", "Config": {}},
    "NetworkMode": "default",
    "PortBindings": {},
    "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
    "ConsoleSize": [0, 0],
    "CapAdd": None,
    "Dns": [],
    "PidMode": "",
    "ShmSize": 0,
    "MemorySwappiness": -1,
    "OomKillDisable": False,
    "PidsLimit": 0,
    "Ulimits": [],
    "BlkioWeightDevice": [],
    "BlkioDeviceReadBps": [],
    "MaskedPaths": None,
    "ReadonlyPaths": None,
}
COMPOSE_HOST: dict[str, Any] = {
    "Binds": ["vol:/path:rw"],
    "LogConfig": {"Type": "", "Config": None},
    "NetworkMode": "shop_default",
    "RestartPolicy": {"Name": "", "MaximumRetryCount": 0},
    "MemorySwappiness": None,
    "PidsLimit": None,
    "OomKillDisable": None,
    "Init": None,
}


def config(**body: Any) -> ContainerConfig:
    return parse_config(Fields(body))


def host(**body: Any) -> HostConfig:
    return parse_host_config(Fields(body))


def test_an_empty_body_is_the_defaults() -> None:
    assert config() == ContainerConfig()
    assert host() == HostConfig()
    assert parse_host_config(Fields(None)) == HostConfig()


def test_what_the_command_line_always_sends_says_nothing() -> None:
    assert config(**CLI_CONFIG) == ContainerConfig(
        image="busybox", attach_stdout=True, attach_stderr=True
    )
    assert host(**CLI_HOST) == HostConfig()


def test_what_compose_always_sends_says_nothing() -> None:
    assert host(**COMPOSE_HOST) == HostConfig(
        binds=("vol:/path:rw",), network_mode="shop_default"
    )


@pytest.mark.parametrize(
    ("sent", "meant"), [(-1, None), (None, None), (0, 0), (60, 60)]
)
def test_swappiness_minus_one_is_unsaid(sent: int | None, meant: int | None) -> None:
    found = parse_resources(Fields({"MemorySwappiness": sent}))
    assert found.memory_swappiness == meant


@pytest.mark.parametrize(
    ("sent", "meant"), [(0, None), (None, None), (-1, None), (9, 9)]
)
def test_pids_limit_zero_is_unsaid(sent: int | None, meant: int | None) -> None:
    assert parse_resources(Fields({"PidsLimit": sent})).pids_limit == meant


@pytest.mark.parametrize(("sent", "meant"), [(0, -1), (-5, -1), (None, None), (9, 9)])
def test_an_update_to_no_limit(sent: int | None, meant: int | None) -> None:
    assert parse_update(Fields({"PidsLimit": sent})).limits.pids_limit == meant


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (None, RestartPolicy("no", 0)),
        ({}, RestartPolicy("no", 0)),
        ({"Name": ""}, RestartPolicy("no", 0)),
        ({"Name": "always"}, RestartPolicy("always", 0)),
        (
            {"Name": "on-failure", "MaximumRetryCount": 3},
            RestartPolicy("on-failure", 3),
        ),
    ],
)
def test_a_policy_without_name_is_no(sent: object, meant: RestartPolicy) -> None:
    assert host(RestartPolicy=sent).restart_policy == meant


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (None, None),
        ([], ()),
        (["sh", "-c", "x"], ("sh", "-c", "x")),
        ("echo", ("echo",)),
    ],
)
def test_no_command_and_an_empty_one_differ(
    sent: object, meant: tuple[str, ...] | None
) -> None:
    found = config(Cmd=sent, Entrypoint=sent)
    assert (found.cmd, found.entrypoint) == (meant, meant)


def test_reads_every_field_of_the_config() -> None:
    found = config(
        Image="nginx",
        Hostname="h",
        Domainname="d",
        User="u",
        AttachStdin=True,
        ExposedPorts={"80/tcp": {}},
        Tty=True,
        OpenStdin=True,
        StdinOnce=True,
        Env=["A=b"],
        Volumes={"/data": {}},
        WorkingDir="/w",
        NetworkDisabled=True,
        MacAddress="02:42:ac:11:00:02",
        OnBuild=["RUN x"],
        Labels={"a": "b"},
        StopSignal="SIGINT",
        StopTimeout=0,
        Shell=["sh", "-c"],
        Healthcheck={
            "Test": ["CMD", "true"],
            "Interval": 1,
            "Timeout": 2,
            "StartPeriod": 3,
            "StartInterval": 4,
            "Retries": 5,
        },
    )
    assert found == ContainerConfig(
        image="nginx",
        hostname="h",
        domainname="d",
        user="u",
        attach_stdin=True,
        exposed_ports=("80/tcp",),
        tty=True,
        open_stdin=True,
        stdin_once=True,
        env=("A=b",),
        volumes=("/data",),
        working_dir="/w",
        network_disabled=True,
        mac_address="02:42:ac:11:00:02",
        on_build=("RUN x",),
        labels={"a": "b"},
        stop_signal="SIGINT",
        stop_timeout=0,
        shell=("sh", "-c"),
        healthcheck=Healthcheck(("CMD", "true"), 1, 2, 3, 4, 5),
    )


def test_a_null_healthcheck_is_none() -> None:
    assert config(Healthcheck=None).healthcheck is None
    assert config(Healthcheck={}).healthcheck == Healthcheck()


@pytest.mark.parametrize(
    ("name", "sent", "field", "meant"),
    [
        ("Binds", ["/a:/b"], "binds", ("/a:/b",)),
        ("ContainerIDFile", "f", "container_id_file", "f"),
        (
            "LogConfig",
            {"Type": "local", "Config": {"max-size": "1m"}},
            "log_config",
            LogConfig("local", {"max-size": "1m"}),
        ),
        ("NetworkMode", "host", "network_mode", "host"),
        (
            "PortBindings",
            {"80/tcp": [{"HostPort": "8080"}]},
            "port_bindings",
            (PortBinding(80, "tcp", "", 8080),),
        ),
        ("AutoRemove", True, "auto_remove", True),
        ("VolumesFrom", ["a:ro"], "volumes_from", ("a:ro",)),
        ("ConsoleSize", [24, 80], "console_size", (24, 80)),
        ("ConsoleSize", None, "console_size", (0, 0)),
        ("Annotations", {"a": "b"}, "annotations", {"a": "b"}),
        ("CapAdd", ["NET_ADMIN"], "cap_add", ("NET_ADMIN",)),
        ("CapDrop", ["ALL"], "cap_drop", ("ALL",)),
        ("CgroupnsMode", "private", "cgroupns_mode", "private"),
        ("Dns", ["1.1.1.1"], "dns", ("1.1.1.1",)),
        ("DnsOptions", ["ndots:1"], "dns_options", ("ndots:1",)),
        ("DnsSearch", ["lan"], "dns_search", ("lan",)),
        ("ExtraHosts", ["a:1.2.3.4"], "extra_hosts", ("a:1.2.3.4",)),
        ("GroupAdd", ["audio"], "group_add", ("audio",)),
        ("IpcMode", "private", "ipc_mode", "private"),
        ("Links", ["db:db"], "links", ("db:db",)),
        ("OomScoreAdj", -500, "oom_score_adj", -500),
        ("PidMode", "host", "pid_mode", "host"),
        ("Privileged", True, "privileged", True),
        ("PublishAllPorts", True, "publish_all_ports", True),
        ("ReadonlyRootfs", True, "readonly_rootfs", True),
        ("SecurityOpt", ["no-new-privileges"], "security_opt", ("no-new-privileges",)),
        ("StorageOpt", {"size": "1g"}, "storage_opt", {"size": "1g"}),
        ("Tmpfs", {"/run": "size=1m"}, "tmpfs", {"/run": "size=1m"}),
        ("UTSMode", "host", "uts_mode", "host"),
        ("UsernsMode", "host", "userns_mode", "host"),
        ("ShmSize", 1024, "shm_size", 1024),
        ("Sysctls", {"net.x": "1"}, "sysctls", {"net.x": "1"}),
        ("Runtime", "runc", "runtime", "runc"),
        ("Isolation", "default", "isolation", "default"),
        ("VolumeDriver", "local", "volume_driver", "local"),
        ("MaskedPaths", [], "masked_paths", ()),
        ("ReadonlyPaths", ["/proc/x"], "readonly_paths", ("/proc/x",)),
        ("Init", False, "init", False),
        ("Init", True, "init", True),
    ],
)
def test_reads_every_field_of_the_host_config(
    name: str, sent: object, field: str, meant: object
) -> None:
    assert getattr(host(**{name: sent}), field) == meant


def test_reads_all_limits() -> None:
    rule = [{"Path": "/dev/sda", "Rate": 5}]
    found = parse_resources(
        Fields(
            {
                "CpuShares": 1,
                "Memory": 2,
                "NanoCpus": 3,
                "CgroupParent": "p",
                "BlkioWeight": 4,
                "BlkioWeightDevice": [{"Path": "/dev/sda", "Weight": 6}],
                "BlkioDeviceReadBps": rule,
                "BlkioDeviceWriteBps": rule,
                "BlkioDeviceReadIOps": rule,
                "BlkioDeviceWriteIOps": rule,
                "CpuPeriod": 7,
                "CpuQuota": 8,
                "CpuRealtimePeriod": 9,
                "CpuRealtimeRuntime": 10,
                "CpusetCpus": "0-1",
                "CpusetMems": "0",
                "Devices": [
                    {
                        "PathOnHost": "/dev/a",
                        "PathInContainer": "/dev/b",
                        "CgroupPermissions": "r",
                    }
                ],
                "DeviceCgroupRules": ["c 1:3 r"],
                "DeviceRequests": [
                    {
                        "Driver": "d",
                        "Count": -1,
                        "DeviceIDs": None,
                        "Capabilities": [["gpu", "x"]],
                        "Options": {"a": "b"},
                    }
                ],
                "MemoryReservation": 11,
                "MemorySwap": -1,
                "OomKillDisable": True,
                "Ulimits": [{"Name": "nofile", "Soft": 12, "Hard": 13}],
            }
        )
    )
    throttle = (ThrottleRule("/dev/sda", 5),)
    assert found == ResourceLimits(
        cpu_shares=1,
        memory=2,
        nano_cpus=3,
        cgroup_parent="p",
        blkio_weight=4,
        blkio_weight_device=(WeightDevice("/dev/sda", 6),),
        blkio_device_read_bps=throttle,
        blkio_device_write_bps=throttle,
        blkio_device_read_iops=throttle,
        blkio_device_write_iops=throttle,
        cpu_period=7,
        cpu_quota=8,
        cpu_realtime_period=9,
        cpu_realtime_runtime=10,
        cpuset_cpus="0-1",
        cpuset_mems="0",
        devices=(DeviceMapping("/dev/a", "/dev/b", "r"),),
        device_cgroup_rules=("c 1:3 r",),
        device_requests=(DeviceRequest("d", -1, (), (("gpu", "x"),), {"a": "b"}),),
        memory_reservation=11,
        memory_swap=-1,
        oom_kill_disable=True,
        ulimits=(Ulimit("nofile", 12, 13),),
    )


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        (
            {
                "Type": "bind",
                "Source": "/a",
                "Target": "/b",
                "ReadOnly": True,
                "BindOptions": {
                    "Propagation": "rslave",
                    "CreateMountpoint": True,
                    "NonRecursive": True,
                    "ReadOnlyNonRecursive": True,
                    "ReadOnlyForceRecursive": True,
                },
            },
            MountRequest(
                "bind",
                "/b",
                "/a",
                read_only=True,
                propagation="rslave",
                create_mountpoint=True,
                non_recursive=True,
                read_only_non_recursive=True,
                read_only_force_recursive=True,
            ),
        ),
        (
            {
                "Type": "volume",
                "Source": "v",
                "Target": "/b",
                "VolumeOptions": {
                    "NoCopy": True,
                    "Labels": {"a": "b"},
                    "DriverConfig": {"Name": "local", "Options": {"o": "1"}},
                    "Subpath": "s",
                },
            },
            MountRequest(
                "volume",
                "/b",
                "v",
                no_copy=True,
                labels={"a": "b"},
                driver="local",
                driver_options={"o": "1"},
                subpath="s",
            ),
        ),
        (
            {
                "Type": "tmpfs",
                "Target": "/b",
                "TmpfsOptions": {"SizeBytes": 5, "Mode": 0o700},
            },
            MountRequest("tmpfs", "/b", tmpfs_size=5, tmpfs_mode=0o700),
        ),
    ],
)
def test_reads_mounts(sent: dict[str, Any], meant: MountRequest) -> None:
    assert host(Mounts=[sent]).mounts == (meant,)


def test_reads_an_endpoint() -> None:
    found = parse_endpoint(
        Fields(
            {
                "IPAMConfig": {
                    "IPv4Address": "10.0.0.5",
                    "IPv6Address": "fd00::5",
                    "LinkLocalIPs": ["169.254.1.1"],
                },
                "Links": ["db:db"],
                "Aliases": ["a", "b"],
                "MacAddress": "02:42:0a:00:00:05",
                "DriverOpts": {"x": "y"},
                "IPAddress": "10.0.0.9",
            }
        )
    )
    assert found == EndpointRequest(
        aliases=("a", "b"),
        ipv4="10.0.0.5",
        ipv6="fd00::5",
        link_local_ips=("169.254.1.1",),
        links=("db:db",),
        mac_address="02:42:0a:00:00:05",
        driver_options={"x": "y"},
    )


def test_compose_says_the_address_where_inspect_shows_it() -> None:
    found = parse_endpoint(Fields({"IPAMConfig": None, "IPAddress": "10.0.0.5"}))
    assert found.ipv4 == "10.0.0.5"


@pytest.mark.parametrize(
    ("networking", "meant"),
    [
        (None, {}),
        ({}, {}),
        ({"EndpointsConfig": None}, {}),
        ({"EndpointsConfig": {"default": None}}, {"default": EndpointRequest()}),
        (
            {"EndpointsConfig": {"a": {"Aliases": ["x"]}, "b": {}}},
            {"a": EndpointRequest(aliases=("x",)), "b": EndpointRequest()},
        ),
    ],
)
def test_reads_endpoints(networking: object, meant: dict[str, EndpointRequest]) -> None:
    assert parse_endpoints(Fields({"NetworkingConfig": networking})) == meant


def test_reads_an_exec() -> None:
    body = {
        "Cmd": ["ls", "-l"],
        "AttachStdin": True,
        "AttachStdout": True,
        "AttachStderr": True,
        "Tty": True,
        "Detach": True,
        "DetachKeys": "ctrl-a",
        "Env": ["A=b"],
        "User": "app",
        "Privileged": True,
        "WorkingDir": "/w",
    }
    assert parse_exec(Fields(body)) == ExecConfig(
        cmd=("ls", "-l"),
        attach_stdin=True,
        attach_stdout=True,
        attach_stderr=True,
        tty=True,
        detach=True,
        detach_keys="ctrl-a",
        env=("A=b",),
        user="app",
        privileged=True,
        working_dir="/w",
    )
    assert parse_exec(Fields({"Cmd": None})) == ExecConfig(cmd=())


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"RestartPolicy": {"Name": 5}}, "RestartPolicy.Name"),
        ({"Ulimits": [{"Name": "nofile", "Soft": "x"}]}, r"Ulimits\[0\].Soft"),
        ({"Mounts": {}}, "Mounts"),
        ({"Memory": 0.5}, "Memory"),
        ({"PortBindings": {"80/tcp": [{"HostPort": 8080}]}}, "80/tcp.*HostPort"),
    ],
)
def test_names_the_field_that_is_wrong(body: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInputError, match=path):
        parse_host_config(Fields(body))


JSON_VALUES = st.recursive(
    st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=2)
        | st.dictionaries(st.text(max_size=3), inner, min_size=1, max_size=2)
    ),
    max_leaves=3,
)
_WORD_FOR_LIST = {("Cmd",), ("Entrypoint",)}


def _refusal(body: Any) -> str:
    """Return what is said about a body; nothing if all is well."""
    try:
        parse_config(Fields(body))
        parse_host_config(Fields(body).fields("HostConfig"))
        parse_endpoints(Fields(body))
    except InvalidInputError as error:
        return error.message
    return ""


@given(st.sampled_from(sorted(places(CREATE), key=str)), JSON_VALUES)
@settings(max_examples=300, deadline=None)
def test_a_wrong_type_anywhere_is_refused_in_a_sentence(
    place: Place, value: Any
) -> None:
    body = with_value(CREATE, place, value)
    fits = type(value) is type(value_at(CREATE, place))
    if place in _WORD_FOR_LIST and isinstance(value, str):
        fits = True
    said = _refusal(body)
    assert "\n" not in said
    assert fits or "cannot unmarshal" in said, f"{place}: {value!r}"


def test_the_body_with_everything_is_fine() -> None:
    assert _refusal(CREATE) == ""
