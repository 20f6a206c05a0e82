"""Where a container's files are to be seen, whether it runs or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from labkit.base.errors import LabError
from labkit.engine.bundle.mounts import build_mounts
from labkit.engine.bundle.spec import overlay_annotations, root_of
from labkit.engine.engine import Engine
from labkit.engine.model import Container, Status
from labkit.engine.overlays import overlay_dirs
from labkit.engine.sharing import network_owner
from labkit.files.model import View
from labkit.runtime.model import Status as RuntimeStatus
from labkit.spec.runtime import Mount, Process, Spec

_UP = (Status.RUNNING, Status.PAUSED)


@asynccontextmanager
async def viewed(
    engine: Engine, container_id: str
) -> AsyncIterator[tuple[Container, View]]:
    """Give a container and the view of its files.

    Of one that does not run the lock is held: a start meanwhile would mount its upper
    folder a second time, which overlayfs leaves undefined.
    """
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        view = await _running_view(engine, container)
        if view is None:
            yield container, await _resting_view(engine, container)
            return
    yield container, view


async def _running_view(engine: Engine, container: Container) -> View | None:
    if container.status not in _UP:
        return None
    state = await engine.runtime.state(container.id)
    return None if state.status is RuntimeStatus.STOPPED else View(process=state.pid)


async def _resting_view(engine: Engine, container: Container) -> View:
    dirs = await overlay_dirs(engine, container)
    folder = engine.container_folder(container.id)
    spec = Spec(
        process=Process(args=()),
        root=root_of(container, dirs),
        mounts=_binds(engine, container, folder),
        annotations=overlay_annotations(dirs),
    )
    return View(folder=str(folder), spec=spec)


def _binds(engine: Engine, container: Container, folder: Path) -> tuple[Mount, ...]:
    """Return volumes, binds and the network's files, as far as they are there."""
    try:
        files_folder = engine.container_folder(network_owner(engine, container).id)
    except LabError:
        files_folder = folder  # the container whose network it had is gone
    asked = {point.destination for point in container.mounts}
    return tuple(
        mount
        for mount in build_mounts(container, folder, None, files_folder)
        if mount.type == "bind"
        and (mount.destination in asked or mount.destination.startswith("/etc/"))
        and Path(mount.source).exists()
    )
