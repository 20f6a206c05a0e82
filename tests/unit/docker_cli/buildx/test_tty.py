"""``--progress=tty``: the block, and its way over itself."""

import re

from labkit.docker_cli.buildx.tty import Tty
from tests.unit.docker_cli.buildx.updates import log, task, vertex

_COLORS = re.compile(r"\x1b\[\d+m")
BEGIN = 1767225600.0  # 2026-01-01


def block(
    tty: Tty, seconds: float, finished: bool = False, width: int = 60
) -> list[str]:
    rows = tty.rows(width, tty._begin + seconds, finished)
    return [_COLORS.sub("", row).rstrip() for row in rows]


def test_draws_steps_with_their_times_at_the_right() -> None:
    tty = Tty(lambda text: None)
    tty.update(vertex("a", "[1/2] FROM x", started=0, completed=0, cached=True))
    tty.update(vertex("b", "[2/2] RUN y", started=1, completed=2.5))
    rows = block(tty, 3, finished=True)
    assert rows[0].startswith("[+] Building 3.0s (2/2) FINISHED")
    assert rows[0].endswith("docker:default")
    assert rows[1:] == [
        " => CACHED [1/2] FROM x" + " " * 33 + "0.0s",
        " => [2/2] RUN y" + " " * 41 + "1.5s",
    ]
    assert {len(row) for row in rows} == {60}


def test_a_running_step_shows_its_last_lines() -> None:
    tty = Tty(lambda text: None)
    tty.update(vertex("a", "RUN y", started=0))
    tty.update(log("a", "".join(f"line {n}\n" for n in range(9)) + "half", 1))
    tails = [row for row in block(tty, 3) if "# " in row]
    assert tails == [f" => => # line {n}" for n in range(3, 9)]
    tty.update(vertex("a", "RUN y", started=0, completed=1, error="no"))
    assert [row.split("  ")[0] for row in block(tty, 3)][1:] == [" => ERROR RUN y"]


def test_parts_of_a_step_have_a_row_each() -> None:
    tty = Tty(lambda text: None)
    tty.update(vertex("a", "load", started=0))
    tty.update(
        task("a", "transferring", current=10, total=2000, started=0, completed=1)
    )
    assert block(tty, 1)[2].startswith(" => => transferring 10B / 2.00kB")


def test_long_names_are_cut() -> None:
    tty = Tty(lambda text: None)
    tty.update(vertex("a", "RUN " + "x" * 99 + "\ny", started=0, completed=1))
    assert len(block(tty, 1, width=40)[1]) == 40
    assert "..." in block(tty, 1, width=40)[1]


def test_draws_over_what_it_drew_before() -> None:
    said: list[str] = []
    tty = Tty(said.append)
    tty.begin("x")
    tty.update(vertex("a", "A", started=0, completed=1))
    tty.end()
    assert said[0] == "\x1b[?25l"
    assert "\x1b[2A" in "".join(said[2:])
    assert "\x1b[?25h" in said


def test_last_words_have_their_times() -> None:
    said: list[str] = []
    tty = Tty(said.append)
    tty.update(vertex("a", "RUN y", started=1))
    tty.update(log("a", "one\ntwo\nthr", 1.5))
    tty.update(vertex("a", "RUN y", started=1, completed=3, error="no"))
    tty.end()
    words = "0.500 one\n0.500 two\n2.000 thr\n"
    assert said[-1] == f"------\n > RUN y:\n{words}------\n"


def test_what_was_cut_short_is_told_at_the_end() -> None:
    tty = Tty(lambda text: None)
    tty.update(vertex("a", "RUN y", started=0))
    tty.update(log("a", "one\n", 1))
    assert [row.split("  ")[0] for row in block(tty, 3)][1:] == [
        *(" => RUN y", " => => # one"),
    ]
    rows = block(tty, 3, finished=True)
    assert [row.split("  ")[0] for row in rows][1:] == [" => CANCELED RUN y"]
