"""``docker image inspect`` and ``docker history``."""

from labkit.engine.engine import Engine
from labkit.images.model import HistoryLine, Image


async def inspect_image(engine: Engine, ref: str) -> Image:
    """Return an image by name, id or id prefix."""
    return await engine.images.resolve(ref)


async def history_image(engine: Engine, ref: str) -> tuple[HistoryLine, ...]:
    """Return how an image was made, newest step first."""
    return await engine.images.history(await engine.images.resolve(ref))


def image_users(engine: Engine, image: Image) -> list[str]:
    """Return the ids of the containers that were made from an image."""
    return [
        container.id
        for container in engine.store.containers()
        if container.image_id == image.id.text
    ]
