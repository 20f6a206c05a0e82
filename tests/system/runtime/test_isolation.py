"""What a container sees: mounts, devices, privileges, limits."""

import re
from pathlib import Path

import pytest

from labkit.runtime.model import StartError, Status
from labkit.spec.runtime import (
    CapabilitySets,
    MemoryResources,
    Mount,
    Namespace,
    PidsResources,
    Resources,
    Rlimit,
    Seccomp,
    SeccompRule,
)
from tests.system.runtime.lab import NAMESPACES, Lab, exec_in, wait_event
from tests.waiting import wait_until

pytestmark = pytest.mark.root


def _run(lab: Lab, script: str, **changes: object) -> str:
    result = lab.run("probe", "sh", "-c", script, **changes)
    return (result.stdout + result.stderr).decode()


def test_has_the_mounts_of_a_docker_container(lab: Lab) -> None:
    rows = [line.split() for line in _run(lab, "cat /proc/mounts").splitlines()]
    found = {row[1]: (row[2], row[3]) for row in rows}
    assert found["/"][0] == "overlay"
    assert found["/proc"] == ("proc", "rw,nosuid,nodev,noexec,relatime")
    assert found["/dev/pts"][1].endswith("gid=5,mode=620,ptmxmode=666")
    assert found["/sys"] == ("sysfs", "ro,nosuid,nodev,noexec,relatime")
    assert found["/proc/sys"][1].startswith("ro,")
    assert found["/proc/keys"][0] == "tmpfs"  # a bind of the container's /dev/null
    assert found["/proc/acpi"] == ("tmpfs", "ro,relatime")
    assert "/absent" not in found
    assert not any(str(lab.root) in row[1] for row in rows)


def test_shows_its_own_cgroup_read_only(lab: Lab) -> None:
    script = "cat /sys/fs/cgroup/pids/pids.max; echo 5 > /sys/fs/cgroup/pids/pids.max"
    text = _run(lab, script, resources=Resources(pids=PidsResources(limit=77)))
    assert text.startswith("77\n")
    assert "Read-only file system" in text


def test_hides_the_host_in_a_cgroup_namespace(lab: Lab) -> None:
    made = tuple(Namespace(kind) for kind in (*NAMESPACES, "cgroup"))
    script = "grep pids /proc/self/cgroup; cat /sys/fs/cgroup/pids/pids.max"
    limits = Resources(pids=PidsResources(limit=78))
    lines = _run(lab, script, namespaces=made, resources=limits).splitlines()
    assert lines[0].endswith("pids:/")
    assert lines[1] == "78"


def test_has_the_devices_of_a_docker_container(lab: Lab) -> None:
    names = set(_run(lab, "ls /dev").split())
    assert names - {"core"} == {
        *("fd", "full", "mqueue", "null", "ptmx", "pts", "random", "shm"),
        *("stderr", "stdin", "stdout", "tty", "urandom", "zero"),
    }
    assert _run(lab, "echo x > /dev/null; head -c 3 /dev/zero | wc -c") == "3\n"


def test_has_dockers_capabilities_and_no_signals_blocked(lab: Lab) -> None:
    text = lab.run("probe", "cat", "/proc/self/status").text
    fields = dict(line.split(":\t", 1) for line in text.splitlines())
    assert fields["CapEff"] == fields["CapPrm"] == fields["CapBnd"]
    assert fields["CapEff"] == "00000000a80425fb"
    assert fields["CapInh"] == fields["CapAmb"] == "0000000000000000"
    assert fields["SigBlk"] == fields["SigIgn"] == "0000000000000000"
    assert fields["NoNewPrivs"] == "0"


def test_drops_all_capabilities_when_asked(lab: Lab) -> None:
    text = _run(lab, "grep Cap /proc/self/status", capabilities=CapabilitySets())
    assert set(text.split()[1::2]) == {"0000000000000000"}


def test_sets_limits_and_no_new_privileges(lab: Lab) -> None:
    text = _run(
        lab,
        "ulimit -n; grep NoNewPrivs /proc/self/status; cat /proc/self/oom_score_adj",
        rlimits=(Rlimit("RLIMIT_NOFILE", hard=512, soft=256),),
        no_new_privileges=True,
        oom_score_adj=500,
    )
    assert text.split() == ["256", "NoNewPrivs:", "1", "500"]


@pytest.mark.parametrize("no_new_privileges", [False, True])
def test_loads_the_seccomp_filter(lab: Lab, no_new_privileges: bool) -> None:
    profile = Seccomp(
        default_action="SCMP_ACT_ALLOW",
        syscalls=(SeccompRule(("mkdir", "mkdirat"), "SCMP_ACT_ERRNO", errno_ret=1),),
    )
    text = _run(
        lab,
        "grep Seccomp: /proc/self/status; mkdir /tmp/x",
        linux={"seccomp": profile},
        no_new_privileges=no_new_privileges,
    )
    assert "Seccomp:\t2" in text
    assert "Operation not permitted" in text


def test_makes_the_root_read_only(lab: Lab) -> None:
    text = _run(lab, "touch /x; echo y > /dev/shm/y && cat /dev/shm/y", readonly=True)
    assert "Read-only file system" in text
    assert text.startswith("y\n")


def test_binds_files_and_folders(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("here\n")
    mounts = (
        Mount("/etc/hosts", "bind", str(tmp_path / "hosts"), ("rbind", "rprivate")),
        Mount("/deep/data", "bind", str(tmp_path), ("rbind", "ro", "nosuid")),
        Mount("/scratch", "tmpfs", "tmpfs", ("nosuid", "size=1m")),
    )
    script = (
        "cat /etc/hosts /deep/data/hosts; echo no > /deep/data/x; "
        "grep -E 'scratch|/deep' /proc/mounts"
    )
    text = _run(lab, script, mounts=mounts)
    assert text.startswith("here\nhere\n")
    assert "Read-only file system" in text
    assert re.search(r" /deep/data \S+ ro,nosuid,", text)
    assert "size=1024k,mode=755" in text


def test_mount_targets_never_leave_the_root(lab: Lab, tmp_path: Path) -> None:
    target = tmp_path / "outside"
    target.mkdir()
    (lab.root / "lower/escape").symlink_to(f"../../../../../../..{target}")
    (lab.root / "lower/etc/dangling").symlink_to("../run/made/file")
    source = tmp_path / "source"
    source.write_text("inside\n")
    mounts = (
        Mount("/escape/file", "bind", str(source), ("bind",)),
        Mount("/etc/dangling", "bind", str(source), ("bind",)),
    )
    text = _run(lab, f"cat {target}/file /run/made/file", mounts=mounts)
    assert text == "inside\ninside\n"
    assert list(target.iterdir()) == []


def test_says_which_mount_failed(lab: Lab) -> None:
    mounts = (Mount("/etc/passwd/x", "tmpfs", "tmpfs"),)
    lab.create("nomount", "true", mounts=mounts)
    with pytest.raises(StartError, match='to rootfs at "/etc/passwd/x"') as caught:
        lab.runtime.start("nomount")
    # moby, translateContainerdStartErr: a file where a folder was meant is "not found".
    assert caught.value.exit_code == 127


def test_sees_an_oom_kill(lab: Lab) -> None:
    limit = Resources(memory=MemoryResources(limit=16 << 20, swap=16 << 20))
    lab.create("oom", "sh", "-c", "exec tail /dev/zero", resources=limit)
    with lab.runtime.watch("oom") as watch:
        lab.runtime.start("oom")
        event = wait_event(watch, "exit")
    assert (event["exit_code"], event["oom_killed"]) == (137, True)
    lab.runtime.delete("oom")


def test_pauses_and_goes_on(lab: Lab) -> None:
    lab.create("pause", "sh", "-c", "while :; do echo x; sleep 0.01; done")
    lab.runtime.start("pause")
    log = lab.log_path("pause")
    wait_until(lambda: log.stat().st_size, "the container writes")
    lab.runtime.pause("pause")
    assert lab.runtime.state("pause").status is Status.PAUSED
    lab.runtime.unpause("pause")
    size = log.stat().st_size
    wait_until(lambda: log.stat().st_size > size, "the container writes on")
    assert len(lab.runtime.processes("pause")) >= 1
    lab.runtime.pause("pause")
    lab.runtime.delete("pause")  # a paused container can be deleted


def test_changes_limits_while_it_runs(lab: Lab) -> None:
    lab.create("update", "sleep", "60")
    lab.runtime.start("update")
    lab.runtime.update("update", Resources(pids=PidsResources(limit=55)))
    assert exec_in(lab, "update", "cat", "/sys/fs/cgroup/pids/pids.max")[1] == "55\n"
    assert lab.runtime.stats("update").pids.limit == 55
    lab.runtime.delete("update")
