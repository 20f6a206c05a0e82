"""Python wheels, by pip, held to the hashes of the lock.

The wheels are for the image's Python, machine and C library, not for ours, so pip is
told those; with ``--require-hashes`` it takes no other file, wherever it found it.
Which index it asks is pip's own configuration.
"""

import os
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from labkit.base.errors import InternalError
from labkit.catalogue.lock import LockedWheel
from labkit.catalogue.sources.checksum import has_sha256
from labkit.catalogue.sources.commands import run_client
from labkit.catalogue.tree import Tree

_MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def fetch_wheels(
    folder: Path, wheels: Sequence[LockedWheel], architecture: str
) -> dict[str, Path]:
    """Bring wheels into the cache; return their paths by project."""
    folder.mkdir(parents=True, exist_ok=True)
    absent = [
        wheel for wheel in wheels if not has_sha256(folder / wheel.file, wheel.sha256)
    ]
    if absent:
        _download(folder, absent, architecture)
    for wheel in absent:
        if not has_sha256(folder / wheel.file, wheel.sha256):
            raise InternalError(f"pip did not bring {wheel.file!r}")
    return {wheel.project: folder / wheel.file for wheel in wheels}


def read_wheel(path: Path, folders: Sequence[str], target: str) -> Tree:
    """Take folders of a wheel's content (all of it if none is named) to a path."""
    tree = Tree()
    with zipfile.ZipFile(path) as archive:
        for item in archive.infolist():
            top = item.filename.partition("/")[0]
            if item.is_dir() or (folders and top not in folders):
                continue
            mode = (item.external_attr >> 16) & 0o777 or 0o644
            tree.file(f"{target}/{item.filename}", archive.read(item), mode | 0o444)
    return tree


def _download(folder: Path, wheels: Sequence[LockedWheel], architecture: str) -> None:
    requirements = folder / f"requirements.{os.getpid()}.txt"
    requirements.write_text(
        "".join(
            f"{wheel.project}=={wheel.version} --hash=sha256:{wheel.sha256}\n"
            for wheel in wheels
        )
    )
    machine = _MACHINES.get(architecture, architecture)
    platforms = [f"manylinux_2_28_{machine}", f"manylinux_2_17_{machine}",
                 f"manylinux2014_{machine}", "any"]  # fmt: skip
    command = [
        *(sys.executable, "-m", "pip", "download", "--quiet", "--no-input"),
        *("--no-deps", "--only-binary=:all:", "--require-hashes", "--pre"),
        *("--retries", "5", "--timeout", "60"),
        *("--python-version", wheels[0].python, "--implementation", "cp"),
        *(f"--platform={platform}" for platform in platforms),
        *("--dest", str(folder), "--requirement", str(requirements)),
    ]
    try:
        run_client(command, "fetch Python wheels", os.environ)
    finally:
        requirements.unlink()
