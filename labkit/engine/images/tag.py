"""``docker tag``."""

from labkit.base.errors import InvalidInputError
from labkit.base.reference import Reference, parse_reference
from labkit.engine.engine import Engine
from labkit.images.model import Image


async def tag_image(engine: Engine, ref: str, repo: str, tag: str = "") -> None:
    """Give an image one more name; the name leaves whatever had it before."""
    image = await engine.images.resolve(ref)
    reference = parse_reference(f"{repo}:{tag}" if tag else repo)
    if reference.digest is not None:
        raise InvalidInputError("refusing to create a tag with a digest reference")
    await engine.images.tag(image, reference)
    tell_image(engine, "tag", image, reference.familiar)


def tell_image(engine: Engine, action: str, image: Image, name: str) -> None:
    """Publish an event about an image."""
    attributes = {**image.config.config.labels, "name": name}
    engine.events.publish("image", action, image.id.text, attributes)


def tell_transfer(
    engine: Engine, action: str, reference: Reference, image: Image | None
) -> None:
    """Publish that something was pulled or pushed: by its name, not by its id."""
    labels = image.config.config.labels if image else {}
    attributes = {**labels, "name": reference.familiar_name}
    engine.events.publish("image", action, reference.familiar, attributes)
