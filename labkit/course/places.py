"""Where a step can be run: what not every engine and not every learner has.

A step names what it needs by ``:only:``. Where that is missing the step is skipped,
and the reason is shown instead of a failure that nobody could mend.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType


class Place(enum.Enum):
    """Something that a step can't do without."""

    LAB = "lab"
    BUILDKIT = "buildkit"
    ROOT = "root"


OBSTACLES: Mapping[Place, str] = MappingProxyType(
    {
        Place.LAB: "not visible here: looks into labkit's own engine",
        Place.BUILDKIT: (
            "not here: the lab's `docker build` has what BuildKit added on labkit's "
            "own engine only"
        ),
        Place.ROOT: "not here: starts an engine of its own, which needs root",
    }
)
"""Why a step is skipped where the place is another."""

REMARKS: Mapping[Place, str] = MappingProxyType(
    {
        Place.LAB: "on labkit's own engine",
        Place.BUILDKIT: "on labkit's own engine",
        Place.ROOT: "as root",
    }
)
"""What the book says beside such a step."""


def find_places(on_lab: bool, user_id: int) -> frozenset[Place]:
    """Return what an engine and a user have to offer."""
    places = {Place.LAB, Place.BUILDKIT} if on_lab else set()
    return frozenset(places | {Place.ROOT} if user_id == 0 else places)
