"""``docker image inspect``."""

from labkit.engine.engine import Engine
from labkit.images.model import Image


async def inspect_image(engine: Engine, ref: str) -> Image:
    """Return an image by name, id or id prefix."""
    return await engine.images.resolve(ref)


def image_users(engine: Engine, image: Image) -> list[str]:
    """Return the ids of the containers that were made from an image."""
    return [
        container.id
        for container in engine.store.containers()
        if container.image_id == image.id.text
    ]
