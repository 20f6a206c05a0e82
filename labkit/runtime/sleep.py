"""The shim asleep: it holds its container by a few hundred kilobytes.

    spawner --clone--> shim --clone--> hand    makes the container, serves its socket,
                        |                |     writes its log
                        |                +--clone(CLONE_PARENT)--> init, a child of the
                        |                      shim and not of the hand
                        |<-- slate ---- ends   when nothing has happened for a while
                      poll(2)
                        |--clone--> hand       reads the slate, goes on where it was

**Why two.** Python counts references in the objects themselves. Who runs code writes to
whatever the code looks at, and gets a page of his own (fork(2), copy-on-write) for each
page that all shims shared before. Making a container costs 3.5 MB in this way, which
an idle container would go on holding. So the shim proper runs nearly no code: it is the
parent of the container's processes, and all else is done by its hand, a process that
gives back its pages by ending.

**What they share** is the table of open files (clone(2), CLONE_FILES): a hand that ends
leaves its files open in the shim, and its successor finds them under their numbers. The
numbers, and what else is to be known, are on the slate, a file in memory: its first
line are the files at which something new would show, then comes JSON.

**Deaths.** The hand sees by a pidfd that a process has ended; how, only the parent
learns. So the shim, while it has a hand, does nothing but wait for its children, and
hands on each status by a pipe. If shim or hand is killed, both are, and with them the
container (PR_SET_PDEATHSIG).
"""

import json
import os
import select
import struct
import sys
import time
from collections.abc import Callable
from signal import SIGKILL
from typing import NoReturn

from labkit.kernel.calls import Kernel
from labkit.kernel.flags import CloneFlag
from labkit.runtime.birth import Host
from labkit.runtime.hand import Work, go_on, write_down
from labkit.runtime.shim import Resting

_SLEEP = 3
"""The exit code of a hand that has written the slate."""
_DEATH = struct.Struct("=ii")  # pid, status
_RETRY_SECONDS = 1.0

Beginning = Callable[[Work], Resting | None]


class Deaths:
    """How the shim's children ended, handed on to its hand."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        self._known: dict[int, int] = {}

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)

    def hand_on(self, pid: int, status: int) -> None:
        os.write(self._write, _DEATH.pack(pid, status))

    def reap(self, pid: int) -> int:
        """Return the status of a process that has ended, by its pidfd."""
        while pid not in self._known:
            found, status = _DEATH.unpack(os.read(self._read, _DEATH.size))
            self._known[found] = status
        return self._known.pop(pid)


def keep(kernel: Kernel, host: Host, begin: Beginning) -> int:
    """Be a container's shim until that has ended; return our exit code."""
    slate = os.memfd_create("slate")
    deaths = Deaths()
    hand = kernel.clone(CloneFlag.FILES)
    if hand == 0:
        _be_hand(Work(kernel, host, deaths.reap), slate, begin)
    while (code := _attend(hand, deaths)) == _SLEEP:
        _sleep(slate)
        hand = _clone_patiently(kernel)
        if hand == 0:
            _be_hand(Work(kernel, host, deaths.reap), slate, None)
    return code


def _attend(hand: int, deaths: Deaths) -> int:
    """Wait for our children until the hand is among them; return its exit code."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == hand:
            return os.waitstatus_to_exitcode(status)
        deaths.hand_on(pid, status)


def _sleep(slate: int) -> None:
    poll = select.poll()
    for number in os.pread(slate, 1 << 16, 0).partition(b"\n")[0].split():
        poll.register(int(number), select.POLLIN)
    poll.poll()


def _clone_patiently(kernel: Kernel) -> int:
    """A machine that is out of memory or pids costs time, not the container's life."""
    while True:
        try:
            return kernel.clone(CloneFlag.FILES)
        except OSError as error:
            sys.stderr.write(f"shim: {error}\n")
            time.sleep(_RETRY_SECONDS)


def _be_hand(work: Work, slate: int, begin: Beginning | None) -> NoReturn:
    code = 1
    try:
        work.kernel.set_death_signal(SIGKILL)
        resting = begin(work) if begin else go_on(work, _read(slate))
        if resting is not None:
            _write(slate, resting)
        code = 0 if resting is None else _SLEEP
    except BaseException as error:  # noqa: BLE001 - there is nobody above us
        sys.stderr.write(f"shim: {type(error).__name__}: {error}\n")
    finally:
        os._exit(code)


def _read(slate: int) -> dict[str, object]:
    data = os.pread(slate, os.fstat(slate).st_size, 0)
    document: dict[str, object] = json.loads(data.partition(b"\n")[2])
    return document


def _write(slate: int, resting: Resting) -> None:
    line = " ".join(map(str, resting.files))
    os.truncate(slate, 0)
    os.pwrite(slate, f"{line}\n{json.dumps(write_down(resting))}".encode(), 0)
