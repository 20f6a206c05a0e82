"""mount(8)'s words as the kernel's bits (runtime-spec, config.md, "Linux mounts")."""

from collections.abc import Iterable
from dataclasses import dataclass

from labkit.kernel.flags import MountAttribute, MountFlag
from labkit.spec.runtime import SUBPATH

_SET: dict[str, MountFlag] = {
    "ro": MountFlag.RDONLY,
    "nosuid": MountFlag.NOSUID,
    "nodev": MountFlag.NODEV,
    "noexec": MountFlag.NOEXEC,
    "sync": MountFlag.SYNCHRONOUS,
    "remount": MountFlag.REMOUNT,
    "mand": MountFlag.MANDLOCK,
    "dirsync": MountFlag.DIRSYNC,
    "nosymfollow": MountFlag.NOSYMFOLLOW,
    "noatime": MountFlag.NOATIME,
    "nodiratime": MountFlag.NODIRATIME,
    "bind": MountFlag.BIND,
    "rbind": MountFlag.BIND | MountFlag.REC,
    "relatime": MountFlag.RELATIME,
    "strictatime": MountFlag.STRICTATIME,
    "silent": MountFlag.SILENT,
    "lazytime": MountFlag.LAZYTIME,
}
_CLEAR: dict[str, MountFlag] = {
    "rw": MountFlag.RDONLY,
    "suid": MountFlag.NOSUID,
    "dev": MountFlag.NODEV,
    "exec": MountFlag.NOEXEC,
    "async": MountFlag.SYNCHRONOUS,
    "nomand": MountFlag.MANDLOCK,
    "atime": MountFlag.NOATIME,
    "diratime": MountFlag.NODIRATIME,
    "norelatime": MountFlag.RELATIME,
    "nostrictatime": MountFlag.STRICTATIME,
    "loud": MountFlag.SILENT,
    "symfollow": MountFlag.NOSYMFOLLOW,
}
_PROPAGATION: dict[str, MountFlag] = {
    "private": MountFlag.PRIVATE,
    "shared": MountFlag.SHARED,
    "slave": MountFlag.SLAVE,
    "unbindable": MountFlag.UNBINDABLE,
    "rprivate": MountFlag.PRIVATE | MountFlag.REC,
    "rshared": MountFlag.SHARED | MountFlag.REC,
    "rslave": MountFlag.SLAVE | MountFlag.REC,
    "runbindable": MountFlag.UNBINDABLE | MountFlag.REC,
}
# A plain bind remount reaches one mount; these reach all that lie below it, too.
_RECURSIVE: dict[str, MountAttribute] = {
    "rro": MountAttribute.RDONLY,
    "rnosuid": MountAttribute.NOSUID,
    "rnodev": MountAttribute.NODEV,
    "rnoexec": MountAttribute.NOEXEC,
    "rnosymfollow": MountAttribute.NOSYMFOLLOW,
}
_IGNORED = frozenset({"defaults", "tmpcopyup", "copy", "nocopy", "z", "Z"})


@dataclass(frozen=True, slots=True)
class MountOptions:
    """A mount's words, sorted. ``data`` is what the file system itself reads."""

    flags: MountFlag = MountFlag.NONE
    propagation: tuple[MountFlag, ...] = ()
    recursive: MountAttribute = MountAttribute.NONE
    data: str = ""
    subpath: str = ""


def parse_options(words: Iterable[str]) -> MountOptions:
    """Sort words; what nobody knows goes to the file system (``size=64m``)."""
    flags = MountFlag.NONE
    propagation: list[MountFlag] = []
    recursive = MountAttribute.NONE
    data: list[str] = []
    subpath = ""
    for word in words:
        if word in _SET:
            flags |= _SET[word]
        elif word in _CLEAR:
            flags &= ~_CLEAR[word]
        elif word in _PROPAGATION:
            propagation.append(_PROPAGATION[word])
        elif word in _RECURSIVE:
            recursive |= _RECURSIVE[word]
        elif word.startswith(SUBPATH):
            subpath = word.removeprefix(SUBPATH)
        elif word not in _IGNORED:
            data.append(word)
    return MountOptions(flags, tuple(propagation), recursive, ",".join(data), subpath)


def propagation_flag(word: str) -> MountFlag | None:
    """Return the bits of ``rslave`` and the like."""
    return _PROPAGATION.get(word)
