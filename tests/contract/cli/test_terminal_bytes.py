"""What both command lines write to a terminal, byte by byte, at several widths.

Full screens are compared in ``tests/system/docker_cli/test_terminal_sessions.py``; this
is what goes by: colours, cursor moves, wrapped pages, progress, words about copies.
"""

import os
import pty
import re
import subprocess
import termios
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from tests.contract.cli.stage import real_command
from tests.engines import TEST_IMAGE, OurEngine

pytestmark = [pytest.mark.root, pytest.mark.slow, pytest.mark.timeout(180)]

LIKE = "version 28."
WIDTHS = (120, 45)
LINES = (
    f"images --tree {TEST_IMAGE}",
    "run --help",
    "pull tb.invalid/none",
    "load -i busybox.tar",
    f"run --rm -it {TEST_IMAGE} sh -c 'stty size; tty; exit 4'",
    f"run --rm -t {TEST_IMAGE} ls -C /bin",
    "exec -it tb stty size",
    "exec -t tb sh -c 'echo $TERM'",
    "cp tb:/etc/passwd users",
    "cp tb:/etc folder",
    "cp users tb:/tmp/users",
    "cp folder tb:/tmp/",
    f"save {TEST_IMAGE}",
    "export tb",
    "history --no-trunc busybox",
    "top tb -o args",
    f"run --rm -it --detach-keys odd-keys {TEST_IMAGE}",
    "login",
    "login 127.0.0.1:1",
    "volume prune --filter label=tb-none",
)
TYPED = {"login": b"me\nsecret\n", "volume": b"n\n"}
"""What is typed before the question comes, by a command's first word."""


def _see(command: Path, line: str, width: int, folder: Path, host: str) -> str:
    ours, theirs = pty.openpty()
    try:
        termios.tcsetwinsize(theirs, (24, width))
        os.write(ours, TYPED.get(line.partition(" ")[0], b""))
        process = subprocess.Popen(
            ["sh", "-c", f"exec {command} {line}"],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env={"DOCKER_HOST": host, "TERM": "xterm", "HOME": str(folder)},
            start_new_session=True,
        )
        os.close(theirs)
        seen = b"".join(_pieces(ours))
        return f"{_normal(seen.decode())}\n{process.wait(30)}"
    finally:
        os.close(ours)


def _pieces(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError:  # the last one there has hung up
            return
        if not piece:
            return
        yield piece


def _normal(text: str) -> str:
    text = re.sub(r"\b[0-9a-f]{12}\b", "ID12", text)
    return re.sub(r"\d+ (second|minute|hour|day|week|month|year)s? ago", "AGO", text)


def test_both_write_the_same_bytes(lab_engine: OurEngine, tmp_path: Path) -> None:
    real, bundled = real_command(), ensure_bundled_docker(tmp_path)
    said = subprocess.run([real, "-v"], capture_output=True, text=True, check=True)
    if LIKE not in said.stdout:
        pytest.skip(f"needs Docker's command line, {LIKE}x: {said.stdout.strip()}")
    lab_engine.docker("run", "-d", "--name", "tb", TEST_IMAGE, "sleep", "600")
    lab_engine.docker("save", "-o", str(tmp_path / "busybox.tar"), TEST_IMAGE)
    different = {}
    for line in LINES:
        for width in WIDTHS:
            right, own = (
                _see(command, line, width, tmp_path, lab_engine.host)
                for command in (real, bundled)
            )
            if own != right:
                different[line, width] = (right, own)
    lab_engine.docker("rm", "-f", "tb")
    assert different == {}
