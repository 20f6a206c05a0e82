"""The magics: parse a line, call the session, show the answer."""

import os
import sys
import time
from collections.abc import Callable
from typing import Any

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import (
    Magics,
    cell_magic,
    line_cell_magic,
    line_magic,
    magics_class,
)

from labkit.base.errors import InvalidInputError, LabError
from labkit.course.execute import Outcome, Status
from labkit.course.shell import run_script
from labkit.jupyter.display import (
    show_grade,
    show_hint,
    show_layers,
    show_outcome,
    show_problem,
    show_progress,
    show_text,
    show_xray,
)
from labkit.jupyter.interrupted import spell_running
from labkit.jupyter.live.views import show_containers, show_topology
from labkit.jupyter.present import present
from labkit.jupyter.session import Session
from labkit.jupyter.widgets import exercise_card

_NO_LIMIT_SECONDS = 3600.0


class CellFailed(Exception):
    """Stops *Run all* at a cell; shown as one sentence, not as a stack trace."""

    def _render_traceback_(self) -> list[str]:
        # IPython asks an exception for its own rendering (ultratb).
        return [str(self)]


@magics_class
class LabMagics(Magics):
    """Steps, exercises and docker in a cell."""

    def __init__(self, shell: InteractiveShell, open_session: Callable[[], Session]):
        super().__init__(shell)
        self._open_session = open_session
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """The link to the engine, made when the first magic asks for it."""
        if self._session is None:
            self.connect()
        assert self._session is not None
        return self._session

    def connect(self) -> None:
        """Link this kernel with an engine, anew where it was linked before."""
        self._session = self._open_session()

    @line_magic
    def chapter(self, line: str) -> None:
        """``%chapter chapter05``: the chapter whose steps this notebook runs."""
        with _Sentences():
            chapter = self.session.open_chapter(line.strip())
            present(
                show_text(
                    f"Chapter {chapter.number}, {chapter.title}: "
                    f"connected with {self.session.connection}."
                )
            )

    @cell_magic
    def step(self, line: str, cell: str) -> None:
        """``%%step ID``: run the cell's commands, and say whether they worked."""
        with _Sentences():
            outcome = self.session.run_step(line.strip(), cell, _write)
            present(show_outcome(outcome))
            _stop_if_failed(outcome)

    @line_cell_magic
    def docker(self, line: str, cell: str | None = None) -> None:
        """``%docker ps -a``, or ``%%docker`` with one command of docker a line."""
        with _Sentences():
            self._run("docker " + line if cell is None else docker_lines(cell))

    @cell_magic
    def bash(self, line: str, cell: str) -> None:
        """``%%bash``: commands that ctrl-c ends with all that they started.

        IPython's own shows nothing of a long output before its end, and fails with an
        error of its own when it is interrupted. Its options lead to it all the same.
        """
        if line.strip():
            shell: Any = self.shell
            shell.run_cell_magic("script", f"bash {line}", cell)
            return
        with _Sentences():
            completed = run_script(cell, os.environ, _NO_LIMIT_SECONDS, _write)
            if completed.exit_code:
                raise CellFailed(f"exit code {completed.exit_code}")

    @line_magic
    def xray(self, line: str) -> None:
        """``%xray NAME``: what a container is made of."""
        with _Sentences():
            present(show_xray(line.strip(), self.session.look_inside(line.strip())))

    @line_magic
    def layers(self, line: str) -> None:
        """``%layers IMAGE``: what an image's layers hold, hide and waste."""
        with _Sentences():
            present(show_layers(self.session.look_at_layers(line.strip())))

    @line_magic
    def containers(self, line: str) -> None:
        """``%containers``: all containers, live, with their logs and what they use."""
        with _Sentences():
            present(show_containers(self.session.connection.docker_host))

    @line_magic
    def topology(self, line: str) -> None:
        """``%topology``: networks and containers as a drawing, live."""
        with _Sentences():
            present(show_topology(self.session.connection.docker_host))

    @line_magic
    def progress(self, line: str) -> None:
        """``%progress``: where you stand in each chapter."""
        with _Sentences():
            present(show_progress(self.session.standings(), self.session.chapter.name))

    @line_magic
    def exercise(self, line: str) -> None:
        """``%exercise ID``: the task with your values, and buttons to check it."""
        with _Sentences():
            exercise_card(self.session, line.strip())

    @line_magic
    def check(self, line: str) -> None:
        """``%check ID``, or ``%check`` for all exercises of the chapter."""
        with _Sentences():
            for exercise_id in line.split() or self.session.exercise_ids():
                present(show_grade(self.session.check(exercise_id)))

    @line_magic
    def hint(self, line: str) -> None:
        """``%hint ID``: the next hint."""
        with _Sentences():
            hint = self.session.hint(line.strip())
            present(show_hint(hint.text, hint.tier, hint.tiers))

    def _run(self, script: str) -> None:
        completed = run_script(script, os.environ, _NO_LIMIT_SECONDS, _write)
        if completed.exit_code:
            present(show_text(f"exit code {completed.exit_code}"))


def docker_lines(cell: str) -> str:
    """Put ``docker`` before each command of a cell that does not begin with it."""
    if not cell.strip():
        raise InvalidInputError("%%docker needs commands, one a line")
    lines = []
    continues = False
    for line in cell.splitlines():
        lines.append(line if continues else _docker_line(line))
        continues = line.endswith("\\")
    return "\n".join(lines)


def _docker_line(line: str) -> str:
    words = line.split()
    if not words or words[0].startswith("#") or words[0] == "docker":
        return line
    return f"docker {line.lstrip()}"


class _Sentences:
    """Turn foreseen errors and ctrl-c into one sentence that stops *Run all*."""

    def __init__(self) -> None:
        self._began = time.time()

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, LabError):
            present(show_problem(error.message))
            raise CellFailed(f"not done: {error.message}") from None
        if isinstance(error, KeyboardInterrupt):
            host = os.environ.get("DOCKER_HOST")
            left = spell_running(host, self._began) if host else ""
            raise CellFailed(f"stopped by ctrl-c{left}") from None


def _stop_if_failed(outcome: Outcome) -> None:
    if outcome.status in (Status.FAILED, Status.COULD_NOT_CHECK):
        raise CellFailed(f"step {outcome.step.id!r} {outcome.status.value}")


def _write(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()
