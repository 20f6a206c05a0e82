"""A machine without cgroups."""

import pytest

from labkit.base.errors import UnsupportedError
from labkit.cgroups.hierarchy import Hierarchy, Kind
from labkit.cgroups.manager import open_manager
from labkit.spec.runtime import (
    BlockIoResources,
    CpuResources,
    DeviceRule,
    MemoryResources,
    PidsResources,
    Resources,
)


def test_a_container_without_limits_can_live() -> None:
    manager = open_manager(Hierarchy(Kind.NONE), "/labkit/box")
    manager.create()
    manager.set(Resources(devices=(DeviceRule(False),), pids=PidsResources(-1)))
    manager.attach_self()
    manager.attach(1)
    manager.kill()
    manager.delete()
    assert manager.processes() == ()
    assert manager.oom_kills() == 0
    assert not manager.is_frozen()
    assert manager.path_of("memory") is None
    assert manager.stats().system_cpu_ns > 0


@pytest.mark.parametrize(
    "resources",
    [
        Resources(memory=MemoryResources(limit=1)),
        Resources(cpu=CpuResources(shares=2)),
        Resources(pids=PidsResources(5)),
        Resources(block_io=BlockIoResources(weight=10)),
    ],
)
def test_a_limit_is_refused(resources: Resources) -> None:
    manager = open_manager(Hierarchy(Kind.NONE), "/labkit/box")
    with pytest.raises(UnsupportedError, match=r"cannot limit .* of /labkit/box"):
        manager.set(resources)


def test_pausing_is_refused() -> None:
    manager = open_manager(Hierarchy(Kind.NONE), "/labkit/box")
    with pytest.raises(UnsupportedError, match="cannot freeze /labkit/box"):
        manager.freeze()
    with pytest.raises(UnsupportedError, match="cannot thaw /labkit/box"):
        manager.thaw()
