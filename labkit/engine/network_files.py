"""``/etc/hosts``, ``/etc/hostname`` and ``/etc/resolv.conf`` of a container.

They are files of the host, bound into the container. A running container has them
open by inode: they must be rewritten in place, a rename would be seen by nobody.
"""

import os
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.engine.endpoints import resolver_of
from labkit.engine.engine import Engine
from labkit.engine.links import running_links
from labkit.engine.model import Container
from labkit.network.files import (
    ResolverFile,
    copied_resolver_file,
    embedded_resolver_file,
    hostname_file,
    hosts_file,
    own_names,
    parse_resolver_file,
    resolver_file,
    upstream_servers,
)

HOST_GATEWAY = "host-gateway"


def write_network_files(engine: Engine, container: Container, hostname: str) -> None:
    """Write the three files anew."""
    folder = engine.container_folder(container.id)
    texts = {
        "hostname": hostname_file(hostname),
        "hosts": _hosts(engine, container, hostname),
        "resolv.conf": _resolv_conf(engine, container),
    }
    for name, text in texts.items():
        _write_in_place(folder / name, text)


def host_resolver(engine: Engine) -> ResolverFile:
    """Read the machine's own resolv.conf; a machine may have none."""
    try:
        return parse_resolver_file(engine.config.resolv_conf.read_text())
    except FileNotFoundError:
        return ResolverFile()


def upstream_of(engine: Engine, container: Container) -> tuple[str, ...]:
    """Return whom a container's DNS server asks for names that it doesn't know."""
    return upstream_servers(host_resolver(engine), container.host_config.dns)


def _hosts(engine: Engine, container: Container, hostname: str) -> str:
    if container.host_config.network_mode == "host":
        try:
            base = Path("/etc/hosts").read_text()
        except FileNotFoundError:
            base = hosts_file(())
        extra = "".join(f"{ip}\t{name}\n" for ip, name in _extra(engine, container))
        return base + extra
    names = own_names(hostname, container.config.domainname)
    own = [
        (address, names)
        for attachment in container.attachments
        if attachment.endpoint is not None
        for address in (attachment.endpoint.ipv4, attachment.endpoint.ipv6)
        if address
    ]
    linked = _links(engine, container)
    return hosts_file(own, (*_extra(engine, container), *linked))


def _extra(engine: Engine, container: Container) -> list[tuple[str, str]]:
    """Return --add-host entries; ``host-gateway`` is the default bridge's gateway."""
    found = []
    for entry in container.host_config.extra_hosts:
        name, _, address = entry.partition(":")
        if address == HOST_GATEWAY:
            record = engine.store.network_named("bridge")
            subnets = record.network.subnets if record else ()
            address = subnets[0].gateway if subnets else ""
        if name and address:
            found.append((address, name))
    return found


def _links(engine: Engine, container: Container) -> list[tuple[str, str]]:
    """Return the rows of --link on the default bridge: ``alias id name``."""
    found = []
    for link in running_links(engine, container):
        words = (link.alias, link.child.config.hostname, link.child.name)
        names = " ".join(dict.fromkeys(word for word in words if word))
        found.append((link.endpoint.ipv4, names))
    return found


def _resolv_conf(engine: Engine, container: Container) -> str:
    host = container.host_config
    wishes = ResolverFile(host.dns, host.dns_search, host.dns_options)
    machine = host_resolver(engine)
    if host.network_mode == "host" and wishes == ResolverFile():
        return resolver_file(machine)
    if resolver_of(engine, container, ()) is not None:
        return resolver_file(embedded_resolver_file(machine, wishes))
    return resolver_file(copied_resolver_file(machine, wishes))


def _write_in_place(path: Path, text: str) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        fd = os.open(path, flags, 0o644)
        with os.fdopen(fd, "w") as file:
            file.write(text)
    except OSError as error:
        raise InternalError(f"cannot write {path}: {error.strerror}") from error
