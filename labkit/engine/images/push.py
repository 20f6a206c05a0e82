"""``docker push``: an image to the registry that its name names."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from labkit.base.errors import InternalError, LabError, NotFoundError
from labkit.base.reference import Reference
from labkit.engine.engine import Engine
from labkit.engine.images.tag import tell_transfer
from labkit.engine.messages import no_such_tag, nothing_to_push
from labkit.images.model import Image
from labkit.images.registry.failures import NoCredentialsError
from labkit.images.registry.model import Credentials
from labkit.images.transfer import TransferEvent


async def push_image(
    engine: Engine, reference: Reference, credentials: Credentials
) -> AsyncGenerator[TransferEvent, None]:
    """Push one tag, or all of a repository if the reference has none.

    Raises:
        NotFoundError: there is no such image here.
        InternalError: the registry does not take it.
    """
    images = await _choose(engine, reference)
    try:
        async with aclosing(engine.registries.push(images, credentials)) as events:
            async for event in events:
                yield event
    except NoCredentialsError as error:
        raise InternalError(NoCredentialsError.REASON) from error
    except LabError as error:
        raise InternalError(str(error)) from error
    tell_transfer(engine, "push", reference, None)


async def _choose(
    engine: Engine, reference: Reference
) -> tuple[tuple[Reference, Image], ...]:
    named = [
        (name, image)
        for image in await engine.images.list()
        for name in image.names
        if name.name == reference.name
    ]
    if not named:
        raise NotFoundError(nothing_to_push(reference.familiar_name))
    chosen = [one for one in named if reference.tag in (None, one[0].tag)]
    if not chosen:
        raise NotFoundError(no_such_tag(reference))
    return tuple(sorted(chosen, key=lambda one: one[0]))
