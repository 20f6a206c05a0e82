"""The frames that carry two outputs over one connection.

    [ 1 | 0 | 0 | 0 | length, 4 bytes, big endian ][ that many bytes of output ]
      ^ 1 is standard output, 2 is standard error

Without a terminal, attach, exec and logs speak in frames; with a terminal there is one
output and the bytes go as they are (API reference, "Attach to a container").
"""

import struct

STDOUT = 1
STDERR = 2
_HEADER = struct.Struct(">BxxxL")
HEADER_BYTES = _HEADER.size


class Unframer:
    """Takes frames off: bytes as they come in, the output in them out."""

    def __init__(self) -> None:
        self._rest = bytearray()
        self._wanted = 0  # of the frame that has begun

    def feed(self, data: bytes) -> bytes:
        """Return the output that has become readable."""
        self._rest += data
        output = bytearray()
        while self._rest:
            if not self._wanted:
                if len(self._rest) < HEADER_BYTES:
                    break
                self._wanted = _HEADER.unpack_from(self._rest)[1]
                del self._rest[:HEADER_BYTES]
            piece = self._rest[: self._wanted]
            del self._rest[: self._wanted]
            self._wanted -= len(piece)
            output += piece
        return bytes(output)


def frame(stream: int, data: bytes) -> bytes:
    """Put one piece of output into a frame."""
    return _HEADER.pack(stream, len(data)) + data
