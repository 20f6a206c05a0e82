"""``docker inspect``: everything the engine knows about a container."""

from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.errors import LabError
from labkit.engine.engine import Engine
from labkit.engine.images.inspect import find_image
from labkit.engine.links import link_paths
from labkit.engine.model import Container
from labkit.engine.overlays import overlay_dirs
from labkit.engine.sharing import network_owner
from labkit.images.model import Image
from labkit.snapshots.model import OverlayDirs


@dataclass(frozen=True, slots=True)
class ContainerDetails:
    """A record, and what is found elsewhere; sizes only if they were asked for."""

    container: Container
    image: Image | None
    overlay: OverlayDirs | None
    exec_ids: tuple[str, ...]
    hosts_path: str
    hostname_path: str
    resolv_conf_path: str
    log_path: str
    size_rw: int | None = None
    size_root: int | None = None


async def inspect(engine: Engine, ref: str, size: bool = False) -> ContainerDetails:
    """Return a container with its surroundings."""
    container = engine.store.find_container(ref)
    image = await find_image(engine, container)
    overlay = await _find_overlay(engine, container)
    files = _files_folder(engine, container)
    size_rw = size_root = None
    if size and overlay is not None:
        size_rw = await engine.snapshots.usage(overlay)
        size_root = size_rw + (image.size if image else 0)
    tells_log = container.host_config.log_config.type not in ("none", "local")
    links = link_paths(engine, container)
    return ContainerDetails(
        container=replace(
            container, host_config=replace(container.host_config, links=links)
        ),
        image=image,
        overlay=overlay,
        exec_ids=_exec_ids(engine, container),
        hosts_path=str(files / "hosts"),
        hostname_path=str(files / "hostname"),
        resolv_conf_path=str(files / "resolv.conf"),
        log_path=str(engine.log_path(container.id)) if tells_log else "",
        size_rw=size_rw,
        size_root=size_root,
    )


def _exec_ids(engine: Engine, container: Container) -> tuple[str, ...]:
    """Return the execs that have not ended."""
    known = engine.execs.of_container(container.id)
    return tuple(record.id for record in known if record.exit_code is None)


async def _find_overlay(engine: Engine, container: Container) -> OverlayDirs | None:
    try:
        return await overlay_dirs(engine, container)
    except LabError:
        return None


def _files_folder(engine: Engine, container: Container) -> Path:
    """Return where the network files lie: with a shared network, the owner's folder."""
    try:
        owner = network_owner(engine, container)
    except LabError:
        owner = container  # the other one is gone; its files are, too
    return engine.container_folder(owner.id)
