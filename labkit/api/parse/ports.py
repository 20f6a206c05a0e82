"""``PortBindings``: container port and protocol -> where it is to be seen outside."""

from collections.abc import Mapping, Sequence

from labkit.api.parse.fields import Fields
from labkit.base.errors import InvalidInputError
from labkit.network.model import PortBinding

_PROTOCOLS = ("tcp", "udp", "sctp")
_LARGEST = 65535


def parse_port_bindings(
    body: Mapping[str, Sequence[Fields]],
) -> tuple[PortBinding, ...]:
    """Read ``{"80/tcp": [{"HostIp": "", "HostPort": "8080"}]}``.

    An empty ``HostPort`` asks for any free port, ``8000-8010`` for one of these.
    """
    bindings = []
    for key, places in body.items():
        port, protocol = parse_port(key)
        for place in places:
            first, last = _host_ports(place.text("HostPort"))
            bindings.append(
                PortBinding(
                    container_port=port,
                    protocol=protocol,
                    host_ip=place.text("HostIp"),
                    host_port=first,
                    host_port_end=last,
                )
            )
    return tuple(bindings)


def parse_port(text: str) -> tuple[int, str]:
    """Read ``80/tcp`` or ``80``, which means tcp."""
    number, _, protocol = text.partition("/")
    protocol = protocol.lower() or "tcp"
    if protocol not in _PROTOCOLS:
        raise InvalidInputError(f"invalid proto: {protocol}")
    return _number(number), protocol


def _host_ports(text: str) -> tuple[int, int]:
    """Return the first port and, of a range, the last one."""
    if not text:
        return 0, 0
    first, dash, last = text.partition("-")
    if not dash:
        return _number(first), 0
    if _number(last) < _number(first):
        raise InvalidInputError(f'invalid port specification: "{text}"')
    return _number(first), _number(last)


def _number(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _LARGEST:
        return int(text)
    raise InvalidInputError(f'invalid port specification: "{text}"')
