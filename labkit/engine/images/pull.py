"""``docker pull``: an image from wherever it is to be had.

Who listens is told layer by layer. As long as nothing was told, a failure is the
answer; after that it can only be a line of it.
"""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from labkit.base.errors import InternalError, LabError, NotFoundError
from labkit.base.reference import Reference
from labkit.engine.engine import Engine
from labkit.engine.images.tag import tell_transfer
from labkit.engine.messages import not_bundled, not_pulled
from labkit.engine.overlays import sweep
from labkit.images.hub import UnfoundError, Wish
from labkit.images.registry.failures import RefusedError
from labkit.images.transfer import PullDone, PullEnded, PullEvent


async def pull_image(engine: Engine, wish: Wish) -> AsyncGenerator[PullEvent, None]:
    """Pull an image, or all tags of a repository, telling how it goes.

    Raises:
        NotFoundError: nobody has it.
        InternalError: it could not be had.
    """
    ended: list[PullEnded] = []
    try:
        async with aclosing(engine.registries.pull(wish)) as events:
            async for event in events:
                if isinstance(event, PullEnded):
                    ended.append(event)
                yield event
    except LabError as error:
        await sweep(engine)  # what came before it failed
        raise explain(error, wish.reference) from error
    image = ended[-1].image if ended else None
    tell_transfer(engine, "pull", wish.reference, image)
    yield PullDone(wish.reference, any(one.is_new for one in ended))


def explain(error: LabError, reference: Reference) -> LabError:
    """Word what became of a pull as Docker does."""
    if not isinstance(error, UnfoundError):
        return error
    cause = error.cause
    text = str(cause)
    code = cause.code if isinstance(cause, RefusedError) else ""
    if prefix := not_pulled(code, reference):
        text = f"{prefix}: {text}"
    if error.was_bundled_asked:
        text = f"{text}, {not_bundled(reference)}"
    is_absent = bool(prefix) or isinstance(cause, NotFoundError)
    return NotFoundError(text) if is_absent else InternalError(text)
