"""``docker import``: a tar of files becomes an image of one layer."""

from collections.abc import Sequence
from typing import BinaryIO

from labkit.engine.engine import Engine
from labkit.engine.images.derive import Step, describe_with, target_names
from labkit.engine.images.instructions import apply_changes
from labkit.engine.images.tag import tell_image
from labkit.images.model import Image
from labkit.spec.image import ContainerDefaults


async def import_image(
    engine: Engine,
    tar: BinaryIO,
    *,
    repo: str = "",
    tag: str = "",
    message: str = "",
    changes: Sequence[str] = (),
) -> Image:
    """Make an image of a tar, plain or packed.

    Raises:
        InvalidInputError: it is no tar, or a change or the name is invalid.
    """
    names = target_names(repo, tag)
    config = apply_changes(ContainerDefaults(), changes)
    step = Step(engine.clock.now_ns(), comment=message)
    image = await engine.images.derive(
        tar, describe_with(None, config, step), None, names
    )
    for name in names:
        tell_image(engine, "tag", image, name.familiar)
    engine.events.publish("image", "import", image.id.text, {"name": image.id.text})
    return image
