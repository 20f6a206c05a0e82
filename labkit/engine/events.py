"""What happened, told to whoever listens: ``docker events``.

Every verb ends by telling. The last thousand events are kept for ``since``; a listener
has a queue of its own, so that a slow one holds up nobody. A queue that has grown too
long is cut off with an error rather than eating the machine's memory: its listener
can ask again with ``since``.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Mapping
from types import MappingProxyType

from labkit.base.clock import Clock
from labkit.base.errors import UnavailableError
from labkit.engine.filters import Filters
from labkit.engine.model import Container, Event, NetworkRecord, Volume

KEPT = 1024
LONGEST_QUEUE = 10_000
_ACTORS = frozenset(
    {
        *("config", "container", "daemon", "image", "network"),
        *("node", "plugin", "secret", "service", "volume"),
    }
)
_NOTHING: Mapping[str, str] = MappingProxyType({})
_SECOND_NS = 1_000_000_000


class Events:
    """The engine's announcements, in order."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._past: deque[Event] = deque(maxlen=KEPT)
        self._listeners: set[asyncio.Queue[Event]] = set()
        self._last_ns = 0
        self.told = 0

    @property
    def listening(self) -> int:
        return len(self._listeners)

    def publish(
        self, kind: str, action: str, actor_id: str, attributes: Mapping[str, str]
    ) -> Event:
        """Tell everybody. ``kind`` is container, network, volume, image or daemon."""
        # Strictly later than the one before, so that ``since`` never tells one twice.
        now = max(self._clock.now_ns(), self._last_ns + 1)
        self._last_ns = now
        event = Event(kind, action, actor_id, dict(attributes), now)
        self._past.append(event)
        self.told += 1
        for queue in tuple(self._listeners):
            if queue.qsize() > LONGEST_QUEUE:
                self._listeners.discard(queue)
            else:
                queue.put_nowait(event)
        return event

    def container(
        self, action: str, container: Container, extra: Mapping[str, str] = _NOTHING
    ) -> Event:
        """Tell about a container: its labels, image and name come along."""
        attributes = {
            **container.config.labels,
            "image": container.config.image,
            "name": container.name,
            **extra,
        }
        return self.publish("container", action, container.id, attributes)

    def network(
        self, action: str, record: NetworkRecord, extra: Mapping[str, str] = _NOTHING
    ) -> Event:
        network = record.network
        attributes = {**extra, "name": network.name, "type": network.driver}
        return self.publish("network", action, network.id, attributes)

    def volume(
        self, action: str, volume: Volume, extra: Mapping[str, str] = _NOTHING
    ) -> Event:
        attributes = {**extra, "driver": "local"}
        return self.publish("volume", action, volume.name, attributes)

    def past(self) -> tuple[Event, ...]:
        """Return the events that are still remembered, oldest first."""
        return tuple(self._past)

    def subscribe(
        self, since_ns: int | None, until_ns: int | None, filters: Filters
    ) -> AsyncGenerator[Event, None]:
        """Return past events (with ``since_ns``), then live ones until ``until_ns``.

        Listening begins now, not at the first step of the iteration: what happens in
        between is not lost. Close the generator to stop.
        A filter of an unknown name is ignored, as Docker does.
        """
        past = () if since_ns is None else self._since(since_ns)
        queue: asyncio.Queue[Event] = asyncio.Queue()
        if until_ns is None or until_ns > self._clock.now_ns():
            self._listeners.add(queue)
        return self._tell(past, queue, until_ns, filters)

    def _since(self, since_ns: int) -> tuple[Event, ...]:
        return tuple(event for event in self._past if event.time_ns >= since_ns)

    async def _tell(
        self,
        past: tuple[Event, ...],
        queue: "asyncio.Queue[Event]",
        until_ns: int | None,
        filters: Filters,
    ) -> AsyncGenerator[Event, None]:
        try:
            for event in past:
                if until_ns is not None and event.time_ns > until_ns:
                    return
                if matches(event, filters):
                    yield event
            while (live := await self._next(queue, until_ns)) is not None:
                if matches(live, filters):
                    yield live
        finally:
            self._listeners.discard(queue)

    async def _next(
        self, queue: "asyncio.Queue[Event]", until_ns: int | None
    ) -> Event | None:
        if queue not in self._listeners and queue.empty():
            if until_ns is not None and until_ns <= self._clock.now_ns():
                return None
            raise UnavailableError("cannot follow events: the listener is too slow")
        if until_ns is None:
            return await queue.get()
        seconds = (until_ns - self._clock.now_ns()) / _SECOND_NS
        try:
            async with asyncio.timeout(max(seconds, 0)):
                event = await queue.get()
        except TimeoutError:
            return None
        return event if event.time_ns <= until_ns else None


def matches(event: Event, filters: Filters) -> bool:
    """Tell whether an event passes: every name must, by one of its values."""
    return all(
        any(_matches_one(event, name, value) for value in values)
        if name != "label"
        else all(_matches_one(event, name, value) for value in values)
        for name, values in filters.items()
    )


def _matches_one(event: Event, name: str, value: str) -> bool:
    if name == "type":
        return event.type == value
    if name == "event":
        # exec_create: sh -c ... is found by exec_create
        return event.action == value or event.action.split(":")[0] == value
    if name == "scope":
        return value == "local"
    if name == "label":
        label, equals, wanted = value.partition("=")
        found = event.attributes.get(label)
        return found is not None and (not equals or found == wanted)
    if name not in _ACTORS:
        return True
    return _names_actor(event, name, value)


def _names_actor(event: Event, kind: str, value: str) -> bool:
    if kind == "image":
        named = event.attributes.get("image", "") or event.attributes.get("name", "")
        if event.type == "image":
            named = event.attributes.get("name", "")
            return value in (event.actor_id, named, named.rpartition(":")[0])
        return value in (named, named.rpartition(":")[0])
    # The beginning is enough, and what kind of thing has the name does not count
    # (moby, daemon/events/filter.go).
    name = event.attributes.get("name", "")
    return event.actor_id.startswith(value) or name.startswith(value)
