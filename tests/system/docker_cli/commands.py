"""The two command lines, each with Compose as its plug-in."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from labkit.base.environment import ensure_docker_config
from tests.engines import Engine


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


def find_command(name: str, home: Path) -> Path:
    """Return the bundled command or the machine's own."""
    if name == "bundled":
        return ensure_bundled_docker(home)
    found = shutil.which("docker")
    if found is None:
        pytest.skip("needs the docker command line")
    return Path(found)
