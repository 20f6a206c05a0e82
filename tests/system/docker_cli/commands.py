"""The two command lines, each with Compose as its plug-in."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from labkit.base.environment import ensure_docker_config
from tests.engines import Engine
from tests.waiting import wait_until


@dataclass(frozen=True, slots=True)
class Typist:
    """Types at one docker, at one engine, in one folder."""

    name: str
    command: Path
    engine: Engine
    folder: Path
    home: Path

    def environ(self, **more: str) -> dict[str, str]:
        kept = ("LANG", "PATH", "TERM", "TMUX_TMPDIR")
        found = {name: os.environ[name] for name in kept if name in os.environ}
        return {
            **found,
            "PATH": f"{self.command.parent}{os.pathsep}{found['PATH']}",
            "HOME": str(self.home),
            "DOCKER_HOST": self.engine.host,
            "DOCKER_CONFIG": str(ensure_docker_config(self.home)),
            **more,
        }

    def __call__(self, *words: str, code: int = 0, **more: str) -> str:
        """Type ``docker WORDS``; return what it printed."""
        done = subprocess.run(
            [self.command, *words],
            cwd=self.folder,
            env=self.environ(**more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == code, f"docker {words}: {done.stdout}{done.stderr}"
        return done.stdout

    @contextlib.contextmanager
    def goes_on(self, *words: str, **more: str) -> Iterator["Ongoing"]:
        """Type what goes on until it is interrupted; at the end it has ended."""
        out = self.home / "ongoing"
        with out.open("wb") as file:
            process = subprocess.Popen(
                [self.command, *words],
                cwd=self.folder,
                env=self.environ(**more),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            yield Ongoing(process, out)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


@dataclass(frozen=True, slots=True)
class Ongoing:
    """A command that has not ended, and what it has printed so far."""

    process: subprocess.Popen[bytes]
    out: Path

    def prints(self, text: str) -> None:
        wait_until(
            lambda: text in self.out.read_text() or self.process.poll() is not None,
            f"{text!r} is printed",
            timeout=40,
        )
        said = self.out.read_text()
        assert text in said, said

    def interrupt(self) -> int:
        """Press ctrl-c, which all at a terminal hear; return the exit code."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(40)


def find_command(name: str, home: Path) -> Path:
    """Return the bundled command or the machine's own."""
    if name == "bundled":
        return ensure_bundled_docker(home)
    found = shutil.which("docker")
    if found is None:
        pytest.skip("needs the docker command line")
    return Path(found)
