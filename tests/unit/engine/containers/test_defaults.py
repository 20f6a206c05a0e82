"""What Docker fills in."""

from labkit.engine.containers.defaults import MASKED_PATHS, fill_host_config
from labkit.engine.model import HostConfig, ResourceLimits


def test_fills_everything() -> None:
    host = fill_host_config(HostConfig(network_mode=""))
    assert host.network_mode == "default"
    assert (host.restart_policy.name, host.log_config.type) == ("no", "json-file")
    assert (host.ipc_mode, host.cgroupns_mode, host.runtime) == (
        *("private", "private", "runc"),
    )
    assert host.shm_size == 64 << 20
    assert host.masked_paths == MASKED_PATHS


def test_keeps_what_was_said() -> None:
    host = fill_host_config(HostConfig(shm_size=5, masked_paths=()))
    assert (host.shm_size, host.masked_paths) == (5, ())


def test_swap_is_twice_the_memory_unless_said() -> None:
    def swap(**limits: int) -> int:
        host = HostConfig(resources=ResourceLimits(**limits))
        return fill_host_config(host).resources.memory_swap

    assert swap(memory=100) == 200
    assert swap(memory=100, memory_swap=-1) == -1
    assert swap() == 0


def test_sentinels_become_nothing() -> None:
    limits = ResourceLimits(memory_swappiness=-1, pids_limit=0)
    filled = fill_host_config(HostConfig(resources=limits)).resources
    assert (filled.memory_swappiness, filled.pids_limit) == (None, None)


def test_nothing_is_masked_for_the_privileged_or_on_request() -> None:
    assert fill_host_config(HostConfig(privileged=True)).masked_paths == ()
    opened = HostConfig(security_opt=("systempaths=unconfined",))
    assert fill_host_config(opened).readonly_paths == ()


def test_who_sees_the_hosts_processes_has_no_label() -> None:
    for host in (
        HostConfig(privileged=True),
        HostConfig(pid_mode="host"),
        HostConfig(ipc_mode="host"),
    ):
        assert fill_host_config(host).security_opt == ("label=disable",)
    chosen = HostConfig(privileged=True, security_opt=("label=type:x",))
    assert fill_host_config(chosen).security_opt == ("label=type:x",)
    assert fill_host_config(HostConfig()).security_opt == ()
