"""``docker ps``."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, LabError, NotFoundError
from labkit.base.ids import short_id
from labkit.base.ports_text import parse_exposed, parse_port_filter
from labkit.engine.engine import Engine
from labkit.engine.filters import (
    CONTAINERS,
    Filters,
    boolean,
    check_names,
    match_exactly,
    match_labels,
    match_pattern,
    match_prefix,
)
from labkit.engine.images.inspect import find_image
from labkit.engine.links import names_by_links
from labkit.engine.messages import invalid_filter
from labkit.engine.model import Container, Status
from labkit.engine.overlays import overlay_dirs
from labkit.images.model import Image

_UP = (Status.RUNNING, Status.PAUSED, Status.RESTARTING)
_HEALTH = ("starting", "healthy", "unhealthy", "none")
_PORT_FILTERS = ("publish", "expose")
_INTEGER = re.compile(r"[+-]?[0-9]+")


@dataclass(frozen=True, slots=True)
class ContainerSummary:
    """One row; ``image`` is the name as it still holds, else the id."""

    container: Container
    image: str
    command: str
    size_rw: int | None = None
    size_root: int | None = None
    link_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.container.name, *self.link_names)


async def list_containers(
    engine: Engine,
    all: bool = False,
    limit: int = 0,
    size: bool = False,
    filters: Filters | None = None,
) -> tuple[ContainerSummary, ...]:
    """Return the rows, newest first.

    Raises:
        InvalidInputError: a filter is unknown or has an impossible value.
        NotFoundError: ``before`` or ``since`` name nobody.
    """
    chosen = filters or {}
    _check(chosen)
    everyone = sorted(
        engine.store.containers(), key=lambda item: item.created_at, reverse=True
    )
    # A filter by state speaks of all; -n and -l as well.
    all = all or limit > 0 or "status" in chosen or "exited" in chosen
    bounds = _bounds(engine, chosen)
    ancestors = await _ancestors(engine, chosen)
    found = [
        container
        for container in everyone
        if (all or container.status in _UP)
        and _passes(engine, container, chosen)
        and bounds[0] < container.created_at < bounds[1]
        and (ancestors is None or await _descends(engine, container, ancestors))
    ]
    rows = found[:limit] if limit > 0 else found
    links = names_by_links(engine)
    images = await _ids_of(engine, {container.config.image for container in rows})
    summaries = [
        ContainerSummary(
            container,
            _image_name(container, images),
            command_line(container),
            link_names=links.get(container.id, ()),
        )
        for container in rows
    ]
    if size:
        summaries = [await _with_sizes(engine, summary) for summary in summaries]
    return tuple(summaries)


def command_line(container: Container) -> str:
    """Return program and arguments as one line, blanks quoted as Docker does."""
    words = []
    for word in container.args:
        quoted = word.replace("'", "\\'")
        words.append(f"'{quoted}'" if " " in word else word)
    return " ".join((container.path, *words))


async def _with_sizes(engine: Engine, summary: ContainerSummary) -> ContainerSummary:
    """Add what was written in a container, and that with its image."""
    container = summary.container
    image = await find_image(engine, container)
    written = await engine.snapshots.usage(await overlay_dirs(engine, container))
    whole = written + (image.size if image else 0)
    return replace(summary, size_rw=written, size_root=whole)


async def _ids_of(engine: Engine, names: set[str]) -> dict[str, str]:
    """Return what images' names stand for now, each asked for once.

    Many containers share few images, and each question is one to a database.
    """
    found = {}
    for name in names:
        with contextlib.suppress(LabError):  # the name is gone
            found[name] = (await engine.images.resolve(name)).id.text
    return found


def _image_name(container: Container, images: Mapping[str, str]) -> str:
    """Return the name that was asked for, or the id if the name moved on since."""
    name = container.config.image
    return name if images.get(name) == container.image_id else container.image_id


def _check(filters: Filters) -> None:
    check_names(filters, CONTAINERS)
    states = {status.value for status in Status}
    for value in filters.get("status", ()):
        if value not in states:
            raise InvalidInputError(invalid_filter(f"status={value}"))
    for value in filters.get("health", ()):
        if value not in _HEALTH:
            raise InvalidInputError(f"Unrecognised filter value for health: {value}")
    for value in filters.get("exited", ()):
        if not _INTEGER.fullmatch(value):
            raise InvalidInputError(f'strconv.Atoi: parsing "{value}": invalid syntax')
    boolean(filters, "is-task", default=False)
    for name in _PORT_FILTERS:
        for value in filters.get(name, ()):
            parse_port_filter(name, value)


def _passes(engine: Engine, container: Container, filters: Filters) -> bool:
    health = container.health.status if container.health else "none"
    return (
        match_labels(filters, container.config.labels)
        and match_prefix(filters, "id", container.id)
        and match_pattern(filters, "name", f"/{container.name}", container.name)
        and match_exactly(filters, "status", container.status.value)
        and match_exactly(filters, "health", health)
        and match_exactly(filters, "is-task", "false")
        and _exited_with(container, filters)
        and _uses_network(engine, container, filters)
        and _uses_volume(container, filters)
        and _has_ports(container, filters)
    )


def _exited_with(container: Container, filters: Filters) -> bool:
    codes = filters.get("exited", ())
    if not codes:
        return True
    ended = container.status is Status.EXITED and container.started_at > 0
    return ended and str(container.exit_code) in codes


def _uses_network(engine: Engine, container: Container, filters: Filters) -> bool:
    wanted = filters.get("network", ())
    if not wanted:
        return True
    names = set()
    for attachment in container.attachments:
        names.add(attachment.network_name)
        record = engine.store.network_named(attachment.network_name)
        network_id = attachment.network_id or (record.network.id if record else "")
        names.update((network_id, short_id(network_id)))
    return any(text in names for text in wanted)


def _uses_volume(container: Container, filters: Filters) -> bool:
    wanted = filters.get("volume", ())
    places = {point.name for point in container.mounts}
    places |= {point.destination for point in container.mounts}
    places |= {point.source for point in container.mounts if point.type == "bind"}
    return not wanted or any(text in places for text in wanted)


def _has_ports(container: Container, filters: Filters) -> bool:
    """Tell whether one of the wanted ports is there, on either side, while it runs."""
    wanted = {
        (name, port)
        for name in _PORT_FILTERS
        for text in filters.get(name, ())
        for port in parse_port_filter(name, text)
    }
    if not wanted:
        return True
    if container.status not in _UP:
        return False
    exposed = [parse_exposed(text) for text in container.config.exposed_ports]
    found = {("expose", port) for ports in exposed for port in ports}
    for binding in container.published:
        found.add(("publish", (binding.host_port, binding.protocol)))
        found.add(("expose", (binding.container_port, binding.protocol)))
    return not found.isdisjoint(wanted)


def _bounds(engine: Engine, filters: Filters) -> tuple[int, float]:
    """Return between which times of creation ``since`` and ``before`` put us."""
    after = [_created(engine, ref) for ref in filters.get("since", ())]
    before = [_created(engine, ref) for ref in filters.get("before", ())]
    return max(after, default=-1), min(before, default=float("inf"))


def _created(engine: Engine, ref: str) -> int:
    try:
        return engine.store.find_container(ref).created_at
    except NotFoundError as error:
        raise NotFoundError(f"no such container {ref}") from error


async def _ancestors(engine: Engine, filters: Filters) -> frozenset[Digest] | None:
    """Return the images that ``ancestor`` names; None if nothing was said."""
    if "ancestor" not in filters:
        return None
    found = set()
    for ref in filters["ancestor"]:
        try:
            found.add((await engine.images.resolve(ref)).id)
        except NotFoundError:
            continue  # nobody descends from an image that is not there
    return frozenset(found)


async def _descends(
    engine: Engine, container: Container, ancestors: frozenset[Digest]
) -> bool:
    """Tell whether a container's image is one of some, or built upon one."""
    if container.image_id in {digest.text for digest in ancestors}:
        return True
    image: Image | None = await find_image(engine, container)
    while image is not None and image.parent is not None:
        if image.parent in ancestors:
            return True
        try:
            image = await engine.images.resolve(image.parent.text)
        except NotFoundError:
            return False
    return False
