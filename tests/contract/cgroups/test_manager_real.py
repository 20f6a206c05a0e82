"""The contract of a cgroup manager, on this machine's kernel."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from labkit.base.errors import InvalidInputError
from labkit.cgroups.devices import DEFAULT_DEVICE_RULES
from labkit.cgroups.hierarchy import read_hierarchy
from labkit.cgroups.manager import Manager
from labkit.spec.runtime import (
    CpuResources,
    MemoryResources,
    PidsResources,
    Resources,
)
from tests.contract.cgroups.worlds import World, real_v1, real_v2
from tests.waiting import wait_until

pytestmark = pytest.mark.root

_HERE = read_hierarchy()


@pytest.fixture(params=["v1", "v2"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "v1":
        if not _HERE.v1:
            pytest.skip("needs cgroup v1 controllers")
        with real_v1() as found:
            yield found
        return
    if _HERE.v2 is None:
        pytest.skip("needs a cgroup2 mount")
    with real_v2() as found:
        yield found


@pytest.fixture
def v1() -> Iterator[World]:
    if _HERE.mount_of("memory") is None:
        pytest.skip("needs the memory controller of cgroup v1")
    with real_v1() as found:
        yield found


class Member:
    """A child that is in the group and does what it was told, then waits."""

    def __init__(self, manager: Manager, action: Callable[[], None]) -> None:
        ready, self._told = os.pipe2(os.O_CLOEXEC)
        self.pid = os.fork()
        if self.pid == 0:
            code = 0
            try:
                manager.attach_self()
                os.write(self._told, b"in")
                action()
            except OSError as error:
                code = error.errno or 255
            finally:
                os._exit(code)
        os.close(self._told)
        assert os.read(ready, 2) == b"in"
        os.close(ready)

    def end(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_a_child_attaches_itself_and_is_killed(world: World) -> None:
    manager = world.open()
    manager.create()
    member = Member(manager, signal.pause)
    assert manager.processes() == (member.pid,)
    manager.kill()
    assert member.end() == -signal.SIGKILL
    manager.delete()
    assert manager.processes() == ()


def test_killing_reaches_sub_groups(world: World) -> None:
    outer, inner = world.open("outer"), world.open("outer/inner")
    outer.create()
    inner.create()
    member = Member(inner, signal.pause)
    outer.kill()
    assert member.end() == -signal.SIGKILL
    outer.delete()


def test_a_frozen_process_stands_still(world: World) -> None:
    manager = world.open()
    manager.create()
    reader, writer = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)

    def chatter() -> None:
        while True:
            try:
                os.write(writer, b".")
            except BlockingIOError:
                os.sched_yield()

    member = Member(manager, chatter)
    try:
        manager.freeze()
        assert manager.is_frozen()
        while True:  # empty the pipe: nobody must fill it again
            try:
                os.read(reader, 65536)
            except BlockingIOError:
                break
        with pytest.raises(BlockingIOError):
            os.read(reader, 1)
        manager.thaw()
        wait_until(lambda: _has_data(reader), "the thawed process writes again")
    finally:
        manager.kill()
        member.end()
        os.close(reader)
        os.close(writer)


def _has_data(fd: int) -> bool:
    try:
        return bool(os.read(fd, 1))
    except BlockingIOError:
        return False


def test_a_frozen_process_can_be_killed(world: World) -> None:
    manager = world.open()
    manager.create()
    member = Member(manager, signal.pause)
    manager.freeze()
    manager.kill()
    assert member.end() == -signal.SIGKILL


def test_device_rules_hold(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.set(Resources(devices=DEFAULT_DEVICE_RULES))

    def open_devices() -> None:
        os.close(os.open("/dev/null", os.O_RDWR))
        os.close(os.open("/dev/kmsg", os.O_RDONLY))

    assert Member(manager, open_devices).end() == 1  # EPERM


def test_device_rules_can_be_replaced(world: World) -> None:
    manager = world.open()
    manager.create()
    manager.set(Resources(devices=DEFAULT_DEVICE_RULES))
    manager.set(Resources(devices=DEFAULT_DEVICE_RULES[:1]))
    closed = Member(manager, lambda: os.close(os.open("/dev/null", os.O_RDWR)))
    assert closed.end() == 1
    manager.set(Resources(devices=DEFAULT_DEVICE_RULES))
    opened = Member(manager, lambda: os.close(os.open("/dev/null", os.O_RDWR)))
    assert opened.end() == 0


def test_too_much_memory_is_an_oom_kill(v1: World) -> None:
    manager = v1.open()
    manager.create()
    limit = 16 << 20
    manager.set(Resources(memory=MemoryResources(limit=limit, swap=limit)))
    member = Member(manager, lambda: bytearray(64 << 20).clear())
    assert member.end() == -signal.SIGKILL
    assert manager.oom_kills() == 1


def test_forks_beyond_the_limit_fail(v1: World) -> None:
    manager = v1.open()
    manager.create()
    manager.set(Resources(pids=PidsResources(1)))
    assert Member(manager, lambda: os._exit(os.fork() and 0)).end() == 11  # EAGAIN


def test_limits_go_up_and_down(v1: World) -> None:
    manager = v1.open()
    manager.create()
    for megabytes in (64, 256, 32):
        size = megabytes << 20
        manager.set(Resources(memory=MemoryResources(limit=size, swap=2 * size)))
        assert manager.stats().memory.limit == size
    manager.set(Resources(memory=MemoryResources(limit=-1)))
    assert manager.stats().memory.limit is None


def test_a_quota_is_taken(v1: World) -> None:
    manager = v1.open()
    manager.create()
    manager.set(Resources(cpu=CpuResources(shares=512, quota=20_000, period=50_000)))
    folder = manager.path_of("cpu")
    assert folder is not None
    assert (folder / "cpu.cfs_quota_us").read_text() == "20000\n"
    assert (folder / "cpu.shares").read_text() == "512\n"


def test_a_refused_value_names_value_and_file(v1: World) -> None:
    manager = v1.open()
    manager.create()
    with pytest.raises(
        InvalidInputError,
        match=r"cannot write '99' to cpuset.cpus of .*/box: ",
    ):
        manager.set(Resources(cpu=CpuResources(cpus="99")))


def test_counters_of_a_real_process(v1: World) -> None:
    manager = v1.open()
    manager.create()
    member = Member(manager, signal.pause)
    stats = manager.stats()
    assert stats.pids.current == 1
    assert stats.memory.usage > 0
    assert stats.cpu.total_ns > 0
    manager.kill()
    member.end()
