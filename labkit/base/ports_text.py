"""Ports as people write them: ``80``, ``80/tcp``, ``8000-8010/udp``."""

from labkit.base.errors import InvalidInputError

PROTOCOLS = ("tcp", "udp", "sctp")
_LARGEST = 65535


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


def parse_port_filter(name: str, text: str) -> tuple[tuple[int, str], ...]:
    """Return the ports that a filter of ``docker ps`` asks for.

    Raises:
        InvalidInputError: it asks for none; the text is Docker's, and Go's.
    """
    if ":" in text:
        raise InvalidInputError(f"filter for '{name}' should not contain ':': {text}")
    span, _, protocol = text.partition("/")
    first, _, last = span.partition("-")
    try:
        low = _port_number(first)
        high = _port_number(last) if "-" in span else low
        if high < low:
            raise ValueError(f"invalid range specified for port: {span}")
    except ValueError as error:
        problem = "empty string specified for ports" if not span else str(error)
        raise InvalidInputError(
            f"error while looking up for {name} {text}: {problem}"
        ) from error
    return tuple((port, protocol or "tcp") for port in range(low, high + 1))


def _port_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        raise ValueError(f'strconv.ParseUint: parsing "{text}": invalid syntax')
    if int(text) > _LARGEST:
        raise ValueError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)
