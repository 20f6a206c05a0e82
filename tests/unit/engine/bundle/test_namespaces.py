"""Own, the host's, another's."""

from labkit.engine.bundle.namespaces import build_namespaces
from labkit.engine.model import HostConfig
from labkit.spec.runtime import Namespace


def kinds(host: HostConfig) -> set[str]:
    return {entry.type for entry in build_namespaces(host, {})}


def test_a_plain_container_has_six_of_its_own() -> None:
    found = build_namespaces(HostConfig(cgroupns_mode="private"), {})
    assert {entry.type for entry in found} == {
        *("mount", "network", "pid", "ipc", "uts", "cgroup")
    }
    assert all(entry.path is None for entry in found)


def test_the_hosts_namespace_is_left_out() -> None:
    assert "network" not in kinds(HostConfig(network_mode="host"))
    assert "pid" not in kinds(HostConfig(pid_mode="host"))
    assert "ipc" not in kinds(HostConfig(ipc_mode="host"))
    assert "uts" not in kinds(HostConfig(uts_mode="host"))
    assert "cgroup" not in kinds(HostConfig(cgroupns_mode="host"))
    assert "mount" in kinds(HostConfig(pid_mode="host"))


def test_joins_another_container_by_its_pid() -> None:
    host = HostConfig(network_mode="container:a", pid_mode="container:b")
    found = build_namespaces(host, {"container:a": 41, "container:b": 42})
    assert Namespace("network", "/proc/41/ns/net") in found
    assert Namespace("pid", "/proc/42/ns/pid") in found
