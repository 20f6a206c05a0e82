"""Which addresses stand for a registry's name, in the order they are tried.

Docker Hub's name and address differ, and mirrors stand in for it alone. Everybody else
is asked by https. On loopback (moby, ``registry/service_v2.go``), and where a setting
says so, any certificate will do and plain http is tried last: who can answer on
127.0.0.1 is on this machine already.
"""

import ipaddress
from urllib.parse import urlsplit

from labkit.base.errors import InvalidInputError
from labkit.base.reference import DEFAULT_DOMAIN
from labkit.images.registry.model import Endpoint, Settings

HUB_HOST = "registry-1.docker.io"
HUB_NAMES = frozenset({"", DEFAULT_DOMAIN, "index.docker.io", HUB_HOST})
_LOOPBACK = "127.0.0.0/8"


def find_endpoints(
    domain: str, settings: Settings, with_mirrors: bool = True
) -> tuple[Endpoint, ...]:
    """Return the addresses of a registry; pushes go past its mirrors."""
    if domain in HUB_NAMES:
        mirrors = tuple(parse_mirror(url, settings) for url in settings.mirrors)
        return (*(mirrors if with_mirrors else ()), Endpoint("https", HUB_HOST))
    if not is_insecure(domain, settings):
        return (Endpoint("https", domain),)
    return (
        Endpoint("https", domain, is_verified=False),
        Endpoint("http", domain, is_verified=False),
    )


def parse_mirror(url: str, settings: Settings) -> Endpoint:
    """Read a mirror's address, or raise InvalidInputError."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise InvalidInputError(
            f'invalid mirror: unsupported scheme "{parts.scheme}" in "{url}"'
        )
    if parts.query or parts.fragment or parts.username:
        raise InvalidInputError(
            f"invalid mirror: query, fragment or user in {url!r} is not supported"
        )
    verified = not is_insecure(parts.netloc, settings)
    return Endpoint(
        parts.scheme, parts.netloc, parts.path.rstrip("/"), verified, is_mirror=True
    )


def is_insecure(host: str, settings: Settings) -> bool:
    """Say whether a host may go without a certificate that we trust."""
    name = urlsplit(f"//{host}").hostname or ""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    ranges = (_LOOPBACK, "::1/128", *settings.insecure)
    return any(one in (host, name) or _holds(one, name) for one in ranges)


def _holds(network: str, address: str) -> bool:
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network)
    except ValueError:  # one of them is a name
        return False
