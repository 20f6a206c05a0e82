"""A person at a terminal (tmux): both commands show the same on the screen."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines import TEST_IMAGE, OurEngine
from tests.system.docker_cli.commands import Typist, find_command
from tests.waiting import wait_until

pytestmark = [pytest.mark.root, pytest.mark.slow]


class Screen:
    """A terminal of 80 columns and 24 rows, with a docker in its PATH."""

    def __init__(self, typist: Typist, folder: Path) -> None:
        self._socket = str(folder / "tmux")
        self._typist = typist
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x80", "-y24", "sh")
        self.type("PS1='$ '; clear")
        self.shows("$ ")

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

    def shows(self, last: str) -> str:
        """Wait until the screen's last line is this; return the screen."""
        wait_until(
            lambda: self.text().endswith(last.rstrip()), f"{last!r} on the screen"
        )
        return self.text()

    def resize(self, columns: int, rows: int) -> None:
        self._tmux("resize-window", f"-x{columns}", f"-y{rows}")

    def close(self) -> None:
        self._tmux("kill-server")


@pytest.fixture
def screens(lab_engine: OurEngine, tmp_path: Path) -> Iterator[list[Screen]]:
    if shutil.which("tmux") is None:
        pytest.skip("needs tmux")
    found = []
    for name in ("system", "bundled"):
        home = tmp_path / name
        home.mkdir()
        typist = Typist(name, find_command(name, home), lab_engine, tmp_path, home)
        found.append(Screen(typist, home))
    yield found
    for screen in found:
        screen.close()


def _session(screen: Screen) -> list[str]:
    seen: list[str] = []
    screen.type(f"docker run -it --name tt --hostname box {TEST_IMAGE} sh")
    screen.shows("/ #")
    screen.type("echo $TERM; stty size; false")
    screen.type("echo code $?")
    seen.append(screen.shows("/ #"))
    screen.type("clear; sleep 100")
    screen.keys("C-c")
    screen.type("echo interrupted")
    screen.shows("interrupted\n/ #")
    screen.resize(100, 30)
    screen.type("clear; stty size")
    seen.append(screen.shows("30 100\n/ #"))
    screen.type("vi /tmp/file")
    wait_until(lambda: "\n~\n" in screen.text(), "an empty file is shown")
    screen.keys("i", "h", "e", "l", "l", "o", "Escape")
    wait_until(lambda: screen.text().startswith("hello"), "the word is shown")
    screen.type(":wq")
    wait_until(lambda: "~" not in screen.text(), "vi is gone")
    screen.type("clear; cat /tmp/file")
    seen.append(screen.shows("hello\n/ #"))
    screen.keys("C-p", "C-q")
    screen.shows("$")
    screen.type("clear; docker attach tt")
    screen.keys("Enter")
    screen.shows("/ #")
    screen.type("clear; exit 3")
    screen.shows("$")
    screen.type("echo ended $?")
    seen.append(screen.shows("ended 3\n$"))
    screen.type("clear; docker start -ai tt")
    screen.shows("/ #")
    screen.type("exit 4")
    screen.shows("$")
    screen.type("clear; docker rm tt")
    seen.append(screen.shows("tt\n$"))
    return seen


def test_both_commands_show_the_same(screens: list[Screen]) -> None:
    real, ours = (_session(screen) for screen in screens)
    assert ours == real


def test_exec_in_a_terminal(screens: list[Screen], lab_engine: OurEngine) -> None:
    lab_engine.docker("run", "-d", "--name", "tx", TEST_IMAGE, "sleep", "100")
    seen = []
    for screen in screens:
        screen.type("docker exec -it tx sh")
        screen.shows("/ #")
        screen.type("vi /etc/passwd")
        wait_until(lambda s=screen: "root:x:0:0" in s.text(), "the file is shown")
        screen.resize(60, 20)
        wait_until(lambda s=screen: len(s.text().splitlines()) <= 20, "it is smaller")
        screen.type(":q")
        screen.type("clear; stty size; exit 7")
        screen.shows("$")
        screen.type("echo code $?")
        seen.append(screen.shows("$"))
    lab_engine.docker("rm", "-f", "tx")
    assert seen[0] == seen[1]
    assert "code 7" in seen[0]
