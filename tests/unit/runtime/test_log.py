"""The log's bytes, as a real dockerd writes them."""

import gzip
import json
import random
from contextlib import closing
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.engine.logfile import LogReader
from labkit.runtime.log import (
    MOST_LINE_BYTES,
    JsonFileLog,
    LineSplitter,
    format_entries,
)
from labkit.runtime.loop import Loop
from labkit.runtime.model import LogOptions
from labkit.runtime.pack import Packer

# Taken from a dockerd: printf of the bytes, then its log file.
GOLDEN = [
    (b"plain\n", r"plain\n"),
    (b'q"b\\\n', r"q\"b\\\n"),
    (b"<a>&\n", r"\u003ca\u003e\u0026\n"),
    (b"t\tr\r\n", r"t\u0009r\r\n"),
    (b"\x00\x1b[1m\x7f\n", "\\u0000\\u001b[1m\x7f\\n"),
    ("äß€😀\n".encode(), "äß€😀\\n"),
    (b"\xff\xc3(\n", r"\ufffd\ufffd(\n"),
    ("\u2028\u2029\n".encode(), r"\u2028\u2029\n"),
]


TIME = "2024-05-01T10:00:00.123456789Z"


class FixedClock:
    def __init__(self) -> None:
        self.ns = 1_700_000_000_000_000_000

    def now_ns(self) -> int:
        return self.ns


@pytest.mark.parametrize(("line", "text"), GOLDEN)
def test_escapes_as_go_does(line: bytes, text: str) -> None:
    entry = format_entries(line, "stdout", "T")
    wanted = f'{{"log":"{text}","stream":"stdout","time":"T"}}\n'
    assert entry.decode() == wanted


@pytest.mark.parametrize(("line", "text"), GOLDEN)
def test_escapes_many_lines_in_the_same_way(line: bytes, text: str) -> None:
    entries = format_entries(line * 1000, "stdout", "T")
    wanted = f'{{"log":"{text}","stream":"stdout","time":"T"}}\n'
    assert entries.decode() == wanted * 1000


@given(st.lists(st.sampled_from([line for line, _ in GOLDEN]) | st.binary(max_size=9)))
def test_treats_lines_together_as_one_by_one(pieces: list[bytes]) -> None:
    block = b"".join(pieces)
    one_by_one = [
        format_entries(line + end, "stdout", "T", ',"attrs":{}')
        for line, end in zip(
            block.split(b"\n"), [b"\n"] * block.count(b"\n") + [b""], strict=True
        )
        if line + end or not block
    ]
    assert format_entries(block, "stdout", "T", ',"attrs":{}') == b"".join(one_by_one)


def test_binary_output_costs_no_look_at_each_byte() -> None:
    data = random.Random(1).randbytes(1 << 20)
    table = list(range(256))
    begun = process_time()
    sum(map(table.__getitem__, data))
    one_look = process_time() - begun
    begun = process_time()
    for block, _ in LineSplitter().feed(data, 1):
        format_entries(block, "stdout", TIME)
    assert process_time() - begun < 5 * one_look


def test_attributes_stand_in_every_line(tmp_path: Path) -> None:
    options = LogOptions(str(tmp_path / "x"), attributes={"b": "<", "a": "1"})
    log = JsonFileLog(options, FixedClock())
    log.write("stdout", b"one\ntwo\n")
    log.close()
    attributes = '"attrs":{"a":"1","b":"\\u003c"},"time"'
    lines = (tmp_path / "x").read_text().splitlines()
    assert [attributes in line for line in lines] == [True, True]


@given(st.binary(max_size=200))
def test_every_entry_is_json_on_one_line(data: bytes) -> None:
    line = data.replace(b"\n", b"")
    entry = format_entries(line, "stderr", "T")
    assert entry.count(b"\n") == 1
    assert json.loads(entry)["log"] == line.decode("utf-8", "surrogateescape").encode(
        "utf-8", "surrogateescape"
    ).decode("utf-8", "surrogateescape").translate(
        dict.fromkeys(range(56448, 56576), "�")
    )


@given(st.lists(st.binary(max_size=50)))
def test_splitting_loses_nothing(pieces: list[bytes]) -> None:
    splitter = LineSplitter()
    lines = [line for piece in pieces for line, _ in splitter.feed(piece, 1)]
    lines += [line for line, _ in splitter.finish(1)]
    assert b"".join(lines) == b"".join(pieces)
    assert all(line.endswith(b"\n") for line in lines[:-1])


@pytest.mark.parametrize("extra", [-1, 0, 1])
def test_cuts_long_lines_at_16_kib(extra: int) -> None:
    splitter = LineSplitter()
    line = b"x" * (MOST_LINE_BYTES + extra) + b"\n"
    sizes = [len(piece) for piece, _ in splitter.feed(line, 1)]
    if extra < 0:
        assert sizes == [MOST_LINE_BYTES]
    else:
        assert sizes == [MOST_LINE_BYTES, extra + 1]


def test_all_pieces_of_a_line_have_its_first_time() -> None:
    splitter = LineSplitter()
    first = list(splitter.feed(b"x" * MOST_LINE_BYTES, 1))
    second = list(splitter.feed(b"y\nz\n", 2))
    assert [when for _, when in first + second] == [1, 1, 2]


def test_keeps_the_streams_apart_and_ends_them(tmp_path: Path) -> None:
    path = tmp_path / "log"
    log = JsonFileLog(LogOptions(str(path)), FixedClock())
    log.write("stdout", b"ou")
    log.write("stderr", b"err\n")
    log.write("stdout", b"t\nrest")
    log.finish("stdout")
    log.close()
    entries = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(e["stream"], e["log"]) for e in entries] == [
        ("stderr", "err\n"),
        ("stdout", "out\n"),
        ("stdout", "rest"),
    ]
    assert entries[0]["time"] == "2023-11-14T22:13:20Z"


def test_goes_on_in_an_existing_file(tmp_path: Path) -> None:
    path = tmp_path / "log"
    for word in (b"a\n", b"b\n"):
        log = JsonFileLog(LogOptions(str(path)), FixedClock())
        log.write("stdout", word)
        log.close()
    assert len(path.read_text().splitlines()) == 2


@pytest.mark.parametrize("files", [1, 2, 3])
def test_rotates_when_full(tmp_path: Path, files: int) -> None:
    path = tmp_path / "log"
    options = LogOptions(str(path), max_bytes=200, max_files=files)
    log = JsonFileLog(options, FixedClock())
    for number in range(40):
        log.write("stdout", f"line {number}\n".encode())
    log.close()
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["log", "log.1", "log.2"][:files]
    assert all(p.stat().st_size < 300 for p in tmp_path.iterdir())
    assert json.loads(path.read_text().splitlines()[-1])["log"] == "line 39\n"


def history(path: Path) -> list[bytes]:
    with closing(LogReader(path)) as reader:
        return [one.data for piece in reader.read_history(None) for one in piece]


@pytest.mark.parametrize("files", [2, 4])
def test_packs_what_is_rotated(tmp_path: Path, files: int) -> None:
    path = tmp_path / "log"
    options = LogOptions(str(path), max_bytes=200, max_files=files, compress=True)
    log = JsonFileLog(options, FixedClock(), packer=Packer(Loop()))
    for number in range(40):
        log.write("stdout", f"line {number}\n".encode())
    log.close()
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["log", "log.1.gz", "log.2.gz", "log.3.gz"][:files]
    kept = history(path)
    assert kept == [f"line {number}\n".encode() for number in range(40)][-len(kept) :]
    assert len(kept) > 3 * (files - 1)


def test_packs_what_a_killed_hand_left(tmp_path: Path) -> None:
    path = tmp_path / "log"
    (tmp_path / "log.1").write_bytes(format_entries(b"old\n", "stdout", TIME))
    (tmp_path / "log.1.gz").write_bytes(b"half a fi")
    options = LogOptions(str(path), max_bytes=1, max_files=3, compress=True)
    log = JsonFileLog(options, FixedClock(), packer=Packer(Loop()))
    for word in (b"a\n", b"b\n"):
        log.write("stdout", word)
    assert history(path) == [b"old\n", b"a\n", b"b\n"]  # of which one is being packed
    log.close()
    assert gzip.decompress((tmp_path / "log.2.gz").read_bytes()).startswith(b'{"log')


def test_goes_on_in_the_middle_of_a_line(tmp_path: Path) -> None:
    options = LogOptions(str(tmp_path / "x"), max_bytes=400, max_files=2)
    clock = FixedClock()
    log = JsonFileLog(options, clock)
    log.write("stdout", b"first\nsec\xff")
    log.write("stderr", b"y" * (MOST_LINE_BYTES + 1))
    clock.ns += 1
    log = JsonFileLog(options, clock, log.rest())
    log.write("stdout", b"ond\n")
    log.write("stderr", b"z\n")
    log.close()
    files = (tmp_path / "x.1", tmp_path / "x")
    entries = [json.loads(line) for f in files for line in f.read_text().splitlines()]
    assert [entry["log"][-5:] for entry in entries[-2:]] == ["\ufffdond\n", "yz\n"]
    # The rest of a line that was cut has the time of its beginning.
    assert [entry["time"][-2:] for entry in entries[-2:]] == ["1Z", "0Z"]
