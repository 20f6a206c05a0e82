"""Follow one container's log or statistics until told to stop."""

import html
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import docker
import docker.errors
from docker.types.daemon import CancellableStream

from labkit.base.errors import UnavailableError
from labkit.grading.observe.client import answering, connect, said
from labkit.jupyter.live.chart import Reading, draw_charts, parse_stats

Piece = bytes | str
"""docker-py decodes what comes of a terminal, and nothing else."""

LOG_LINES = 100
READINGS = 60  # one a second
_LOG_STYLE = "max-height: 20em; overflow: auto"
_SILENCE_SECONDS = 86_400.0  # a log may say nothing for long


class Follower:
    """Reads one stream on a thread; ``show`` gets the newest picture on another one.

    While a picture is shown, any number of pieces make one more picture: docker-py
    gives the log of a terminal letter by letter.
    """

    def __init__(
        self,
        docker_host: str,
        open_stream: Callable[[docker.APIClient], Iterator[Any]],
        pictures: Callable[[Iterator[Any]], Iterator[str]],
        show: Callable[[str], object],
    ) -> None:
        self._docker_host = docker_host
        self._open_stream = open_stream
        self._pictures = pictures
        self._show = show
        self._stream: Iterator[Any] | None = None
        self._newest = ""
        self._changed = threading.Event()
        self._over = threading.Event()

    def start(self) -> None:
        for work in (self._read, self._paint):
            threading.Thread(target=work, daemon=True).start()

    def close(self) -> None:
        """Stop; what is shown stays."""
        self._show = _nothing
        self._end()
        # Statistics come every second and need no push to notice it.
        if isinstance(self._stream, CancellableStream):
            with suppress(OSError):  # it has ended by itself
                self._stream.close()

    def _end(self) -> None:
        self._over.set()
        self._changed.set()

    def _read(self) -> None:
        try:
            with (
                closing(connect(self._docker_host, _SILENCE_SECONDS)) as client,
                answering(self._docker_host),
            ):
                self._stream = self._open_stream(client)
                for picture in self._pictures(self._stream):
                    self._newest = picture
                    self._changed.set()
                    if self._over.is_set():
                        return
        except UnavailableError as error:
            self._newest = _no_more(error.message)
        except docker.errors.APIError as error:
            self._newest = _no_more(said(error))
        self._end()

    def _paint(self) -> None:
        while not self._over.is_set():
            self._changed.wait()
            self._changed.clear()
            self._show(self._newest)


def _nothing(picture: str) -> None:
    """Show nothing more."""


def _no_more(reason: str) -> str:
    return f"<p role='status'>no more: {html.escape(reason)}</p>"


def log_of(name: str) -> Callable[[docker.APIClient], Iterator[Piece]]:
    """Return what opens the log of a container, its last lines first."""

    def open_stream(client: docker.APIClient) -> Iterator[Piece]:
        found: Iterator[Piece] = client.logs(
            name, stream=True, follow=True, tail=LOG_LINES
        )
        return found

    return open_stream


def stats_of(name: str) -> Callable[[docker.APIClient], Iterator[dict[str, Any]]]:
    """Return what opens the statistics of a container, one document a second."""

    def open_stream(client: docker.APIClient) -> Iterator[dict[str, Any]]:
        found: Iterator[dict[str, Any]] = client.stats(name, stream=True, decode=True)
        return found

    return open_stream


def last_lines(pieces: Iterator[Piece]) -> Iterator[str]:
    """Give the end of a log after each piece of it."""
    lines: deque[str] = deque(maxlen=LOG_LINES)
    rest = ""
    for piece in pieces:
        text = piece if isinstance(piece, str) else piece.decode("utf-8", "replace")
        *whole, rest = (rest + text).split("\n")
        lines.extend(whole)
        shown = html.escape("\n".join([*lines, rest]).rstrip("\n"))
        yield f"<pre tabindex='0' style='{_LOG_STYLE}'>{shown}</pre>"


def charts_of(name: str) -> Callable[[Iterator[dict[str, Any]]], Iterator[str]]:
    """Return what turns statistics into charts of the last minute."""

    def pictures(pieces: Iterator[dict[str, Any]]) -> Iterator[str]:
        readings: deque[Reading] = deque(maxlen=READINGS)
        for piece in pieces:
            if piece.get("cpu_stats", {}).get("system_cpu_usage"):
                readings.append(parse_stats(piece))  # a stopped one has no figures
            yield draw_charts(name, tuple(readings))

    return pictures
