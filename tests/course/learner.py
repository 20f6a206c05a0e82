"""A learner at the command line."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

COMMAND = (sys.executable, "-m", "labkit.cli.main")


def run_labkit(*arguments: str, host: str, home: Path, expected: int = 0) -> str:
    """Run a command; return what it printed."""
    done = try_labkit(*arguments, host=host, home=home)
    assert done.returncode == expected, done.stdout + done.stderr
    return done.stdout


def try_labkit(
    *arguments: str, host: str, home: Path, before: Sequence[str] = ()
) -> subprocess.CompletedProcess[str]:
    """Run a command, whatever its exit code, behind another one such as nsenter."""
    return subprocess.run(
        [*before, *COMMAND, *arguments],
        env=learner_environment(host, home),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def learner_environment(host: str, home: Path) -> dict[str, str]:
    """Return the environment of a learner with a folder and an engine of their own.

    Python keeps there what it has compiled, as it does by itself.
    """
    environ = {**os.environ, "DOCKER_HOST": host, "LABKIT_HOME": str(home)}
    environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return environ
