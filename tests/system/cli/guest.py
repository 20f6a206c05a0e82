"""An ordinary user who is on the machine only as long as a command of theirs runs.

Every command gets a mount namespace of its own. In it the password file has one line
more, and where a folder of root's hides Python or the checkout from other users, an
open one lies on top of it. With the command all that is gone: nothing on the machine
was changed.
"""

import contextlib
import os
import pwd
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.course.learner import COMMAND
from tests.engines import OurEngine, put_images

NAME, UID = "labguest", 54321
_CHECKOUT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Guest:
    """A user with a home, and an engine that root may start for them."""

    folder: Path
    engine: OurEngine

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def labkit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run labkit as this user."""
        return _run(self.command(*arguments), self.environ())

    def sudo_labkit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run labkit as ``sudo`` does for this user."""
        return _run(self.sudo_command(*arguments), self.sudo_environ())

    def command(self, *arguments: str) -> list[str]:
        drop = ["setpriv", f"--reuid={UID}", f"--regid={UID}", "--clear-groups"]
        return self._inside([*drop, *COMMAND, *arguments])

    def sudo_command(self, *arguments: str) -> list[str]:
        return self._inside([*COMMAND, *arguments])

    def environ(self) -> dict[str, str]:
        return self._environ(HOME=str(self.home), USER=NAME, LOGNAME=NAME)

    def sudo_environ(self) -> dict[str, str]:
        return self._environ(HOME="/root", SUDO_UID=str(UID), SUDO_GID=str(UID))

    def _environ(self, **more: str) -> dict[str, str]:
        kept = {
            name: os.environ[name]
            for name in ("PATH", "LANG", "XDG_CACHE_HOME")
            if name in os.environ
        }
        path = {"PYTHONPATH": str(_CHECKOUT), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**kept, **path, "DOCKER_HOST": self.engine.host, **more}

    def _inside(self, command: Sequence[str]) -> list[str]:
        script = _script(self.folder, ("/usr", sys.base_prefix, sys.prefix, _CHECKOUT))
        return [
            *("unshare", "--mount", "--propagation", "private"),
            *("sh", "-euc", f'{script}\ncd /\nexec "$@"', "sh", *command),
        ]


@contextlib.contextmanager
def invited() -> Iterator[Guest]:
    """Give a guest whose engine runs, started by sudo, with the bundled images."""
    folder = Path(tempfile.mkdtemp(prefix="lk-", dir="/tmp"))
    try:
        folder.chmod(0o711)
        (folder / "home").mkdir()
        os.chown(folder / "home", UID, UID)
        (folder / "stage").mkdir()
        guest = Guest(folder, OurEngine(folder))
        line = f"{NAME}:x:{UID}:{UID}::{guest.home}:/bin/sh\n"
        (folder / "passwd").write_text(Path("/etc/passwd").read_text() + line)
        yield guest
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def engine_by_sudo(guest: Guest) -> Iterator[None]:
    """Start the engine as ``sudo labkit engine start`` does, and stop it so."""
    place = ["--data-root", str(guest.engine.data_root)]
    place += ["--socket", str(guest.engine.socket)]
    started = guest.sudo_labkit("engine", "start", *place)
    assert started.returncode == 0, started.stderr
    try:
        put_images(guest.engine)
        yield
    finally:
        guest.engine.remove_containers()
        stopped = guest.sudo_labkit("engine", "stop", *place)
        assert stopped.returncode == 0, stopped.stderr


def _script(folder: Path, needed: Sequence[str | Path]) -> str:
    """Write what makes the namespace fit: the password file, and ways to programs."""
    stage = folder / "stage"
    lines = [
        f"mount --bind {folder}/passwd /etc/passwd",
        f"mount -t tmpfs -o mode=755 none {stage}",
    ]
    paths = [Path(path) for path in needed]
    hidden = {path: _hiding(path) for path in paths}
    for number, path in enumerate(paths):
        if hidden[path]:
            lines.append(f"mkdir {stage}/{number}")
            lines.append(f"mount --bind {shlex.quote(str(path))} {stage}/{number}")
    for cover in sorted({cover for cover in hidden.values() if cover}):
        lines.append(f"mount -t tmpfs -o mode=755 none {shlex.quote(str(cover))}")
    for number, path in enumerate(paths):
        if hidden[path]:
            quoted = shlex.quote(str(path))
            lines.append(f"mkdir -p {quoted}; mount --bind {stage}/{number} {quoted}")
    return "\n".join(lines)


def _hiding(path: Path) -> Path | None:
    """Return the topmost folder on the way that others can't pass."""
    for folder in reversed((path, *path.parents)):
        if not folder.stat().st_mode & 0o001:
            return folder
    return None


def _run(
    command: list[str], environ: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )


def owners(folder: Path) -> dict[str, str]:
    """Return who has what below a folder, by name where there is one."""
    found = {}
    for path in (folder, *folder.rglob("*")):
        uid = path.lstat().st_uid
        try:
            found[str(path)] = NAME if uid == UID else pwd.getpwuid(uid).pw_name
        except KeyError:
            found[str(path)] = str(uid)
    return found
