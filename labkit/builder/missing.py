"""What isn't where a COPY or a mount looks for it, and what is like it and is there."""

import posixpath

from labkit.builder import messages
from labkit.builder.model import MissingFileError
from labkit.builder.sources import Origin
from labkit.dockerfile.instructions import Copy, Transfer
from labkit.dockerfile.mounts import Mount
from labkit.dockerfile.suggest import nearest

_CONTEXT = "local://context"  # what BuildKit calls it


def missing_file(what: Transfer, source: str, origin: Origin) -> MissingFileError:
    """Say that a source isn't there, and what was probably meant."""
    place = what.from_ if isinstance(what, Copy) else ""
    message = messages.no_source(what.name, source, from_context=not place)
    return _missing(message, place, source, origin)


def missing_mount(mount: Mount, origin: Origin) -> MissingFileError:
    """Say the same of what a RUN wants to have mounted."""
    message = messages.no_mount_source(mount.source)
    return _missing(message, mount.from_, mount.source, origin)


def missing_context(what: Transfer, source: str) -> MissingFileError:
    """Say that there is nothing to copy a source from."""
    path = posixpath.normpath("/" + source.lstrip("/"))
    hint = "there is no build context: a Dockerfile came alone"
    return MissingFileError(messages.no_context(what.name), _CONTEXT, path, hint)


def _missing(message: str, place: str, source: str, origin: Origin) -> MissingFileError:
    path = posixpath.normpath("/" + source.lstrip("/"))
    hint = _hint(source, path, origin)
    return MissingFileError(message, place or _CONTEXT, path, hint)


def _hint(source: str, path: str, origin: Origin) -> str:
    meant = _meant(path, origin)
    if meant:
        return f"did you mean {meant.lstrip('/')}?"
    if posixpath.normpath(source.lstrip("/")).startswith("../"):
        return "'..' does not lead out of where files are copied from"
    return ""


def _meant(path: str, origin: Origin) -> str:
    """Return a path that is there and differs in one name, if one is near enough."""
    parts = path.strip("/").split("/")
    for at, part in enumerate(parts):
        above = "/" + "/".join(parts[:at])
        if origin.view.find(posixpath.join(above, part)) is not None:
            continue
        names = _names(origin, above)
        same = (name for name in names if name.lower() == part.lower())
        found = next(same, "") or nearest(part, names)
        meant = posixpath.join(above, found, *parts[at + 1 :])
        return meant if found and origin.view.find(meant) is not None else ""
    return ""


def _names(origin: Origin, path: str) -> list[str]:
    entry = origin.view.find(path) if origin.layers else None
    folder = origin.open(entry.path) if entry is not None and entry.is_folder else None
    if folder is None:
        return []
    with folder:
        return [name for name in folder.names() if folder.look(name) is not None]
