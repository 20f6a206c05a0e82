"""Log entries as bytes on the wire: framed, stamped, with details."""

from datetime import UTC, datetime

from labkit.api.answers import MULTIPLEXED_STREAM, RAW_STREAM
from labkit.api.frames import STDERR, STDOUT, frame
from labkit.api.versions import ApiVersion
from labkit.engine.logfile import LogEntry

_NAMED_MULTIPLEXED = ApiVersion(1, 42)
_SECOND_NS = 1_000_000_000


def encode_entry(
    entry: LogEntry, *, tty: bool, timestamps: bool = False, details: bool = False
) -> bytes:
    """Spell one entry: raw with a terminal, else in a frame of its stream."""
    line = entry.data
    if details:  # the blank stands there even if there is nothing before it
        pairs = (f"{name}={value}" for name, value in sorted(entry.attributes.items()))
        line = ",".join(pairs).encode() + b" " + line
    if timestamps:
        line = fixed_time(entry.time_ns).encode() + b" " + line
    if tty:
        return line
    return frame(STDERR if entry.stream == "stderr" else STDOUT, line)


def fixed_time(moment_ns: int) -> str:
    """Spell a time with all nine digits, so that the stamps stand in a column."""
    seconds, fraction = divmod(moment_ns, _SECOND_NS)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:09d}Z"


def stream_type(version: ApiVersion, tty: bool) -> str:
    """Name the content: since 1.42 the header says whether there are frames."""
    if tty or version < _NAMED_MULTIPLEXED:
        return RAW_STREAM
    return MULTIPLEXED_STREAM
