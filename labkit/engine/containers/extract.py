"""``docker cp`` into a container: a tar is unpacked into one of its folders."""

from collections.abc import AsyncIterator
from posixpath import normpath

from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.engine.engine import Engine
from labkit.engine.launch import find_identity
from labkit.engine.messages import no_such_file
from labkit.engine.model import Container
from labkit.engine.overlays import overlay_dirs
from labkit.engine.views import viewed
from labkit.files.model import WriteOptions


async def extract(
    engine: Engine,
    ref: str,
    path: str,
    tar: AsyncIterator[bytes],
    *,
    keep_kinds: bool = False,
    as_user: bool = False,
) -> None:
    """Unpack a tar into a folder of a container.

    Args:
        keep_kinds: put no file in a folder's place, nor the other way round.
        as_user: give everything to the container's user.

    Raises:
        NotFoundError: no such container, or no such folder in it.
        InvalidInputError: the tar is damaged, or leads out of the folder.
    """
    found = engine.store.find_container(ref)
    async with viewed(engine, found.id) as (container, view):
        _check_writable(container, path)
        owner = await _owner(engine, container) if as_user else None
        options = WriteOptions(keep_kinds, owner)
        try:
            await engine.files.write(view, path, options, tar)
        except NotFoundError as error:
            raise NotFoundError(no_such_file(path, ref)) from error
        except InvalidInputError as error:
            # moby counts what is wrong with the archive as its own failure.
            raise InternalError(str(error)) from error
        engine.events.container("extract-to-dir", container)


def _check_writable(container: Container, path: str) -> None:
    target = normpath("/" + path.lstrip("/"))
    for point in sorted(container.mounts, key=lambda one: -len(one.destination)):
        place = normpath(point.destination)
        if target == place or target.startswith(place.rstrip("/") + "/"):
            if not point.writable:
                raise InternalError("mounted volume is marked read-only")
            return
    if container.host_config.readonly_rootfs:
        raise InternalError("container rootfs is marked read-only")


async def _owner(engine: Engine, container: Container) -> tuple[int, int] | None:
    if not container.config.user:
        return None
    identity = find_identity(container, await overlay_dirs(engine, container))
    return identity.user.uid, identity.user.gid
