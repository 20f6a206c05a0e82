"""The images that a Dockerfile names: what is here, else what a pull brings."""

from contextlib import aclosing
from dataclasses import replace

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.reference import DEFAULT_TAG, parse_reference
from labkit.builder.plan import parse_platform
from labkit.engine.engine import Engine
from labkit.engine.images.pull import pull_image
from labkit.images.hub import Wish
from labkit.images.model import Image


async def find_base_image(
    engine: Engine, name: str, platform: str, pull: bool
) -> Image:
    """Find an image of FROM or ``--from``.

    Raises:
        NotFoundError: it is neither here nor anywhere else.
        InvalidInputError: it is for another platform than was asked for.
    """
    if pull:
        await _pull(engine, name, platform)
    try:
        image = await engine.images.resolve(name)
    except NotFoundError:
        await _pull(engine, name, platform)
        image = await engine.images.resolve(name)
    if platform:
        wanted = parse_platform(platform)
        if (image.config.os, image.config.architecture) != (
            wanted.os,
            wanted.architecture,
        ):
            raise InvalidInputError(
                f"image {name} is for {image.config.os}/{image.config.architecture}, "
                f"not for {platform}"
            )
    return image


async def _pull(engine: Engine, name: str, platform: str) -> None:
    """Pull an image; who waits for the build is told of it by what comes next."""
    reference = parse_reference(name)
    if reference.digest is None and reference.tag is None:
        reference = replace(reference, tag=DEFAULT_TAG)
    wanted = parse_platform(platform) if platform else None
    async with aclosing(pull_image(engine, Wish(reference, wanted))) as events:
        async for _ in events:
            pass
