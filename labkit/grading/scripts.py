"""Run what an author or a learner would type, by bash, in the lab's environment.

A script stops at its first failing command (``set -eu``), finds the exercise's values
as variables, and is given a time: when it is up, the whole process group goes, so
that no child of the script outlives it.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.base.environment import lab_environment

SCRIPT_SECONDS = 60.0
_PRELUDE = "set -eu -o pipefail\n"
_WHERE_HELP_IS = "Run 'docker "
"""Docker's command line says this last, below what was wrong."""


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """How a script ended, and what it printed, errors included."""

    exit_code: int
    output: str
    timed_out: bool = False

    @property
    def succeeded(self) -> bool:
        return self.exit_code == 0

    @property
    def problem(self) -> str:
        """Return one clause on why it failed: what it said last."""
        if self.timed_out:
            return "it took too long"
        lines = [line.strip() for line in self.output.splitlines()]
        told = [line for line in lines if line and not line.startswith(_WHERE_HELP_IS)]
        return told[-1] if told else f"exit code {self.exit_code}"


def run_script(
    script: str,
    docker_host: str,
    values: Mapping[str, str],
    folder: Path | None = None,
    seconds: float = SCRIPT_SECONDS,
) -> ScriptResult:
    """Run a script to its end, in a folder of its own unless one is given."""
    if folder is not None:
        return _run(script, docker_host, values, folder, seconds)
    with tempfile.TemporaryDirectory(prefix="labkit-") as scratch:
        return _run(script, docker_host, values, Path(scratch), seconds)


def _run(
    script: str,
    docker_host: str,
    values: Mapping[str, str],
    folder: Path,
    seconds: float,
) -> ScriptResult:
    environment = {**os.environ, **lab_environment(docker_host), **values}
    process = subprocess.Popen(
        ["bash", "-c", _PRELUDE + script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
        errors="replace",
    )
    with process:
        try:
            output, _ = process.communicate(timeout=seconds)
            return ScriptResult(process.returncode, output)
        except subprocess.TimeoutExpired:
            _kill_group(process)
            output, _ = process.communicate()
            return ScriptResult(process.returncode, output, timed_out=True)
        except BaseException:
            _kill_group(process)
            raise


def _kill_group(process: "subprocess.Popen[str]") -> None:
    try:
        # It leads a session, so its process group has its own number.
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
