"""Where things of one person and of one engine are on the disk.

Two places, on purpose apart:

- the **lab home** belongs to the learner: workspace, progress, seed, hints taken.
  ``LABKIT_HOME`` moves it; ``~/labkit`` otherwise.
- the **data root** belongs to an engine: images, containers, volumes. It is
  ``/var/lib/labkit`` for root and ``~/.local/share/labkit`` for others, and
  ``labkit engine ... --data-root`` moves it.

The course's own files (book, exercises, notebooks, labs) lie beside the package in a
checkout and inside it in a wheel: ``content_folder`` knows both.
"""

import os
from pathlib import Path

from labkit.base.errors import NotFoundError
from labkit.base.person import behind_sudo

_ROOTFUL = Path("/var/lib/labkit")
_PACKAGE = Path(__file__).resolve().parent.parent


def default_data_root() -> Path:
    """Return the folder of this user's engine.

    For an ordinary user that is root's, if root's engine was started for them (by
    ``sudo``): its socket is theirs to open.
    """
    if os.geteuid() == 0 or os.access(default_socket(_ROOTFUL), os.W_OK):
        return _ROOTFUL
    shared = os.environ.get("XDG_DATA_HOME")
    base = Path(shared) if shared else Path.home() / ".local" / "share"
    return base / "labkit"


def default_socket(data_root: Path) -> Path:
    """Return where an engine with this data root listens unless told otherwise."""
    return data_root / "run" / "docker.sock"


def lab_home() -> Path:
    """Return the learner's folder; it need not exist yet.

    Under sudo that is the folder of the person who typed the command, not root's:
    what they did must be found again by their next command, typed without sudo.
    """
    named = os.environ.get("LABKIT_HOME")
    if named:
        return Path(named).expanduser().absolute()
    person = behind_sudo()
    return (person.home if person else Path.home()) / "labkit"


def workspace() -> Path:
    """Return the folder of the learner's own copies of notebooks and files."""
    return lab_home() / "workspace"


def bundled_images_folders() -> tuple[Path, ...]:
    """Return where the bundled images may lie: in the caches of whoever started us.

    ``labkit images build`` keeps them there, for root or for the person behind sudo;
    the folders need not be there.
    """
    named = os.environ.get("XDG_CACHE_HOME")
    caches = [Path(named) if named else Path.home() / ".cache"]
    if person := behind_sudo():
        caches.append(person.home / ".cache")
    return tuple(dict.fromkeys(cache / "labkit" / "images" for cache in caches))


def content_folder(name: str) -> Path:
    """Return a folder of the course, such as ``exercises`` or ``book``.

    Raises:
        NotFoundError: neither a checkout nor an installed wheel holds it.
    """
    for folder in (_PACKAGE / "_content" / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise NotFoundError(
        f"cannot find the course's folder {name!r} beside {_PACKAGE}: "
        "install labkit again, or work in a checkout of it"
    )
