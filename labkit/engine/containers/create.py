"""``docker create``: everything about a container except its running.

The image is found, its defaults are merged in, the request is checked, volumes are made
and filled, the writable layer is prepared, and the record is saved. If any of it fails
all of it is undone: a client that got an error has no container.
"""

import asyncio
import platform as platform_module
import random
import re
import shutil
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.digest import Digest
from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.base.ids import new_id, short_id
from labkit.base.machine import host_architecture
from labkit.engine.attachments import first_attachments
from labkit.engine.containers.defaults import fill_host_config
from labkit.engine.containers.merge import merge_config, split_program
from labkit.engine.containers.mounts import (
    Wanted,
    check_sources,
    make_mounts,
    wanted_mounts,
)
from labkit.engine.containers.validate import validate
from labkit.engine.containers.warnings import leave_out, look_at_machine
from labkit.engine.engine import Engine
from labkit.engine.links import parse_link
from labkit.engine.messages import (
    foreign_platform,
    invalid_name,
    name_in_use,
    other_platform,
)
from labkit.engine.model import Container, ContainerConfig, EndpointRequest, HostConfig
from labkit.engine.names import make_name
from labkit.engine.sharing import pin_containers
from labkit.images.model import Image
from labkit.snapshots.model import OverlayDirs
from labkit.snapshots.view import LayerView

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Created:
    """The answer to create."""

    id: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Plan:
    """A request that was looked up and checked; nothing is made yet."""

    name: str
    image: Image
    config: ContainerConfig
    host: HostConfig
    endpoints: Mapping[str, EndpointRequest]
    mounts: dict[str, Wanted]


async def create(
    engine: Engine,
    name: str,
    config: ContainerConfig,
    host_config: HostConfig,
    endpoints: Mapping[str, EndpointRequest],
    *,
    platform: str = "",
) -> Created:
    """Create a container; an empty name asks for a made-up one.

    Raises:
        NotFoundError: the image, or a container that is referred to, is not there.
        ConflictError: the name is taken.
        InvalidInputError, UnsupportedError: the request itself.
    """
    name = name.removeprefix("/") or make_name(
        lambda made: engine.store.container_named(made) is not None, random.Random()
    )
    if not _NAME.fullmatch(name):
        raise InvalidInputError(invalid_name(name))
    image = await engine.images.resolve(config.image)
    _check_platform(image, config.image, platform)
    validate(config, host_config)
    merged = merge_config(config, image.config.config)
    host, warnings = leave_out(fill_host_config(host_config), look_at_machine())
    if not platform:
        warnings += _warn_of_platform(image)
    _check_references(engine, host)
    host = pin_containers(engine, host)
    mounts = wanted_mounts(engine, merged, host)
    check_sources(engine, mounts)
    plan = _Plan(name, image, merged, host, endpoints, mounts)
    container = await engine.complete(_create(engine, plan), "create container")
    return Created(container.id, warnings)


async def _create(engine: Engine, plan: _Plan) -> Container:
    # Two creates of one name take turns: the second finds the first one's record.
    async with engine.lock(f"container name {plan.name}"):
        owner = engine.store.container_named(plan.name)
        if owner is not None:
            raise ConflictError(name_in_use(plan.name, owner.id))
        async with AsyncExitStack() as undo:
            container = await _make(engine, plan, undo)
            await engine.store.save(container)
            undo.pop_all()
    engine.events.container("create", container)
    return container


async def _make(engine: Engine, plan: _Plan, undo: AsyncExitStack) -> Container:
    container_id = new_id()
    folder = engine.container_folder(container_id)
    layers = await engine.images.chain_ids(plan.image)
    dirs = await _prepare_folder(engine, layers, folder, undo)
    engine.overlays[container_id] = dirs
    undo.callback(engine.overlays.pop, container_id)
    view = LayerView((dirs.upper, *dirs.lower))
    _check_folder(view, plan.config.working_dir)
    path, args = split_program(plan.config)
    return Container(
        id=container_id,
        name=plan.name,
        created_at=engine.clock.now_ns(),
        image_id=plan.image.id.text,
        config=_with_hostname(plan.config, plan.host, container_id),
        host_config=plan.host,
        path=path,
        args=args,
        attachments=first_attachments(plan.host, plan.endpoints),
        mounts=await make_mounts(engine, plan.mounts, view, undo),
        layers=layers,
    )


async def _prepare_folder(
    engine: Engine, layers: tuple[Digest, ...], folder: Path, undo: AsyncExitStack
) -> OverlayDirs:
    """Make the container's folder and its writable layer on top of the image's."""
    await asyncio.to_thread(folder.mkdir, parents=True, mode=0o710)
    undo.push_async_callback(asyncio.to_thread, shutil.rmtree, folder, True)
    dirs = await engine.snapshots.prepare(folder, layers)
    undo.push_async_callback(engine.snapshots.discard, folder)
    return dirs


def _check_folder(view: LayerView, working_dir: str) -> None:
    entry = view.find(working_dir) if working_dir else None
    if entry is not None and not entry.is_folder:
        raise InvalidInputError(f"Cannot mkdir: {working_dir} is not a directory")


def _check_platform(image: Image, ref: str, platform: str) -> None:
    if not platform:
        return
    system, _, rest = platform.partition("/")
    architecture = rest.partition("/")[0]
    actual = f"{image.config.os}/{image.config.architecture}"
    if (system or "linux", architecture) in (
        (image.config.os, image.config.architecture),
        (image.config.os, ""),
    ):
        return
    raise NotFoundError(other_platform(ref, platform, actual))


def _warn_of_platform(image: Image) -> tuple[str, ...]:
    """Tell of an image for another machine, whose programs hardly run here."""
    found, own = image.config.architecture, host_architecture()
    if found == own:
        return ()
    system = image.config.os
    return (foreign_platform(f"{system}/{found}", f"linux/{own}"),)


def _check_references(engine: Engine, host: HostConfig) -> None:
    """Look up the containers whose namespaces are to be shared, and the links.

    Not the network's: Docker asks for that one at the start. What is missing is wrong
    input, not "not found", which clients of create take for a missing image.
    """
    for mode in (host.pid_mode, host.ipc_mode):
        kind, _, ref = mode.partition(":")
        if kind == "container":
            _expect_container(engine, ref)
    for spec in host.volumes_from:
        _expect_container(engine, spec.partition(":")[0])
    for link in host.links:
        ref = parse_link(link)[0]
        _expect_container(engine, ref, f"could not get container for {ref}: ")


def _expect_container(engine: Engine, ref: str, prefix: str = "") -> None:
    try:
        engine.store.find_container(ref)
    except NotFoundError as error:
        raise InvalidInputError(f"{prefix}{error}") from error


def _with_hostname(
    config: ContainerConfig, host: HostConfig, container_id: str
) -> ContainerConfig:
    if config.hostname:
        return config
    if host.network_mode == "host":
        return replace(config, hostname=platform_module.node())
    return replace(config, hostname=short_id(container_id))
