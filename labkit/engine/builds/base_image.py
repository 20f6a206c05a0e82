"""The images that a Dockerfile names: what is here, else what a pull brings."""

from collections.abc import Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.base.reference import DEFAULT_TAG, parse_reference
from labkit.builder.plan import parse_platform
from labkit.engine.engine import Engine
from labkit.engine.images.login import server_domain
from labkit.engine.images.pull import pull_image
from labkit.images.hub import Wish
from labkit.images.model import Image
from labkit.images.registry.model import ANONYMOUS, Credentials
from labkit.images.transfer import PullEvent


def _tell_nobody(event: PullEvent) -> None:
    return


@dataclass(frozen=True, slots=True)
class Asker:
    """Who wants an image: what registries know of him, and what hears of the pull."""

    credentials: Mapping[str, Credentials] = field(default_factory=dict, repr=False)
    tell: Callable[[PullEvent], None] = _tell_nobody

    def credentials_for(self, domain: str) -> Credentials:
        """Return what is known of the user at a registry, however it is spelled."""
        for server, credentials in self.credentials.items():
            if server_domain(server) == domain:
                return credentials
        return ANONYMOUS


async def find_base_image(
    engine: Engine, name: str, platform: str, pull: bool, asker: Asker
) -> Image:
    """Find an image of FROM or ``--from``.

    Raises:
        NotFoundError: it is neither here nor anywhere else.
        InvalidInputError: it is for another platform than was asked for.
    """
    if pull:
        await _pull(engine, name, platform, asker)
    try:
        image = await engine.images.resolve(name)
    except NotFoundError:
        await _pull(engine, name, platform, asker)
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


async def _pull(engine: Engine, name: str, platform: str, asker: Asker) -> None:
    reference = parse_reference(name)
    if reference.digest is None and reference.tag is None:
        reference = replace(reference, tag=DEFAULT_TAG)
    wanted = parse_platform(platform) if platform else None
    wish = Wish(reference, wanted, asker.credentials_for(reference.domain))
    async with aclosing(pull_image(engine, wish)) as events:
        async for event in events:
            asker.tell(event)
