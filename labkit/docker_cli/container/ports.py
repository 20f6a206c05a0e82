"""``-p 127.0.0.1:8080:80/tcp``: published ports, one by one or in ranges."""

from __future__ import annotations

from labkit.docker_cli.container.checks import is_address
from labkit.docker_cli.errors import CliError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from labkit.docker_cli.json_text import Json

_PROTOCOLS = ("tcp", "udp", "sctp")
_MOST = 65535


def parse_published(specs: list[str]) -> tuple[Json, Json]:
    """Return exposed ports and bindings as the API has them.

    Raises:
        CliError: in go-connections' words.
    """
    exposed: Json = {}
    bindings: Json = {}
    for spec in specs:
        for port, binding in _parse(_standard(spec)):
            exposed[port] = {}
            bindings.setdefault(port, []).append(binding)
    return exposed, bindings


def _standard(spec: str) -> str:
    """Return ``target=80,published=8080`` as ``8080:80/tcp``."""
    if "=" not in spec:
        return spec
    words = {"protocol": "tcp"}
    for word in spec.split(","):
        name, equals, value = word.partition("=")
        if not equals or not name:
            raise CliError(
                f"invalid publish opts format (should be name=value but got '{word}')"
            )
        words[name] = value
    published, target = words.get("published", ""), words.get("target", "")
    return f"{published}:{target}/{words['protocol']}"


def _parse(spec: str) -> list[tuple[str, Json]]:
    address, host, container = _split(spec)
    container, slash, protocol = container.partition("/")
    protocol = protocol if slash else "tcp"
    address = address[1:-1] if address.startswith("[") else address
    if address and not is_address(address):
        raise CliError(f"invalid IP address: {address}")
    if not container:
        raise CliError(f"no port specified: {spec}<empty>")
    first, last = parse_range(container, "invalid containerPort: ")
    host_first, host_last = (0, 0)
    if host:
        host_first, host_last = parse_range(host, "invalid hostPort: ")
    count = last - first
    if host and host_last - host_first != count and count:
        raise CliError(
            f"invalid ranges specified for container and host Ports: {container} "
            f"and {host}"
        )
    if protocol.lower() not in _PROTOCOLS:
        raise CliError(f"invalid proto: {protocol}")
    pairs = []
    for step in range(count + 1):
        number = str(host_first + step) if host else ""
        if host and not count and host_first != host_last:
            number = f"{host_first}-{host_last}"
        port = f"{first + step}/{protocol.lower()}"
        pairs.append((port, {"HostIp": address, "HostPort": number}))
    return pairs


def _split(spec: str) -> tuple[str, str, str]:
    parts = spec.split(":")
    if len(parts) == 1:
        return "", "", parts[0]
    if len(parts) == 2:
        return "", parts[0], parts[1]
    return ":".join(parts[:-2]), parts[-2], parts[-1]


def parse_range(text: str, said: str) -> tuple[int, int]:
    """Return the ends of ``8000-8010``.

    Raises:
        CliError: they are no ports.
    """
    first, dash, last = text.partition("-")
    ends = [first, last if dash else first]
    if not all(end.isdigit() and int(end) <= _MOST for end in ends):
        raise CliError(said + text)
    if int(ends[0]) > int(ends[1]):
        raise CliError(said + text)
    return int(ends[0]), int(ends[1])


def parse_exposed(specs: list[str]) -> Json:
    """Return the ports of ``--expose``.

    Raises:
        CliError: one is none.
    """
    exposed: Json = {}
    for spec in specs:
        if ":" in spec:
            raise CliError(f"invalid port format for --expose: {spec}")
        ports, slash, protocol = spec.partition("/")
        try:
            first, last = parse_range(ports, "")
        except CliError:
            raise CliError(
                f"invalid range format for --expose: {spec}, error: {_reason(ports)}"
            ) from None
        for number in range(first, last + 1):
            exposed[f"{number}/{protocol if slash else 'tcp'}"] = {}
    return exposed


def _reason(ports: str) -> str:
    if not ports:
        return "empty string specified for ports"
    return f'strconv.ParseUint: parsing "{ports.partition("-")[0]}": invalid syntax'
