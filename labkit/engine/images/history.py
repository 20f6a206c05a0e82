"""``docker history``."""

from labkit.engine.engine import Engine
from labkit.images.model import HistoryLine


async def history_image(engine: Engine, ref: str) -> tuple[HistoryLine, ...]:
    """Return how an image was made, newest step first."""
    return await engine.images.history(await engine.images.resolve(ref))
