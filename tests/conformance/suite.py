"""docker-py's own integration tests, fetched once and run against an engine.

The suite is part of docker-py's source archive. It wants the pytest and the libraries
of its time, so it gets an environment of its own in the user's cache folder; the second
run finds it there. What may be run is in ``ids.txt``, what is left out and why in
``left_out.txt``.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
API_VERSION = "1.41"
"""The newest that docker-py 7.0.0's tests were written for on such a dockerd."""

_SOURCE = "docker-7.0.0"
_SOURCE_SHA256 = "323736fb92cd9418fc5e7133bc953e11a9da04f4483f828b527db553f1e7e5a3"
_PACKAGES = (
    *("pytest==7.4.2", "pytest-timeout==2.1.0", "packaging==21.3"),
    *("requests==2.31.0", "urllib3==1.26.18", "websocket-client==1.3.3"),
    "paramiko>=3.4,<5",
)
_TEST_SECONDS = 60
_RUN_SECONDS = 600
_PREFIX = "tests/integration/"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one test ended: passed, failed, skipped, or "not run"."""

    outcome: str
    message: str = ""


def read_ids(area: str) -> tuple[str, ...]:
    """Return the tests of an area, in the order in which they are to run."""
    found, current = [], ""
    for line in (HERE / "ids.txt").read_text().splitlines():
        if line.startswith("["):
            current = line.strip("[]")
        elif line and not line.startswith("#") and current == area:
            found.append(line)
    return tuple(found)


def ensure_suite() -> Path:
    """Return the folder with the suite and its environment; fetch them if need be."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "labkit" / "conformance"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "venv/ready").exists():
            _make_environment(folder / "venv")
        if not (folder / "docker-py").exists():
            _fetch_source(folder)
    return folder


def run_suite(host: str, shared: Path, ids: Sequence[str]) -> Mapping[str, Outcome]:
    """Run tests against the engine at ``host``, which should hold nothing of value.

    Tests prune and count: nobody else may use the engine meanwhile.
    """
    folder = ensure_suite()
    with tempfile.TemporaryDirectory(prefix="lk-conformance-") as made:
        scratch = Path(made)
        _run(folder, scratch, shared, host, ids)
        return _read_results(scratch / "results", ids)


def _make_environment(venv: Path) -> None:
    shutil.rmtree(venv, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    _pip(venv, "install", *_PACKAGES)
    (venv / "ready").touch()


def _fetch_source(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        wanted = ("--no-deps", "--no-binary", "docker", "-d", scratch, "docker==7.0.0")
        _pip(folder / "venv", "download", *wanted)
        archive = Path(scratch, f"{_SOURCE}.tar.gz")
        found = sha256(archive.read_bytes()).hexdigest()
        assert found == _SOURCE_SHA256, f"{archive.name} is another file: {found}"
        with tarfile.open(archive) as tar:
            tar.extractall(scratch, filter="data")
        Path(scratch, _SOURCE).rename(folder / "docker-py")


def _pip(venv: Path, *arguments: str) -> None:
    command = [venv / "bin/pip", "--quiet", "--disable-pip-version-check", *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def shared_mount(place: Path) -> Iterator[Path]:
    """Make a folder on a mount that hands on what is mounted below it.

    Before the engine starts: where the machine's root is a private mount, as in a
    container, no later one would be seen by the engine's spawner.
    """
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "lk", place], check=True)
    try:
        subprocess.run(["mount", "--make-shared", place], check=True)
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def _run(
    folder: Path, scratch: Path, shared: Path, host: str, ids: Sequence[str]
) -> None:
    for name in ("home", "tmp"):
        (scratch / name).mkdir()
    command = [folder / "venv/bin/python", "-m", "pytest", "-p", "dockerpy_plugin"]
    command += ["-p", "no:cacheprovider", "--runxfail", "-q"]
    command += ["--timeout", str(_TEST_SECONDS), *(_PREFIX + test for test in ids)]
    with (folder / "last.log").open("wb") as log:
        subprocess.run(
            command,
            cwd=folder / "docker-py",
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(scratch / "home"),
                "TMPDIR": str(scratch / "tmp"),
                "PYTHONPATH": str(HERE),
                "PYTHONDONTWRITEBYTECODE": "1",
                "DOCKER_HOST": host,
                "DOCKER_TEST_API_VERSION": API_VERSION,
                "CONFORMANCE_RESULTS": str(scratch / "results"),
                "CONFORMANCE_SHARED": str(shared),
            },
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            timeout=_RUN_SECONDS,
            check=False,  # each test's own outcome says more
        )


def _read_results(path: Path, ids: Sequence[str]) -> Mapping[str, Outcome]:
    found = {test: Outcome("not run") for test in ids}
    lines = path.read_text().splitlines() if path.exists() else []
    for line in map(json.loads, lines):
        test = line["id"].removeprefix(_PREFIX)
        found[test] = Outcome(line["outcome"], line["message"])
    return found
