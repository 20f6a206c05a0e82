"""Telling and listening."""

import asyncio

import pytest

from labkit.base.errors import UnavailableError
from labkit.engine.events import KEPT, LONGEST_QUEUE, Events, matches
from labkit.engine.model import ContainerConfig, Event
from tests.unit.engine.build import ID, container
from tests.unit.engine.lab import FakeClock


class StandingClock:
    def __init__(self) -> None:
        self.now = 1000

    def now_ns(self) -> int:
        return self.now


def an_event(**changes: object) -> Event:
    fields = {
        "type": "container",
        "action": "start",
        "actor_id": ID,
        "attributes": {"image": "busybox:1", "name": "web", "tier": "front"},
        "time_ns": 5,
        **changes,
    }
    return Event(**fields)


async def test_tells_the_past_and_goes_on() -> None:
    events = Events(FakeClock())
    first = events.publish("container", "create", "a", {})
    listener = events.subscribe(first.time_ns, None, {})
    events.publish("container", "start", "a", {})
    assert [(await anext(listener)).action for _ in range(2)] == ["create", "start"]
    later = asyncio.ensure_future(anext(listener))
    await asyncio.sleep(0)
    events.publish("container", "die", "a", {})
    assert (await later).action == "die"
    await listener.aclose()


async def test_without_since_only_what_comes() -> None:
    events = Events(FakeClock())
    events.publish("container", "create", "a", {})
    listener = events.subscribe(None, None, {})
    events.publish("container", "start", "a", {})
    assert (await anext(listener)).action == "start"
    await listener.aclose()


async def test_ends_at_until() -> None:
    clock = StandingClock()
    events = Events(clock)
    events.publish("a", "one", "x", {})
    events.publish("a", "two", "x", {})
    found = [e.action async for e in events.subscribe(0, 1000, {})]
    assert found == ["one"]
    soon = events.subscribe(0, clock.now + 1_000_000, {})
    assert [e.action async for e in soon] == ["one", "two"]


async def test_times_never_repeat() -> None:
    events = Events(StandingClock())
    times = [events.publish("a", "b", "x", {}).time_ns for _ in range(3)]
    assert times == [1000, 1001, 1002]


async def test_remembers_so_many() -> None:
    events = Events(StandingClock())
    for number in range(KEPT + 5):
        events.publish("a", str(number), "x", {})
    assert len(events.past()) == KEPT
    assert events.past()[0].action == "5"


async def test_a_listener_that_does_not_listen_is_cut_off() -> None:
    events = Events(StandingClock())
    listener = events.subscribe(None, None, {})
    for _ in range(LONGEST_QUEUE + 5):
        events.publish("a", "b", "x", {})
    with pytest.raises(UnavailableError, match="too slow"):
        async for _ in listener:
            pass


async def test_container_events_carry_labels_image_and_name() -> None:
    events = Events(StandingClock())
    record = container(ContainerConfig(image="busybox", labels={"tier": "front"}))
    event = events.container("die", record, {"exitCode": "0"})
    assert event.attributes == {
        "tier": "front",
        "image": "busybox",
        "name": "web",
        "exitCode": "0",
    }


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, True),
        ({"type": ("container",)}, True),
        ({"type": ("network",)}, False),
        ({"event": ("start", "die")}, True),
        ({"event": ("die",)}, False),
        ({"container": ("web",)}, True),
        ({"container": (ID,)}, True),
        ({"container": (ID[:6],)}, True),
        ({"container": ("we",)}, True),
        ({"container": ("db",)}, False),
        ({"network": ("web",)}, True),  # a name is a name
        ({"network": ("db",)}, False),
        ({"image": ("busybox:1",)}, True),
        ({"image": ("busybox",)}, True),
        ({"image": ("nginx",)}, False),
        ({"label": ("tier",)}, True),
        ({"label": ("tier=front", "name=web")}, True),
        ({"label": ("tier=front", "tier=back")}, False),
        ({"scope": ("local",)}, True),
        ({"scope": ("swarm",)}, False),
        ({"foo": ("bar",)}, True),
        ({"type": ("container",), "event": ("die",)}, False),
    ],
)
def test_filters(filters: dict[str, tuple[str, ...]], wanted: bool) -> None:
    assert matches(an_event(), filters) is wanted


def test_execs_are_found_by_the_first_word() -> None:
    event = an_event(action="exec_create: sh -c true")
    assert matches(event, {"event": ("exec_create",)})
