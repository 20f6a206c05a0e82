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
from collections.abc import Iterator
from dataclasses import dataclass

from labkit.base.clock import Clock, format_time
from labkit.runtime.model import LogOptions
from labkit.runtime.pack import SUFFIX, Packer, Packing

MOST_LINE_BYTES = 16 * 1024

_PLAIN = bytes(set(range(0x20, 0x100)).difference(b'\\"<>&\xe2') | {ord("\n")})
"""What stands in the file as it is; a newline ends an entry, and is seen to then."""

_ESCAPES = (
    (b"\\", b"\\\\"),  # first: all others bring one
    (b'"', b'\\"'),
    (b"\r", b"\\r"),
    *(
        (bytes([code]), b"\\u%04x" % code)
        for code in (*range(0x20), *b"<>&")
        if code not in b"\r\n"
    ),
    # The lines' and paragraphs' separators: a leading byte is nowhere inside another's.
    ("\u2028".encode(), b"\\u2028"),
    ("\u2029".encode(), b"\\u2029"),
)


def format_entries(block: bytes, stream: str, time: str, attributes: str = "") -> bytes:
    """Return the lines of the file for lines of output that came together.

    All are treated at once, by what C does: to look at each character takes many
    times as long, and a program that writes binary data has little else than escapes.

    Args:
        block: the output.
        stream: stdout or stderr.
        time: when, in RFC 3339.
        attributes: what ``format_attributes`` made.
    """
    begin = b'{"log":"'
    end = f'","stream":"{stream}"{attributes},"time":"{time}"}}\n'.encode()
    text = escape(block)
    entries = text.replace(b"\n", b"\\n" + end + begin)
    if text.endswith(b"\n"):
        return begin + entries[: -len(begin)]
    return begin + entries + end


def escape(data: bytes) -> bytes:
    """Spell output as Go's encoder does, but for its newlines."""
    special = data.translate(None, _PLAIN)
    if special:
        first = set(special)
        for found, spelled in _ESCAPES:
            if found[0] in first:
                data = data.replace(found, spelled)
    return data if data.isascii() else _escape_odd_bytes(data)


def _escape_odd_bytes(data: bytes) -> bytes:
    """Spell each byte that is no UTF-8: as many times U+FFFD."""
    try:
        data.decode()
    except UnicodeDecodeError:
        # Such a byte is read as a surrogate and written as a question mark; the real
        # ones are NUL meanwhile, which has been spelled out, so that there is none.
        odd = data.replace(b"?", b"\0").decode("utf-8", "surrogateescape")
        marked = odd.encode("utf-8", "replace")
        return marked.replace(b"?", b"\\ufffd").replace(b"\0", b"?")
    return data


def format_attributes(attributes: dict[str, str]) -> str:
    """Return the part of a line that is the same in all lines of a container."""
    if not attributes:
        return ""
    pairs = (f"{_quote(key)}:{_quote(attributes[key])}" for key in sorted(attributes))
    return f',"attrs":{{{",".join(pairs)}}}'


def _quote(text: str) -> str:
    escaped = escape(text.encode("utf-8", "surrogateescape")).replace(b"\n", b"\\n")
    return f'"{escaped.decode()}"'


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
        """Yield the lines that are complete now, with their time.

        Those that have the same are given together, as far as none can be too long.
        """
        data = self.rest + data
        start = 0
        while True:
            if self.first_ns:  # a long line goes on, with its own time
                end = data.find(b"\n", start, start + MOST_LINE_BYTES)
            else:
                end = data.rfind(b"\n", start, start + MOST_LINE_BYTES)
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

    def _append(self, stream: str, blocks: Iterator[tuple[bytes, int]]) -> None:
        pending = bytearray()
        spelled_ns, spelled = -1, ""
        for block, moment_ns in blocks:
            if moment_ns != spelled_ns:
                spelled_ns, spelled = moment_ns, format_time(moment_ns)
            entries = format_entries(block, stream, spelled, self._attributes)
            if not self._is_full(len(pending) + len(entries)):
                pending += entries
                continue
            for entry in entries.splitlines(keepends=True):
                if self._is_full(len(pending)):
                    self._flush(pending)
                    self._rotate()
                pending += entry
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
