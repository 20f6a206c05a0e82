"""Where scenes play: a docker command line at an engine, in a folder of its own."""

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.contract.cli.normal import normal
from tests.contract.cli.scenes import Line, Scene
from tests.engines import Engine

PREFIX = "tr-"
SECONDS = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command printed, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Stage:
    """One command line at one engine."""

    name: str
    command: Path
    engine: Engine
    takes_all: bool
    """Whether lines are typed here that no engine hears of."""

    def play(self, scene: Scene) -> dict[Line, Answer]:
        """Type a scene's commands; return the answers to those that count."""
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
        try:
            environment = self._environment(folder)
            answers = {}
            for line in scene.lines:
                if not line.is_for_all and not self.takes_all:
                    continue
                answer = _type(line.command, folder, environment)
                if line.is_compared:
                    answers[line] = answer
                elif answer.code:
                    raise AssertionError(f"{self.name}, {line.name}: {answer}")
            return answers
        finally:
            self._clear()
            shutil.rmtree(folder)

    def _environment(self, folder: Path) -> dict[str, str]:
        programs = folder / ".programs"
        programs.mkdir()
        (programs / "docker").symlink_to(self.command)
        return {
            "PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin",
            "DOCKER_HOST": self.engine.host,
            "DOCKER_CONFIG": str(folder / ".settings"),
            "HOME": str(folder),
            "TR_FOLDER": str(folder),
            "LANG": "C.UTF-8",
        }

    def _clear(self) -> None:
        """Remove what the scene left, by its names."""
        engine = self.engine
        named = '{"name":["tr-"]}'
        path = f"/containers/json?all=1&filters={_quoted(named)}"
        for each in engine.json("GET", path)[1]:
            engine.request("DELETE", f"/containers/{each['Id']}?force=1&v=1")
        for each in engine.json("GET", f"/networks?filters={_quoted(named)}")[1]:
            engine.request("DELETE", f"/networks/{each['Id']}")
        found = engine.json("GET", f"/volumes?filters={_quoted(named)}")[1]
        for each in found["Volumes"] or []:
            engine.request("DELETE", f"/volumes/{each['Name']}?force=1")
        reference = '{"reference":["tr-*"]}'
        for each in engine.json("GET", f"/images/json?filters={_quoted(reference)}")[1]:
            for tag in each["RepoTags"] or []:
                if tag.startswith(PREFIX):
                    engine.request("DELETE", f"/images/{tag}?force=1")


def _quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())


def _type(command: str, folder: Path, environment: dict[str, str]) -> Answer:
    try:
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(-1, "", f"still running after {SECONDS} s")
    out, err = (
        stream.decode(errors="replace") for stream in (done.stdout, done.stderr)
    )
    return Answer(done.returncode, normal(out), normal(err))


def real_command() -> Path:
    """Return the real docker command line."""
    found = shutil.which("docker", path=os.environ["PATH"])
    assert found is not None
    return Path(found)
