"""The text of the three files that Docker mounts over a container's own.

``/etc/hosts``, ``/etc/hostname`` and ``/etc/resolv.conf`` are made on the host and
bound over the image's: a container learns its name and its resolver without the image
knowing anything. Byte for byte what a real dockerd writes.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

EMBEDDED_RESOLVER = "127.0.0.11"

_LOCAL_NAMES = (
    ("127.0.0.1", "localhost"),
    ("::1", "localhost ip6-localhost ip6-loopback"),
    ("fe00::0", "ip6-localnet"),
    ("ff00::0", "ip6-mcastprefix"),
    ("ff02::1", "ip6-allnodes"),
    ("ff02::2", "ip6-allrouters"),
)
# Docker falls back to these when the host itself has none that a container can reach.
FALLBACK_RESOLVERS = ("8.8.8.8", "8.8.4.4")


@dataclass(frozen=True, slots=True)
class ResolverFile:
    """What a resolv.conf says, resolv.conf(5)."""

    servers: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    options: tuple[str, ...] = ()


def hosts_file(
    own: Iterable[tuple[str, str]], extra: Iterable[tuple[str, str]] = ()
) -> str:
    """Write /etc/hosts.

    Args:
        own: (address, "host.domain host") a network, in the order of joining.
        extra: (address, name) of --add-host.
    """
    rows = (*_LOCAL_NAMES, *extra, *own)
    return "".join(f"{address}\t{names}\n" for address, names in rows)


def own_names(hostname: str, domainname: str = "") -> str:
    """Return the names of a container's own row: ``web.example.org web``.

    A host name with dots in it is taken apart when no domain is given.
    """
    full = f"{hostname}.{domainname}" if domainname else hostname
    short = full.partition(".")[0]
    return f"{full} {short}" if short != full else full


def hostname_file(hostname: str) -> str:
    return f"{hostname}\n"


def resolver_file(content: ResolverFile) -> str:
    """Write a resolv.conf in Docker's order: search, nameserver, options."""
    lines = []
    if content.search:
        lines.append("search " + " ".join(content.search))
    lines += [f"nameserver {server}" for server in content.servers]
    if content.options:
        lines.append("options " + " ".join(content.options))
    return "".join(f"{line}\n" for line in lines)


def parse_resolver_file(text: str) -> ResolverFile:
    """Read the host's resolv.conf; the last ``search`` or ``domain`` holds."""
    servers: list[str] = []
    search: tuple[str, ...] = ()
    options: list[str] = []
    for line in text.splitlines():
        words = re.split(r"[#;]", line, maxsplit=1)[0].split()
        if not words:
            continue
        if words[0] == "nameserver" and len(words) > 1:
            servers.append(words[1])
        elif words[0] in ("search", "domain"):
            search = tuple(word for word in words[1:] if word != ".")
        elif words[0] == "options":
            options += words[1:]
    return ResolverFile(tuple(servers), search, tuple(options))


def copied_resolver_file(host: ResolverFile, wishes: ResolverFile) -> ResolverFile:
    """For the default bridge: the host's resolvers, unless others were asked for.

    A resolver on the host's loopback can't be reached from a container, where
    127.0.0.1 is the container itself: those are left out, as Docker does.
    """
    reachable = tuple(server for server in host.servers if not _is_loopback(server))
    return ResolverFile(
        wishes.servers or reachable or FALLBACK_RESOLVERS,
        _search(host, wishes),
        wishes.options or host.options,
    )


def embedded_resolver_file(host: ResolverFile, wishes: ResolverFile) -> ResolverFile:
    """For user-defined networks: the engine's own server, which knows the names.

    ``ndots:0`` makes one-word names go to the server as they are, before any search
    domain is appended.
    """
    options = list(wishes.options or host.options)
    if not any(option.startswith("ndots:") for option in options):
        options.append("ndots:0")
    return ResolverFile((EMBEDDED_RESOLVER,), _search(host, wishes), tuple(options))


def _search(host: ResolverFile, wishes: ResolverFile) -> tuple[str, ...]:
    """Return the search domains; ``--dns-search .`` asks for none at all."""
    return () if wishes.search == (".",) else wishes.search or host.search


def upstream_servers(host: ResolverFile, wishes: Sequence[str] = ()) -> tuple[str, ...]:
    """Whom the embedded server asks for names it doesn't know.

    It asks from the host's side, so a resolver on the host's loopback will do.
    """
    return tuple(wishes) or host.servers or FALLBACK_RESOLVERS


def _is_loopback(server: str) -> bool:
    try:
        return ipaddress.ip_address(server.partition("%")[0]).is_loopback
    except ValueError:
        return False
