"""Connections that are kept, and redirects."""

from collections.abc import Iterator

import pytest

from labkit.images.registry.failures import BrokenPromiseError, UnreachableError
from labkit.images.registry.model import Settings
from labkit.images.registry.transport import Body, Request, Transport
from tests.contract.fakes.registry import FakeRegistry, answer_with, hang_up


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport(Settings(), read_seconds=5)
    yield transport
    transport.close()


@pytest.fixture
def registry() -> Iterator[FakeRegistry]:
    with FakeRegistry() as registry:
        yield registry


def get(transport: Transport, url: str, method: str = "GET") -> tuple[int, bytes]:
    with transport.exchange(Request(method, url)) as answer:
        return answer.status, answer.read_all(1000)


def test_notices_a_connection_that_has_ended(
    transport: Transport, registry: FakeRegistry
) -> None:
    url = f"http://{registry.host}/v2/"
    assert get(transport, url) == (200, b"{}")
    registry.fault("GET /v2/", hang_up)
    assert get(transport, url) == (200, b"{}")  # by a new one
    assert len(registry.asked("GET")) == 3
    registry.fault("GET /v2/", hang_up, times=2)
    with pytest.raises(UnreachableError, match=f'^Get "{url}": unexpected EOF$'):
        get(transport, url)


def test_follows_redirects_of_what_only_reads(
    transport: Transport, registry: FakeRegistry
) -> None:
    url = f"http://{registry.host}/old"
    registry.fault("/old", answer_with(307, b"gone", {"Location": "/v2/"}), times=3)
    assert get(transport, url)[0] == 200
    assert get(transport, url, "HEAD") == (200, b"")
    assert get(transport, url, "POST")[0] == 307


def test_keeps_a_body_within_bounds(
    transport: Transport, registry: FakeRegistry
) -> None:
    registry.fault("GET", answer_with(200, b"x" * 1001))
    with pytest.raises(BrokenPromiseError, match="is larger than 1000 bytes"):
        get(transport, f"http://{registry.host}/v2/")


def test_a_failure_of_the_reader_stays_the_readers(
    transport: Transport, registry: FakeRegistry
) -> None:
    request = Request("GET", f"http://{registry.host}/v2/")
    with pytest.raises(OSError, match="disk full"), transport.exchange(request):
        raise OSError("disk full")


def test_sends_a_body_whole(transport: Transport, registry: FakeRegistry) -> None:
    body = Body.of(b"y" * 3_000_000)
    with transport.exchange(
        Request("PUT", f"http://{registry.host}/x", {}, body)
    ) as answer:
        assert answer.status == 404
    assert registry.asked("PUT")[0].body == b"y" * 3_000_000
