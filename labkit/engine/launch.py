"""From a record to a running process: what ``start`` and every restart do.

    1 addresses      every network is looked up, every endpoint gets its address
    2 files          hosts, hostname, resolv.conf; then the bundle's config.json
    3 runtime.create shim, cgroup, namespaces; the program waits at its gate
    4 networks       a veth pair each into the namespace that 3 made
    5 dns, ports     names are served, published ports listen
    6 watch, attach  nobody misses the first byte, nor a quick end
    7 runtime.start  the gate opens

Each step leaves its inverse behind, and a failure runs them backwards: the container is
as it was, except that it remembers the error, as Docker's does.
"""

import asyncio
import platform
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

from labkit.base.errors import (
    ConflictError,
    InternalError,
    InvalidInputError,
    LabError,
    UnavailableError,
)
from labkit.base.files import read_regular
from labkit.engine.bundle.init import write_init
from labkit.engine.bundle.spec import Surroundings, build_spec
from labkit.engine.bundle.users import Identity, resolve_user
from labkit.engine.endpoints import (
    allocate,
    find_record,
    gateway_attachment,
    release,
    resolver_of,
    tell_names,
    without_endpoints,
)
from labkit.engine.engine import Engine
from labkit.engine.health.verdict import first_health
from labkit.engine.links import check_links, link_environment, parents_of
from labkit.engine.log_options import log_options
from labkit.engine.messages import cannot_join, failed_start, not_shareable
from labkit.engine.model import Attachment, Container, Status
from labkit.engine.mount_sources import special_mounts
from labkit.engine.network_files import upstream_of, write_network_files
from labkit.engine.overlays import overlay_dirs
from labkit.engine.published import publish_ports
from labkit.engine.sharing import network_owner
from labkit.engine.watch import watch_container
from labkit.runtime.bundle import write_bundle
from labkit.runtime.model import IoOptions, StartError
from labkit.runtime.model import Status as RuntimeStatus
from labkit.snapshots.model import OverlayDirs
from labkit.snapshots.view import LayerView

SETUP_FAILED = 128


async def launch(engine: Engine, container: Container) -> Container:
    """Start a container that does not run; its lock is held by the caller.

    Raises:
        InvalidInputError: the program can't be run.
        UnavailableError: the engine is about to end, and all containers with it.
        LabError: anything else; the container's record holds the text.
    """
    if engine.stopping:
        raise UnavailableError(f"cannot start {container.id}: the engine is stopping")
    try:
        async with AsyncExitStack() as undo:
            running = await _launch(engine, container, undo)
            await engine.store.save(running)
            undo.pop_all()
    except StartError as error:
        text = failed_start(error.message)
        await _remember_failure(engine, container, error.exit_code, text)
        if error.exit_code in (126, 127):
            raise InvalidInputError(text) from error
        raise InternalError(text) from error
    except LabError as error:
        await _remember_failure(engine, container, SETUP_FAILED, error.message)
        raise
    except OSError as error:  # the machine refused what no layer has words for
        await _remember_failure(engine, container, SETUP_FAILED, str(error))
        raise InternalError(str(error)) from error
    await _tell_parents(engine, running)
    return running


async def _launch(
    engine: Engine, container: Container, undo: AsyncExitStack
) -> Container:
    check_links(engine, container)
    placed = allocate(engine, _with_owners_name(engine, container))
    undo.callback(release, engine, placed.id, placed.attachments)
    await prepare_bundle(engine, placed)
    pid = await engine.runtime.create(placed.id, _io_options(engine, placed))
    undo.push_async_callback(engine.runtime.delete, placed.id)
    placed = replace(placed, pid=pid)
    await connect(engine, placed, undo)
    await serve_names(engine, placed, undo)
    published = await publish_ports(engine, placed, undo)
    listening = watch_container(engine, placed.id)
    undo.callback(_stop_watching, engine, placed.id)
    await engine.streams.fulfil(placed.id, engine.runtime)
    await engine.runtime.start(placed.id)
    await listening.wait()
    return replace(
        placed,
        status=Status.RUNNING,
        health=first_health(placed),
        published=published,
        exit_code=0,
        error="",
        oom_killed=False,
        stopped_by_user=False,
        started_at=engine.clock.now_ns(),
    )


async def prepare_bundle(engine: Engine, container: Container) -> None:
    """Write a container's files and its ``config.json``."""
    dirs = await overlay_dirs(engine, container)
    hostname = container.config.hostname or platform.node()
    peers = await _peers(engine, container)
    try:
        await asyncio.to_thread(_write_files, engine, container, dirs, hostname, peers)
    except InvalidInputError as error:
        # The request to start has no mistake in it (moby, daemon/start.go): what could
        # be seen when the container was created was looked at then.
        raise InternalError(error.message) from error


def _write_files(
    engine: Engine,
    container: Container,
    dirs: OverlayDirs,
    hostname: str,
    peers: dict[str, int],
) -> None:
    folder = engine.container_folder(container.id)
    owner = network_owner(engine, container)
    if owner is container:
        write_network_files(engine, container, hostname)
    around = Surroundings(
        folder=folder,
        dirs=dirs,
        identity=find_identity(container, dirs),
        cgroup_parent=engine.config.cgroup_parent,
        hostname=hostname,
        peers=peers,
        shm=_shared_memory(container, peers),
        files_folder=engine.container_folder(owner.id),
        linked=link_environment(engine, container),
        special_mounts=special_mounts(engine, container),
    )
    spec = build_spec(container, around)
    write_init(container.host_config, folder)
    write_bundle(folder, spec)


def find_identity(container: Container, dirs: OverlayDirs, user: str = "") -> Identity:
    """Resolve a container's user, or another one's, by the container's own files."""
    view = LayerView((dirs.upper, *dirs.lower))
    texts = []
    for path in ("/etc/passwd", "/etc/group"):
        mounted = next(
            (point for point in container.mounts if point.destination == path), None
        )
        data = read_regular(Path(mounted.source)) if mounted else view.read(path)
        texts.append((data or b"").decode(errors="surrogateescape"))
    return resolve_user(
        user or container.config.user, container.host_config.group_add, *texts
    )


async def connect(engine: Engine, container: Container, undo: AsyncExitStack) -> None:
    """Plug a container that was created into its networks."""
    way_out = gateway_attachment(engine, container.attachments)
    for attachment in container.attachments:
        record = find_record(engine, attachment)
        network, endpoint = record.network, attachment.endpoint
        assert endpoint is not None  # allocate saw to it
        if network.driver == "bridge":
            await engine.network.connect(
                network,
                endpoint,
                container.pid,
                attachment.interface,
                attachment is way_out,
            )
            undo.push_async_callback(engine.network.disconnect, network, endpoint, None)
        elif network.driver == "null":
            await engine.network.bring_loopback_up(container.pid)
        about = {"container": container.id}
        engine.events.network("connect", record, about)
        undo.callback(engine.events.network, "disconnect", record, about)


async def serve_names(
    engine: Engine, container: Container, undo: AsyncExitStack
) -> None:
    """Let others find a container by its names, and let it find them."""
    resolver = resolver_of(engine, container, upstream_of(engine, container))
    if resolver is None:
        return
    undo.push_async_callback(tell_names, engine, resolver.network_ids)
    # A second registration: undone before the names are told, so that they are gone.
    undo.callback(release, engine, container.id, container.attachments)
    await tell_names(engine, resolver.network_ids)
    await engine.network.serve_dns(container.id, container.pid, resolver)
    undo.push_async_callback(engine.network.stop_dns, container.id)


async def _tell_parents(engine: Engine, container: Container) -> None:
    """Let those who link to a container find it at its new address."""
    for parent in parents_of(engine, container):
        await asyncio.to_thread(
            write_network_files, engine, parent, parent.config.hostname
        )


async def _remember_failure(
    engine: Engine, container: Container, exit_code: int, text: str
) -> None:
    status = Status.CREATED if container.status is Status.CREATED else Status.EXITED
    failed = replace(
        container,
        status=status,
        pid=0,
        exit_code=exit_code,
        error=text,
        attachments=_found_networks(engine, container),
    )
    await engine.store.save(failed)
    engine.streams.fail(container.id, text)


def _found_networks(engine: Engine, container: Container) -> tuple[Attachment, ...]:
    """Return the attachments, each with the network that it was to be in."""
    found = []
    for attachment in without_endpoints(container.attachments):
        record = engine.store.network_named(attachment.network_name)
        known = attachment.network_id or (record.network.id if record else "")
        found.append(replace(attachment, network_id=known))
    return tuple(found)


async def _peers(engine: Engine, container: Container) -> dict[str, int]:
    """Return the pids of the containers whose namespaces are joined.

    Raises:
        ConflictError: one of them does not run.
    """
    host = container.host_config
    peers = {}
    for mode in (host.network_mode, host.pid_mode, host.ipc_mode):
        kind, _, ref = mode.partition(":")
        if kind != "container":
            continue
        other = engine.store.find_container(ref)
        is_ipc = mode == host.ipc_mode
        if other.status not in (Status.RUNNING, Status.PAUSED):
            if mode == host.network_mode:
                raise ConflictError(
                    f"cannot join network of a non running container: {other.id}"
                )
            raise ConflictError(cannot_join(other.id, is_ipc))
        state = await engine.runtime.state(other.id)
        if state.status is RuntimeStatus.STOPPED:
            raise ConflictError(cannot_join(other.id, is_ipc))
        if is_ipc and other.host_config.ipc_mode != "shareable":
            raise ConflictError(not_shareable(other.id))
        peers[mode] = state.pid
    return peers


def _shared_memory(container: Container, peers: dict[str, int]) -> Path | None:
    pid = peers.get(container.host_config.ipc_mode)
    return Path(f"/proc/{pid}/root/dev/shm") if pid else None


def _with_owners_name(engine: Engine, container: Container) -> Container:
    """Give a container that joins another's network that one's host name, too."""
    owner = network_owner(engine, container)
    if owner is container:
        return container
    config = replace(container.config, hostname=owner.config.hostname)
    return replace(container, config=config)


def _io_options(engine: Engine, container: Container) -> IoOptions:
    config = container.config
    return IoOptions(
        stdin=config.open_stdin,
        stdin_once=config.stdin_once,
        log=log_options(container, str(engine.log_path(container.id))),
    )


def _stop_watching(engine: Engine, container_id: str) -> None:
    watcher = engine.watchers.pop(container_id, None)
    if watcher is not None:
        watcher.cancel()
