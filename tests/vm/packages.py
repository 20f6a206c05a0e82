"""Debian's packages for any kind of machine, unpacked into the user's cache folder.

Nothing is installed: apt works on lists and a state of its own, which are thrown away,
and a package's files are taken without running its scripts.
"""

import os
import re
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

_CLOUD_KERNEL = "linux-image-cloud-{}"
_MERGED = ("bin", "lib", "sbin")
_DIST_PACKAGES = "usr/lib/python3/dist-packages"


def ensure_kernel(architecture: str) -> Path:
    """Return the folder of Debian's cloud kernel: ``boot`` and ``lib/modules``."""

    def make(apt: "_Apt", target: Path) -> None:
        listing = apt.run("apt-cache", "depends", _CLOUD_KERNEL.format(architecture))
        package = re.search(r"Depends: (linux-image-\S+)", listing)
        assert package, listing
        apt.run("apt-get", "download", package[1])
        _unpack(apt.folder.glob("*.deb"), target)

    return _ensure(f"vm-kernel-{architecture}", architecture, make)


def ensure_root(
    architecture: str,
    machine: str,
    packages: tuple[str, ...],
    wheels: tuple[str, ...],
) -> Path:
    """Return a root folder with packages, what they need, and Python's wheels."""

    def make(apt: "_Apt", target: Path) -> None:
        for name in _MERGED:
            (target / "usr" / name).mkdir(parents=True)
            (target / name).symlink_to(f"usr/{name}")
        apt.run("apt-get", "install", "--yes", "--download-only", *packages)
        _unpack(apt.folder.glob("cache/archives/*.deb"), target)
        for name in ("dev", "proc", "root", "run", "srv", "sys", "tmp"):
            (target / name).mkdir(exist_ok=True)
        _install_wheels(machine, wheels, target)

    wanted = zlib.crc32(repr((packages, wheels)).encode())
    return _ensure(f"vm-root-{architecture}-{wanted:08x}", architecture, make)


def _ensure(name: str, architecture: str, make: Callable[["_Apt", Path], None]) -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "labkit" / name
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as scratch:
            made = Path(scratch, "made")
            made.mkdir()
            make(_Apt(architecture, Path(scratch, "apt")), made)
            made.rename(folder)
    return folder


class _Apt:
    """apt for another kind of machine, on which nothing is installed yet."""

    def __init__(self, architecture: str, folder: Path) -> None:
        self.folder = folder
        for name in ("state/lists/partial", "cache/archives/partial"):
            (folder / name).mkdir(parents=True)
        (folder / "status").touch()
        (folder / "apt.conf").write_text(
            f'APT::Architecture "{architecture}";\n'
            f'APT::Architectures "{architecture}";\n'
            'APT::Install-Recommends "false";\n'
            'APT::Sandbox::User "root";\n'  # another user can't look into our folder
            f'Dir::State "{folder}/state";\n'
            f'Dir::State::status "{folder}/status";\n'
            f'Dir::Cache "{folder}/cache";\n'
        )
        self.run("apt-get", "update")

    def run(self, *command: str) -> str:
        config = {"APT_CONFIG": str(self.folder / "apt.conf")}
        return _run(*command, cwd=self.folder, env={**os.environ, **config})


def _unpack(packages: Iterable[Path], target: Path) -> None:
    for package in packages:
        # Without that option a package with /bin puts a folder in the link's place.
        tar = f"tar -x -C '{target}' --keep-directory-symlink"
        _run("sh", "-c", f"dpkg-deb --fsys-tarfile '{package}' | {tar}", cwd=target)


def _install_wheels(machine: str, wheels: tuple[str, ...], target: Path) -> None:
    python = next((target / "usr/bin").glob("python3.*")).name.removeprefix("python")
    platforms = [
        f"--platform=manylinux{version}_{machine}" for version in ("2014", "_2_28")
    ]
    _run(
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-compile"),
        *("--target", str(target / _DIST_PACKAGES), "--only-binary=:all:"),
        *(*platforms, f"--python-version={python}", *wheels),
        cwd=target,
    )


def _run(*command: str, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run(
        command, cwd=cwd, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
