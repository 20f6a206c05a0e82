"""``docker volume create -o``: a volume that is a folder of the host's, or memory.

    type=none, o=bind, device=/srv/data
    type=tmpfs, device=tmpfs, o=size=100m,uid=1000

Docker's ``local`` driver hands these to mount(2) for as long as a container uses the
volume. Here the volume's folder is a symbolic link to the device instead: each
container's own bind mount follows it, and there is no mount on the host to leak. For
the same reason memory is mounted inside the containers that use it, and what would
need a mount on the host (nfs, a disk) is refused.
"""

from collections.abc import Mapping
from pathlib import Path

from labkit.base.errors import InternalError, InvalidInputError, UnsupportedError
from labkit.engine.model import Volume

TMPFS = "tmpfs"
_NEEDS = {"type": ("device",), "o": ("device", "type"), "device": ("type",)}
_BIND = frozenset({"bind", "rbind"})
_MS_BIND = 0x1000


def check_options(name: str, options: Mapping[str, str]) -> None:
    """Refuse options that are unknown, incomplete, or more than this engine does.

    Raises:
        InvalidInputError: in Docker's words.
        UnsupportedError: a dockerd could do it.
    """
    if "size" in options:
        text = f"create {name}: quota size requested but no quota support"
        raise InvalidInputError(text)
    for option in options:
        if option not in _NEEDS:
            raise InvalidInputError(f'create {name}: invalid option: "{option}"')
        for other in _NEEDS[option]:
            if not options.get(other):
                text = f'create {name}: missing required option: "{other}"'
                raise InvalidInputError(text)
    if not options:
        return
    if options["type"] == TMPFS:
        return
    kind, flags = options["type"], set(options.get("o", "").split(","))
    if not flags or not flags <= _BIND:
        raise UnsupportedError(
            f"create {name}: this engine's local volumes are folders, o=bind to one, "
            f"or tmpfs, not mounts of type {kind} with o={options.get('o', '')}"
        )
    if not options["device"].startswith("/"):
        text = f"create {name}: device {options['device']!r} is no absolute path"
        raise InvalidInputError(text)


def make_data_folder(data: Path, options: Mapping[str, str]) -> None:
    """Make the folder that containers mount, or the link to it."""
    if not options or options["type"] == TMPFS:
        data.mkdir(parents=True, mode=0o755, exist_ok=True)
    elif not data.is_symlink():
        data.parent.mkdir(parents=True, mode=0o755, exist_ok=True)
        data.symlink_to(options["device"])


def check_device(volume: Volume) -> None:
    """Refuse to use a volume whose folder of the host's is not there (any more).

    Raises:
        InternalError: in Docker's words.
    """
    device = volume.options.get("device")
    memory = volume.options.get("type") == TMPFS
    if device is None or memory or Path(device).exists():
        return
    where = volume.mountpoint
    raise InternalError(
        f"error while mounting volume '{where}': failed to mount local volume: mount "
        f"{device}:{where}, flags: {_MS_BIND:#x}: no such file or directory"
    )
