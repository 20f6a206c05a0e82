"""Log entries on the wire."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.api.frames import STDERR, STDOUT, frame
from labkit.api.log_lines import encode_entry, fixed_time, stream_type
from labkit.api.versions import NEWEST, OLDEST, ApiVersion
from labkit.engine.logfile import LogEntry, parse_time

MOMENT = 1_700_000_000_123_000_000
STAMP = b"2023-11-14T22:13:20.123000000Z"
LARGEST = 253_402_300_799_999_999_999  # the last moment of the year 9999


def entry(stream: str = "stdout", **attributes: str) -> LogEntry:
    return LogEntry(stream, MOMENT, b"line\n", attributes)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (entry(), frame(STDOUT, b"line\n")),
        (entry("stderr"), frame(STDERR, b"line\n")),
    ],
)
def test_goes_into_the_frame_of_its_stream(found: LogEntry, expected: bytes) -> None:
    assert encode_entry(found, tty=False) == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, b"line\n"),
        ({"timestamps": True}, STAMP + b" line\n"),
        ({"details": True}, b"a=1,b=2 line\n"),
        ({"timestamps": True, "details": True}, STAMP + b" a=1,b=2 line\n"),
    ],
)
def test_puts_time_and_details_in_front(
    options: dict[str, bool], expected: bytes
) -> None:
    assert encode_entry(entry(b="2", a="1"), tty=True, **options) == expected


def test_details_of_nothing_leave_a_blank() -> None:
    # dockerd writes the separator even where there are no attributes.
    assert encode_entry(entry(), tty=True, details=True) == b" line\n"


@given(st.integers(0, LARGEST))
def test_stamps_stand_in_a_column_and_keep_every_digit(moment: int) -> None:
    text = fixed_time(moment)
    assert len(text) == len(STAMP)
    assert parse_time(text) == moment


@pytest.mark.parametrize(
    ("version", "tty", "kind"),
    [
        (NEWEST, True, "raw"),
        (NEWEST, False, "multiplexed"),
        (ApiVersion(1, 42), False, "multiplexed"),
        (ApiVersion(1, 41), False, "raw"),
        (OLDEST, False, "raw"),
    ],
)
def test_names_the_content(version: ApiVersion, tty: bool, kind: str) -> None:
    assert stream_type(version, tty) == f"application/vnd.docker.{kind}-stream"
