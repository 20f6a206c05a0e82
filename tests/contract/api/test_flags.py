"""The flags of ``docker run``, typed at both engines: text, exit code and all.

Each case is one command line. All of them run once, the engines side by side; then
each is compared. What differs is listed with its reason in ``differences.py``.
"""

import re
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contract.api.world import PREFIX, normalise
from tests.contract.differences import FLAGS
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

STATUS = "grep -E '^(Cap|NoNew|Seccomp:)' /proc/self/status"
RESOLVER = "cat /etc/resolv.conf"

# What is between run --rm and the image, and what the container is to do.
CASES = {
    "user by name": ("-u nobody", "id"),
    "user by number": ("-u 1000:2000", "id; echo $HOME"),
    "unknown user": ("-u nosuch", "true"),
    "negative user": ("-u=-5", "true"),
    "huge user": ("-u 99999999999", "true"),
    "added groups": ("--group-add 10 --group-add nobody", "id"),
    "unknown group": ("--group-add nosuch", "true"),
    "ordinary user": ("-u 1000", STATUS),
    "one capability more": ("--cap-add NET_ADMIN", STATUS),
    "no capability but one": ("--cap-drop all --cap-add CHOWN", STATUS),
    "unknown capability": ("--cap-add nosuch", "true"),
    "port 80 for all": ("-u 1000", "nc -l -p 80 & sleep 0.1; kill %1 && echo on"),
    "ports are open": ("", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"),
    "pings are open": ("", "cat /proc/sys/net/ipv4/ping_group_range"),
    "sysctl": ("--sysctl net.core.somaxconn=9", "cat /proc/sys/net/core/somaxconn"),
    "host's sysctl": ("--sysctl vm.swappiness=1", "true"),
    "no new privileges": ("--security-opt no-new-privileges", STATUS),
    "new privileges": ("--security-opt no-new-privileges=false", STATUS),
    "perhaps privileges": ("--security-opt no-new-privileges=maybe", "true"),
    "seccomp file": ("--security-opt seccomp={profile}", "mkdir /x"),
    "seccomp off": ("--security-opt seccomp=unconfined", STATUS),
    "unknown option": ("--security-opt foo=bar", "true"),
    "option without value": ("--security-opt foo", "true"),
    "system paths": ("--security-opt systempaths=unconfined", "mount | grep -c proc/"),
    "read-only": ("--read-only", "touch /x; echo a >>/etc/hosts; touch /dev/shm/x"),
    "read-only and tmpfs": ("--read-only --tmpfs /t", "touch /t/x && echo fine"),
    "tmpfs": ("--tmpfs /t:size=1m,mode=700", "ls -ld /t | cut -c1-10; df -k /t"),
    "bad tmpfs": ("--tmpfs /t:foo=bar", "true"),
    "shared memory": ("--shm-size 1m", "df -k /dev/shm"),
    "no ipc": ("--ipc none", "df /dev/shm"),
    "host's ipc": ("--ipc host", "mount | grep -c mqueue"),
    "ipc of nobody": ("--ipc container:nosuch", "true"),
    "ipc of a private one": (f"--ipc container:{PREFIX}private", "true"),
    "ipc of a sharing one": (
        f"--ipc container:{PREFIX}sharing",
        "cat /dev/shm/word; df -k /dev/shm; readlink /proc/self/ns/ipc | wc -c",
    ),
    "pid of another": (
        f"--pid container:{PREFIX}private",
        "ps | grep -c '[s]leep 500$'",
    ),
    "pid of one that ended": (f"--pid container:{PREFIX}ended", "true"),
    "ipc of one that ended": (f"--ipc container:{PREFIX}ended", "true"),
    "network of one that ended": (f"--network container:{PREFIX}ended", "true"),
    "network of another": (f"--network container:{PREFIX}private", "hostname"),
    "name on its network": (f"--network container:{PREFIX}private --hostname x", "id"),
    "links on its network": (
        f"--network container:{PREFIX}private --link {PREFIX}sharing:x",
        "true",
    ),
    "dns": ("--dns 9.9.9.9 --dns-search a.b --dns-option ndots:3", RESOLVER),
    "no search": ("--dns 9.9.9.9 --dns-search .", RESOLVER),
    "hosts": ("--add-host one:1.2.3.4 --hostname a.b.c", "cat /etc/hosts"),
    "bad host": ("--add-host h:zz", "true"),
    "names": ("--hostname box --domainname lab.test", "hostname -f; hostname -d"),
    "link": (
        f"--name {PREFIX}me --link {PREFIX}sharing:al",
        "env | grep -v '[HP]A[TM][HE]='; true",
    ),
    "open files": ("--ulimit nofile=100:200", "ulimit -n; ulimit -Hn"),
    "bad limit": ("--ulimit nofile=5:2", "true"),
    "memory": ("-m 64m", "cat /sys/fs/cgroup/memory/memory.*limit_in_bytes"),
    "tiny memory": ("-m 1k", "true"),
    "swap alone": ("--memory-swap 64m", "true"),
    "cpus": ("--cpus 0.5", "cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
    "too many cpus": ("--cpus 1000", "true"),
    "far cpu": ("--cpuset-cpus 99", "true"),
    "pids": ("--pids-limit 50", "cat /sys/fs/cgroup/pids/pids.max"),
    "unknown disk": ("--device-read-bps /dev/nosuch:1m", "true"),
    "bad score": ("--oom-score-adj 2000", "true"),
    "oom kill off": ("--oom-kill-disable", "head -1 /sys/fs/cgroup/memory/*oom_c*"),
    "device": ("--device /dev/null:/dev/nil:r", "cat /dev/nil; echo a >/dev/nil"),
    "unknown device": ("--device /dev/nosuch", "true"),
    "device rule": ("--device-cgroup-rule foo", "true"),
    "gpus": ("--gpus all", "true"),
    "storage": ("--storage-opt foo=1", "true"),
    "runtime": ("--runtime nosuch", "true"),
    "isolation": ("--isolation hyperv", "true"),
    "uts mode": ("--uts foo", "true"),
    "pid mode": ("--pid foo", "true"),
    "cgroup mode": ("--cgroupns foo", "true"),
    "bind": ("-v {folder}:/x:ro", "cat /x/word; touch /x/new"),
    "file on a folder": ("-v {folder}/word:/etc", "true"),
    "unknown bind": ("--mount type=bind,src=/no/such,dst=/x", "true"),
    "log option": ("--log-opt foo=1", "true"),
    "log mode": ("--log-opt mode=foo", "true"),
    "log buffer": ("--log-opt max-buffer-size=1m", "true"),
    "log size": ("--log-opt max-size=foo", "true"),
    "log files": ("--log-opt max-file=0", "true"),
    "log compression": ("--log-opt compress=true", "true"),
    "local log": ("--log-driver local --log-opt labels=x", "true"),
    "log to syslog": ("--log-driver syslog", "true"),
    "log to the journal": ("--log-driver journald", "true"),
    "log to fluentd": ("--log-driver fluentd", "true"),
    "log to graylog": ("--log-driver gelf", "true"),
    "disk weight": ("--blkio-weight 300", "cat /sys/fs/cgroup/blkio/blkio*weight"),
    "nfs volume": (
        "--mount type=volume,dst=/x,volume-opt=type=nfs,volume-opt=device=:/x,"
        "volume-opt=o=addr=127.0.0.1",
        "true",
    ),
    "port of nothing": ("-p 0-1:0-1", "true"),
    "stop signal": ("--stop-signal FOO", "true"),
    "restart and rm": ("--restart always", "true"),
    "health": ("--health-interval 1us", "true"),
    "name": ("--name _x", "true"),
    "entrypoint": ("--entrypoint echo", "hi"),
}
_PROFILE = """{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
  {"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 5}]}"""
_MADE_UP = re.compile(r"\b[a-z]+_[a-z]+\b(?= \(<id>\))")

Seen = dict[str, tuple[int, str]]


@pytest.fixture(scope="module")
def seen(
    lab_engine: Engine,
    real_dockerd: Engine,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Seen, Seen]]:
    """Type every case at both."""
    folder = tmp_path_factory.mktemp("flags")
    (folder / "word").write_text("bound\n")
    (folder / "profile.json").write_text(_PROFILE)
    both = (lab_engine, real_dockerd)
    found: tuple[Seen, Seen] = ({}, {})
    try:
        for engine in both:
            _keep(engine, "private", "sleep 500", "--hostname", "private")
            engine.docker("create", "--name", f"{PREFIX}ended", TEST_IMAGE, "true")
            word = "echo shared >/dev/shm/word; sleep 1000"
            _keep(engine, "sharing", word, "--ipc", "shareable", "--expose", "80")
        threads = [
            threading.Thread(target=_type_all, args=(engine, folder, into))
            for engine, into in zip(both, found, strict=True)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        yield found
    finally:
        for engine in both:
            names = (f"{PREFIX}{name}" for name in ("private", "sharing", "ended"))
            engine.docker("rm", "-f", *names)


def _keep(engine: Engine, name: str, script: str, *flags: str) -> None:
    run = ("run", "-d", "--name", f"{PREFIX}{name}", *flags, TEST_IMAGE)
    done = engine.docker(*run, "sh", "-c", f"{script}; sleep 1000")
    assert done.returncode == 0, done.stderr


def _type_all(engine: Engine, folder: Path, into: Seen) -> None:
    for name, (flags, script) in CASES.items():
        words = shlex.split(
            flags.format(folder=folder, profile=folder / "profile.json")
        )
        command = ("hi",) if name == "entrypoint" else ("sh", "-c", script)
        done = engine.docker("run", "--rm", *words, TEST_IMAGE, *command)
        text = _MADE_UP.sub("<name>", normalise(done.stdout + done.stderr))
        into[name] = (done.returncode, text)


@pytest.mark.parametrize("name", CASES)
def test_says_the_same(seen: tuple[Seen, Seen], name: str) -> None:
    ours, theirs = (found[name] for found in seen)
    if name in FLAGS:
        assert ours != theirs, f"no difference any more: {name}"
        code, text = FLAGS[name].code, FLAGS[name].text
        assert (ours[0], text in ours[1]) == (code, True), ours
        return
    assert ours == theirs
