"""``-v`` and ``--mount`` as mount requests: text in, values out.

``-v`` packs source, target and mode into one word, and says by its first letter what
the source is: a path with a slash in front is the host's, anything else is a volume's
name, and a lone path is an anonymous volume.
"""

from dataclasses import dataclass, replace

from labkit.base.errors import InvalidInputError
from labkit.base.paths import clean_path
from labkit.engine.model import MountRequest

_PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
_HARMLESS = ("z", "Z", "consistent", "cached", "delegated", "default")


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
        mode = parse_mode(parts[1], spec)
        return MountRequest("volume", check_target(parts[0], spec)), mode
    mode = parse_mode(parts[2], spec) if len(parts) == 3 else Mode()
    kind = "bind" if parts[0].startswith("/") else "volume"
    target = check_target(parts[1], spec, kind)
    if kind == "bind" and mode.no_copy:
        raise InvalidInputError(f"invalid mode: {mode.text}")
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


def parse_mode(text: str, spec: str) -> Mode:
    """Read ``ro``, ``rw,z`` and so on."""
    writable, no_copy, propagation = True, False, ""
    for word in text.split(","):
        if word in ("ro", "rw"):
            writable = word == "rw"
        elif word == "nocopy":
            no_copy = True
        elif word in _PROPAGATIONS:
            propagation = word
        elif word not in _HARMLESS:
            raise InvalidInputError(
                f"invalid volume specification: '{spec}': invalid mode: {text}"
            )
    return Mode(text, writable, no_copy, propagation)


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
    if kind == "tmpfs" and request.source:
        raise InvalidInputError(f"{prefix}: field Source must not be specified")
    return replace(request, target=clean_path(request.target))


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


def _is_mode(text: str) -> bool:
    known = (*_PROPAGATIONS, *_HARMLESS, "ro", "rw", "nocopy")
    return all(word in known for word in text.split(","))
