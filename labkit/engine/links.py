"""``--link``: how containers found one another before networks had names.

On the default bridge a link puts the other container's address into ``/etc/hosts`` and
what the other one exposes and was started with into the environment. In a network of
one's own a link is a private alias: this container's name server knows it, no other.

A link is kept as ``<id>:<alias>``, so that no rename breaks it, and shown as Docker
shows it: ``/db:/web/alias``, two paths in a tree of names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from labkit.base.errors import InternalError, NotFoundError
from labkit.base.ports_text import parse_exposed
from labkit.engine.engine import Engine
from labkit.engine.messages import no_such_container, not_running_link
from labkit.engine.model import Attachment, Container, Status
from labkit.network.model import Endpoint

_ON_BRIDGE = ("default", "bridge", "")
_RUNS = (Status.RUNNING, Status.PAUSED)
# What every container has of its own (moby, links.ToEnv).
_PRIVATE = ("HOME", "PATH")


@dataclass(frozen=True, slots=True)
class Link:
    """One container as another one calls it."""

    child: Container
    alias: str
    endpoint: Endpoint


def parse_link(text: str) -> tuple[str, str]:
    """Return name and alias: ``db``, ``db:database``, or inspect's ``/db:/web/db``."""
    name, _, alias = text.partition(":")
    name = name.removeprefix("/")
    return name, alias.rpartition("/")[2] or name


def pin_links(engine: Engine, links: tuple[str, ...]) -> tuple[str, ...]:
    """Replace names by ids; the containers were looked up before."""
    pinned = []
    for text in links:
        name, alias = parse_link(text)
        pinned.append(f"{engine.store.find_container(name).id}:{alias}")
    return tuple(pinned)


def link_paths(engine: Engine, container: Container) -> tuple[str, ...]:
    """Return a container's links as inspect shows them."""
    return tuple(
        sorted(
            f"/{child.name}:/{container.name}/{alias}"
            for child, alias in _children(engine, container)
        )
    )


def names_by_links(engine: Engine) -> Mapping[str, tuple[str, ...]]:
    """Return id -> what others call that container, as ``docker ps`` lists it."""
    names: dict[str, tuple[str, ...]] = {}
    for parent in engine.store.containers():
        for child, alias in _children(engine, parent):
            known = (*names.get(child.id, ()), f"{parent.name}/{alias}")
            names[child.id] = tuple(sorted(known))
    return names


def find_linked(engine: Engine, parent_ref: str, alias: str) -> Container:
    """Return the container behind ``web/alias``.

    Raises:
        NotFoundError: there is no such link.
    """
    try:
        parent = engine.store.find_container(parent_ref)
    except NotFoundError:  # the whole was meant as one name
        raise NotFoundError(no_such_container(f"{parent_ref}/{alias}")) from None
    for child, name in _children(engine, parent):
        if name == alias:
            return child
    raise NotFoundError(no_such_container(f"{parent_ref}/{alias}"))


def parents_of(engine: Engine, child: Container) -> tuple[Container, ...]:
    """Return the running containers that link to another one."""
    return tuple(
        parent
        for parent in engine.store.containers()
        if parent.status in _RUNS
        and any(item.id == child.id for item, _ in _children(engine, parent))
    )


def check_links(engine: Engine, container: Container) -> None:
    """Refuse to start what is linked to a container that does not run.

    Raises:
        InternalError: that is the kind Docker's answer has.
    """
    if container.host_config.network_mode not in _ON_BRIDGE:
        return
    for text in container.host_config.links:
        ref, alias = parse_link(text)
        child = engine.store.container(ref)
        if child is None or child.status not in _RUNS:
            name = child.name if child else ref
            raise InternalError(not_running_link(name, f"{container.name}/{alias}"))


def running_links(engine: Engine, container: Container) -> tuple[Link, ...]:
    """Return the linked containers that have an address on the default bridge."""
    if container.host_config.network_mode not in _ON_BRIDGE:
        return ()
    return tuple(
        Link(child, alias, attachment.endpoint)
        for child, alias in _children(engine, container)
        for attachment in child.attachments
        if attachment.network_name == "bridge" and attachment.endpoint is not None
    )


def link_environment(engine: Engine, container: Container) -> tuple[str, ...]:
    """Return the variables that tell a container about those it is linked to."""
    return tuple(
        entry
        for link in running_links(engine, container)
        for entry in _tell(container, link)
    )


def alias_table(attachment: Attachment) -> dict[str, str]:
    """Return alias -> name of the links in a network that has names."""
    table = {}
    for text in attachment.request.links:
        name, alias = parse_link(text)
        table[alias] = name
    return table


def _children(engine: Engine, parent: Container) -> Iterator[tuple[Container, str]]:
    for text in parent.host_config.links:
        ref, alias = parse_link(text)
        child = engine.store.container(ref)
        if child is not None:
            yield child, alias


def _tell(container: Container, link: Link) -> Iterator[str]:
    """Spell one link as moby's ``links.ToEnv`` does."""
    prefix = link.alias.replace("-", "_").upper()
    address = link.endpoint.ipv4
    ports = sorted(
        {
            port
            for text in link.child.config.exposed_ports
            for port in parse_exposed(text)
        }
    )
    for number, (port, protocol) in enumerate(ports):
        url = f"{protocol}://{address}:{port}"
        if number == 0:
            yield f"{prefix}_PORT={url}"
        name = f"{prefix}_PORT_{port}_{protocol.upper()}"
        yield f"{name}={url}"
        yield f"{name}_ADDR={address}"
        yield f"{name}_PORT={port}"
        yield f"{name}_PROTO={protocol}"
    yield f"{prefix}_NAME=/{container.name}/{link.alias}"
    for entry in link.child.config.env:
        name, equals, _ = entry.partition("=")
        if equals and name not in _PRIVATE:
            yield f"{prefix}_ENV_{entry}"
