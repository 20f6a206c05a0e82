"""Run a shell script so that it always ends: on its own, by time-out, or by ctrl-c.

The script gets a session of its own (setsid(2)), so that one signal reaches all that
it started, ``docker run`` in a pipe included. When bash has ended, what it left in
the background holds the pipe open no longer than it takes to read what is there.
"""

import codecs
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_GRACE_SECONDS = 3.0
_POLL_SECONDS = 0.1
_CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Completed:
    """How a script ended.

    Attributes:
        exit_code: what bash returned; 128 + n where signal n ended it, as bash
            itself counts.
        timed_out: it was stopped because its time was over.
    """

    exit_code: int
    output: str
    seconds: float
    timed_out: bool = False


def run_script(
    script: str,
    environment: Mapping[str, str],
    timeout_seconds: float,
    on_output: Callable[[str], object],
    folder: Path | None = None,
) -> Completed:
    """Run bash on a script with empty input; what it prints goes out as it comes.

    Raises:
        KeyboardInterrupt: the learner pressed ctrl-c; the script has been ended.
    """
    started = time.monotonic()
    with ExitStack() as undo:
        process = subprocess.Popen(
            ["bash", "-c", script],
            env=dict(environment),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        undo.enter_context(process.stdout)
        undo.callback(_end, process)
        output, timed_out = _relay(
            process, process.stdout, started + timeout_seconds, on_output
        )
    code = process.returncode
    return Completed(
        exit_code=code if code >= 0 else 128 - code,
        output=output,
        seconds=time.monotonic() - started,
        timed_out=timed_out,
    )


def _relay(
    process: subprocess.Popen[bytes],
    pipe: IO[bytes],
    deadline: float,
    on_output: Callable[[str], object],
) -> tuple[str, bool]:
    """Pass output on until bash has ended; return it all, and whether time was over."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    parts: list[str] = []

    def pass_on(data: bytes, final: bool = False) -> None:
        text = decoder.decode(data, final)
        if text:
            parts.append(text)
            on_output(text)

    os.set_blocking(pipe.fileno(), False)
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        open_pipe = True
        while True:
            ended = process.poll() is not None
            ready = selector.select(_POLL_SECONDS) if open_pipe else []
            data = pipe.read(_CHUNK_BYTES) if ready else None
            if data:
                pass_on(data)
            elif ready:  # end of file: nobody holds the other end any more
                selector.unregister(pipe)
                open_pipe = False
                _wait_until(process, deadline)
            elif ended:
                break
            if time.monotonic() > deadline:
                _end(process)
                pass_on(b"", final=True)
                return "".join(parts), True
    pass_on(b"", final=True)
    return "".join(parts), False


def _wait_until(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(max(0.0, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        return  # the caller looks at the clock next


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the script and all that it started: politely, then not."""
    if process.poll() is not None:
        return
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        os.killpg(process.pid, number)
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        break
    _kill_rest(process.pid)


def _kill_rest(group: int) -> None:
    """Kill what outlived bash in its process group, if anything did."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return
