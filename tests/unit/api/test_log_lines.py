"""Log entries on the wire."""

from labkit.api.log_lines import encode_entry, fixed_time, stream_type
from labkit.api.versions import ApiVersion
from labkit.engine.logfile import LogEntry

ENTRY = LogEntry("stderr", 1_767_323_045_600_000_007, b"out\n", {"b": "2", "a": "1"})


def test_frames_by_stream() -> None:
    assert encode_entry(ENTRY, tty=False) == b"\x02\0\0\0\0\0\0\x04out\n"
    assert encode_entry(ENTRY, tty=True) == b"out\n"


def test_stamps_and_details_stand_in_dockers_order() -> None:
    line = encode_entry(ENTRY, tty=True, timestamps=True, details=True)
    assert line == b"2026-01-02T03:04:05.600000007Z a=1,b=2 out\n"


def test_a_stamp_has_all_nine_digits() -> None:
    assert fixed_time(1_767_323_045_000_000_000) == "2026-01-02T03:04:05.000000000Z"


def test_the_type_says_whether_there_are_frames_since_1_42() -> None:
    raw = "application/vnd.docker.raw-stream"
    multiplexed = "application/vnd.docker.multiplexed-stream"
    assert stream_type(ApiVersion(1, 41), tty=False) == raw
    assert stream_type(ApiVersion(1, 42), tty=False) == multiplexed
    assert stream_type(ApiVersion(1, 47), tty=True) == raw
