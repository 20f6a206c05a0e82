"""One process of a container as its parent, the shim, sees it.

    birth:  pipes -> clone(2) -> READY -> go() -> EXECUTING, end of file: it runs
    death:  the pidfd becomes readable -> waitpid(2) -> the output is read to its end

A process counts as ended only when its output was taken in full, so that who learns of
the exit finds the log complete. Somebody else may hold a pipe open (a daemon that an
exec left behind): after ``LINGER_SECONDS`` the rest is let go, as in Docker.
"""

import contextlib
import os
import signal
import termios
from collections.abc import Callable
from dataclasses import dataclass

from labkit.base.errors import ConflictError
from labkit.runtime.handshake import Channel, Message, Packet, channel_pair
from labkit.runtime.log import JsonFileLog
from labkit.runtime.loop import READ, Loop
from labkit.runtime.model import IoOptions, StartError
from labkit.runtime.streams import Input, Output, RestingOutput

LINGER_SECONDS = 2.0
_DIED_ON_THE_WAY = "the process died while it was being set up"

Streams = tuple[int, int, int]
Birth = Callable[[Channel, Streams], int]
"""Clones; runs the child's side in the child and returns the pid in the parent."""
Reap = Callable[[int], int]
"""Returns the status of a process that has ended, as waitpid(2) puts it."""


def reap_child(pid: int) -> int:
    """Reap a process that is our own child."""
    return os.waitpid(pid, 0)[1]


@dataclass(frozen=True, slots=True)
class RestingProcess:
    """A process in which nothing goes on, written down: its files and their state."""

    pid: int
    pidfd: int
    master: int
    input: int  # -1 if it is closed, or was never there
    output: RestingOutput


class ContainerProcess:
    """A child of the shim. The ``on_`` callbacks are the owner's."""

    def __init__(
        self,
        loop: Loop,
        io: IoOptions,
        terminal: bool,
        reap: Reap,
        log: JsonFileLog | None = None,
    ) -> None:
        self._loop = loop
        self._io = io
        self._terminal = terminal
        self._reap = reap
        self._channel: Channel | None = None
        self._master = -1
        self._pidfd = -1
        self._failure: StartError | None = None
        self._executing = False
        self._linger_done = False
        self.pid = 0
        self.input = Input(loop, io.stdin_once, terminal) if io.stdin else None
        self.output = Output(loop, log, framed=not terminal)
        self.started = False
        self.exit_code: int | None = None
        self.on_ready: Callable[[], None] = _nothing
        self.on_started: Callable[[], None] = _nothing
        self.on_failed: Callable[[StartError], None] = _ignore
        self.on_ended: Callable[[int], None] = _ignore_code
        self.output.on_end = self._check_ended

    @property
    def pidfd(self) -> int:
        return self._pidfd

    def begin(self, birth: Birth) -> None:
        """Clone; the child goes as far as its gate."""
        ours, theirs = channel_pair()
        with contextlib.ExitStack() as undo:
            undo.callback(ours.close)
            with contextlib.closing(theirs):
                child_ends, own_ends = self._make_pipes()
                undo.callback(_close_all, set(own_ends))
                try:
                    self.pid = birth(theirs, child_ends)
                finally:
                    _close_all(set(child_ends))
            undo.pop_all()
        self._channel = ours
        self._pidfd = os.pidfd_open(self.pid)
        self._connect(own_ends)
        self._loop.watch(ours.fileno(), READ, self._on_message)
        self._loop.watch(self._pidfd, READ, self._on_exit)

    def rest(self) -> RestingProcess:
        """Write down a process of which the loop expects only what is named here."""
        assert self._channel is None
        return RestingProcess(
            self.pid,
            self._pidfd,
            self._master,
            -1 if self.input is None else self.input.fileno(),
            self.output.rest(),
        )

    def resume(self, resting: RestingProcess) -> None:
        """Go on with what another hand wrote down."""
        self.pid = resting.pid
        self._pidfd = resting.pidfd
        self._master = resting.master
        self.started = True
        if self.input is not None:
            self.input.resume(resting.input)
        self.output.resume(resting.output)
        self._loop.watch(self._pidfd, READ, self._on_exit)

    def go(self) -> None:
        """Open the gate."""
        assert self._channel is not None
        try:
            self._channel.send(Message.GO)
        except (BrokenPipeError, ConnectionResetError):
            return  # it is dead: its end of file is on the way to us

    def signal(self, number: int) -> None:
        """Send a signal; by the pidfd, which never means another process."""
        if self.exit_code is not None:
            raise ConflictError(f"process {self.pid} has ended")
        try:
            signal.pidfd_send_signal(self._pidfd, number)
        except ProcessLookupError as error:
            # It is reaped, and the news of it stands in line behind this request.
            raise ConflictError(f"process {self.pid} has ended") from error

    def resize(self, height: int, width: int) -> None:
        """Tell the terminal its size; the kernel sends SIGWINCH."""
        if self._master < 0:
            raise ConflictError("cannot resize a process without a terminal")
        termios.tcsetwinsize(self._master, (height, width))

    def _make_pipes(self) -> tuple[Streams, Streams]:
        """Return the child's ends and ours; with a terminal they come later."""
        with contextlib.ExitStack() as undo:
            # os.pipe makes both ends close-on-exec.
            if self._io.stdin and not self._terminal:
                stdin, own_stdin = _kept(os.pipe(), undo)
            else:
                null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
                stdin, own_stdin = _kept((null, -1), undo)
            if self._terminal:
                undo.pop_all()
                return (stdin, stdin, stdin), (-1, -1, -1)
            own_stdout, stdout = _kept(os.pipe(), undo)
            own_stderr, stderr = _kept(os.pipe(), undo)
            undo.pop_all()
        return (stdin, stdout, stderr), (own_stdin, own_stdout, own_stderr)

    def _connect(self, own_ends: Streams) -> None:
        stdin, stdout, stderr = own_ends
        if stdin >= 0 and self.input is not None:
            self.input.open(stdin)
        if stdout >= 0:
            self.output.add_source(stdout, "stdout")
            self.output.add_source(stderr, "stderr")

    def _take_terminal(self, master: int) -> None:
        os.set_blocking(master, False)
        self._master = master
        if self.input is not None:
            self.input.open(os.dup(master))
        self.output.add_source(os.dup(master), "stdout")

    def _on_message(self, _: int) -> None:
        assert self._channel is not None
        try:
            self._take(self._channel.receive())
        except OSError as error:
            # No file left for its terminal, say: that costs this process and no other.
            self._failure = StartError(f"cannot take its terminal: {error}", 128)
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _take(self, packet: Packet) -> None:
        assert self._channel is not None
        if packet.message is Message.READY:
            self.on_ready()
        elif packet.message is Message.CONSOLE:
            self._take_terminal(packet.fds[0])
            self._channel.send(Message.CONSOLE_TAKEN)
        elif packet.message is Message.EXECUTING:
            self._executing = True
        elif packet.message is Message.FAILED:
            self._failure = StartError(packet.text, packet.exit_code)
        elif packet.message is Message.END:
            self._settle()

    def _settle(self) -> None:
        """The child's end is closed: it executes the program, or it failed."""
        assert self._channel is not None
        self._loop.forget(self._channel.fileno())
        self._channel.close()
        self._channel = None
        if self._failure is None and not self._executing:
            self._failure = StartError(_DIED_ON_THE_WAY, 128)
        if self._failure is None:
            self.started = True
            self.on_started()
        else:
            self.output.release()

    def _on_exit(self, _: int) -> None:
        # What it said before it died comes first.
        while self._channel is not None:
            self._take(self._channel.receive())
        self._loop.forget(self._pidfd)
        status = self._reap(self.pid)
        os.close(self._pidfd)
        self._pidfd = -1
        code = os.waitstatus_to_exitcode(status)
        self.exit_code = 128 - code if code < 0 else code
        self._loop.call_later(LINGER_SECONDS, self.output.finish)
        if self._terminal and self._master < 0:
            self.output.finish()  # it died before it had a terminal
        self._check_ended()

    def _check_ended(self) -> None:
        if self.exit_code is None or not self.output.ended or self._linger_done:
            return
        self._linger_done = True
        if self.input is not None:
            self.input.close()
        if self._master >= 0:
            os.close(self._master)
            self._master = -1
        if self._failure is not None:
            self.on_failed(self._failure)
        else:
            self.on_ended(self.exit_code)


def _kept(ends: tuple[int, int], undo: contextlib.ExitStack) -> tuple[int, int]:
    undo.callback(_close_all, set(ends))
    return ends


def _close_all(fds: set[int]) -> None:
    for fd in fds - {-1}:
        os.close(fd)


def _nothing() -> None:
    return


def _ignore(_: StartError) -> None:
    return


def _ignore_code(_: int) -> None:
    return
