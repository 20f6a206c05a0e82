"""labkit.catalogue.progress: lines for logs, spinners for people."""

import io
import re

from rich.console import Console

from labkit.catalogue.progress import LineReporter, SilentReporter, TerminalReporter


def test_writes_a_line_when_a_task_has_ended() -> None:
    out = io.StringIO()
    reporter = LineReporter(out)
    with reporter.task("layer base"):
        assert out.getvalue() == ""
    reporter.note("mind the gap")
    first, second = out.getvalue().splitlines()
    assert re.fullmatch(r"layer base: \d+\.\d s", first)
    assert second == "note: mind the gap"


def test_shows_tasks_on_a_terminal() -> None:
    out = io.StringIO()
    console = Console(file=out, force_terminal=True, width=60)
    with TerminalReporter(console) as reporter:
        with reporter.task("layer base"):
            pass
        reporter.note("mind the gap")
    assert "layer base" in out.getvalue()
    assert "mind the gap" in out.getvalue()


def test_says_nothing_if_so_asked() -> None:
    reporter = SilentReporter()
    with reporter.task("layer base"):
        reporter.note("mind the gap")
