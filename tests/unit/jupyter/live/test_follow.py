"""Following a log or statistics."""

from pathlib import Path

from labkit.jupyter.live.follow import (
    LOG_LINES,
    Follower,
    charts_of,
    last_lines,
    log_of,
    stats_of,
)
from tests.unit.jupyter.live.fakes import live_engine
from tests.unit.jupyter.live.test_chart import MIB, stats
from tests.waiting import wait_until


def test_a_line_in_two_pieces_is_one_line() -> None:
    *_, last = last_lines(iter([b"one\ntw", b"o\n"]))
    assert last.endswith("one\ntwo</pre>")


def test_a_terminals_log_comes_as_text() -> None:
    *_, last = last_lines(iter("hi\n"))
    assert last.endswith(">hi</pre>")


def test_only_the_end_of_a_long_log_is_kept_and_markup_is_text() -> None:
    pieces = [b"%d\n" % number for number in range(LOG_LINES + 5)] + [b"<b>\n"]
    *_, last = last_lines(iter(pieces))
    assert ">0\n" not in last
    assert "&lt;b&gt;" in last


def test_a_stopped_container_has_no_figures() -> None:
    (page,) = charts_of("web")(iter([{"cpu_stats": {"cpu_usage": {}}}]))
    assert "Waiting for figures of web" in page


def test_shows_statistics_as_they_come(tmp_path: Path) -> None:
    shown: list[str] = []
    with live_engine(tmp_path) as (engine, host):
        follower = Follower(host, stats_of("web"), charts_of("web"), shown.append)
        follower.start()
        engine.emit(stats(200, 2000, usage=MIB))
        wait_until(lambda: shown, "the first figures")
        assert "processor 20.0 %" in shown[0]
        follower.close()
        engine.emit(stats(300, 3000, usage=MIB))
        wait_until(engine.pieces.empty, "the next ones are sent")
    assert len(shown) == 1


def test_a_log_is_left_while_it_is_silent(tmp_path: Path) -> None:
    shown: list[str] = []
    with live_engine(tmp_path) as (engine, host):
        follower = Follower(host, log_of("web"), last_lines, shown.append)
        follower.start()
        engine.pieces.put(b"hello\n")
        wait_until(lambda: shown, "the log")
        follower.close()
    assert len(shown) == 1
    assert "hello" in shown[0]


def test_a_container_that_is_not_there_is_said(tmp_path: Path) -> None:
    shown: list[str] = []
    with live_engine(tmp_path) as (_, host):
        Follower(host, log_of("nobody"), last_lines, shown.append).start()
        wait_until(lambda: shown, "the reason")
    assert shown == ["<p role='status'>no more: no such thing</p>"]
