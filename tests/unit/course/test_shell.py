import os
import signal
import subprocess
import sys
import time

import pytest

from labkit.course.shell import run_script
from tests.waiting import has_ended

ENVIRONMENT = {"PATH": os.environ["PATH"], "WORD": "hello"}


def run(script: str, seconds: float = 20.0) -> tuple[int, str, bool]:
    completed = run_script(script, ENVIRONMENT, seconds, lambda _: None)
    return completed.exit_code, completed.output, completed.timed_out


def test_returns_output_and_exit_code() -> None:
    assert run("echo $WORD; echo bad >&2; exit 3") == (3, "hello\nbad\n", False)


def test_counts_a_signal_as_bash_does() -> None:
    assert run("kill -TERM $$")[0] == 128 + signal.SIGTERM


def test_passes_output_on_as_it_comes() -> None:
    seen: list[str] = []
    run_script("echo one; echo two", ENVIRONMENT, 20.0, seen.append)
    assert "".join(seen) == "one\ntwo\n"


def test_gives_no_input() -> None:
    assert run("cat; echo end") == (0, "end\n", False)


def test_mends_bytes_that_are_no_text() -> None:
    assert run(r"printf 'a\xffb'")[1] == "a�b"


@pytest.mark.slow
def test_ends_a_script_and_its_children_after_its_time() -> None:
    code, output, timed_out = run("sleep 60 & echo $!; wait", seconds=0.3)
    assert timed_out
    assert code != 0
    pid = int(output)
    deadline = time.monotonic() + 5
    while not has_ended(pid) and time.monotonic() < deadline:
        os.sched_yield()
    assert has_ended(pid)


@pytest.mark.slow
def test_does_not_wait_for_what_runs_in_the_background() -> None:
    started = time.monotonic()
    code, output, timed_out = run("sleep 20 & echo $!")
    os.kill(int(output), signal.SIGKILL)
    assert (code, timed_out) == (0, False)
    assert time.monotonic() - started < 10


INTERRUPTED = """
import os, sys
from labkit.course.shell import run_script
try:
    run_script("echo $$; sleep 60", dict(os.environ), 60.0,
               lambda text: (sys.stdout.write(text), sys.stdout.flush()))
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.slow
def test_ctrl_c_ends_the_script() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=20)
    assert rest == "interrupted\n"
    assert has_ended(pid)
