"""The log's lines and files."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.base.clock import format_time
from labkit.engine.logfile import LogReader, log_files, parse_line, parse_time


def row(text: str, **changes: object) -> bytes:
    fields = {"log": text, "stream": "stdout", "time": "2026-01-02T03:04:05.6Z"}
    return json.dumps({**fields, **changes}).encode()


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
    assert reader.read_new() == []
    whole = row("hi\n") + b"\n"
    with path.open("wb", buffering=0) as file:
        file.write(whole[:10])
        assert reader.read_new() == []
        file.write(whole[10:])
        assert [entry.data for entry in reader.read_new()] == [b"hi\n"]
    reader.close()


def test_orders_rotated_files(tmp_path: Path) -> None:
    path = tmp_path / "x.log"
    for suffix in ("", ".1", ".1.gz", ".10", ".2.gz", ".tmp", ".gz"):
        Path(f"{path}{suffix}").touch()
    names = [file.name for file in log_files(path)]
    assert names == ["x.log.10", "x.log.2.gz", "x.log.1", "x.log"]
