"""The engine on machines with nothing but cgroup v2: a real kernel's word on it."""

import json
from typing import Any

import pytest

from tests.vm.guest import MARK
from tests.vm.machine import AMD64, ARM64, Machine, missing, run_guest

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(600)]
_MIB = 1 << 20


@pytest.fixture(scope="module", params=[AMD64, ARM64], ids=["amd64", "arm64"])
def machine(request: pytest.FixtureRequest) -> Machine:
    made: Machine = request.param
    if lack := missing(made):
        pytest.skip(lack)
    return made


@pytest.fixture(scope="module")
def facts(machine: Machine) -> dict[str, Any]:
    printed = run_guest(machine, timeout_seconds=500)
    lines = [line for line in printed.splitlines() if line.startswith(MARK)]
    assert lines, printed[-5000:]
    found: dict[str, Any] = json.loads(lines[-1].removeprefix(MARK))
    return found


def test_is_the_machine_that_was_meant(facts: dict[str, Any], machine: Machine) -> None:
    assert facts["arch"] == machine.architecture


def test_system_calls_are_filtered_by_their_numbers(facts: dict[str, Any]) -> None:
    assert facts["filter"]["output"].startswith("Seccomp:\t2\r\n")
    assert "Operation not permitted" in facts["filter"]["output"]


def test_an_init_comes_first(facts: dict[str, Any]) -> None:
    assert facts["init"]["output"] == "docker-init\r\n"
    assert facts["init"]["ExitCode"] == 7


def test_a_container_sees_its_own_group_as_the_root(facts: dict[str, Any]) -> None:
    assert facts["info"] == "2"
    lines = facts["inside"]["output"].splitlines()
    assert lines[0] == "0::/"
    assert [line.split()[2] for line in lines[1:]] == ["/sys/fs/cgroup"]
    assert "ro,nosuid,nodev,noexec" in lines[1]
    assert facts["read-only"]["ExitCode"] == 1
    assert "Read-only file system" in facts["read-only"]["output"]


def test_devices_are_guarded_by_a_program(facts: dict[str, Any]) -> None:
    assert "Operation not permitted" in facts["device"]["output"]
    assert facts["null"]["output"] == "fine\r\n"


def test_every_limit_reaches_its_file(facts: dict[str, Any]) -> None:
    assert facts["limits"] == {
        "memory.max": str(64 * _MIB),
        # v2 counts swap alone, Docker memory and swap together.
        "memory.swap.max": str(32 * _MIB),
        "memory.low": str(32 * _MIB),
        "cpu.max": "50000 100000",
        "cpu.weight": "20",  # of 512 shares, as runc converts them
        "pids.max": "20",
        "cpuset.cpus": "0",
        "cgroup.freeze": "0",
    }


def test_limits_change_while_it_runs(facts: dict[str, Any]) -> None:
    assert facts["updated"]["memory.max"] == str(80 * _MIB)
    assert facts["updated"]["memory.swap.max"] == str(16 * _MIB)
    assert facts["updated"]["cpu.weight"] == "79"


def test_memory_over_the_limit_is_an_oom_kill(facts: dict[str, Any]) -> None:
    assert (facts["oom"]["ExitCode"], facts["oom"]["OOMKilled"]) == (137, True)


def test_no_process_over_the_limit(facts: dict[str, Any]) -> None:
    assert "Resource temporarily unavailable" in facts["pids"]["output"]


def test_pause_freezes(facts: dict[str, Any]) -> None:
    assert (facts["paused"][0], facts["paused"][1]["Status"]) == ("1", "paused")
    assert (facts["unpaused"][0], facts["unpaused"][1]["Status"]) == ("0", "running")


def test_counts_what_is_used(facts: dict[str, Any]) -> None:
    stats = facts["stats"]
    assert 0 < stats["memory"] < stats["limit"] == 80 * _MIB
    assert stats["pids"] >= 1
    assert stats["cpu"] > 0


def test_is_adopted_and_ends_by_signal(facts: dict[str, Any]) -> None:
    assert facts["adopted"]["Status"] == "running"
    assert (facts["killed"]["Status"], facts["killed"]["ExitCode"]) == ("exited", 137)
    assert facts["left"] == []
