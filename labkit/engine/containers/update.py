"""``docker update``: other limits and another restart policy, while it runs.

Only what is said changes: zero and nothing mean "as it was", for clients send every
field. What was asked for at ``create`` and what is asked for now must fit together.
"""

from dataclasses import dataclass, fields, replace

from labkit.base.errors import ConflictError, InternalError, LabError
from labkit.engine.bundle.resources import build_resources
from labkit.engine.containers.grammar import check_cpusets
from labkit.engine.containers.validate import (
    check_cpus,
    check_memory,
    check_restart_policy,
    check_shares,
)
from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow
from labkit.engine.messages import cannot_update
from labkit.engine.model import (
    Container,
    ContainerConfig,
    HostConfig,
    ResourceLimits,
    RestartPolicy,
    Status,
)
from labkit.spec.runtime import PidsResources, Resources

_RUNS = (Status.RUNNING, Status.PAUSED)
_FIXED = frozenset({"cgroup_parent", "devices", "device_cgroup_rules", "ulimits"}) | {
    "device_requests"
}
"""What a container is born with."""


_CHECKS = (
    check_memory,
    check_cpus,
    check_shares,
    check_cpusets,
    check_restart_policy,
)
_NOTHING = ResourceLimits()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be changed; ``pids_limit`` below 1 takes that limit away."""

    limits: ResourceLimits = _NOTHING
    restart_policy: RestartPolicy | None = None


async def update(engine: Engine, ref: str, changes: Changes) -> None:
    """Change a container's limits and policy; a running one obeys at once.

    Raises:
        InvalidInputError: a value is wrong.
        ConflictError: it contradicts what the container has.
    """
    container = engine.store.find_container(ref)
    _check_alone(changes)
    await engine.complete(
        _update(engine, container.id, changes), f"update {container.id}"
    )


async def _update(engine: Engine, container_id: str, changes: Changes) -> None:
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        after = follow(container, "update")
        host = merge(container, changes)
        if container.status in _RUNS:
            await _apply(engine, container, host.resources)
        updated = replace(container, status=after, host_config=host)
        await engine.store.save(updated)
    engine.events.container("update", updated)


def merge(container: Container, changes: Changes) -> HostConfig:
    """Return the host configuration with the changes in it.

    Raises:
        ConflictError: the two contradict one another.
    """
    host = container.host_config
    conflict = _conflict(host, changes)
    if conflict:
        raise ConflictError(cannot_update(container.id, conflict))
    names = {field.name for field in fields(ResourceLimits)} - _FIXED
    said = {name: getattr(changes.limits, name) for name in names}
    limits = replace(
        host.resources, **{name: value for name, value in said.items() if value}
    )
    policy = changes.restart_policy or host.restart_policy
    return replace(host, resources=limits, restart_policy=policy)


def live_resources(limits: ResourceLimits) -> Resources:
    """Return what a running container's cgroup is set to."""
    resources = build_resources(limits, ())
    if limits.pids_limit is None:
        return resources
    return replace(resources, pids=PidsResources(max(limits.pids_limit, 0)))


def _check_alone(changes: Changes) -> None:
    """Refuse what no container could have."""
    limits, config = changes.limits, ContainerConfig()
    if not limits.memory:
        # How much swap there may be beside the memory is judged with that.
        limits = replace(limits, memory_swap=0)
    host = HostConfig(
        resources=limits, restart_policy=changes.restart_policy or RestartPolicy()
    )
    for check in _CHECKS:
        check(config, host)


def _conflict(host: HostConfig, changes: Changes) -> str:
    has, wants = host.resources, changes.limits
    rules = (
        (
            has.nano_cpus and wants.cpu_period,
            "Conflicting options: CPU Period cannot be updated as NanoCPUs has "
            "already been set",
        ),
        (
            has.nano_cpus and wants.cpu_quota,
            "Conflicting options: CPU Quota cannot be updated as NanoCPUs has "
            "already been set",
        ),
        (
            has.cpu_period and wants.nano_cpus,
            "Conflicting options: Nano CPUs cannot be updated as CPU Period has "
            "already been set",
        ),
        (
            has.cpu_quota and wants.nano_cpus,
            "Conflicting options: Nano CPUs cannot be updated as CPU Quota has "
            "already been set",
        ),
        (
            wants.memory and not wants.memory_swap and has.memory_swap < wants.memory,
            "Memory limit should be smaller than already set memoryswap limit, "
            "update the memoryswap at the same time",
        ),
        (
            host.auto_remove
            and changes.restart_policy
            and changes.restart_policy.name not in ("", "no"),
            "Restart policy cannot be updated because AutoRemove is enabled for the "
            "container",
        ),
    )
    return next((text for applies, text in rules if applies), "")


async def _apply(engine: Engine, container: Container, limits: ResourceLimits) -> None:
    try:
        await engine.runtime.update(container.id, live_resources(limits))
    except LabError as error:
        raise InternalError(cannot_update(container.id, error.message)) from error
