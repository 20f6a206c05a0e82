import pytest

from labkit.grading.judge import judge_check
from labkit.grading.model import Outcome
from labkit.grading.probes import Kernel, KernelProbe, Unavailable
from tests.unit.grading.build import fields, make_check, make_container, see

MACHINE = {"pid": 1, "net": 2}


def _kernel(**changes):
    known = {
        "memory_bytes": 32 << 20,
        "pids": 9,
        "nano_cpus": 500_000_000,
        "namespaces": {"pid": 7, "net": 8},
        "machine": MACHINE,
        "status": {"NoNewPrivs": "1"},
    }
    return Kernel(**(known | changes))


def _see(kernel, other=None):
    web, db = make_container("web"), make_container("db")
    return see(web, db, more={KernelProbe("web"): kernel, KernelProbe("db"): other})


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"memory": "32m", "pids": 9, "cpus": 0.5}, []),
        ({"memory": "31m"}, ["memory"]),
        ({"pids": 8}, ["pids"]),
        ({"cpus": 0.25}, ["cpus"]),
        ({"status": {"NoNewPrivs": 1}}, []),
        ({"status": {"NoNewPrivs": 0}}, ["status.NoNewPrivs"]),
        ({"status": {"Nonsense": 0}}, ["status.Nonsense"]),
        ({"own": ["pid", "net"]}, []),
    ],
)
def test_the_kernels_word_counts(asked, field):
    assert fields("kernel", _see(_kernel()), container="web", **asked) == field


def test_a_namespace_of_the_machine_is_not_its_own():
    seen = _see(_kernel(namespaces={"pid": 7, "net": 2}))
    assert fields("kernel", seen, container="web", own=["net"]) == ["own.net"]


def test_a_namespace_is_shared_if_it_is_one():
    wanted = {"container": "web", "shares": {"pid": "db"}}
    assert fields("kernel", _see(_kernel(), _kernel()), **wanted) == []
    other = _kernel(namespaces={"pid": 70, "net": 8})
    assert fields("kernel", _see(_kernel(), other), **wanted) == ["shares.pid"]


def test_a_container_that_does_not_run_has_no_process():
    seen = see(make_container("web", status="exited"))
    assert fields("kernel", seen, container="web", pids=9) == ["container"]


@pytest.mark.parametrize(
    ("kernel", "asked"),
    [
        (Unavailable("not visible here: the engine is on another machine"), {}),
        (_kernel(namespaces={}), {"own": ["pid"]}),
    ],
)
def test_what_is_not_visible_is_no_zero(kernel, asked):
    verdict = judge_check(make_check("kernel", container="web", **asked), _see(kernel))
    assert verdict.outcome is Outcome.COULD_NOT_CHECK
    assert verdict.reason.startswith("not visible here: ")
