"""A person at a terminal (tmux): both commands show the same on the screen.

What is typed meanwhile is lost or comes too late, as it is for a person: so every line
waits for the screen as it is in the end, whole, and what has no last state of its own
(a new size reaches the container at some time) is asked for again.
"""

import itertools
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, OurEngine
from tests.system.docker_cli.commands import Typist, find_command
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]

PATIENCE = 40
GREETING = "built-in commands.\n\n/ #"
"""The end of what busybox's shell says before it listens."""


class Screen:
    """A terminal of 80 columns and 24 rows, with a docker in its PATH."""

    def __init__(self, typist: Typist, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        self._typist = typist
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x80", "-y24", "sh")
        self.type("PS1='$ '; clear")
        self.is_exactly("$")

    def _tmux(self, *words: str) -> str:
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words],
            env={**self._typist.environ(), "TERM": "xterm"},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def keys(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def type(self, line: str) -> None:
        self._tmux("send-keys", "-l", line)
        self.keys("Enter")

    def text(self) -> str:
        return self._tmux("capture-pane", "-p").rstrip()

    def is_exactly(self, text: str) -> None:
        """Wait until this is on the screen, and nothing else."""
        try:
            wait_until(lambda: self.text() == text, "the screen is right", PATIENCE)
        except AssertionError:
            assert self.text() == text

    def is_one_of(self, *texts: str) -> None:
        """Wait until nothing but one of these is on the screen."""
        wait_until(lambda: self.text() in texts, f"one of {texts}", PATIENCE)

    def shows(self, text: str) -> None:
        """Wait until this is somewhere on the screen."""
        wait_until(lambda: text in self.text(), f"{text!r} on the screen", PATIENCE)

    def is_left(self, mark: str) -> None:
        """Wait until a program that fills the screen is gone, and the shell listens.

        The shell asks the terminal where the cursor is, and throws away what is typed
        into the answer: Enter is typed until a second prompt comes.
        """
        wait_until(lambda: mark not in self.text(), "the program is gone", PATIENCE)
        wait_until(self._listens, "the shell listens", PATIENCE, every=2)

    def _listens(self) -> bool:
        if self.text().endswith("/ #\n/ #"):
            return True
        self.keys("Enter")
        return False

    def resize(self, columns: int, rows: int) -> None:
        """Take another size; return when the container knows it.

        A command that has just begun may not listen to its terminal's size yet: it is
        changed until it is heard.
        """
        tries = itertools.count()
        wait_until(lambda: self._has(rows, columns, next(tries)), "its size", PATIENCE)

    def _has(self, rows: int, columns: int, number: int) -> bool:
        for more in (1, 0):
            self._tmux("resize-window", f"-x{columns + more}", f"-y{rows}")
        self.type(f"clear; stty size; echo try {number}")
        self.shows(f"\ntry {number}\n/ #")
        return self.text().startswith(f"{rows} {columns}\n")

    def close(self) -> None:
        self._tmux("kill-server")


@pytest.fixture(params=["system", "bundled"])
def screen(
    request: pytest.FixtureRequest, lab_engine: OurEngine, tmp_path: Path
) -> Iterator[Screen]:
    if shutil.which("tmux") is None:
        pytest.skip("needs tmux")
    command = find_command(request.param, tmp_path)
    typist = Typist(request.param, command, lab_engine, tmp_path, tmp_path)
    found = Screen(typist, tmp_path)
    yield found
    found.close()
    lab_engine.docker("rm", "-f", "tt")


def test_a_container_of_ones_own(screen: Screen) -> None:
    screen.type(f"clear; docker run -it --name tt --hostname box {TEST_IMAGE} sh")
    screen.shows(GREETING)
    screen.type("clear; echo $TERM; stty size; false")
    screen.is_exactly("xterm\n24 80\n/ #")
    screen.type("echo code $?")
    screen.is_exactly("xterm\n24 80\n/ # echo code $?\ncode 1\n/ #")
    screen.type("clear; echo asleep; sleep 100")
    screen.is_exactly("asleep")
    screen.keys("C-c")
    screen.is_exactly("asleep\n^C\n/ #")
    screen.resize(100, 30)
    screen.resize(80, 24)
    _edit_a_file(screen)
    screen.keys("C-p", "C-q")
    screen.is_exactly("hello\n/ # $")
    screen.type("clear; docker attach tt")
    # An attach changes the size for a moment: a shell that hears of it draws itself.
    screen.is_one_of("", "/ #")
    screen.keys("Enter")
    screen.shows("/ #")
    screen.type("exit 3")
    screen.shows("/ # exit 3\n$")
    screen.type("echo ended $?")
    screen.shows("echo ended $?\nended 3\n$")
    screen.type("clear; docker start -ai tt")
    screen.shows(GREETING)
    screen.type("exit 4")
    screen.shows("/ # exit 4\n$")
    screen.type("clear; docker rm tt")
    screen.is_exactly("tt\n$")


def _edit_a_file(screen: Screen) -> None:
    screen.type("clear; vi /tmp/file")
    screen.shows("\n~\n")
    screen.keys("i", "h", "e", "l", "l", "o")
    screen.shows("I /tmp/file")
    screen.shows("hello\n~")
    # What comes close behind an Escape is part of one key.
    screen.keys("Escape")
    screen.shows("- /tmp/file")
    screen.type(":wq")
    screen.is_left("~")
    screen.type("clear; cat /tmp/file")
    screen.is_exactly("hello\n/ #")


def test_a_process_beside_it(screen: Screen, lab_engine: OurEngine) -> None:
    lab_engine.docker("run", "-d", "--init", "--name", "tt", TEST_IMAGE, "sleep", "99")
    screen.type("clear; docker exec -it tt sh")
    screen.shows(GREETING)
    screen.resize(60, 20)
    for program in ("vi", "less"):
        screen.type(f"clear; {program} /etc/passwd")
        screen.shows("root:x:0:0")
        screen.shows("/etc/passwd")
        screen.type(":q")
        screen.is_left("root:x:0:0")
    screen.type("clear; exit 7")
    screen.is_exactly("$")
    screen.type("echo code $?")
    screen.is_exactly("$ echo code $?\ncode 7\n$")
