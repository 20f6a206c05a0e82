"""``docker rename``; the new name answers in the container's networks at once."""

import re
from dataclasses import replace

from labkit.base.errors import ConflictError, InvalidInputError
from labkit.engine.endpoints import tell_names
from labkit.engine.engine import Engine
from labkit.engine.lifecycle import follow
from labkit.engine.members import make_member
from labkit.engine.messages import invalid_name, name_in_use, same_name
from labkit.engine.model import Container

_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+")


async def rename(engine: Engine, ref: str, name: str) -> None:
    """Give a container another name.

    Raises:
        InvalidInputError: the name is empty, malformed or the present one.
        ConflictError: another container has it.
    """
    container = engine.store.find_container(ref)
    wanted = name.removeprefix("/")
    if not wanted:
        raise InvalidInputError("Neither old nor new names may be empty")
    if wanted == container.name:
        raise InvalidInputError(same_name())
    if not _NAME.fullmatch(wanted):
        text = invalid_name(f"/{wanted}")
        raise InvalidInputError(f"Error when allocating new name: {text}")
    await engine.complete(
        _rename(engine, container.id, wanted), f"rename {container.id}"
    )


async def _rename(engine: Engine, container_id: str, name: str) -> None:
    async with engine.lock(f"container name {name}"), engine.lock(container_id):
        container = engine.store.find_container(container_id)
        owner = engine.store.container_named(name)
        if owner is not None:
            text = name_in_use(name, owner.id)
            raise ConflictError(f"Error when allocating new name: {text}")
        renamed = replace(container, status=follow(container, "rename"), name=name)
        await engine.store.save(renamed)
        await _tell_networks(engine, renamed)
    engine.events.container("rename", renamed, {"oldName": f"/{container.name}"})


async def _tell_networks(engine: Engine, container: Container) -> None:
    present = [item for item in container.attachments if item.endpoint is not None]
    for attachment in present:
        assert attachment.endpoint is not None
        member = make_member(container, attachment, attachment.endpoint)
        engine.members.join(attachment.network_id, member)
    await tell_names(engine, [item.network_id for item in present])
