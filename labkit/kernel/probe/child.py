"""Runs one trial in a child process and brings its outcome back."""

import errno
import os
import select
import signal
from collections.abc import Callable
from dataclasses import dataclass

TIMEOUT_SECONDS = 5.0
_LONGEST_REPORT = 4096


@dataclass(frozen=True, slots=True)
class Outcome:
    """``reason`` says which call failed and how; it is empty when all went well."""

    ok: bool
    errno_name: str = ""
    reason: str = ""


def try_in_child(trial: Callable[[], None]) -> Outcome:
    """Run ``trial`` in a child; whatever becomes of the child, there is an outcome.

    Namespaces and mounts that it made end with it. Call it from a process with one
    thread: a forked child has only the thread that forked.
    """
    read_end, write_end = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        os.close(read_end)
        _report(trial, write_end)
    os.close(write_end)
    try:
        return _await(pid, read_end)
    finally:
        os.close(read_end)


def _report(trial: Callable[[], None], write_end: int) -> None:
    """In the child: never return, whatever happens."""
    text = "E?|killed"
    try:
        # A trial that forks (for a pid namespace) is ended with its whole group.
        os.setpgid(0, 0)
        trial()
        text = "|"
    except OSError as error:
        name = errno.errorcode.get(error.errno or 0, str(error.errno))
        text = f"{name}|{error}"
    except Exception as error:  # noqa: BLE001 - it goes on in the parent, as an outcome
        text = f"{type(error).__name__}|{error}"
    finally:
        os.write(write_end, text.encode()[:_LONGEST_REPORT])
        os._exit(0)


def _await(pid: int, read_end: int) -> Outcome:
    ready, _, _ = select.select([read_end], [], [], TIMEOUT_SECONDS)
    text = os.read(read_end, _LONGEST_REPORT).decode(errors="replace") if ready else ""
    if not ready:
        _kill(pid)
    os.waitpid(pid, 0)
    if not ready:
        return Outcome(False, "ETIMEDOUT", f"no answer after {TIMEOUT_SECONDS:g} s")
    name, _, reason = text.partition("|")
    if not text:
        return Outcome(False, "EKILLED", "the kernel ended the process")
    return Outcome(not name, name, reason)


def _kill(pid: int) -> None:
    for target in (-pid, pid):
        try:
            os.kill(target, signal.SIGKILL)
        except ProcessLookupError:
            continue  # it had no group of its own yet, or ended meanwhile
