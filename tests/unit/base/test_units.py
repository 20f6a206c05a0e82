"""Sizes and durations as Go reads them."""

import pytest

from labkit.base.units import parse_bytes, parse_duration, spell_size


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
        ("9999999h", 'time: invalid duration "9999999h"'),
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
    [("42", 42), ("64m", 64 << 20), ("1.5k", 1536), ("2 GiB", 2 << 30), ("3b", 3)],
)
def test_reads_sizes(text: str, size: int) -> None:
    assert parse_bytes(text) == size


@pytest.mark.parametrize("text", ["", "m", "-1", "1x", "1ib", "1e3", "٣"])
def test_refuses_sizes(text: str) -> None:
    with pytest.raises(ValueError, match="invalid size: '"):
        parse_bytes(text)


@pytest.mark.parametrize(
    ("size", "text"),
    [(0, "0B"), (999, "999B"), (1500, "1.5kB"), (38_600_000, "38.6MB"),
     (1_234_000_000, "1.23GB")],
)  # fmt: skip
def test_writes_sizes_as_docker_does(size: int, text: str) -> None:
    assert spell_size(size) == text
