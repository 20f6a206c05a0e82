"""Sizes and durations as Go reads them."""

import re

import pytest

from labkit.base.units import (
    bytes_size,
    human_size,
    parse_bytes,
    parse_duration,
    spell_size,
)


@pytest.mark.parametrize(
    ("text", "nanoseconds"),
    [
        ("0", 0),
        ("1ns", 1),
        ("1.5s", 1_500_000_000),
        (".5s", 500_000_000),
        ("1h2m3s", 3_723_000_000_000),
        ("-1m", -60_000_000_000),
        ("+2ms", 2_000_000),
        ("3µs", 3000),
        ("1.0000000001s", 1_000_000_000),
        ("0.3ms", 300_000),
    ],
)
def test_reads_durations(text: str, nanoseconds: int) -> None:
    assert parse_duration(text) == nanoseconds


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", 'time: invalid duration ""'),
        ("soon", 'time: invalid duration "soon"'),
        ("5", 'time: missing unit in duration "5"'),
        ("5x", 'time: unknown unit "x" in duration "5x"'),
        ("1s 2s", 'time: unknown unit "s " in duration "1s 2s"'),
        ("5y", 'time: unknown unit "y" in duration "5y"'),
        ("1.2.3s", 'time: missing unit in duration "1.2.3s"'),
        ("9999999h", 'time: invalid duration "9999999h"'),
        ("9" * 21 + "s", f'time: invalid duration "{"9" * 21}s"'),
        ("-", 'time: invalid duration "-"'),
        (".s", 'time: invalid duration ".s"'),
    ],
)
def test_refuses_durations_in_gos_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match="time: ") as raised:
        parse_duration(text)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("42", 42),
        ("64m", 64 << 20),
        ("1.5k", 1536),
        ("2 GiB", 2 << 30),
        ("3b", 3),
        ("1KiB", 1024),
        ("2KB", 2048),
        ("1e3", 1000),
        ("7 ", 7),
    ],
)
def test_reads_sizes(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize(
    ("text", "size"), [("7", 7), ("1.5k", 1500), ("2MB", 2_000_000), ("1 g", 10**9)]
)
def test_reads_sizes_in_thousands(text: str, size: int) -> None:
    assert parse_bytes(text, base=1000) == size


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "invalid size: ''"),
        ("m", "invalid size: 'm'"),
        ("foo", "invalid size: 'foo'"),
        ("-1", "invalid size: '-1'"),
        ("٣", "invalid size: '٣'"),
        ("12Q", "invalid suffix: 'q'"),
        ("1ib", "invalid suffix: 'ib'"),
        ("1bb", "invalid suffix: 'bb'"),
        ("1kx", "invalid suffix: 'kx'"),
        ("1.2.3", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'),
        ("1_0", 'strconv.ParseFloat: parsing "1_0": invalid syntax'),
        ("1  m", 'strconv.ParseFloat: parsing "1 ": invalid syntax'),
        ("1e308p", "invalid size: '1e308p'"),
    ],
)
def test_refuses_sizes_in_go_units_words(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as raised:
        parse_bytes(text)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0B"),
        (999, "999B"),
        (1000, "1kB"),
        (1984240, "1.984MB"),
        (2e9, "2GB"),
        (5 * 10**9, "5GB"),
    ],
)
def test_tells_disk_sizes_by_thousands(size: float, text: str) -> None:
    assert human_size(size) == text


def test_tells_memory_by_1024() -> None:
    assert bytes_size(1536) == "1.5KiB"
    assert bytes_size(67108864) == "64MiB"


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0B"), (999, "999B"), (1500, "1.5kB"), (1_984_240, "1.98MB"),
     (38_600_000, "38.6MB"), (1_234_000_000, "1.23GB"), (2 * 10**12, "2TB")],
)  # fmt: skip
def test_writes_sizes_as_docker_images_does(size: int, text: str) -> None:
    assert spell_size(size) == text
