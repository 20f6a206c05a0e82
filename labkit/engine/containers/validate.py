"""What ``create`` refuses, as a list of small checks.

Each check looks at one thing and raises in Docker's words. What this engine cannot do
is refused as well: a flag that is silently ignored teaches something wrong.
"""

import os
from collections.abc import Callable

from labkit.base.errors import ConflictError, InvalidInputError
from labkit.base.go_text import TRUTHS
from labkit.base.ports_text import parse_exposed
from labkit.base.signals import parse_signal
from labkit.engine.bundle.security import split_security_option
from labkit.engine.containers.grammar import TEXT_CHECKS
from labkit.engine.model import ContainerConfig, HostConfig
from labkit.kernel.capabilities import normalise_capability
from labkit.runtime.init_program import init_program

LOWEST_MEMORY = 6 << 20
SHORTEST_CHECK_NS = 1_000_000
_RUNTIMES = ("", "runc", "io.containerd.runc.v2", "labkit")
_POLICIES = ("", "no", "always", "unless-stopped", "on-failure")
_NANO = 10**9

Check = Callable[[ContainerConfig, HostConfig], None]


def validate(config: ContainerConfig, host: HostConfig) -> None:
    """Run every check.

    Raises:
        InvalidInputError: a value is wrong.
        ConflictError: two values contradict one another.
    """
    for check in CHECKS:
        check(config, host)


def check_working_dir(config: ContainerConfig, host: HostConfig) -> None:
    folder = config.working_dir
    if folder and not folder.startswith("/"):
        raise InvalidInputError(
            f"the working directory '{folder}' is invalid, it needs to be an "
            "absolute path"
        )


def check_environment(config: ContainerConfig, host: HostConfig) -> None:
    for entry in config.env:
        if not entry.partition("=")[0]:
            raise InvalidInputError(f"invalid environment variable: {entry}")


def check_stop_signal(config: ContainerConfig, host: HostConfig) -> None:
    if config.stop_signal:
        parse_signal(config.stop_signal)


def check_healthcheck(config: ContainerConfig, host: HostConfig) -> None:
    check = config.healthcheck
    if check is None:
        return
    durations = {
        "Interval": check.interval,
        "Timeout": check.timeout,
        "StartPeriod": check.start_period,
        "StartInterval": check.start_interval,
    }
    for name, value in durations.items():
        if value != 0 and value < SHORTEST_CHECK_NS:
            raise InvalidInputError(f"{name} in Healthcheck cannot be less than 1ms")
    if check.retries < 0:
        raise InvalidInputError("Retries in Healthcheck cannot be negative")


def check_exposed_ports(config: ContainerConfig, host: HostConfig) -> None:
    for text in config.exposed_ports:
        parse_exposed(text)


def check_memory(config: ContainerConfig, host: HostConfig) -> None:
    limits = host.resources
    if limits.memory and limits.memory < LOWEST_MEMORY:
        raise InvalidInputError("Minimum memory limit allowed is 6MB")
    if limits.memory > 0 and 0 < limits.memory_swap < limits.memory:
        raise InvalidInputError(
            "Minimum memoryswap limit should be larger than memory limit, see usage"
        )
    if limits.memory == 0 and limits.memory_swap > 0:
        raise InvalidInputError(
            "You should always set the Memory limit when using Memoryswap limit, "
            "see usage"
        )
    if 0 < limits.memory < limits.memory_reservation:
        raise InvalidInputError(
            "Minimum memory limit can not be less than memory reservation limit, "
            "see usage"
        )
    if 0 < limits.memory_reservation < LOWEST_MEMORY:
        raise InvalidInputError("Minimum memory reservation allowed is 6MB")
    swappiness = limits.memory_swappiness
    if swappiness is not None and not -1 <= swappiness <= 100:
        raise InvalidInputError(
            f"Invalid value: {swappiness}, valid memory swappiness range is 0-100"
        )


def check_cpus(config: ContainerConfig, host: HostConfig) -> None:
    limits = host.resources
    if limits.nano_cpus and (limits.cpu_period or limits.cpu_quota):
        raise InvalidInputError(
            "Conflicting options: Nano CPUs and CPU Period cannot both be set"
            if limits.cpu_period
            else "Conflicting options: Nano CPUs and CPU Quota cannot both be set"
        )
    available = os.cpu_count() or 1
    if limits.nano_cpus < 0 or limits.nano_cpus > available * _NANO:
        raise InvalidInputError(
            f"Range of CPUs is from 0.01 to {available:.2f}, as there are only "
            f"{available} CPUs available"
        )
    if limits.cpu_period and not 1000 <= limits.cpu_period <= 1_000_000:
        raise InvalidInputError(
            "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s "
            "(i.e. 1000000)"
        )
    if 0 < limits.cpu_quota < 1000:
        raise InvalidInputError("CPU cfs quota can not be less than 1ms (i.e. 1000)")


def check_shares(config: ContainerConfig, host: HostConfig) -> None:
    shares, weight = host.resources.cpu_shares, host.resources.blkio_weight
    if shares < 0:
        raise InvalidInputError(
            f"invalid CPU shares ({shares}): value must be a positive integer"
        )
    if weight and not 10 <= weight <= 1000:
        raise InvalidInputError("Range of blkio weight is from 10 to 1000")


def check_oom_score(config: ContainerConfig, host: HostConfig) -> None:
    if not -1000 <= host.oom_score_adj <= 1000:
        raise InvalidInputError(
            f"Invalid value {host.oom_score_adj}, range for oom score adj is "
            "[-1000, 1000]"
        )


def check_capabilities(config: ContainerConfig, host: HostConfig) -> None:
    for option, names in (("CapAdd", host.cap_add), ("CapDrop", host.cap_drop)):
        for name in names:
            try:
                if name.upper() != "ALL":
                    normalise_capability(name)
            except InvalidInputError as error:
                full = name.upper()
                full = full if full.startswith("CAP_") else f"CAP_{full}"
                raise InvalidInputError(
                    f'invalid {option}: unknown capability: "{full}"'
                ) from error


def check_restart_policy(config: ContainerConfig, host: HostConfig) -> None:
    policy = host.restart_policy
    if policy.name not in _POLICIES:
        raise InvalidInputError(f"invalid restart policy '{policy.name}'")
    if policy.maximum_retry_count and policy.name != "on-failure":
        raise InvalidInputError(
            f"maximum retry count cannot be used with restart policy '{policy.name}'"
        )
    if policy.maximum_retry_count < 0:
        raise InvalidInputError("maximum retry count cannot be negative")
    if host.auto_remove and policy.name not in ("", "no"):
        raise ConflictError("can't create 'AutoRemove' container with restart policy")


def check_drivers(config: ContainerConfig, host: HostConfig) -> None:
    if host.runtime not in _RUNTIMES:
        raise InvalidInputError(f"Unknown runtime specified {host.runtime}")
    # A volume driver is looked up when a volume is made, not here.
    if host.isolation not in ("", "default"):
        raise InvalidInputError(
            f"Invalid isolation: \"{host.isolation}\" - linux only supports 'default'"
        )


def check_network_mode(config: ContainerConfig, host: HostConfig) -> None:
    if host.network_mode == "host" and host.links:
        raise InvalidInputError(
            "conflicting options: host type networking can't be used with links. This "
            "would result in undefined behavior"
        )
    if not host.network_mode.startswith("container:"):
        return
    if host.network_mode == "container:":
        raise InvalidInputError(
            "invalid network mode: invalid container format container:<name|id>"
        )
    # The other container's namespace is joined: all this is the other's matter.
    conflicts = (
        (config.hostname, "hostname and the network mode"),
        (
            host.links,
            "container type network can't be used with links. This would result in "
            "undefined behavior",
        ),
        (host.dns, "dns and the network mode"),
        (host.extra_hosts, "custom host-to-IP mapping and the network mode"),
        (config.mac_address, "mac-address and the network mode"),
        (
            host.port_bindings or host.publish_all_ports,
            "port publishing and the container type network mode",
        ),
        (config.exposed_ports, "port exposing and the container type network mode"),
    )
    for value, what in conflicts:
        if value:
            raise InvalidInputError(f"conflicting options: {what}")


def check_namespaces(config: ContainerConfig, host: HostConfig) -> None:
    if host.uts_mode not in ("", "host"):
        raise InvalidInputError(f"invalid UTS mode: {host.uts_mode}")
    if host.pid_mode not in ("", "host") and not _joins(host.pid_mode):
        raise InvalidInputError(f"invalid PID mode: {host.pid_mode}")
    modes = ("", "none", "private", "shareable", "host")
    if host.ipc_mode not in modes and not _joins(host.ipc_mode):
        raise InvalidInputError(f"invalid IPC mode: {host.ipc_mode}")
    if host.cgroupns_mode not in ("", "private", "host"):
        raise InvalidInputError(f"invalid cgroup namespace mode: {host.cgroupns_mode}")
    if host.userns_mode not in ("", "host"):
        raise InvalidInputError(f"invalid user namespace mode: {host.userns_mode}")
    if host.uts_mode == "host" and (config.hostname or config.domainname):
        raise InvalidInputError("conflicting options: hostname and the UTS mode")


def check_security(config: ContainerConfig, host: HostConfig) -> None:
    for option in host.security_opt:
        if option in (*_SWITCHES, "disable"):
            continue
        if "=" not in option and ":" not in option:
            raise InvalidInputError(f'invalid --security-opt 1: "{option}"')
        name, value = split_security_option(option)
        switch_without_truth = name in _SWITCHES and value not in TRUTHS
        if name not in _SECURITY_OPTIONS or switch_without_truth:
            raise InvalidInputError(f'invalid --security-opt 2: "{option}"')


_SWITCHES = ("no-new-privileges", "writable-cgroups")
_SECURITY_OPTIONS = (*_SWITCHES, "seccomp", "apparmor", "label", "systempaths")


def check_unsupported(config: ContainerConfig, host: HostConfig) -> None:
    if host.init:
        init_program()
    for name in host.storage_opt:
        if name.lower() != "size":
            raise InvalidInputError(f"Unknown option {name}")
        raise InvalidInputError(
            "--storage-opt is supported only for overlay over xfs with 'pquota' "
            "mount option"
        )
    if host.shm_size < 0:
        raise InvalidInputError("SHM size can not be less than 0")


def _joins(mode: str) -> bool:
    return mode.startswith("container:") and len(mode) > len("container:")


CHECKS: tuple[Check, ...] = (
    check_working_dir,
    check_environment,
    check_stop_signal,
    check_healthcheck,
    check_exposed_ports,
    check_memory,
    check_cpus,
    check_shares,
    check_oom_score,
    check_capabilities,
    check_restart_policy,
    check_drivers,
    check_network_mode,
    check_namespaces,
    check_security,
    check_unsupported,
    *TEXT_CHECKS,
)
