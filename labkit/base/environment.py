"""The shell environment in which ``docker`` and ``docker compose`` reach an engine.

Three variables make it: ``DOCKER_HOST`` names the engine; ``DOCKER_CONFIG`` names a
folder of ours whose ``cli-plugins`` holds links to the Compose that came with labkit,
and to our own buildx (the docker CLI finds plug-ins nowhere else without touching the
learner's own ``~/.docker``); ``PATH`` gains the folder of the ``labkit`` command, at
its end, so that the machine's own programs keep their precedence, and the folder of the
bundled ``docker`` in front, where that is the one to use (``docker_command``).
"""

import os
import sys
from pathlib import Path
from threading import get_ident

from labkit.base.docker_command import (
    DockerCommand,
    bundled_folder,
    choose_docker,
    ensure_bundled_docker,
)
from labkit.base.home import lab_home

_PLUGINS = ("docker-buildx", "docker-compose")


def lab_environment(docker_host: str, home: Path | None = None) -> dict[str, str]:
    """Return the variables that differ from the current environment's.

    Makes the configuration folder if it is not there.
    """
    home = home or lab_home()
    config = ensure_docker_config(home)
    return {
        "DOCKER_HOST": docker_host,
        "DOCKER_CONFIG": str(config),
        "PATH": _lab_path(os.environ.get("PATH", os.defpath), home),
    }


def ensure_docker_config(home: Path) -> Path:
    """Make the folder for ``DOCKER_CONFIG`` with its plug-ins; return it."""
    config = home / ".docker"
    plugins = config / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    for name in _PLUGINS:
        _ensure_link(plugins, name)
    return config


def programs_folder() -> Path:
    """Return the folder of the interpreter: pip put ``labkit`` and Compose there."""
    return Path(sys.executable).absolute().parent


def _ensure_link(plugins: Path, name: str) -> None:
    program, link = programs_folder() / name, plugins / name
    if program.exists() and not _points_to(link, program):
        # Made beside and renamed over: a second command, or another thread of this one,
        # may do the same right now.
        draft = plugins / f".{name}.{os.getpid()}.{get_ident()}"
        draft.symlink_to(program)
        draft.rename(link)


def _points_to(link: Path, program: Path) -> bool:
    return link.is_symlink() and link.readlink() == program


def _lab_path(path: str, home: Path) -> str:
    bundled = str(bundled_folder(home))
    folders = [folder for folder in path.split(os.pathsep) if folder != bundled]
    own = str(programs_folder())
    if own not in folders:
        folders.append(own)
    if choose_docker(home).command is DockerCommand.BUNDLED:
        ensure_bundled_docker(home)
        folders.insert(0, bundled)
    return os.pathsep.join(folders)
