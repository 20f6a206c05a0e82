"""A container, an exec and a listing, also of 500, cost no more than they did.

Neither test looks at a clock. The count of system calls is the fine guard, for it is
the same on each machine; processor time is the coarse one, for what asks nothing of
the kernel. Who makes something dearer on purpose raises the figure here, in the same
commit, and says why; who makes it cheaper lowers it.
"""

import contextlib
import functools
import shutil
from collections.abc import Callable, Iterator

import pytest

from tests.bench.counting import CpuGroup, counted_calls, processor_ratio
from tests.engines import TEST_IMAGE, OurEngine, busybox_archive
from tests.faults.observing import processes_of

pytestmark = [pytest.mark.root, pytest.mark.slow]

CALLS = {"container": 1233, "exec": 369, "listing": 33}
"""System calls of daemon, spawner, netd, shim and the container's own set-up."""
TOLERANCE = 1.1

YARDSTICKS = {"container": 0.43, "exec": 0.097, "crowd": 0.25}
"""Processor time, in starts of a Python interpreter that imports asyncio."""
CPU_TOLERANCE = 1.5
"""One machine's fork is dearer by a third than another's, with the same interpreter."""
CROWD = 500


@contextlib.contextmanager
def _loaded(group: CpuGroup | None) -> Iterator[OurEngine]:
    engine = OurEngine()
    with contextlib.ExitStack() as stack:
        if group is None:
            stack.enter_context(engine)
        else:
            stack.enter_context(group.holding(engine.start))
            stack.push(engine)
        engine.load(busybox_archive(TEST_IMAGE))
        _container(engine)
        yield engine


def _container(engine: OurEngine) -> None:
    body = {"Image": TEST_IMAGE, "Cmd": ["true"]}
    made = engine.json("POST", "/containers/create", body)[1]["Id"]
    assert engine.json("POST", f"/containers/{made}/start")[0] == 204
    assert engine.json("POST", f"/containers/{made}/wait")[1]["StatusCode"] == 0
    assert engine.request("DELETE", f"/containers/{made}")[0] == 204


def _exec(engine: OurEngine) -> None:
    body = {"Cmd": ["true"], "AttachStdout": True}
    made = engine.json("POST", "/containers/guard/exec", body)[1]["Id"]
    assert engine.json("POST", f"/exec/{made}/start", {"Detach": False})[0] == 200


def _listing(engine: OurEngine) -> None:
    assert len(engine.json("GET", "/containers/json?all=1")[1]) == 1


def _crowd(engine: OurEngine) -> None:
    assert len(engine.json("GET", "/containers/json?all=1")[1]) == CROWD + 1


def _gather(engine: OurEngine) -> None:
    """Make many containers that never ran."""
    body = {"Image": TEST_IMAGE, "Cmd": ["true"], "ExposedPorts": {"80/tcp": {}}}
    for _ in range(CROWD):
        assert engine.json("POST", "/containers/create", body)[0] == 201


def _run_idle(engine: OurEngine) -> None:
    body = {"Image": TEST_IMAGE, "Cmd": ["sleep", "1000"]}
    assert engine.json("POST", "/containers/create?name=guard", body)[0] == 201
    assert engine.request("POST", "/containers/guard/start")[0] == 204


WORKS = {"container": _container, "exec": _exec, "crowd": _crowd}
NEXT = {"container": _run_idle, "exec": _gather, "crowd": OurEngine.remove_containers}
"""What each is followed by, which the next one needs."""


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_asks_the_kernel_no_oftener() -> None:
    with _loaded(None) as engine:
        found = {"container": _calls(engine, _container)}
        _run_idle(engine)
        for name, work in (("exec", _exec), ("listing", _listing)):
            work(engine)
            found[name] = _calls(engine, work)
    limits = {name: calls * TOLERANCE for name, calls in CALLS.items()}
    assert {n: c for n, c in found.items() if c > limits[n]} == {}, found


def _calls(engine: OurEngine, work: Callable[[OurEngine], None]) -> int:
    """Return the lowest of three: once in a while something else happens, too."""
    totals = []
    for _ in range(3):
        named = processes_of(engine).items()
        pids = [pid for pid, name in named if name not in ("sleep", "true")]
        with counted_calls(pids) as counts:
            work(engine)
        totals.append(counts.total())
    return min(totals)


@pytest.mark.skipif(not CpuGroup.is_available(), reason="needs cgroup v1's cpuacct")
def test_takes_no_more_processor_time() -> None:
    group = CpuGroup()
    limits = {name: most * CPU_TOLERANCE for name, most in YARDSTICKS.items()}
    found = {}
    with _loaded(group) as engine:
        for name, work in WORKS.items():
            cost = functools.partial(_cost, group, engine, work)
            found[name] = processor_ratio(cost, limits[name])
            NEXT[name](engine)
    assert {n: r for n, r in found.items() if r > limits[n]} == {}, found


def _cost(
    group: CpuGroup, engine: OurEngine, work: Callable[[OurEngine], None]
) -> float:
    before = group.milliseconds()
    work(engine)
    return group.milliseconds() - before
