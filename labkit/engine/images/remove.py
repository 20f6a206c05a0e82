"""``docker rmi``: a name goes, and with the last name the image.

By name only that name is taken away, as long as others are left; digests that it was
pulled by count as names, and go with their repository's last tag. By id, all names go,
but those of several repositories need force. An image that a container was made from
keeps its layers whatever is said: force takes the names only.
"""

import re
from dataclasses import dataclass, replace

from labkit.base.errors import ConflictError
from labkit.base.ids import short_id
from labkit.base.reference import Reference, parse_reference
from labkit.engine.engine import Engine
from labkit.engine.images.inspect import image_users
from labkit.engine.images.tag import tell_image
from labkit.engine.model import Status
from labkit.images.model import Image

_UP = (Status.RUNNING, Status.PAUSED, Status.RESTARTING)
_ID = re.compile(r"(sha256:)?[0-9a-f]{4,64}")


@dataclass(frozen=True, slots=True)
class Removed:
    """One line of the answer: ``untagged`` a name, or ``deleted`` an id."""

    untagged: str = ""
    deleted: str = ""


async def remove_image(
    engine: Engine, ref: str, force: bool = False, prune: bool = True
) -> tuple[Removed, ...]:
    """Remove a name or an image.

    Raises:
        NotFoundError: no such image.
        ConflictError: containers use it, or it has several names.
    """
    image = await engine.images.resolve(ref)
    return await engine.complete(
        _remove(engine, image, ref, force, prune), f"remove image {ref}"
    )


async def _remove(
    engine: Engine, image: Image, ref: str, force: bool, prune: bool
) -> tuple[Removed, ...]:
    async with engine.lock("images"):
        if is_by_id(image, ref):
            _check_by_id(engine, image, force)
            await _check_children(engine, image)
            names = image.references
        else:
            names = _named(image, ref)
            if set(image.references) <= set(names) and not force:
                _check_by_name(engine, image, ref)
        removed = []
        for name in names:
            await engine.images.untag(name)
            tell_image(engine, "untag", image, image.id.text)
            removed.append(Removed(untagged=name.familiar))
        left = [name for name in image.references if name not in names]
        if not left and not image_users(engine, image):
            removed += await _delete_branch(engine, image, prune)
        return tuple(removed)


async def _delete_branch(
    engine: Engine, image: Image, with_parents: bool
) -> list[Removed]:
    """Delete an image, and those below it that nobody knows by name any more.

    One that others were made from stays, without a name.
    """
    removed: list[Removed] = []
    doomed: Image | None = image
    while doomed is not None:
        images = {one.id: one for one in await engine.images.list()}
        if any(other.parent == doomed.id for other in images.values()):
            break
        removed += await delete_image(engine, doomed)
        above = images.get(doomed.parent) if doomed.parent and with_parents else None
        is_free = above and not above.references and not image_users(engine, above)
        doomed = above if is_free else None
    return removed


async def delete_image(engine: Engine, image: Image) -> list[Removed]:
    """Delete an image that has no name and no user; shared layers stay."""
    layers = await engine.images.remove(image.id)
    # Nothing is left of it that would say which labels it had.
    engine.events.publish("image", "delete", image.id.text, {"name": image.id.text})
    rows = [Removed(deleted=image.id.text)]
    return rows + [Removed(deleted=layer.text) for layer in layers]


def is_by_id(image: Image, ref: str) -> bool:
    """Tell whether an image was named by (the beginning of) its id."""
    digits = ref.removeprefix("sha256:")
    return _ID.fullmatch(ref) is not None and image.id.hex.startswith(digits)


def _named(image: Image, ref: str) -> tuple[Reference, ...]:
    """Return the name that is meant; with a repository's last tag go its digests."""
    wanted = parse_reference(ref)
    if wanted.digest is not None:
        return (replace(wanted, tag=None),)
    others = [name for name in image.names if name != wanted]
    if any(name.name == wanted.name for name in others):
        return (wanted,)
    digests = [one for one in image.repo_digests if one.name == wanted.name]
    return (wanted, *digests)


def _check_by_name(engine: Engine, image: Image, ref: str) -> None:
    users = image_users(engine, image)
    if users:
        raise ConflictError(
            f'conflict: unable to remove repository reference "{ref}" (must force) - '
            f"container {short_id(users[0])} is using its referenced image "
            f"{image.id.short}"
        )


async def _check_children(engine: Engine, image: Image) -> None:
    if any(other.parent == image.id for other in await engine.images.list()):
        raise ConflictError(
            f"conflict: unable to delete {image.id.short} (cannot be forced) - image "
            "has dependent child images"
        )


def _check_by_id(engine: Engine, image: Image, force: bool) -> None:
    short = image.id.short
    for container_id in image_users(engine, image):
        container = engine.store.find_container(container_id)
        if container.status in _UP:
            raise ConflictError(
                f"conflict: unable to delete {short} (cannot be forced) - image is "
                f"being used by running container {short_id(container_id)}"
            )
        if not force:
            raise ConflictError(
                f"conflict: unable to delete {short} (must be forced) - image is "
                f"being used by stopped container {short_id(container_id)}"
            )
    repositories = {name.name for name in image.references}
    if len(repositories) > 1 and not force:
        raise ConflictError(
            f"conflict: unable to delete {short} (must be forced) - image is "
            "referenced in multiple repositories"
        )
