"""Sequences of commands, typed at both engines: what a day with Docker is made of.

A script is a list of lines. ``{p}`` is a prefix of our own, so that nothing of anybody
else's is touched. What the lines print, and their exit codes, must be the same.
"""

import re
import shlex
import threading

import pytest

from tests.contract.api.world import PREFIX, normalise
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

SCRIPTS = {
    "log drivers": """
        run --name {p}a --label x=y -e Z=1 --log-opt labels=x --log-opt env=Z \
            --log-opt tag={{{{.Name}}}} {i} echo one
        logs --details {p}a
        run --name {p}b --log-driver none {i} echo two
        logs {p}b
        run --name {p}c --log-driver local {i} seq 5
        logs --tail 2 {p}c
        run --name {p}d --log-opt max-size=2k --log-opt max-file=3 {i} seq 1000
        logs --tail 3 {p}d
        inspect -f {{{{json\\ .HostConfig.LogConfig}}}} {p}a {p}c
    """,
    "stop and start": """
        run -d --name {p}a {i} sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
        restart -t 2 {p}a
        stop -t 5 {p}a
        inspect -f {{{{.State.ExitCode}}}}/{{{{.RestartCount}}}} {p}a
        start {p}a
        pause {p}a
        pause {p}a
        exec {p}a true
        unpause {p}a
        kill -s FOO {p}a
        kill -s TERM {p}a
        wait {p}a
        start -a {p}nosuch
        restart {p}nosuch
        rm {p}a
    """,
    "interactive": """
        create --name {p}a -i {i} cat
        start -ai {p}a
        create --name {p}b {i} sh -c 'echo x; exit 4'
        start -a {p}b
        start {p}b {p}nosuch
        start -a {p}a {p}b
    """,
    "restart policies": """
        run -d --name {p}a --restart on-failure:2 {i} sh -c 'exit 3'
        run -d --name {p}b --restart on-failure {i} true
        run -d --name {p}c --restart unless-stopped {i} sleep 1000
        run --rm {i} sleep 2.5
        kill {p}c
        inspect -f {{{{.RestartCount}}}}/{{{{.State.Status}}}}/{{{{.State.ExitCode}}}} \
            {p}a {p}b {p}c
        run --restart always:3 {i} true
    """,
    "limits of one that runs": """
        run -d --name {p}a {i} sleep 1000
        update -m 64m {p}a
        update -m 64m --memory-swap 64m --cpus 0.5 --pids-limit 40 {p}a
        exec {p}a cat /sys/fs/cgroup/memory/memory.limit_in_bytes \
            /sys/fs/cgroup/cpu/cpu.cfs_quota_us /sys/fs/cgroup/pids/pids.max
        update -m 128m {p}a
        update --cpu-quota 5000 {p}a
        update --restart on-failure:3 {p}a
        inspect -f {{{{.HostConfig.RestartPolicy}}}}/{{{{.HostConfig.Memory}}}} {p}a
    """,
    "networks": """
        network create --subnet 10.223.1.0/24 --ip-range 10.223.1.128/25 --label k=v \
            --gateway 10.223.1.254 -o com.docker.network.driver.mtu=1400 {p}n
        network create --ipv6 --subnet 10.223.2.0/24 --subnet fd00:223::/64 {p}six
        run -d --name {p}a --network {p}n --network-alias al {i} sleep 1000
        run -d --name {p}b --network {p}six --ip6 fd00:223::99 {i} sleep 1000
        exec {p}a cat /sys/class/net/eth0/mtu
        run --rm --network {p}six {i} ping -6 -c 1 -W 5 -q {p}b
        exec {p}b grep fd00 /etc/hosts
        network connect --alias q --ip 10.223.2.50 {p}six {p}a
        exec {p}a sh -c 'ip -6 addr show dev eth1 scope global | grep -c fd00:223'
        exec {p}b ping -c 1 -W 5 -q q
        network connect {p}six {p}a
        network disconnect {p}n {p}a
        network disconnect {p}n {p}a
        network rm {p}six
        network ls --filter label=k=v --format {{{{.Name}}}}
        network create --subnet 10.223.1.0/25 {p}m
        network create --subnet 10.223.9.0/30 {p}small
        run -d --name {p}c --network {p}small {i} sleep 1000
        run --name {p}d --network {p}small {i} true
        network create -d nosuch {p}x
    """,
    "volumes": """
        volume create --label k=v {p}v
        volume create -o type=tmpfs {p}w
        volume create -o foo=bar {p}w
        volume create -d nosuch {p}w
        run --rm -v {p}v:/etc {i} sh -c 'ls /etc; echo new >/etc/new'
        run --rm -v {p}v:/x:ro {i} sh -c 'cat /x/new; touch /x/no'
        run --rm -v {p}u:/etc:nocopy {i} ls /etc
        run -d --name {p}a -v {p}v:/v -v /anonymous {i} sleep 1000
        run --rm --volumes-from {p}a:ro {i} touch /v/no
        volume rm {p}v
        volume ls --filter label=k --filter dangling=false --format {{{{.Name}}}}
        rm -fv {p}a
        volume rm {p}v {p}u {p}nosuch
    """,
    "execs": """
        run -d --name {p}a -e A=1 -w /tmp -u 1000 {i} sleep 1000
        exec {p}a sh -c 'id; pwd; echo $A $HOME'
        exec -e B=2 -w /etc -u nobody {p}a sh -c 'id; pwd; echo $B $HOME'
        exec {p}a sh -c 'exit 7'
        exec {p}a nosuch
        exec {p}a /etc/plain.txt
        exec -w /nosuch {p}a pwd
        exec -w rel {p}a pwd
        exec -u nosuch {p}a true
        exec -d {p}a touch /tmp/made
        exec -t {p}a echo hi
        top {p}a -o user,comm
        top {p}a -o nosuch
    """,
}
_PROBES = re.compile(r"round-trip.*|\b0% packet loss.*")


def _play(engine: Engine, script: str, into: list[str]) -> None:
    text = script.format(p=PREFIX, i=TEST_IMAGE)
    for line in re.split(r"\n        (?=\S)", text):
        if not line.strip():
            continue
        data = b"typed\n" if "-ai" in line else None
        done = engine.docker(*shlex.split(line), data=data)
        shown = _PROBES.sub("<reached>", normalise(f"{done.stdout}{done.stderr}"))
        into.append(f"{line.strip()}\n{shown}{done.returncode}")


def _clear(engine: Engine) -> None:
    for kind, remove in (
        ("container", ("rm", "-fv")),
        ("network", ("rm",)),
        ("volume", ("rm",)),
    ):
        listing = ("-aq",) if kind == "container" else ("-q",)
        found = engine.docker(kind, "ls", *listing, "--filter", f"name={PREFIX}")
        if names := found.stdout.split():
            engine.docker(kind, *remove, *names)


@pytest.mark.parametrize("name", SCRIPTS)
def test_goes_the_same_way(both: tuple[Engine, Engine], name: str) -> None:
    played: tuple[list[str], list[str]] = ([], [])
    threads = [
        threading.Thread(target=_play, args=(engine, SCRIPTS[name], into))
        for engine, into in zip(both, played, strict=True)
    ]
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        for engine in both:
            _clear(engine)
    for ours, theirs in zip(*played, strict=True):
        assert ours == theirs


def test_ipv6_without_a_subnet(lab_engine: Engine) -> None:
    """Keep this to ours: dockerd has had subnets to give since 27."""
    name = f"{PREFIX}six"
    try:
        lab_engine.docker("network", "create", "--ipv6", name)
        sleep = ("--name", name, "--network", name, TEST_IMAGE, "sleep", "1000")
        lab_engine.docker("run", "-d", *sleep)
        ping = ("ping", "-6", "-c", "1", "-W", "5", name)
        done = lab_engine.docker("run", "--rm", "--network", name, TEST_IMAGE, *ping)
        assert done.returncode == 0, done.stdout + done.stderr
    finally:
        _clear(lab_engine)
