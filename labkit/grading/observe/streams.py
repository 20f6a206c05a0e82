"""What a program prints, as the engine streams it: frames that end with the program.

docker-py's own ``attach`` and ``exec_start`` ask for an upgrade, and then read from the
socket behind the back of HTTP's buffered reader: whatever came in one piece with the
answer's headers is lost, so that a quick program seems to have printed nothing where
the machine is busy. Without ``Upgrade`` the engine answers with a plain stream.
"""

import contextlib
import struct
from collections.abc import Iterator
from typing import Any

import docker
import requests

from labkit.grading.observe.client import CALL_SECONDS

STDOUT, STDERR = 1, 2
_HEADER = struct.Struct(">B3xI")


@contextlib.contextmanager
def open_stream(
    client: docker.APIClient, path: str, seconds: float, **asked: Any
) -> Iterator[requests.Response]:
    """Post what is asked (``params``, ``json``); the answer's content is the stream.

    Args:
        seconds: how long the engine may be silent.
    """
    with client.post(
        f"{client.base_url}/v{client.api_version}{path}",
        timeout=(CALL_SECONDS, seconds),
        stream=True,
        **asked,
    ) as response:
        response.raise_for_status()
        yield response


def read_frames(stream: bytes, *wanted: int) -> bytes:
    """Pick standard output, standard error or both out of a stream of frames.

    A frame is its stream's number, three zeros, the length (big-endian), the data.
    """
    printed, place = b"", 0
    while place + _HEADER.size <= len(stream):
        number, length = _HEADER.unpack_from(stream, place)
        place += _HEADER.size
        if number in wanted:
            printed += stream[place : place + length]
        place += length
    return printed
