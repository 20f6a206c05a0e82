"""The part of ``container`` that is about the image it was made from."""

import re
from collections.abc import Iterator

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.grading.checks.model import Finding
from labkit.grading.checks.settings import ContainerParams
from labkit.grading.probes import Container, Image, ImageProbe, Observation


def judge_image(
    params: ContainerParams, container: Container, seen: Observation
) -> Iterator[Finding]:
    """It must have been made by this name, or by the id of what the name means."""
    wanted, found = params.image, container.image
    if wanted is None or _same_image(wanted, found) or _is_id(found, wanted, seen):
        return
    yield Finding(
        field="image",
        expected=wanted,
        found=found,
        next_step=(
            "a container keeps the image it was made from: "
            f"`docker rm -f {params.name}`, and run it again from `{wanted}`"
        ),
    )


def judge_image_matches(
    params: ContainerParams, container: Container, _: Observation
) -> Iterator[Finding]:
    """The name that it was made by must be of this form."""
    pattern, found = params.image_matches, container.image
    if pattern is None:
        return
    if not any(re.fullmatch(pattern, name) for name in (found, _familiar(found))):
        yield Finding(
            field="image_matches",
            expected=f"an image such as {pattern}",
            found=found,
            next_step="remove it and run it again by the name that is asked for",
        )


def _familiar(name: str) -> str:
    """Leave out of a name what Docker takes for granted."""
    name = name.removeprefix("index.").removeprefix("docker.io/")
    return name.removeprefix("library/")


def _same_image(wanted: str, found: str) -> bool:
    if found.startswith("sha256:"):
        return wanted == found
    try:
        return parse_reference(wanted) == parse_reference(found)
    except InvalidInputError:  # `docker run` takes a bare id, too, which is no name
        return wanted == found


def _is_id(found: str, wanted: str, seen: Observation) -> bool:
    """Say whether a container was run by the id of the image that a name means."""
    digits = _ID.fullmatch(found)
    image = seen.ask(ImageProbe(wanted)) if digits else None
    return (
        digits is not None
        and isinstance(image, Image)
        and image.id.removeprefix("sha256:").startswith(digits[1])
    )


_ID = re.compile(r"(?:sha256:)?([0-9a-f]{4,64})")
