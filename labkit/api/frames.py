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


def frame(stream: int, data: bytes) -> bytes:
    """Put one piece of output into a frame."""
    return _HEADER.pack(stream, len(data)) + data
