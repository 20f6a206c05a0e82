"""Ports as people write them: ``80``, ``80/tcp``, ``8000-8010/udp``."""

from labkit.base.errors import InvalidInputError

PROTOCOLS = ("tcp", "udp", "sctp")


def parse_exposed(text: str) -> tuple[tuple[int, str], ...]:
    """Return the ports that an EXPOSE entry names.

    Raises:
        InvalidInputError: it names none; the text is Docker's.
    """
    span, _, protocol = text.partition("/")
    protocol = protocol.lower() or "tcp"
    first, dash, last = span.partition("-")
    if protocol not in PROTOCOLS:
        raise InvalidInputError(f"invalid proto: {protocol}")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise InvalidInputError(f"invalid containerPort: {span}")
    low, high = int(first), int(last or first)
    if not 0 <= low <= high < 65536:
        raise InvalidInputError(f"invalid containerPort: {span}")
    return tuple((port, protocol) for port in range(low, high + 1))
