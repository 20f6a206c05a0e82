r"""A container's log in Docker's json-file format, byte for byte.

    {"log":"hello\n","stream":"stdout","time":"2024-05-01T10:00:00.123456789Z"}

One line of output is one line of the file. A line of more than 16 KiB is cut into
entries of 16 KiB without a newline, all with the time of the first; a reader joins what
has no newline with what follows. Escapes are those of Go's encoder (moby,
daemon/logger/jsonfilelog/jsonlog): ``<``, ``>`` and ``&`` as \u003c, \u003e, \u0026,
control characters as \u00XX, each byte that is no UTF-8 as \ufffd.

With ``max-size`` a full file is renamed to ``.1``, the old ``.1`` to ``.2`` and so on;
``max-file`` says how many files there are, the current one included. With ``compress``
``.1`` becomes ``.1.gz`` (see ``pack``), and those are renamed.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from labkit.base.clock import Clock, format_time
from labkit.runtime.model import LogOptions
from labkit.runtime.pack import SUFFIX, Packer, Packing

MOST_LINE_BYTES = 16 * 1024

_SHORT_LINE = 1000
"""A line of text is shorter and has little to escape; binary has little else."""

_SPECIAL = re.compile('[\x00-\x1f\\\\"<>&\u2028\u2029\udc80-\udcff]')
_ESCAPES = {
    **{code: f"\\u{code:04x}" for code in (*range(0x20), *b"<>&", 0x2028, 0x2029)},
    # A byte that is no UTF-8, as surrogateescape leaves it.
    **dict.fromkeys(range(0xDC80, 0xDD00), "\\ufffd"),
    **{ord("\\"): "\\\\", ord('"'): '\\"', ord("\n"): "\\n", ord("\r"): "\\r"},
}


def _escape(match: re.Match[str]) -> str:
    return _ESCAPES[ord(match[0])]


def format_entry(line: bytes, stream: str, time: str, attributes: str = "") -> bytes:
    """Return one line of the file for one line of output.

    Args:
        line: the output.
        stream: stdout or stderr.
        time: when, in RFC 3339.
        attributes: what ``format_attributes`` made.
    """
    text = _quote(line.decode("utf-8", "surrogateescape"))
    entry = f'{{"log":{text},"stream":"{stream}"{attributes},"time":"{time}"}}\n'
    return entry.encode()


def format_attributes(attributes: dict[str, str]) -> str:
    """Return the part of a line that is the same in all lines of a container."""
    if not attributes:
        return ""
    pairs = (f"{_quote(key)}:{_quote(attributes[key])}" for key in sorted(attributes))
    return f',"attrs":{{{",".join(pairs)}}}'


def _quote(text: str) -> str:
    short = len(text) < _SHORT_LINE
    escaped = _SPECIAL.sub(_escape, text) if short else text.translate(_ESCAPES)
    return f'"{escaped}"'


@dataclass(frozen=True, slots=True)
class RestingLog:
    """An open log, written down.

    ``rests`` are the lines without an end so far, by stream, in hexadecimal; ``times``
    say when those began of which a piece is written already.
    """

    fd: int
    rests: dict[str, str]
    times: dict[str, int]


class LineSplitter:
    """Cuts one stream into lines as Docker's copier does; bytes in, lines out."""

    __slots__ = ("first_ns", "rest")

    def __init__(self, rest: bytes = b"", first_ns: int = 0) -> None:
        self.rest = rest
        self.first_ns = first_ns  # of the first piece, while a long line goes on

    def feed(self, data: bytes, now_ns: int) -> Iterator[tuple[bytes, int]]:
        """Yield the lines that are complete now, each with its time."""
        data = self.rest + data
        start = 0
        while True:
            end = data.find(b"\n", start, start + MOST_LINE_BYTES)
            if end >= 0:
                yield data[start : end + 1], self.first_ns or now_ns
                self.first_ns = 0
                start = end + 1
            elif len(data) - start >= MOST_LINE_BYTES:
                self.first_ns = self.first_ns or now_ns
                yield data[start : start + MOST_LINE_BYTES], self.first_ns
                start += MOST_LINE_BYTES
            else:
                break
        self.rest = data[start:]

    def finish(self, now_ns: int) -> Iterator[tuple[bytes, int]]:
        """Yield what is left without a newline at the end of the output."""
        if self.rest:
            yield self.rest, self.first_ns or now_ns
            self.rest = b""


class JsonFileLog:
    """The file, and its older brothers."""

    def __init__(
        self,
        options: LogOptions,
        clock: Clock,
        resting: RestingLog | None = None,
        packer: Packer | None = None,
    ) -> None:
        assert options.path is not None
        self._path = options.path
        self._most_bytes = options.max_bytes
        self._most_files = max(1, options.max_files)
        self._packer = packer if options.compress else None
        self._clock = clock
        self._attributes = format_attributes(options.attributes)
        self._splitters: dict[str, LineSplitter] = {}
        self._fd = self._open() if resting is None else resting.fd
        self._size = os.fstat(self._fd).st_size
        if resting is not None:
            for stream, rest in resting.rests.items():
                splitter = LineSplitter(bytes.fromhex(rest), resting.times[stream])
                self._splitters[stream] = splitter

    def rest(self) -> RestingLog:
        """Write down what must not be lost; the file stays open."""
        splitters = self._splitters.items()
        return RestingLog(
            self._fd,
            {stream: splitter.rest.hex() for stream, splitter in splitters},
            {stream: splitter.first_ns for stream, splitter in splitters},
        )

    def write(self, stream: str, data: bytes) -> None:
        """Take output as it was read."""
        splitter = self._splitters.setdefault(stream, LineSplitter())
        self._append(stream, splitter.feed(data, self._clock.now_ns()))

    def finish(self, stream: str) -> None:
        """Write the last line of a stream, which may lack its newline."""
        if stream in self._splitters:
            rest = self._splitters[stream].finish(self._clock.now_ns())
            self._append(stream, rest)

    def close(self) -> None:
        os.close(self._fd)
        if self._packer is not None:
            self._packer.finish()

    def _append(self, stream: str, lines: Iterator[tuple[bytes, int]]) -> None:
        pending = bytearray()
        spelled_ns, spelled = -1, ""
        for line, moment_ns in lines:
            if moment_ns != spelled_ns:
                spelled_ns, spelled = moment_ns, format_time(moment_ns)
            if self._is_full(len(pending)):
                self._flush(pending)
                self._rotate()
            pending += format_entry(line, stream, spelled, self._attributes)
        self._flush(pending)

    def _is_full(self, pending: int) -> bool:
        return 0 < self._most_bytes <= self._size + pending

    def _flush(self, pending: bytearray) -> None:
        view = memoryview(pending)
        while view:
            view = view[os.write(self._fd, view) :]
        self._size += len(pending)
        del view
        pending.clear()

    def _rotate(self) -> None:
        os.close(self._fd)
        if self._packer is not None:
            self._finish_packing(self._packer)
        suffix = SUFFIX if self._packer is not None else ""
        for number in range(self._most_files - 1, 1, -1):
            older = f"{self._path}.{number - 1}{suffix}"
            if os.path.exists(older):
                os.replace(older, f"{self._path}.{number}{suffix}")
        if os.path.exists(self._path):
            if self._most_files == 1:
                os.unlink(self._path)
            else:
                os.replace(self._path, f"{self._path}.1")
                if self._packer is not None:
                    self._packer.pack(f"{self._path}.1")
        self._fd = self._open()
        self._size = 0

    def _finish_packing(self, packer: Packer) -> None:
        packer.finish()
        last = f"{self._path}.1"
        if os.path.exists(last):  # a hand was killed before it had packed it
            Packing(last).finish()

    def _open(self) -> int:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        return os.open(self._path, flags, 0o640)
