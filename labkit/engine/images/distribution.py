"""``docker manifest``'s question: what does a registry have under a name?"""

from labkit.base.errors import InternalError, LabError, NotFoundError
from labkit.engine.engine import Engine
from labkit.engine.messages import not_bundled
from labkit.images.hub import Distribution, UnfoundError, Wish
from labkit.images.registry.failures import RefusedError


async def inspect_distribution(engine: Engine, wish: Wish) -> Distribution:
    """Ask for an image's descriptor and platforms, and pull nothing.

    Raises:
        NotFoundError: nobody has it.
        InternalError: nobody could be asked.
    """
    try:
        return await engine.registries.inspect(wish)
    except UnfoundError as error:
        raise _explain(error, wish) from error


def _explain(error: UnfoundError, wish: Wish) -> LabError:
    text = str(error)
    if error.was_bundled_asked:
        text = f"{text}, {not_bundled(wish.reference)}"
    cause = error.cause
    is_absent = isinstance(cause, NotFoundError) or (
        isinstance(cause, RefusedError) and cause.status == 404
    )
    return NotFoundError(text) if is_absent else InternalError(text)
