"""``docker commit``: what a container changed becomes a layer on its image.

A container that runs is paused meanwhile, unless the client says no: a program that
writes while its files are read would give an image that never was.
"""

import asyncio
import contextlib
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, cast

from labkit.base.errors import LabError
from labkit.engine.containers.merge import merge_config
from labkit.engine.containers.pause import pause
from labkit.engine.containers.unpause import unpause
from labkit.engine.engine import Engine
from labkit.engine.images.derive import (
    Step,
    describe_with,
    from_defaults,
    target_names,
    to_defaults,
)
from labkit.engine.images.instructions import apply_changes
from labkit.engine.images.tag import tell_image
from labkit.engine.model import Container, ContainerConfig, Status
from labkit.engine.overlays import overlay_dirs
from labkit.images.model import Image

_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class CommitOptions:
    """What the client says of the new image."""

    repo: str = ""
    tag: str = ""
    comment: str = ""
    author: str = ""
    changes: Sequence[str] = ()
    pause: bool = True


async def commit(
    engine: Engine, ref: str, options: CommitOptions, config: ContainerConfig | None
) -> Image:
    """Make an image of a container.

    Args:
        config: what the image shall start, if it is not what the container does. What
            it leaves out is the container's in the end, but changes don't see that.

    Raises:
        InvalidInputError: a change or the name is invalid.
    """
    container = engine.store.find_container(ref)
    target_names(options.repo, options.tag)
    begin = container.config if config is None else config
    changed = apply_changes(to_defaults(begin), options.changes)
    wanted = from_defaults(begin, changed)
    work = _commit(engine, container.id, options, wanted)
    return await engine.complete(work, f"commit {container.id}")


async def _commit(
    engine: Engine, container_id: str, options: CommitOptions, config: ContainerConfig
) -> Image:
    container = engine.store.find_container(container_id)
    if not (options.pause and container.status is Status.RUNNING):
        return await _write(engine, container_id, options, config)
    frozen = await _freeze(engine, container_id)
    try:
        return await _write(engine, container_id, options, config)
    finally:
        if frozen:
            await _thaw(engine, container_id)


async def _freeze(engine: Engine, container_id: str) -> bool:
    """Pause a container; False if it ended before that: then its files are at rest."""
    ended = engine.waiters.add(container_id, "exit")
    try:
        await pause(engine, container_id)
    except LabError:
        if _runs(engine, container_id):
            # Its shim, or already its state, is gone: the record follows at once.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_END_SECONDS):
                    await asyncio.shield(ended)
        if _runs(engine, container_id):
            raise
        return False
    finally:
        ended.cancel()
    return True


def _runs(engine: Engine, container_id: str) -> bool:
    found = engine.store.container(container_id)
    return found is not None and found.status is Status.RUNNING


async def _thaw(engine: Engine, container_id: str) -> None:
    try:
        await unpause(engine, container_id)
    except LabError:
        # Somebody killed or thawed it meanwhile; only one that is still frozen counts.
        found = engine.store.container(container_id)
        if found is not None and found.status is Status.PAUSED:
            raise


async def _write(
    engine: Engine, container_id: str, options: CommitOptions, config: ContainerConfig
) -> Image:
    async with engine.lock(container_id):
        container = engine.store.find_container(container_id)
        base = await engine.images.resolve(container.image_id)
        step = Step(
            created_ns=engine.clock.now_ns(),
            created_by=" ".join(container.config.cmd or ()),
            author=options.author,
            comment=options.comment,
            container=container,
        )
        merged = merge_config(config, to_defaults(container.config))
        names = target_names(options.repo, options.tag)
        dirs = await overlay_dirs(engine, container)
        with await asyncio.to_thread(_spool, engine) as tar:
            await engine.snapshots.diff(dirs, tar)
            await asyncio.to_thread(tar.seek, 0)
            describe = describe_with(base, to_defaults(merged), step)
            image = await engine.images.derive(tar, describe, base, names)
    for name in names:
        tell_image(engine, "tag", image, name.familiar)
    _tell(engine, container, image, options)
    return image


def _spool(engine: Engine) -> BinaryIO:
    # Beside the container's own files: a layer may be larger than the machine's /tmp.
    folder = engine.config.data_root / "containers"
    return cast(BinaryIO, tempfile.TemporaryFile(dir=folder))


def _tell(
    engine: Engine, container: Container, image: Image, options: CommitOptions
) -> None:
    names = target_names(options.repo, options.tag)
    about = {
        "comment": options.comment,
        "imageID": image.id.text,
        "imageRef": names[0].familiar if names else "",
    }
    engine.events.container("commit", container, about)
