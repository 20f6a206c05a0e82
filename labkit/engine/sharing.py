"""Containers that join another container's namespaces: ``--network container:web``.

A joined network brings three files along (hosts, hostname, resolv.conf): they say what
is true of the *network*, so they are its owner's. Who joins a container that has itself
joined a third one gets the third one's, like its network.
"""

from dataclasses import replace

from labkit.base.errors import ConflictError, NotFoundError
from labkit.engine.engine import Engine
from labkit.engine.links import pin_links
from labkit.engine.model import Container, HostConfig

_PREFIX = "container:"


def pin_containers(engine: Engine, host: HostConfig) -> HostConfig:
    """Replace names of containers, in modes and links, by ids: no rename changes them.

    A container that is not there yet is looked for again at the start.
    """
    return replace(
        host,
        network_mode=_pinned(engine, host.network_mode),
        pid_mode=_pinned(engine, host.pid_mode),
        ipc_mode=_pinned(engine, host.ipc_mode),
        links=pin_links(engine, host.links),
    )


def network_owner(engine: Engine, container: Container) -> Container:
    """Return the container whose network this one uses, which may be its own.

    Raises:
        NotFoundError: a container on the way is gone.
        ConflictError: the way leads in a circle.
    """
    seen = {container.id}
    owner = container
    while owner.host_config.network_mode.startswith(_PREFIX):
        mode = owner.host_config.network_mode
        owner = engine.store.find_container(mode.removeprefix(_PREFIX))
        if owner.id in seen:
            raise ConflictError("cannot join own network")
        seen.add(owner.id)
    return owner


def running_guest(engine: Engine, owner: Container) -> Container | None:
    """Return a container that runs in another one's network namespace, if there is one.

    It keeps the namespace alive when the owner ends.
    """
    for container in engine.store.containers():
        is_guest = container.host_config.network_mode.startswith(_PREFIX)
        if not is_guest or not container.pid:
            continue
        try:
            if network_owner(engine, container).id == owner.id:
                return container
        except (NotFoundError, ConflictError):
            continue  # its owner was removed
    return None


def _pinned(engine: Engine, mode: str) -> str:
    if not mode.startswith(_PREFIX):
        return mode
    try:
        return _PREFIX + engine.store.find_container(mode.removeprefix(_PREFIX)).id
    except NotFoundError:
        return mode
