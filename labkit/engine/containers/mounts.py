"""What ``create`` does about mounts: requests become mount points, volumes are made.

Later requests for the same place replace earlier ones, in Docker's order:
``--volumes-from``, then ``-v``, then ``--mount``, and last the image's own VOLUMEs
where nothing else is mounted.
"""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.errors import ConflictError, InvalidInputError, os_reason
from labkit.base.ids import new_id
from labkit.engine.containers.mount_options import (
    Mode,
    check_request,
    parse_bind,
    parse_mode,
)
from labkit.engine.engine import Engine
from labkit.engine.model import (
    ContainerConfig,
    HostConfig,
    MountPoint,
    MountRequest,
)
from labkit.engine.mount_sources import is_own_socket
from labkit.engine.populate import populate_volume
from labkit.engine.volumes.create import check_driver, check_name, create_volume
from labkit.engine.volumes.options import TMPFS, check_device
from labkit.engine.volumes.remove import remove_unused
from labkit.snapshots.view import LayerView

_NO_MODE = Mode()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request and, for ``-v``, the mode that inspect shows."""

    request: MountRequest
    mode: Mode = _NO_MODE
    by_bind: bool = False  # -v
    by_image: bool = False  # VOLUME, or a lone -v path
    inherited: MountPoint | None = None  # --volumes-from: as it is there


def wanted_mounts(
    engine: Engine, config: ContainerConfig, host: HostConfig
) -> dict[str, Wanted]:
    """Return what is to be mounted, by target.

    Raises:
        InvalidInputError: a text can't be understood or two ask for the same place.
        NotFoundError: --volumes-from names nobody.
    """
    found: dict[str, Wanted] = {}
    for spec in host.volumes_from:
        found.update(_inherited(engine, spec))
    chosen: set[str] = set()
    for wanted in _asked(host):
        target = wanted.request.target
        if target in chosen or (wanted.by_bind and target in host.tmpfs):
            raise InvalidInputError(f"Duplicate mount point: {target}")
        chosen.add(target)
        found[target] = wanted
    for text in config.volumes:
        request, mode = _parse(text, host)
        if request.target not in found and request.target not in host.tmpfs:
            found[request.target] = Wanted(request, mode, by_image=True)
    return found


def check_sources(engine: Engine, wanted: dict[str, Wanted]) -> None:
    """Refuse what can't be mounted, before anything is made."""
    for item in wanted.values():
        request = item.request
        if request.type == "volume" and request.source:
            check_name(request.source)
        if request.type != "bind" or item.inherited:
            continue
        if is_own_socket(engine, request.source):
            continue
        if not request.create_mountpoint and not Path(request.source).exists():
            raise InvalidInputError(
                'invalid mount config for type "bind": bind source path does not '
                f"exist: {request.source}"
            )


async def make_mounts(
    engine: Engine, wanted: dict[str, Wanted], view: LayerView, undo: AsyncExitStack
) -> tuple[MountPoint, ...]:
    """Make volumes and host folders; return what is to be mounted where."""
    points = []
    for item in wanted.values():
        request = item.request
        if item.inherited is not None:
            points.append(item.inherited)
        elif request.type == "volume":
            points.append(await _make_volume(engine, item, view, undo))
        elif request.type == "bind":
            points.append(await _make_bind(engine, item))
        else:
            writable = not request.read_only
            points.append(MountPoint("tmpfs", request.target, writable=writable))
    return tuple(points)


def _asked(host: HostConfig) -> Iterator[Wanted]:
    for spec in host.binds:
        request, mode = _parse(spec, host)
        yield Wanted(request, mode, by_bind=True)
    for request in host.mounts:
        yield Wanted(check_request(request))


def _parse(text: str, host: HostConfig) -> tuple[MountRequest, Mode]:
    """Read a ``-v``; its volume is ``--volume-driver``'s, a ``--mount`` has its own."""
    request, mode = parse_bind(text)
    if request.type == "volume":
        request = replace(request, driver=host.volume_driver)
    return request, mode


def _inherited(engine: Engine, spec: str) -> Iterator[tuple[str, Wanted]]:
    ref, _, mode_text = spec.partition(":")
    mode = parse_mode(mode_text) if mode_text else None
    for point in engine.store.find_container(ref).mounts:
        if point.type == "tmpfs":
            continue
        writable = point.writable and (mode is None or mode.writable)
        request = MountRequest(point.type, point.destination)
        yield (
            point.destination,
            Wanted(request, inherited=replace(point, writable=writable)),
        )


async def _make_volume(
    engine: Engine, item: Wanted, view: LayerView, undo: AsyncExitStack
) -> MountPoint:
    request = item.request
    check_driver(request.source or new_id(), request.driver)
    known = engine.store.volume(request.source) if request.source else None
    volume = known or await create_volume(
        engine,
        request.source,
        labels=request.labels,
        options=request.driver_options,
    )
    if known is None:
        undo.push_async_callback(remove_unused, engine, volume)
    check_device(volume)
    memory = volume.options.get("type") == TMPFS
    if not (request.no_copy or request.subpath or memory):
        await asyncio.to_thread(
            populate_volume, view, request.target, Path(volume.mountpoint)
        )
    return MountPoint(
        type="volume",
        destination=request.target,
        source=volume.mountpoint,
        name=volume.name,
        driver="local",
        # Docker's mark for "may be shared"; SELinux knows what it means.
        mode=item.mode.text or ("" if item.by_image else "z"),
        writable=not request.read_only,
    )


async def _make_bind(engine: Engine, item: Wanted) -> MountPoint:
    request = item.request
    if request.create_mountpoint and not is_own_socket(engine, request.source):
        await asyncio.to_thread(_ensure_source, request.source)
    return MountPoint(
        type="bind",
        destination=request.target,
        source=request.source,
        mode=item.mode.text,
        writable=not request.read_only,
        propagation=request.propagation or "rprivate",
    )


def _ensure_source(source: str) -> None:
    try:
        Path(source).mkdir(parents=True, exist_ok=True, mode=0o755)
    except FileExistsError:
        return  # a file is fine, too
    except OSError as error:
        raise ConflictError(
            f"error while creating mount source path '{source}': mkdir {source}: "
            f"{os_reason(error)}"
        ) from error
