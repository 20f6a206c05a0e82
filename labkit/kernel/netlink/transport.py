"""A netlink socket: batches out, verdicts in; the only input and output here.

A batch of requests goes out in one ``send`` and each gets its acknowledgement, in
order. The kernel works a batch off inside that one system call, so four changes cost
little more than one. A socket belongs for ever to the network namespace in which it
was made: that is how one process speaks to many namespaces without entering them.
"""

import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from labkit.kernel.netlink.codec import (
    Message,
    pack_message,
    read_acknowledgement,
    split_messages,
)

NETLINK_ROUTE = 0
NETLINK_NETFILTER = 12

_SOL_NETLINK = 270
_NETLINK_EXT_ACK = 11

REQUEST = 0x1
ACKNOWLEDGE = 0x4
ROOT_AND_MATCH = 0x300  # NLM_F_DUMP
_INTERRUPTED = 0x10  # NLM_F_DUMP_INTR

_ERROR = 2  # NLMSG_ERROR
_DONE = 3  # NLMSG_DONE

_RECEIVE_BYTES = 1 << 18
_DUMP_ATTEMPTS = 20
_TIMEOUT_SECONDS = 10.0


class NetlinkError(OSError):
    """The kernel refused a change; the message names the change and its object."""


@dataclass(frozen=True, slots=True)
class Request:
    """One change and, for the error text, what it was to do: ``create bridge 'br0'``.

    ``tolerate`` holds errno values that mean 'it is that way already'.
    """

    message: Message
    purpose: str
    tolerate: tuple[int, ...] = ()


class NetlinkSocket:
    """One protocol of netlink in the network namespace of the thread that opened it."""

    def __init__(self, protocol: int) -> None:
        self._socket = socket.socket(
            socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, protocol
        )
        self._sequence = 0
        self._lock = threading.Lock()
        try:
            # Words beside the errno: "Device does not exist" instead of ENODEV alone.
            self._socket.setsockopt(_SOL_NETLINK, _NETLINK_EXT_ACK, 1)
            # A kernel that never answers would hang the engine; none is known to.
            self._socket.settimeout(_TIMEOUT_SECONDS)
            self._socket.bind((0, 0))
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._socket.close()

    def change(self, *requests: Request) -> None:
        """Send changes in one batch and read every verdict.

        The kernel goes on after a refused one; the first refusal is raised once all
        verdicts are in, so that none is left in the socket for the next caller.

        Raises:
            NetlinkError: with the errno of the first refused change.
        """
        if not requests:
            return
        with self._lock:
            verdicts = self._exchange([request.message for request in requests])
        for request, (errno, text) in zip(requests, verdicts, strict=True):
            if errno and errno not in request.tolerate:
                raise refusal(errno, request.purpose, text)

    def _exchange(self, messages: Sequence[Message]) -> list[tuple[int, str]]:
        first = self._sequence + 1
        self._sequence += len(messages)
        self._socket.send(
            b"".join(
                pack_message(
                    Message(
                        message.type,
                        message.flags | REQUEST | ACKNOWLEDGE,
                        message.body,
                        first + position,
                    )
                )
                for position, message in enumerate(messages)
            )
        )
        verdicts: dict[int, tuple[int, str]] = {}
        while len(verdicts) < len(messages):
            for answer in split_messages(self._socket.recv(_RECEIVE_BYTES)):
                if answer.type == _ERROR and answer.sequence >= first:
                    verdict = read_acknowledgement(answer)
                    verdicts[answer.sequence] = (verdict.errno, verdict.text)
        return [verdicts[first + position] for position in range(len(messages))]

    def transact(
        self, requests: Sequence[Request], begin: Message, end: Message
    ) -> None:
        """Send changes between a begin and an end that hold all together or none.

        nf_tables answers each change; the frames around them have no acknowledgement
        of their own, but a failed commit is reported with the sequence of one of them.
        """
        with self._lock:
            first = self._sequence + 1
            self._sequence += len(requests) + 2
            frames = [begin, *(request.message for request in requests), end]
            flags = [REQUEST, *(REQUEST | ACKNOWLEDGE for _ in requests), REQUEST]
            packed = b"".join(
                pack_message(Message(m.type, m.flags | flag, m.body, first + position))
                for position, (m, flag) in enumerate(zip(frames, flags, strict=True))
            )
            self._socket.setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * len(packed) + 65536
            )
            self._socket.send(packed)
            self._read_transaction(requests, first)

    def _read_transaction(self, requests: Sequence[Request], first: int) -> None:
        """Read until every change has its verdict or the whole was refused."""
        seen: set[int] = set()
        while len(seen) < len(requests):
            for answer in split_messages(self._socket.recv(_RECEIVE_BYTES)):
                position = answer.sequence - first - 1
                if answer.type != _ERROR or position < -1:
                    continue
                verdict = read_acknowledgement(answer)
                if verdict.errno:
                    self._drain()
                    purpose = (
                        requests[position].purpose
                        if 0 <= position < len(requests)
                        else f"{requests[0].purpose} and what follows"
                    )
                    raise refusal(verdict.errno, purpose, verdict.text)
                seen.add(position)

    def _drain(self) -> None:
        """Throw away the verdicts that follow a refusal: the kernel queued them all."""
        self._socket.setblocking(False)
        try:
            while self._socket.recv(_RECEIVE_BYTES):
                pass
        except BlockingIOError:
            pass
        finally:
            self._socket.settimeout(_TIMEOUT_SECONDS)

    def dump(self, message: Message, purpose: str) -> list[Message]:
        """List all objects of a kind.

        A dump during which the table changed is marked by the kernel as interrupted
        and may lack entries or hold some twice; it is done again (netlink(7),
        NLM_F_DUMP_INTR). This is the one place that knows.
        """
        for _ in range(_DUMP_ATTEMPTS):
            with self._lock:
                found, whole = self._dump_once(message, purpose)
            if whole:
                return found
        raise NetlinkError(f"cannot {purpose}: the list never stood still")

    def _dump_once(self, message: Message, purpose: str) -> tuple[list[Message], bool]:
        self._sequence += 1
        sequence = self._sequence
        flags = message.flags | REQUEST | ROOT_AND_MATCH
        self._socket.send(
            pack_message(Message(message.type, flags, message.body, sequence))
        )
        found: list[Message] = []
        whole = True
        while True:
            for answer in split_messages(self._socket.recv(_RECEIVE_BYTES)):
                if answer.sequence != sequence:
                    continue
                whole = whole and not answer.flags & _INTERRUPTED
                if answer.type == _ERROR:
                    verdict = read_acknowledgement(answer)
                    raise refusal(verdict.errno, purpose, verdict.text)
                if answer.type == _DONE:
                    return found, whole
                found.append(answer)

    def ask(self, message: Message, purpose: str) -> Message:
        """Ask for one object.

        Raises:
            NetlinkError: it isn't there, with the kernel's errno.
        """
        with self._lock:
            self._sequence += 1
            sequence = self._sequence
            self._socket.send(
                pack_message(
                    Message(
                        message.type, message.flags | REQUEST, message.body, sequence
                    )
                )
            )
            while True:
                for answer in split_messages(self._socket.recv(_RECEIVE_BYTES)):
                    if answer.sequence != sequence:
                        continue
                    if answer.type == _ERROR:
                        verdict = read_acknowledgement(answer)
                        raise refusal(verdict.errno, purpose, verdict.text)
                    return answer


def refusal(errno: int, purpose: str, text: str) -> NetlinkError:
    """Say what was to be done, what the errno means and what the kernel added."""
    words = os.strerror(errno).lower()
    detail = f" ({text})" if text else ""
    return NetlinkError(errno, f"cannot {purpose}: {words}{detail}")
