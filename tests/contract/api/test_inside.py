"""What a default container sees of the kernel: line by line what a dockerd's sees."""

import re

import pytest

from tests.contract.api.world import PREFIX, normalise
from tests.contract.differences import INSIDE
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

PATHS = (
    "/proc/acpi /proc/asound /proc/bus /proc/fs /proc/interrupts /proc/irq /proc/kcore "
    "/proc/keys /proc/latency_stats /proc/sched_debug /proc/scsi /proc/sys "
    "/proc/sysrq-trigger /proc/timer_list /proc/timer_stats /sys/firmware /etc/hosts "
    "/etc/hostname /etc/resolv.conf /.dockerenv"
)
# The state of a process, without what is a number of this very one, and without what it
# ignores: a dockerd hands on what its starter ignored (ours nothing: test_isolation).
NUMBERS = (
    "Pid|PPid|Tgid|Ngid|NSpid|NSpgid|NSsid|NStgid|Vm.*|Rss.*|Hugetlb.*|SigQ|Threads|"
    "voluntary.*|nonvoluntary.*|Speculation.*|SigIgn"
)
SECTIONS = {
    "status": f"grep -vE '^({NUMBERS}):' /proc/self/status",
    "mounts": "mount | sed 's/lowerdir.*/LAYERS/'",
    "propagation": "cut -d' ' -f5,6 /proc/self/mountinfo | sort",
    "devices": "ls -lA /dev | cut -c1-10,29-45,58-",
    "special folders": "ls -ld /dev/pts /dev/shm /dev/mqueue /dev/fd | cut -c1-10",
    "paths": f"ls -ld {PATHS} 2>&1 | cut -c1-10,58-",
    "covered": "cat /proc/keys /proc/kcore | head -c 9; ls /proc/scsi /sys/firmware",
    "cgroup": "cut -d: -f2 /proc/self/cgroup | sort; ls /sys/fs/cgroup",
    "limits": "cat /proc/self/limits",
    "environment": "env | sort",
    "files": "cat /etc/hosts /etc/hostname; hostname; hostname -f",
    "root": "ls -A /",
    "score": "cat /proc/self/oom_score_adj /proc/self/setgroups; umask",
    "sysctls": (
        "cd /proc/sys; grep . net/ipv4/ip_forward net/ipv4/ping_group_range "
        "net/ipv4/ip_unprivileged_port_start net/core/somaxconn kernel/msgmax "
        "net/ipv6/conf/all/disable_ipv6 net/ipv4/conf/all/rp_filter"
    ),
    "writing": (
        "for path in /proc/sys /sys /sys/fs/cgroup /dev /proc/sysrq-trigger "
        "/proc/irq/x /sys/kernel/x; do touch $path/x; done 2>&1"
    ),
    "forbidden": (
        "mount -t tmpfs x /tmp; unshare -m true; mknod /tmp/n b 1 1 && cat /tmp/n; "
        "hostname x; chroot / true && echo chroot; date -s 0; dmesg | head -1; "
        "ip link set lo down; reboot -f; swapon /x; nice -n -5 true"
    ),
    "files open": "ls /proc/self/fd | wc -l; ls -l /proc/self/fd/0 | sed 's/.*->//'",
    "interfaces": "ip -o link | sed 's/@.*//' | cut -d' ' -f2; ip route | wc -l",
    "namespaces": "ls /proc/self/ns",
    "first process": "ps | sed -n 2p | cut -c1-20",
}


def _look(engine: Engine) -> dict[str, list[str]]:
    script = "".join(
        f"echo '== {name}'; ({text}) 2>&1;\n" for name, text in SECTIONS.items()
    )
    flags = ("--name", f"{PREFIX}inside", "--hostname", "box")
    done = engine.docker("run", "--rm", *flags, TEST_IMAGE, "sh", "-c", script)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = {}
    for line in normalise(done.stdout).splitlines():
        if line.startswith("== "):
            found[line.removeprefix("== ")] = lines = []
        else:
            lines.append(line)
    assert list(found) == list(SECTIONS)
    return found


def _is_listed(line: str) -> bool:
    return any(re.fullmatch(pattern, line) for pattern in INSIDE)


def test_sees_the_same(both: tuple[Engine, Engine]) -> None:
    ours, theirs = (_look(engine) for engine in both)
    differences = {
        name: {"ours": ours[name], "theirs": theirs[name]}
        for name in SECTIONS
        if [line for line in ours[name] if not _is_listed(line)]
        != [line for line in theirs[name] if not _is_listed(line)]
    }
    assert differences == {}


def test_every_listed_difference_is_one(both: tuple[Engine, Engine]) -> None:
    ours, theirs = (_look(engine) for engine in both)
    for pattern in INSIDE:
        sides = [
            [line for lines in seen.values() for line in lines if _fits(pattern, line)]
            for seen in (ours, theirs)
        ]
        assert sides[0] != sides[1], f"no difference any more: {pattern}"


def _fits(pattern: str, line: str) -> bool:
    return re.fullmatch(pattern, line) is not None
