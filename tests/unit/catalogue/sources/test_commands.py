"""labkit.catalogue.sources.commands: the end of a client in one sentence."""

import os
import sys

import pytest

from labkit.base.errors import UnavailableError, UnsupportedError
from labkit.catalogue.sources.commands import run_client


def run(code: str) -> str:
    return run_client(["sh", "-c", code], "fetch things", os.environ)


def test_returns_what_was_printed() -> None:
    assert run("echo hello; echo noise >&2") == "hello\n"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        (
            "echo W: so so >&2; echo E: no route >&2; echo bye >&2; exit 3",
            "E: no route",
        ),
        (
            "echo 'npm error 404' >&2; echo 'a log is there' >&2; exit 3",
            "npm error 404",
        ),
        ("echo last words >&2; exit 3", "last words"),
        ("exit 3", "it gave no reason"),
    ],
)
def test_picks_the_reason(code: str, reason: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        run(code)
    assert caught.value.message == (
        f"cannot fetch things: sh ended with 3: {reason}; try again, "
        "what has been downloaded is kept"
    )


def test_names_a_program_that_is_missing() -> None:
    with pytest.raises(UnsupportedError, match="this machine has no 'no-such-client'"):
        run_client(["no-such-client"], "fetch things", os.environ)


def test_gives_no_input() -> None:
    code = "import sys; print(repr(sys.stdin.read()))"
    command = [sys.executable, "-c", code]
    assert run_client(command, "ask", os.environ) == "''\n"
