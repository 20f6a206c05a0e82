"""The log's lines and files."""

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.clock import format_time
from labkit.engine.logfile import (
    LogEntry,
    LogReader,
    log_files,
    parse_line,
    parse_time,
)


def row(text: str, **changes: object) -> bytes:
    fields = {"log": text, "stream": "stdout", "time": "2026-01-02T03:04:05.6Z"}
    return json.dumps({**fields, **changes}).encode()


def texts(pieces: Iterator[list[LogEntry]]) -> list[str]:
    return [entry.data.decode() for piece in pieces for entry in piece]


def read(path: Path, tail: int | None) -> list[str]:
    with closing(LogReader(path)) as reader:
        return texts(reader.read_history(tail))


def test_reads_a_line() -> None:
    entry = parse_line(row("hi\n"))
    assert entry is not None
    assert (entry.stream, entry.data) == ("stdout", b"hi\n")
    assert entry.time_ns == 1_767_323_045_600_000_000
    assert entry.attributes == {}


def test_keeps_what_labels_add() -> None:
    entry = parse_line(row("hi\n", attrs={"tier": "front"}))
    assert entry is not None
    assert entry.attributes == {"tier": "front"}


@pytest.mark.parametrize(
    "line", [b"", b"{", b"[]", b'{"log":"x"}', row("x", time="soon"), row("x", log=1)]
)
def test_leaves_damage_out(line: bytes) -> None:
    assert parse_line(line) is None


@given(st.integers(min_value=1, max_value=2**62))
def test_times_go_both_ways(moment: int) -> None:
    assert parse_time(format_time(moment)) == moment


def test_a_half_line_waits_for_its_other_half(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    reader = LogReader(path)
    assert texts(reader.read_new()) == []
    whole = row("hi\n") + b"\n"
    with path.open("wb", buffering=0) as file:
        file.write(whole[:10])
        assert texts(reader.read_new()) == []
        file.write(whole[10:])
        assert texts(reader.read_new()) == ["hi\n"]
    reader.close()


def test_orders_rotated_files(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    for suffix in ("", ".1", ".1.gz", ".10", ".2.gz", ".tmp", ".gz"):
        Path(f"{path}{suffix}").touch()
    names = [file.name for file in log_files(path)]
    assert names == ["x.log.10", "x.log.2.gz", "x.log.1", "x.log"]


@pytest.mark.parametrize("tail", [0, 1, 2, 3, 4, 5, 6, 99, None])
def test_the_last_lines_of_all_files(tmp_path: Path, tail: int | None) -> None:
    path = tmp_path / "x.log"
    # The newest is longer than what is read at a time, and ends in half a line.
    long = "x" * 300_000
    files = (("a", "b"), ("c",), ("d", long, "f"))
    lines = [b"".join(row(text) + b"\n" for text in file) for file in files]
    Path(f"{path}.2.gz").write_bytes(gzip.compress(lines[0]))
    Path(f"{path}.1").write_bytes(lines[1])
    path.write_bytes(lines[2] + b'{"log":"ha')
    found = ["a", "b", "c", "d", long, "f"]
    first = 0 if tail is None else max(0, len(found) - tail)
    assert read(path, tail) == found[first:]


def test_looks_for_the_last_lines_from_the_end(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.touch()
    os.truncate(path, 1 << 40)  # a hole: it costs nothing but to read it
    with path.open("ab") as file:
        file.write(b"\n" + row("one") + b"\n" + row("two") + b"\n")
    assert read(path, 2) == ["one", "two"]


def test_is_not_read_at_once(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    path.write_bytes((row("hi\n") + b"\n") * 10_000)
    with closing(LogReader(path)) as reader:
        pieces = reader.read_history(None)
        assert 0 < len(next(pieces)) < 5_000
        with path.open("ab") as file:
            file.write(row("late") + b"\n")
        assert "late" not in texts(pieces)  # he who writes on is not run after
        assert texts(reader.read_new()) == ["late"]
