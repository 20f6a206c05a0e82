"""Events as lines."""

from labkit.api.present.events import describe_event
from labkit.engine.model import Event


def test_a_container_repeats_itself_in_old_fields() -> None:
    event = Event("container", "start", "abc", {"image": "busybox"}, 1_500_000_000)
    assert describe_event(event) == {
        "status": "start",
        "id": "abc",
        "from": "busybox",
        "Type": "container",
        "Action": "start",
        "Actor": {"ID": "abc", "Attributes": {"image": "busybox"}},
        "scope": "local",
        "time": 1,
        "timeNano": 1_500_000_000,
    }


def test_a_network_does_not() -> None:
    body = describe_event(Event("network", "create", "abc", {}, 0))
    assert {"status", "id", "from"}.isdisjoint(body)


def test_an_image_has_no_from() -> None:
    body = describe_event(Event("image", "tag", "abc", {"name": "a"}, 0))
    assert (body["status"], body["id"]) == ("tag", "abc")
    assert "from" not in body
