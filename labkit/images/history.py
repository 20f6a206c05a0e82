"""An image's history, put beside the sizes of its layers."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from labkit.base.errors import InvalidInputError
from labkit.images.model import HistoryLine, Image


def history_lines(image: Image, layer_sizes: Sequence[int]) -> tuple[HistoryLine, ...]:
    """Return what ``docker history`` shows, last step first.

    A step that only changed the configuration has no layer and takes no bytes. Ids of
    the steps below are not known to anybody but the machine that built them.
    """
    sizes = iter(layer_sizes)
    lines = [
        HistoryLine(
            id=None,
            created_ns=parse_time(entry.created),
            created_by=entry.created_by or "",
            comment=entry.comment or "",
            size=0 if entry.empty_layer else next(sizes, 0),
            tags=(),
        )
        for entry in image.config.history
    ]
    if lines:
        lines[-1] = replace(lines[-1], id=image.id, tags=image.names)
    return tuple(reversed(lines))


def parse_time(text: str | None) -> int:
    """Read a configuration's RFC 3339 time as nanoseconds; 0 if there is none.

    ``datetime`` keeps six digits of a second, Docker writes nine.
    """
    if not text:
        return 0
    whole, _, rest = text.partition(".")
    zone = rest.lstrip("0123456789")
    digits = rest[: len(rest) - len(zone)]
    try:
        moment = datetime.fromisoformat(whole + zone)
    except ValueError as error:
        raise InvalidInputError(f"invalid time {text!r}") from error
    if moment.year <= 1:  # Go's zero time stands for "not said"
        return 0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000_000 + int(digits.ljust(9, "0")[:9])
