"""``docker rmi``: a name goes, and with the last name the image.

By name only that name is taken away, as long as others are left; digests that it was
pulled by count as names, and go with their repository's last tag. By id, all names go,
but several tags need force. So does an image that containers were made from: it goes,
they keep its layers, and can be started still. One that runs keeps its image, too.
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
from labkit.engine.overlays import layers_in_use
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
            await _check_by_id(engine, image, force)
            names = image.references
        else:
            names = _named(image, ref)
            if _has_one_tag(image) and not force:
                _check_by_name(engine, image, ref)
        removed = []
        for name in names:
            await engine.images.untag(name)
            tell_image(engine, "untag", image, image.id.text)
            removed.append(Removed(untagged=name.familiar))
        left = [name for name in image.references if name not in names]
        if not left and _running_user(engine, image) is None:
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
    """Delete an image that has no name; layers of others and of containers stay."""
    layers = await engine.images.remove(image.id, layers_in_use(engine))
    engine.images_there.discard(image.id.text)
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


async def _check_by_id(engine: Engine, image: Image, force: bool) -> None:
    conflict = f"conflict: unable to delete {image.id.short}"
    if any(other.parent == image.id for other in await engine.images.list()):
        raise ConflictError(
            f"{conflict} (cannot be forced) - image has dependent child images"
        )
    running = _running_user(engine, image)
    if running is not None:
        raise ConflictError(
            f"{conflict} (cannot be forced) - image is being used by running container "
            f"{short_id(running)}"
        )
    if force:
        return
    if image.references and not _has_one_tag(image):
        raise ConflictError(
            f"{conflict} (must be forced) - image is referenced in multiple "
            "repositories"
        )
    users = image_users(engine, image)
    if users:
        raise ConflictError(
            f"{conflict} (must be forced) - image is being used by stopped container "
            f"{short_id(users[0])}"
        )


def _running_user(engine: Engine, image: Image) -> str | None:
    for container_id in image_users(engine, image):
        if engine.store.find_container(container_id).status in _UP:
            return container_id
    return None


def _has_one_tag(image: Image) -> bool:
    """Tell whether all names are one repository's, and at most one is a tag."""
    if len(image.names) > 1:
        return False
    return len({name.name for name in image.references}) == 1
