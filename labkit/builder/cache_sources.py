"""``--cache-from``: images that know steps which the cache doesn't.

An image says in its history which line made which of its layers. If what a build has
come to so far is how such an image begins (the same lines, the same layers), then what
the image went on with answers the next step:

    a line that says all that its result depends on    is not carried out
    COPY, ADD                                          is, and the image's layer is
                                                       taken if the same files are in it
    RUN with files of a mount                          is always carried out

The classic door takes nothing else then: what the engine's own cache knows counts only
if it is a step of such an image (``BuildRequest.sources_only``).

Dates are the image's, so a build that finds all of it there ends with the same image.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.base.digest import Digest, chain_id
from labkit.builder.picture import Picture
from labkit.images.history import parse_time
from labkit.images.model import Image


@dataclass(frozen=True, slots=True)
class KnownStep:
    """What an image says of a step; without a layer it changed no file."""

    created_ns: int
    diff_id: Digest | None = None
    chain_id: Digest | None = None


def find_known(images: Sequence[Image], before: Picture, line: str) -> KnownStep | None:
    """Return what images know of the step that comes after a picture."""
    for image in images:
        known = _known(image, before, line)
        if known is not None:
            return known
    return None


def _known(image: Image, before: Picture, line: str) -> KnownStep | None:
    history, layers = image.config.history, image.config.rootfs.diff_ids
    steps, depth = len(before.history), len(before.diff_ids)
    if len(history) <= steps or history[steps].created_by != line:
        return None
    if layers[:depth] != before.diff_ids:
        return None
    if any(
        ours.created_by != its.created_by or ours.empty_layer != its.empty_layer
        for ours, its in zip(before.history, history, strict=False)
    ):
        return None
    step = history[steps]
    created_ns = parse_time(step.created)
    if step.empty_layer:
        return KnownStep(created_ns)
    if len(layers) <= depth:
        return None  # its history is not that of its layers
    return KnownStep(created_ns, layers[depth], chain_id(layers[: depth + 1]))
