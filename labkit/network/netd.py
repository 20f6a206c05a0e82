"""netd: the small process that holds the engine's network while daemons come and go.

``python -m labkit.network.netd`` is started by the first daemon and outlives it. It
holds what must not die with a daemon: the network namespace in which all bridges are,
the sockets of the containers' name servers, and those of published ports.
It decides nothing. The daemon makes sockets and hands them in as open files
(``messages.py``); a daemon that finds a netd on its socket adopts it with all it holds.

    main thread       in the engine's namespace: relays, DNS, the daemon's requests
    forwarder's       in the host's namespace: asks the host's resolvers

The namespace lives as long as netd *or* the daemon has it open: either may be killed,
and containers keep their interfaces.
"""

import argparse
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from labkit.base.errors import InvalidInputError, LabError
from labkit.kernel.flags import CloneFlag
from labkit.kernel.linux import LinuxKernel
from labkit.network.dns import make_table
from labkit.network.dns_server import DnsContext, DnsServer
from labkit.network.forwarder import Forwarder
from labkit.network.loop import READ, Loop
from labkit.network.messages import (
    Answer,
    Names,
    RelayedPort,
    Request,
    Verb,
    enlarge_buffers,
    receive_request,
    send_record,
)
from labkit.network.model import Network
from labkit.network.relay import TcpRelay, UdpRelay

_LOOK_FOR_HOME_SECONDS = 30.0
_DNS_FILES = 3
_log = logging.getLogger("labkit.netd")


class Netd:
    """All that is held, and the verbs that change it."""

    def __init__(self, loop: Loop, forwarder: Forwarder, namespace: int) -> None:
        self._loop = loop
        self._namespace = namespace
        self._networks: tuple[Network, ...] = ()
        self._names: dict[str, Names] = {}
        self._dns = DnsContext(loop, forwarder, {})
        self._servers: dict[str, DnsServer] = {}
        self._relays: dict[str, list[tuple[RelayedPort, TcpRelay | UdpRelay]]] = {}
        self._verbs = {
            Verb.HELLO: self._hello,
            Verb.NETWORKS: self._keep_networks,
            Verb.NAMES: self._set_names,
            Verb.SERVE_DNS: self._serve_dns,
            Verb.STOP_DNS: self._stop_dns,
            Verb.RELAY: self._relay,
            Verb.STOP_RELAY: self._stop_relay,
            Verb.QUIT: self._quit,
        }

    def obey(self, request: Request, fds: Sequence[int]) -> tuple[Answer, list[int]]:
        """Do one request; its files are owned by the verb from here on."""
        try:
            return self._verbs[request.verb](request, fds)
        except LabError as error:  # refused before any file was taken over
            for fd in fds:
                os.close(fd)
            return Answer(error=str(error)), []
        except OSError as error:
            _log.warning("%s failed: %s", request.verb.value, error)
            return Answer(error=str(error)), []

    def _hello(self, request: Request, fds: Sequence[int]) -> tuple[Answer, list[int]]:
        answer = Answer(
            pid=os.getpid(),
            networks=self._networks,
            names=tuple(self._names.values()),
            relayed={
                container: tuple(port for port, _ in relays)
                for container, relays in self._relays.items()
            },
            resolvers={key: server.resolver for key, server in self._servers.items()},
        )
        return answer, [self._namespace]

    def _keep_networks(
        self, request: Request, fds: Sequence[int]
    ) -> tuple[Answer, list[int]]:
        self._networks = request.networks
        known = {network.id for network in request.networks}
        for gone in set(self._names) - known:
            del self._names[gone]
            self._dns.tables.pop(gone, None)
        return Answer(), []

    def _set_names(
        self, request: Request, fds: Sequence[int]
    ) -> tuple[Answer, list[int]]:
        table = request.names
        if table is None:
            raise InvalidInputError("no names given")
        self._names[table.network_id] = table
        self._dns.tables[table.network_id] = make_table(
            table.label, table.names, table.reverse
        )
        return Answer(), []

    def _serve_dns(
        self, request: Request, fds: Sequence[int]
    ) -> tuple[Answer, list[int]]:
        key, resolver = request.container_id, request.resolver
        if resolver is None:
            raise InvalidInputError("no resolver given")
        if not fds and key in self._servers:
            self._servers[key].resolver = resolver
            return Answer(), []
        if len(fds) != _DNS_FILES:
            raise InvalidInputError(f"{_DNS_FILES} files wanted, {len(fds)} given")
        self._end_server(key)
        udp, tcp = socket.socket(fileno=fds[0]), socket.socket(fileno=fds[1])
        server = DnsServer(
            self._dns, (udp, tcp), fds[2], resolver, partial(self._end_server, key)
        )
        self._servers[key] = server
        return Answer(), []

    def _stop_dns(
        self, request: Request, fds: Sequence[int]
    ) -> tuple[Answer, list[int]]:
        self._end_server(request.container_id)
        return Answer(), []

    def _end_server(self, container_id: str) -> None:
        server = self._servers.pop(container_id, None)
        if server is not None:
            server.close()

    def _relay(self, request: Request, fds: Sequence[int]) -> tuple[Answer, list[int]]:
        if len(fds) != len(request.ports):
            raise InvalidInputError(
                f"{len(request.ports)} ports, but {len(fds)} sockets given"
            )
        relays = self._relays.setdefault(request.container_id, [])
        for port, fd in zip(request.ports, fds, strict=True):
            target = (port.container_ip, port.container_port)
            kind = UdpRelay if port.protocol == "udp" else TcpRelay
            relays.append((port, kind(self._loop, socket.socket(fileno=fd), target)))
        return Answer(), []

    def _stop_relay(
        self, request: Request, fds: Sequence[int]
    ) -> tuple[Answer, list[int]]:
        for _, relay in self._relays.pop(request.container_id, []):
            relay.close()
        return Answer(), []

    def _quit(self, request: Request, fds: Sequence[int]) -> tuple[Answer, list[int]]:
        self._loop.stop()
        return Answer(), []


class Door:
    """The control socket: daemons come in here, one at a time or several."""

    def __init__(
        self, loop: Loop, netd: Netd, listener: socket.socket, home: Path
    ) -> None:
        self._loop = loop
        self._netd = netd
        self._listener = listener
        self._home = home
        self._guests: set[socket.socket] = set()
        listener.setblocking(False)
        loop.watch(listener.fileno(), READ, self._accept)
        loop.call_later(_LOOK_FOR_HOME_SECONDS, self._look_for_home)

    def close(self) -> None:
        self._loop.forget(self._listener.fileno())
        self._listener.close()
        for guest in tuple(self._guests):
            self._show_out(guest)

    def _accept(self, events: int) -> None:
        with suppress(BlockingIOError):
            guest, _ = self._listener.accept()
            enlarge_buffers(guest)
            self._guests.add(guest)
            self._loop.watch(guest.fileno(), READ, partial(self._serve, guest))

    def _serve(self, guest: socket.socket, events: int) -> None:
        try:
            request, fds = receive_request(guest)
            if request is not None:
                answer, answer_fds = self._netd.obey(request, fds)
                send_record(guest, answer, answer_fds)
                return
        except (OSError, ValueError, LabError) as error:
            _log.warning("a guest was shown out: %s", error)
        self._show_out(guest)

    def _show_out(self, guest: socket.socket) -> None:
        self._loop.forget(guest.fileno())
        guest.close()
        self._guests.discard(guest)

    def _look_for_home(self) -> None:
        """End when the data root was removed and no daemon is there: nobody will come.

        Otherwise a ``rm -rf`` of a data root would leave a process for ever.
        """
        if not self._guests and not self._home.exists():
            _log.info("the folder %s is gone", self._home)
            self._loop.stop()
            return
        self._loop.call_later(_LOOK_FOR_HOME_SECONDS, self._look_for_home)


def main(arguments: Sequence[str]) -> None:
    """Serve until told to quit. The daemon hands in the listening socket."""
    parser = argparse.ArgumentParser(prog="labkit-netd")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--listener", type=int, required=True)
    parser.add_argument("--namespace", type=int, default=-1)
    options = parser.parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s netd %(levelname)s %(message)s"
    )
    Path("/proc/self/comm").write_text("labkit-netd")
    _raise_file_limit()
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)  # only the daemon ends us
    loop = Loop()
    forwarder = Forwarder()  # before this thread leaves the host's namespace
    namespace = _enter_engine_namespace(options.namespace)
    netd = Netd(loop, forwarder, namespace)
    door = Door(loop, netd, socket.socket(fileno=options.listener), options.home)
    _log.info("ready")
    loop.run()
    door.close()


def _enter_engine_namespace(inherited: int) -> int:
    """Move into the namespace handed in, or into a new one; return it open."""
    kernel = LinuxKernel()
    if inherited >= 0:
        os.set_inheritable(inherited, False)
        kernel.setns(inherited, CloneFlag.NEWNET)
        return inherited
    kernel.unshare(CloneFlag.NEWNET)
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def _raise_file_limit() -> None:
    """Two sockets a relayed connection: take all the files that we may have."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main(sys.argv[1:])
