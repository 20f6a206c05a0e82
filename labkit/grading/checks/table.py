"""The one table of families: word -> family."""

from labkit.grading.checks import (
    container,
    content,
    image,
    kernel,
    network,
    reach,
    registry,
    things,
)
from labkit.grading.checks.model import Family

FAMILIES: dict[str, Family] = {
    family.word: family
    for family in (
        container.FAMILY,
        network.FAMILY,
        reach.RESOLVES,
        reach.ANSWERS,
        reach.HTTP,
        content.FILE,
        content.LOGS,
        content.COMMAND,
        things.VOLUME,
        image.FAMILY,
        registry.FAMILY,
        kernel.FAMILY,
        things.ABSENT,
    )
}
