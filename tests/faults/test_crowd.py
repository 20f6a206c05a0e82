"""Crowds of clients, and clients that leave: the others do not notice."""

import contextlib
import resource
import socket
from collections.abc import Iterator

import pytest

from tests.engines import TEST_IMAGE, OurEngine, busybox_archive

pytestmark = [pytest.mark.root, pytest.mark.slow]

CROWD = 1100  # more than select(2) can count
SOFT_LIMIT = 256


@contextlib.contextmanager
def _soft_limit(files: int) -> Iterator[None]:
    """Let what is started meanwhile begin with so many files."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


@pytest.fixture(scope="module")
def engine() -> Iterator[OurEngine]:
    """Make one that was given few files, as many systems do."""
    made = OurEngine()
    with _soft_limit(SOFT_LIMIT):
        made.__enter__()
    with contextlib.ExitStack() as stack:
        stack.push(made)
        made.load(busybox_archive(TEST_IMAGE))
        yield made


def test_a_crowd_of_idle_clients_stops_nobody(engine: OurEngine) -> None:
    with contextlib.ExitStack() as stack:
        for _ in range(CROWD):
            idle = stack.enter_context(socket.socket(socket.AF_UNIX))
            idle.connect(str(engine.socket))
            idle.send(b"GET /ev")
        done = engine.docker("run", "--rm", TEST_IMAGE, "echo", "through")
        assert (done.returncode, done.stdout) == (0, "through\n"), done.stderr
        made = engine.docker("run", "-d", TEST_IMAGE, "sleep", "1000").stdout.strip()
        assert engine.docker("exec", made, "true").returncode == 0
        gone = engine.docker("rm", "-f", made)
        assert gone.returncode == 0, gone.stderr
    assert engine.answers()


def test_containers_begin_with_the_files_that_the_engine_was_given(
    engine: OurEngine,
) -> None:
    done = engine.docker("run", "--rm", TEST_IMAGE, "sh", "-c", "ulimit -n")
    assert done.stdout == f"{SOFT_LIMIT}\n", done.stderr


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"\x00\x01garbage\r\n\r\n",
        b"GET /_ping HTTP/1.1\r\nX: " + b"a" * 20_000_000,
        b"GET /" + b"a" * 20_000_000,
        b"POST /containers/create HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"POST /containers/create HTTP/1.1\r\nHost: x\r\n"
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["garbage", "endless header", "endless line", "bad length", "bad chunk"],
)
def test_no_request_at_all_is_refused(engine: OurEngine, request_bytes: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(20)
        client.connect(str(engine.socket))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            client.sendall(request_bytes)
        with contextlib.suppress(ConnectionResetError):
            assert client.recv(64).startswith((b"HTTP/1.0 400", b"HTTP/1.1 400"))
    assert engine.answers()
