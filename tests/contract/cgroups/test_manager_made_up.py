"""The contract of a cgroup manager, on made-up trees of both versions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.cgroups.devices import DEFAULT_DEVICE_RULES
from labkit.cgroups.manager import open_manager
from labkit.spec.runtime import (
    BlockIoResources,
    CpuResources,
    MemoryResources,
    PidsResources,
    Resources,
    ThrottleDevice,
)
from tests.contract.cgroups.made_up import ME
from tests.contract.cgroups.worlds import PARENT, World, made_up_v1, made_up_v2


@pytest.fixture(params=[made_up_v1, made_up_v2], ids=["v1", "v2"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    make: Callable[[Path], World] = request.param
    return make(tmp_path)


def test_creating_twice_is_fine(world: World) -> None:
    world.open().create()
    world.open().create()
    assert world.open().processes() == ()


def test_a_process_that_attached_itself_is_listed(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.attach_self()
    assert manager.processes() == (ME,)


def test_another_process_is_attached_by_pid(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.attach(99)
    assert manager.processes() == (99,)


def test_groups_below_are_listed(world: World) -> None:
    world.open("outer/b").create()
    world.open("outer/a").create()
    assert world.open("outer").children() == ("a", "b")
    assert world.open("elsewhere").children() == ()


def test_freezing_is_seen_and_undone(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.freeze()
    assert manager.is_frozen()
    manager.thaw()
    assert not manager.is_frozen()


def test_all_counters_are_read_alike(world: World) -> None:
    manager = world.open()
    manager.create()
    stats = manager.stats()
    assert (stats.memory.usage, stats.memory.max_usage) == (4096, 8192)
    assert stats.memory.limit is None
    assert stats.memory.fail_count == 1
    assert stats.memory.inactive_file == 1024
    assert stats.cpu.total_ns == 3000
    assert (stats.cpu.periods, stats.cpu.throttled_periods) == (7, 2)
    assert stats.pids.current == 3
    assert stats.pids.limit is None
    read = next(e for e in stats.block_io.service_bytes if e.operation == "read")
    assert (read.major, read.minor, read.value) == (254, 0, 4096)
    assert stats.system_cpu_ns > 0
    assert stats.online_cpus >= 1


def test_limits_come_back_in_the_counters(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.set(
        Resources(
            memory=MemoryResources(limit=64 << 20, swap=128 << 20),
            pids=PidsResources(50),
        )
    )
    assert manager.stats().memory.limit == 64 << 20
    assert manager.stats().pids.limit == 50


def test_every_limit_is_taken(world: World) -> None:
    manager = world.open()
    manager.create()
    disk = (ThrottleDevice(254, 0, 1000),)
    manager.set(
        Resources(
            devices=DEFAULT_DEVICE_RULES,
            memory=MemoryResources(limit=64 << 20, reservation=32 << 20),
            cpu=CpuResources(512, 50_000, 100_000, cpus="0", mems="0"),
            pids=PidsResources(50),
            block_io=BlockIoResources(300, disk, disk, disk, disk),
        )
    )


def test_unlimited_takes_a_limit_away(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.set(Resources(memory=MemoryResources(limit=64 << 20)))
    manager.set(Resources(memory=MemoryResources(limit=-1), pids=PidsResources(-1)))
    assert manager.stats().pids.limit is None


def test_no_ooms_at_first(world: World) -> None:
    manager = world.open()
    manager.create()
    assert manager.oom_kills() == 0


def test_an_empty_group_is_killed_without_complaint(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.kill()
    assert manager.processes() == ()


def test_deleting_takes_sub_groups_along(world: World) -> None:
    manager = world.open()
    manager.create()
    world.open("box/inner").create()
    manager.delete()
    assert world.tree is not None
    assert not [path for path in world.tree.groups if "box" in path.parts]


def test_deleting_twice_is_fine(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.delete()
    manager.delete()
    assert manager.processes() == ()


def test_controllers_have_folders(world: World) -> None:
    path = world.open().path_of("memory")
    assert path is not None
    assert str(path).endswith(f"{PARENT}/box")


@pytest.mark.parametrize("path", ["box", "/", "", "/a/../b", "/a//b", "/./a"])
def test_refuses_paths_that_lead_elsewhere(world: World, path: str) -> None:
    with pytest.raises(InvalidInputError, match="invalid cgroup path"):
        open_manager(world.hierarchy, path)
