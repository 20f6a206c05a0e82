"""What is timed on both engines: each a few lines of the real docker command line."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.bench.builds import build_cached, build_cold, build_large_context
from tests.engines import TEST_IMAGE, Engine
from tests.waiting import wait_until

CROWD = 50
STREAM_BYTES = 256 << 20
IDLE, SERVER = "bench-idle", "bench-server"


@dataclass(frozen=True)
class Work:
    """Something to time; ``budget`` is the highest ratio of ours to theirs."""

    name: str
    budget: float
    run: Callable[[Engine], float]  # seconds
    pairs: int | None = None


def docker(engine: Engine, *arguments: str) -> str:
    done = engine.docker(*arguments, timeout=300)
    if done.returncode != 0:
        raise RuntimeError(f"{engine.name}: docker {arguments[0]}: {done.stderr}")
    return done.stdout


def timed(action: Callable[[], object]) -> float:
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def run_true(engine: Engine) -> float:
    return timed(lambda: docker(engine, "run", "--rm", TEST_IMAGE, "true"))


def exec_true(engine: Engine) -> float:
    return timed(lambda: docker(engine, "exec", IDLE, "true"))


def list_containers(engine: Engine) -> float:
    return timed(lambda: docker(engine, "ps", "--all"))


def start_and_remove_crowd(engine: Engine) -> float:
    names = [f"bench-{number}" for number in range(CROWD)]

    def crowd() -> None:
        for name in names:
            docker(engine, "run", "-d", "--name", name, TEST_IMAGE, "sleep", "1000")
        docker(engine, "rm", "-f", *names)

    return timed(crowd)


def start_server(engine: Engine) -> None:
    """Start a container that sends much to whoever connects to its published port."""
    send = f"dd if=/dev/zero bs=65536 count={STREAM_BYTES >> 16} 2>/dev/null"
    script = f"while :; do nc -l -p 5000 -e sh -c '{send}'; done"
    publish = ("-p", "127.0.0.1::5000")
    docker(
        engine, "run", "-d", "--name", SERVER, *publish, TEST_IMAGE, "sh", "-c", script
    )


def read_stream(engine: Engine) -> float:
    address = docker(engine, "port", SERVER, "5000/tcp").strip()
    host, _, port = address.rpartition(":")
    begun = 0.0

    def read() -> bool:
        nonlocal begun
        begun = time.perf_counter()
        with socket.create_connection((host, int(port)), 10) as stream:
            taken = 0
            while data := stream.recv(1 << 18):
                taken += len(data)
        return taken == STREAM_BYTES

    wait_until(read, "all of the stream has come")  # nc may not listen again yet
    return time.perf_counter() - begun


WORKS = (
    Work("docker run --rm busybox true", 0.20, run_true),
    Work("docker exec true", 0.30, exec_true),
    Work("docker ps --all", 1.00, list_containers),
    Work("50 containers started and removed", 0.25, start_and_remove_crowd, pairs=1),
    Work("256 MB through a published port", 1 / 0.95, read_stream, pairs=7),
    Work("build of 20 steps, cold", 0.35, build_cold, pairs=3),
    Work("build of 20 steps, cached", 0.50, build_cached, pairs=5),
    Work("build with 20,000 files, 200 MB", 1.00, build_large_context, pairs=1),
)
