"""Other limits."""

from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InternalError, InvalidInputError, LabError
from labkit.engine.containers.update import Changes, live_resources, merge, update
from labkit.engine.model import HostConfig, ResourceLimits, RestartPolicy
from labkit.spec.runtime import PidsResources
from tests.unit.engine.build import container
from tests.unit.engine.lab import make, make_world, open_lab, run, told

_MIB = 1 << 20


def _limited(**limits: object) -> HostConfig:
    return HostConfig(resources=ResourceLimits(**limits))


def _changes(**limits: object) -> Changes:
    return Changes(ResourceLimits(**limits))


async def test_a_running_container_obeys_at_once(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await run(engine, "sleep", host=_limited(memory=64 * _MIB))
        await update(engine, made, _changes(memory=100 * _MIB, pids_limit=7))
        host = engine.store.find_container(made).host_config
        assert host.resources.memory == 100 * _MIB
        assert host.resources.memory_swap == 128 * _MIB  # as it was
        [(_, resources)] = world.runtime.updates
        assert resources.memory is not None
        assert resources.memory.limit == 100 * _MIB
        assert resources.pids == PidsResources(7)
        assert "container update" in told(engine)


async def test_what_does_not_run_obeys_later(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await make(engine, "sleep")
        await update(engine, made, Changes(restart_policy=RestartPolicy("always")))
        host = engine.store.find_container(made).host_config
        assert host.restart_policy.name == "always"
        assert world.runtime.updates == []


async def test_the_kernel_may_refuse(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        made = await run(engine, "sleep")
        world.runtime.refuses_updates = True
        with pytest.raises(InternalError, match=f"Cannot update container {made}: "):
            await update(engine, made, _changes(cpu_shares=100))
        assert engine.store.find_container(made).host_config.resources.cpu_shares == 0


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        (_changes(memory=1000), "Minimum memory limit allowed is 6MB"),
        (_changes(nano_cpus=10**15), "Range of CPUs is from"),
        (Changes(restart_policy=RestartPolicy("x")), "invalid restart policy 'x'"),
    ],
)
async def test_what_no_container_could_have(
    tmp_path: Path, changes: Changes, text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        made = await make(engine, "sleep")
        with pytest.raises(InvalidInputError, match=text):
            await update(engine, made, changes)


@pytest.mark.parametrize(
    ("host", "changes", "text"),
    [
        (_limited(nano_cpus=10**9), _changes(cpu_quota=5000), "CPU Quota cannot be"),
        (_limited(nano_cpus=10**9), _changes(cpu_period=5000), "CPU Period cannot be"),
        (_limited(cpu_quota=5000), _changes(nano_cpus=1), "as CPU Quota has already"),
        (_limited(cpu_period=5000), _changes(nano_cpus=1), "as CPU Period has already"),
        (
            _limited(memory=10 * _MIB, memory_swap=20 * _MIB),
            _changes(memory=30 * _MIB),
            "Memory limit should be smaller than already set memoryswap limit",
        ),
        (
            HostConfig(),  # no limit of swap is the lowest to compare with
            _changes(memory=30 * _MIB),
            "Memory limit should be smaller than already set memoryswap limit",
        ),
        (
            HostConfig(auto_remove=True),
            Changes(restart_policy=RestartPolicy("always")),
            "Restart policy cannot be updated because AutoRemove is enabled",
        ),
    ],
)
def test_what_does_not_fit_together(
    host: HostConfig, changes: Changes, text: str
) -> None:
    with pytest.raises(ConflictError, match=text):
        merge(container(host=host), changes)


def test_only_what_is_said_changes() -> None:
    host = _limited(cpu_shares=5, cpuset_cpus="0", pids_limit=9)
    after = merge(container(host=host), _changes(cpu_shares=6)).resources
    assert after == ResourceLimits(cpu_shares=6, cpuset_cpus="0", pids_limit=9)


@pytest.mark.parametrize(("limit", "written"), [(-1, 0), (5, 5)])
def test_a_limit_on_processes_can_be_taken_away(limit: int, written: int) -> None:
    assert live_resources(ResourceLimits(pids_limit=limit)).pids == (
        PidsResources(written)
    )


def test_limits_that_were_never_set_are_left_alone() -> None:
    resources = live_resources(ResourceLimits())
    assert (resources.pids, resources.memory, resources.cpu) == (None, None, None)
    assert resources.devices == ()


async def test_one_that_is_not_there(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(LabError, match="No such container: nosuch"):
            await update(engine, "nosuch", Changes())
