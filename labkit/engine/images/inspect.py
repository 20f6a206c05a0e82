"""``docker image inspect``."""

from labkit.base.errors import LabError
from labkit.engine.engine import Engine
from labkit.engine.model import Container
from labkit.images.model import Image


async def inspect_image(engine: Engine, ref: str) -> Image:
    """Return an image by name, id or id prefix."""
    return await engine.images.resolve(ref)


async def find_image(engine: Engine, container: Container) -> Image | None:
    """Return a container's image, or None if it was removed by force."""
    try:
        return await engine.images.resolve(container.image_id)
    except LabError:
        return None


def image_users(engine: Engine, image: Image) -> list[str]:
    """Return the ids of the containers that were made from an image."""
    return [
        container.id
        for container in engine.store.containers()
        if container.image_id == image.id.text
    ]
