"""The real command line on a real terminal: prompt, size, ctrl-c, detaching."""

import contextlib
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
from collections.abc import Iterator

import pytest

from tests.contract.api.world import PREFIX, container
from tests.engines import TEST_IMAGE, Engine
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]


class Terminal:
    """A pseudo terminal with the command line at its far end."""

    def __init__(self, process: subprocess.Popen[bytes], fd: int) -> None:
        self.process = process
        self._fd = fd
        self.seen = b""

    def type(self, text: str) -> None:
        os.write(self._fd, text.encode())

    def expect(self, text: str) -> str:
        """Wait until the screen has shown a text; return what came before it."""
        wait_until(lambda: self.shows(text.encode()), f"{text!r} is shown", 20)
        before, _, self.seen = self.seen.partition(text.encode())
        return before.decode()

    def shows(self, text: bytes) -> bool:
        with contextlib.suppress(BlockingIOError, OSError):
            while data := os.read(self._fd, 4096):
                self.seen += data
        return text in self.seen

    def resize(self, rows: int, columns: int) -> None:
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, size)
        self.process.send_signal(signal.SIGWINCH)

    def exit_code(self) -> int:
        return self.process.wait(20)


@contextlib.contextmanager
def terminal(engine: Engine, *arguments: str) -> Iterator[Terminal]:
    """Run the command line on a terminal of 24 rows and 80 columns."""
    near, far = pty.openpty()
    os.set_blocking(near, False)
    fcntl.ioctl(near, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    process = subprocess.Popen(
        engine.command(*arguments),
        env=engine.environ(),
        stdin=far,
        stdout=far,
        stderr=far,
        start_new_session=True,
    )
    os.close(far)
    try:
        yield Terminal(process, near)
    finally:
        process.kill()
        process.wait()
        os.close(near)


def test_run_with_a_terminal(engine: Engine) -> None:
    with terminal(engine, "run", "--rm", "-it", TEST_IMAGE, "sh") as screen:
        screen.expect("# ")
        screen.type("tty; stty size\n")
        screen.expect("/dev/pts/0")
        screen.expect("24 80")
        screen.expect("# ")
        screen.resize(30, 100)
        wait_until(lambda: _size_is(screen, "30 100"), "the new size has arrived")
        screen.type("exit 5\n")
        assert screen.exit_code() == 5


def _is_interrupted(screen: Terminal) -> bool:
    # Again and again: the first one may come before the program has begun.
    screen.type("\x03")
    return screen.shows(b"# ")


def _size_is(screen: Terminal, size: str) -> bool:
    screen.type("stty size\n")
    return size in screen.expect("# ")


def test_ctrl_c_reaches_the_program(engine: Engine) -> None:
    with terminal(engine, "run", "--rm", "-it", TEST_IMAGE, "sh") as screen:
        screen.expect("# ")
        screen.type("echo $((40 + 2)); sleep 1000\n")
        screen.expect("42")
        wait_until(lambda: _is_interrupted(screen), "the prompt is back")
        screen.type("exit\n")
        assert screen.exit_code() == 130


def test_ctrl_p_ctrl_q_detaches(engine: Engine) -> None:
    name = f"{PREFIX}detach"
    command = ["run", "-it", "--name", name, TEST_IMAGE, "sh"]
    try:
        with terminal(engine, *command) as screen:
            screen.expect("# ")
            screen.type("\x10\x11")
            assert screen.exit_code() == 0
        _, details = engine.json("GET", f"/v1.41/containers/{name}/json")
        assert details["State"]["Status"] == "running"
        with terminal(engine, "attach", name) as screen:
            screen.type("echo $((40 + 2))\n")
            screen.expect("42")
            screen.type("exit 3\n")
            assert screen.exit_code() == 3
    finally:
        engine.request("DELETE", f"/v1.41/containers/{name}?force=1&v=1")


def test_exec_with_a_terminal(engine: Engine) -> None:
    with (
        container(engine, "exec") as made,
        terminal(engine, "exec", "-it", made, "sh") as screen,
    ):
        screen.expect("# ")
        screen.type("stty size; tty\n")
        screen.expect("24 80")
        screen.type("exit 7\n")
        assert screen.exit_code() == 7


def test_ctrl_c_without_a_terminal_inside_ends_the_container(engine: Engine) -> None:
    name = f"{PREFIX}foreground"
    command = ["run", "--rm", "--name", name, TEST_IMAGE]
    program = "trap 'exit 9' INT; echo ready; while :; do sleep 0.1; done"
    with terminal(engine, *command, "sh", "-c", program) as screen:
        screen.expect("ready")
        screen.process.send_signal(signal.SIGINT)
        assert screen.exit_code() == 9


def test_input_from_a_pipe(engine: Engine) -> None:
    done = engine.docker("run", "--rm", "-i", TEST_IMAGE, "sort", data=b"b\na\n")
    assert (done.returncode, done.stdout) == (0, "a\nb\n")


@pytest.mark.parametrize(
    ("command", "code"),
    [(["true"], 0), (["false"], 1), (["nosuch"], 127), (["/etc"], 126)],
)
def test_exit_codes(engine: Engine, command: list[str], code: int) -> None:
    assert engine.docker("run", "--rm", TEST_IMAGE, *command).returncode == code
