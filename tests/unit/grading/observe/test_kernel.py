import os

import pytest

from labkit.base.errors import UnavailableError
from labkit.grading.observe.kernel import read_kernel
from labkit.grading.probes import Kernel

ID = "c0ffee" * 10 + "0000"
HOST = "unix:///run/docker.sock"
STATUS = "Name:\tsleep\nUid:\t1000\t1000\t1000\t1000\nNoNewPrivs:\t1\n"


class _Client:
    """The one call of an API client that is made."""

    def __init__(self, pid=42):
        self.pid = pid

    def inspect_container(self, name):
        return {"Id": ID, "State": {"Pid": self.pid}}


@pytest.fixture
def machine(tmp_path):
    """Give the folders of a machine on which the container is process 42."""
    proc, cgroups = tmp_path / "proc", tmp_path / "cgroup"
    for pid, inode in (("42", 7), ("self", 1)):
        (proc / pid / "ns").mkdir(parents=True)
        for name in ("cgroup", "ipc", "mnt", "net", "pid", "user", "uts"):
            os.symlink(f"{name}:[{inode}]", proc / pid / "ns" / name)
    (proc / "42" / "status").write_text(STATUS)
    cgroups.mkdir()
    return proc, cgroups


def _put(folder, **files):
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name.replace("__", ".")).write_text(text)


def test_reads_version_2(machine):
    proc, cgroups = machine
    (proc / "42" / "cgroup").write_text(f"0::/lab/{ID}\n")
    _put(
        cgroups / "lab" / ID,
        memory__max="33554432\n",
        pids__max="max\n",
        cpu__max="50000 100000\n",
    )
    seen = read_kernel(_Client(), HOST, "web", proc, cgroups)
    assert isinstance(seen, Kernel)
    assert (seen.memory_bytes, seen.pids, seen.nano_cpus) == (32 << 20, 0, 500_000_000)
    assert (seen.namespaces["pid"], seen.machine["pid"]) == (7, 1)
    assert seen.status["NoNewPrivs"] == "1"
    assert seen.status["Uid"] == "1000 1000 1000 1000"


def test_reads_version_1(machine):
    proc, cgroups = machine
    lines = (
        f"{n}:{name}:/lab/{ID}\n" for n, name in enumerate(("memory", "pids", "cpu"), 1)
    )
    (proc / "42" / "cgroup").write_text("".join(lines) + "9:name=systemd:/\n0::/\n")
    place = f"lab/{ID}"
    _put(cgroups / "memory" / place, memory__limit_in_bytes="9223372036854771712\n")
    _put(cgroups / "pids" / place, pids__max="9\n")
    _put(
        cgroups / "cpu" / place,
        cpu__cfs_quota_us="25000\n",
        cpu__cfs_period_us="100000\n",
    )
    seen = read_kernel(_Client(), HOST, "web", proc, cgroups)
    assert isinstance(seen, Kernel)
    assert (seen.memory_bytes, seen.pids, seen.nano_cpus) == (0, 9, 250_000_000)


def test_a_container_that_does_not_run_has_no_process(machine):
    assert read_kernel(_Client(pid=0), HOST, "web", *machine) is None


@pytest.mark.parametrize(
    ("host", "cgroup"),
    [
        ("tcp://10.0.0.1:2376", f"0::/lab/{ID}\n"),
        (HOST, "0::/user.slice\n"),  # some other process has that number here
        (HOST, None),
    ],
)
def test_an_engine_on_another_machine_is_not_visible(machine, host, cgroup):
    if cgroup:
        (machine[0] / "42" / "cgroup").write_text(cgroup)
    with pytest.raises(UnavailableError, match="not visible here: "):
        read_kernel(_Client(), host, "web", *machine)
