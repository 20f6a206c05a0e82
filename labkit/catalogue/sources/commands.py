"""Running the package clients: with a limit, quiet, and with a readable end."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from labkit.base.errors import UnavailableError, UnsupportedError

TIMEOUT_SECONDS = 900


def run_client(
    command: Sequence[str],
    what: str,
    environment: Mapping[str, str],
    folder: Path | None = None,
) -> str:
    """Run a package client; return what it printed.

    Args:
        what: what it does, for the error: ``fetch Python wheels``.

    Raises:
        UnsupportedError: the program is not there.
        UnavailableError: it failed; most often the network did.
    """
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=True,
        )
    except FileNotFoundError as error:
        raise UnsupportedError(
            f"cannot {what}: this machine has no {command[0]!r}"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise UnavailableError(
            f"cannot {what}: no end after {TIMEOUT_SECONDS} seconds; try again, "
            "what has been downloaded is kept"
        ) from error
    except subprocess.CalledProcessError as error:
        raise UnavailableError(
            f"cannot {what}: {_last_words(error)}; try again, "
            "what has been downloaded is kept"
        ) from error
    return done.stdout


def _last_words(error: subprocess.CalledProcessError) -> str:
    """Pick the line that says why: clients print much, and the reason with ``E``."""
    lines = [line.strip() for line in (error.stderr or error.stdout or "").splitlines()]
    telling = [
        line
        for line in lines
        if line.lower().startswith(("e:", "error:", "npm error", "npm err!"))
    ]
    chosen = (telling or [line for line in lines if line] or ["it gave no reason"])[-1]
    return f"{Path(error.cmd[0]).name} ended with {error.returncode}: {chosen}"
