"""A name server on loopback that plays the host's resolver."""

import socket
import threading
from types import TracebackType
from typing import Self

from dnslib import RCODE, RR, A, DNSRecord


class FakeResolver:
    """Knows one name; everything else is NXDOMAIN, or the code it was given."""

    def __init__(self, code: str = "NXDOMAIN") -> None:
        self._code = code
        self.asked: list[str] = []
        self._udp, self._tcp = _bind_both()
        self._port = self._udp.getsockname()[1]
        self._threads = [
            threading.Thread(target=self._serve_udp),
            threading.Thread(target=self._serve_tcp),
        ]

    @property
    def address(self) -> str:
        return f"127.0.0.1#{self._port}"

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", ("127.0.0.1", self._port))
        socket.create_connection(("127.0.0.1", self._port)).close()
        for thread in self._threads:
            thread.join(5)
        self._udp.close()
        self._tcp.close()

    def _serve_udp(self) -> None:
        while True:
            data, client = self._udp.recvfrom(65535)
            if not data:
                return
            self._udp.sendto(self._answer(data, "udp"), client)

    def _serve_tcp(self) -> None:
        while True:
            connection, _ = self._tcp.accept()
            with connection:
                head = connection.recv(2)
                if not head:
                    return
                data = connection.recv(int.from_bytes(head, "big"))
                answer = self._answer(data, "tcp")
                connection.sendall(len(answer).to_bytes(2, "big") + answer)

    def _answer(self, data: bytes, protocol: str) -> bytes:
        query = DNSRecord.parse(data)
        name = str(query.q.qname).rstrip(".")
        self.asked.append(f"{protocol} {name}")
        reply = query.reply()
        if name == "outside.example":
            reply.add_answer(RR(query.q.qname, rdata=A("203.0.113.7")))
        else:
            reply.header.rcode = getattr(RCODE, self._code)
        return bytes(reply.pack())


def _bind_both() -> tuple[socket.socket, socket.socket]:
    """Bind one port by UDP and TCP: what one has free the other may have in use."""
    for _ in range(50):
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        try:
            return udp, socket.create_server(udp.getsockname())
        except OSError:
            udp.close()
    raise AssertionError("no port is free by both UDP and TCP")
