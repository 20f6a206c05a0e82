import pytest

from labkit.base.errors import ConflictError, UnavailableError
from labkit.grading.model import Belongings
from labkit.grading.reset import Removed, reset
from tests.unit.grading.observe.fakes import NOT_FOUND, answer_with, serving

OWNED = Belongings(("web",), ("net",), ("data",))
DONE = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
NO_NETWORKS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Content-Length: 40\r\nConnection: close\r\n\r\n"
    b'[{"Name": "net-of-others", "Id": "abc"}]'
)
UNTAGGED = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    b"Content-Length: 23\r\nConnection: close\r\n\r\n"
    b'[{"Untagged": "app:1"}]'
)
BUSY = (
    b"HTTP/1.1 409 Conflict\r\nContent-Type: application/json\r\n"
    b'Content-Length: 28\r\nConnection: close\r\n\r\n{"message": "volume in use"}'
)


def test_what_is_not_there_is_no_failure(tmp_path):
    owned = Belongings(("web",), (), ("data",))
    with serving(tmp_path / "s", answer_with(NOT_FOUND)) as host:
        assert reset(host, owned) == ()
    with serving(tmp_path / "t", answer_with(NO_NETWORKS)) as host:
        assert reset(host, Belongings(networks=("net",))) == ()


def test_tells_what_was_removed(tmp_path):
    owned = Belongings(("web", "db"), (), ("data",))
    with serving(tmp_path / "s", answer_with(DONE)) as host:
        assert reset(host, owned) == (
            Removed("container", "web"),
            Removed("container", "db"),
            Removed("volume", "data"),
        )


def test_removes_the_name_of_an_image(tmp_path):
    with serving(tmp_path / "s", answer_with(UNTAGGED)) as host:
        owned = Belongings(images=("app:1",))
        assert reset(host, owned) == (Removed("image", "app:1"),)


def test_what_can_not_be_removed_is_named(tmp_path):
    with (
        serving(tmp_path / "s", answer_with(BUSY)) as host,
        pytest.raises(ConflictError, match="cannot remove 'data': volume in use"),
    ):
        reset(host, Belongings(volumes=("data",)))


def test_without_an_engine_nothing_is_removed(tmp_path):
    with pytest.raises(UnavailableError):
        reset(f"unix://{tmp_path}/none.sock", OWNED)
