"""``-v`` and ``--mount`` as mount requests: text in, values out.

``-v`` packs source, target and mode into one word, and says by its first letter what
the source is: a path with a slash in front is the host's, anything else is a volume's
name, and a lone path is an anonymous volume.
"""

import posixpath
from dataclasses import dataclass, replace

from labkit.base.errors import InvalidInputError
from labkit.base.paths import clean_path
from labkit.engine.model import MountRequest

_PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
_LABELS = ("z", "Z")  # for SELinux
_CONSISTENCIES = ("consistent", "cached", "delegated", "default")  # for macOS
_KINDS = (("ro", "rw"), ("nocopy",), _PROPAGATIONS, _LABELS, _CONSISTENCIES)


@dataclass(frozen=True, slots=True)
class Mode:
    """The third part of ``-v``: ``ro,z,nocopy``; ``text`` is shown by inspect."""

    text: str = ""
    writable: bool = True
    no_copy: bool = False
    propagation: str = ""


def parse_bind(spec: str) -> tuple[MountRequest, Mode]:
    """Read one ``-v`` word.

    Raises:
        InvalidInputError: the text is Docker's.
    """
    parts = spec.split(":")
    if len(parts) > 3 or not all(parts[:2]):
        raise InvalidInputError(f"invalid volume specification: '{spec}'")
    if len(parts) == 1:
        return MountRequest("volume", check_target(parts[0], spec)), Mode()
    if len(parts) == 2 and _is_mode(parts[1]):
        mode = parse_mode(parts[1])
        return MountRequest("volume", check_target(parts[0], spec)), mode
    mode = parse_mode(parts[2]) if len(parts) == 3 else Mode()
    kind = "bind" if parts[0].startswith("/") else "volume"
    target = check_target(parts[1], spec, kind)
    _check_company(kind, mode, spec)
    request = MountRequest(
        type=kind,
        target=target,
        source=clean_path(parts[0]) if kind == "bind" else parts[0],
        read_only=not mode.writable,
        propagation=mode.propagation,
        no_copy=mode.no_copy,
        create_mountpoint=kind == "bind",
    )
    return request, mode


def _check_company(kind: str, mode: Mode, spec: str) -> None:
    """Refuse a mode's word that belongs to the other kind of mount."""
    field = ""
    if kind == "volume" and mode.propagation:
        field = "BindOptions"
    elif kind == "bind" and mode.no_copy:
        field = "VolumeOptions"
    if field:
        raise InvalidInputError(
            f"invalid volume specification: '{spec}': invalid mount config for type "
            f'"{kind}": field {field} must not be specified'
        )


def parse_mode(text: str) -> Mode:
    """Read ``ro``, ``rw,z`` and so on: at most one word of a kind.

    Raises:
        InvalidInputError: the text is Docker's.
    """
    chosen: dict[tuple[str, ...], str] = {}
    for word in text.split(","):
        kind = next((words for words in _KINDS if word in words), None)
        if kind is None or kind in chosen:
            raise InvalidInputError(f"invalid mode: {text}")
        chosen[kind] = word
    access, copying, propagations, *_ = _KINDS
    return Mode(
        text,
        writable=chosen.get(access) != "ro",
        no_copy=copying in chosen,
        propagation=chosen.get(propagations, ""),
    )


def check_request(request: MountRequest) -> MountRequest:
    """Check one ``--mount``; its target comes back without detours.

    Raises:
        InvalidInputError: the text is Docker's.
    """
    kind = request.type
    prefix = f'invalid mount config for type "{kind}"'
    if kind not in ("bind", "volume", "tmpfs"):
        raise InvalidInputError(
            f'invalid mount config for type "{kind}": mount type unknown'
        )
    if not request.target:
        raise InvalidInputError(f"{prefix}: field Target must not be empty")
    if not request.target.startswith("/"):
        raise InvalidInputError(
            f"{prefix}: invalid mount path: '{request.target}' mount path must be "
            "absolute"
        )
    if clean_path(request.target) == "/":
        raise InvalidInputError(
            f"{prefix}: invalid specification: destination can't be '/'"
        )
    if kind == "bind" and not request.source:
        raise InvalidInputError(f"{prefix}: field Source must not be empty")
    if kind == "bind" and not request.source.startswith("/"):
        raise InvalidInputError(
            f"{prefix}: invalid mount path: '{request.source}' mount path must be "
            "absolute"
        )
    if kind == "bind" and request.propagation not in ("", *_PROPAGATIONS):
        text = f"{prefix}: invalid propagation mode: {request.propagation}"
        raise InvalidInputError(text)
    if kind == "volume" and request.read_only and not request.source:
        raise InvalidInputError(
            f"{prefix}: must not set ReadOnly mode when using anonymous volumes"
        )
    if kind == "volume" and request.subpath:
        if not request.source:
            text = f"{prefix}: must not set Subpath when using anonymous volumes"
            raise InvalidInputError(text)
        if not _is_local(request.subpath):
            text = f"{prefix}: subpath must be a relative path within the volume"
            raise InvalidInputError(text)
    if kind == "tmpfs" and request.source:
        raise InvalidInputError(f"{prefix}: field Source must not be specified")
    if kind == "tmpfs":
        _check_tmpfs_options(request, prefix)
    return replace(request, target=clean_path(request.target))


def _check_tmpfs_options(request: MountRequest, prefix: str) -> None:
    for option in request.tmpfs_options:
        if len(option) not in (1, 2):
            raise InvalidInputError(f"{prefix}: invalid option array length")
        if option[0] not in ("exec", "noexec"):
            raise InvalidInputError(f"{prefix}: invalid option: {option[0]}")


def check_target(target: str, spec: str, kind: str = "volume") -> str:
    """Check where something is to be mounted; return the path without detours."""
    prefix = f"invalid volume specification: '{spec}': invalid mount config for type "
    if not target.startswith("/"):
        raise InvalidInputError(
            f"{prefix}\"{kind}\": invalid mount path: '{target}' mount path must be "
            "absolute"
        )
    if clean_path(target) == "/":
        raise InvalidInputError(
            f"{prefix}\"{kind}\": invalid specification: destination can't be '/'"
        )
    return clean_path(target)


def _is_local(path: str) -> bool:
    """Tell whether a path stays, by its words alone, where it begins."""
    clean = posixpath.normpath(path)
    return not clean.startswith("/") and clean.split("/")[0] != ".."


def _is_mode(text: str) -> bool:
    known = {word for kind in _KINDS for word in kind}
    return known.issuperset(text.split(","))
