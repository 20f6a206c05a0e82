import threading
import time

import docker.errors
import pytest

from labkit.base.errors import UnavailableError
from labkit.grading.observe.made import PROBE_LABEL, Made


class _Client:
    """An engine in memory: the calls that making and removing containers takes."""

    def __init__(self):
        self.containers_: dict[str, float] = {}
        self.labels: list[dict[str, str]] = []
        self.may_make, self.may_list = threading.Event(), threading.Event()
        self.may_make.set()
        self.may_list.set()

    def create_container(self, image, labels, **options):
        assert self.may_make.wait(10)
        self.labels.append(labels)
        name = f"probe-{len(self.labels)}"
        self.containers_[name] = time.time()
        return {"Id": name}

    def containers(self, all, filters):
        assert self.may_list.wait(10)
        assert filters["label"] == PROBE_LABEL
        assert "running" not in filters["status"]
        return [{"Id": id_, "Created": at} for id_, at in self.containers_.items()]

    def remove_container(self, name, **options):
        if name not in self.containers_:
            raise docker.errors.NotFound(name)
        del self.containers_[name]


def _soon() -> float:
    return time.monotonic() + 10


def test_what_a_look_has_left_is_removed_at_its_end():
    client = _Client()
    made = Made(client)
    left, gone = made.make("busybox"), made.make("busybox")
    client.remove_container(gone)
    made.forget(gone)
    assert client.labels == [{PROBE_LABEL: "1"}] * 2
    assert set(client.containers_) == {left}
    made.close(_soon())
    assert client.containers_ == {}


def test_nothing_is_made_for_a_look_that_is_over():
    client = _Client()
    made = Made(client)
    made.close(_soon())
    with pytest.raises(UnavailableError, match="in time"):
        made.make("busybox")
    assert client.containers_ == {}


def test_what_is_being_made_at_the_end_is_waited_for_and_removed():
    client = _Client()
    client.may_make.clear()
    made = Made(client)
    maker = threading.Thread(target=made.make, args=("busybox",))
    maker.start()
    while not made._making:
        pass
    closer = threading.Thread(target=made.close, args=(_soon(),))
    closer.start()
    client.may_make.set()
    maker.join()
    closer.join()
    assert client.containers_ == {}


def test_what_a_dead_grader_left_the_next_one_removes():
    client = _Client()
    client.containers_ = {"old": time.time() - 3600, "another's": time.time()}
    made = Made(client)
    made.make("busybox")
    made.close(_soon())
    assert set(client.containers_) == {"another's"}


def test_an_engine_that_hangs_is_not_waited_for_beyond_the_deadline():
    client = _Client()
    client.may_list.clear()
    made = Made(client)
    made.make("busybox")
    began = time.monotonic()
    made.close(began)
    assert time.monotonic() - began < 1
    client.may_list.set()


def test_a_look_that_made_nothing_asks_nothing():
    client = _Client()
    client.may_list.clear()
    Made(client).close(_soon())
    assert client.labels == []
