"""The values that Docker fills in where a ``HostConfig`` says nothing."""

from dataclasses import replace

from labkit.engine.model import HostConfig, LogConfig, RestartPolicy

SHM_BYTES = 64 << 20

# What of /proc and /sys a container must not see, or not write to (runtime-tools).
MASKED_PATHS = (
    "/proc/asound",
    "/proc/acpi",
    "/proc/kcore",
    "/proc/keys",
    "/proc/latency_stats",
    "/proc/timer_list",
    "/proc/timer_stats",
    "/proc/sched_debug",
    "/proc/scsi",
    "/sys/firmware",
)
READONLY_PATHS = (
    "/proc/bus",
    "/proc/fs",
    "/proc/irq",
    "/proc/sys",
    "/proc/sysrq-trigger",
)


def fill_host_config(host: HostConfig) -> HostConfig:
    """Return a host configuration with nothing left to guess."""
    unconfined = "systempaths=unconfined" in host.security_opt
    open_paths = host.privileged or unconfined
    masked = () if open_paths else MASKED_PATHS
    readonly = () if open_paths else READONLY_PATHS
    policy, limits = host.restart_policy, host.resources
    return replace(
        host,
        network_mode=host.network_mode or "default",
        security_opt=(*host.security_opt, *_label_options(host)),
        restart_policy=policy if policy.name else RestartPolicy("no"),
        log_config=LogConfig(
            host.log_config.type or "json-file", host.log_config.config
        ),
        shm_size=host.shm_size or SHM_BYTES,
        ipc_mode=host.ipc_mode or "private",
        cgroupns_mode=host.cgroupns_mode or "private",
        runtime=host.runtime or "runc",
        masked_paths=masked if host.masked_paths is None else host.masked_paths,
        readonly_paths=readonly if host.readonly_paths is None else host.readonly_paths,
        resources=replace(
            limits,
            # Without --memory-swap a container may swap as much as it has memory.
            memory_swap=limits.memory_swap or 2 * limits.memory,
            memory_swappiness=(
                None if limits.memory_swappiness == -1 else limits.memory_swappiness
            ),
            pids_limit=limits.pids_limit or None,
        ),
    )


def _label_options(host: HostConfig) -> tuple[str, ...]:
    """Say as Docker does that who sees the host's processes has no SELinux label."""
    if any(option.partition("=")[0] == "label" for option in host.security_opt):
        return ()
    opens = host.privileged or "host" in (host.ipc_mode, host.pid_mode)
    return ("label=disable",) if opens else ()
