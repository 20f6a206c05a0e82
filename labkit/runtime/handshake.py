"""The dialogue of a shim and the process that it has just cloned.

    shim                                   child (init, or a further process)
      |---- clone(2) ------------------------>|
      |                                       |  joins cgroup and namespaces
      |<--- READY ----------------------------|
      |                                       |  init mounts what it can; the engine
      |                                       |  configures its network meanwhile
      |---- GO ------------------------------>|  the gate
      |                                       |  the other mounts, pivots, ...
      |<--- CONSOLE (with the pty's master) --|  only with a terminal
      |---- CONSOLE_TAKEN ------------------->|
      |                                       |  drops its privileges
      |<--- EXECUTING ------------------------|
      |<--- end of file ----------------------|  execve(2) closed the socket: done
      |  or FAILED (with the reason)          |  any time after GO

End of file without EXECUTING means that the child died on its way. A message comes in
one packet (SOCK_SEQPACKET), so there is nothing to frame.
"""

import enum
import json
import socket
from collections.abc import Sequence
from dataclasses import dataclass, field

from labkit.base.errors import InternalError
from labkit.kernel.fdpass import receive_message, send_message

_MOST_BYTES = 1 << 16


class Message(enum.Enum):
    """What can be said; see the drawing above."""

    READY = "ready"
    GO = "go"
    CONSOLE = "console"
    CONSOLE_TAKEN = "console-taken"
    EXECUTING = "executing"
    FAILED = "failed"
    END = "end"  # the other side is gone


@dataclass(frozen=True, slots=True)
class Packet:
    """One message as it was received."""

    message: Message
    text: str = ""
    exit_code: int = 0
    fds: tuple[int, ...] = field(default=())


class Channel:
    """One end of the socket."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def fileno(self) -> int:
        return self._sock.fileno()

    def close(self) -> None:
        self._sock.close()

    def send(
        self,
        message: Message,
        text: str = "",
        exit_code: int = 0,
        fds: Sequence[int] = (),
    ) -> None:
        document = [message.value, text, exit_code]
        send_message(self._sock, json.dumps(document).encode(), fds)

    def receive(self) -> Packet:
        """Return the next message; a closed or broken socket reads as END."""
        try:
            data, fds = receive_message(self._sock, _MOST_BYTES)
        except ConnectionResetError:
            return Packet(Message.END)
        if not data:
            return Packet(Message.END)
        name, text, exit_code = json.loads(data)
        return Packet(Message(name), text, exit_code, tuple(fds))

    def expect(self, wanted: Message) -> Packet:
        """Wait for one message; a surprise is an error that names both."""
        packet = self.receive()
        if packet.message is not wanted:
            raise InternalError(
                f"expected {wanted.value!r} from the other side of the handshake, "
                f"found {packet.message.value!r}"
            )
        return packet


def channel_pair() -> tuple[Channel, Channel]:
    """Return the shim's end and the child's."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    return Channel(ours), Channel(theirs)
