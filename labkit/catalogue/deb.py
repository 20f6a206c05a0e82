"""Reading Debian packages without dpkg.

A .deb is an ``ar`` archive of three members: ``debian-binary``, ``control.tar.*`` and
``data.tar.*`` (deb(5)). The header of a member is 60 bytes of text (ar(5)): name 16,
time 12, owner 6, group 6, mode 8, size 10, and two bytes that end it.
"""

import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from labkit.base.compression import Unpacked
from labkit.base.errors import InvalidInputError
from labkit.catalogue.tree import Entry, Kind, Tree, matches, merged_path

_MAGIC = b"!<arch>\n"
_HEADER_BYTES = 60
_HEADER_END = b"`\n"

UNWANTED = (
    "usr/share/doc/*",
    "usr/share/man/*",
    "usr/share/locale/*",
    "usr/share/lintian/*",
    "usr/share/info/*",
    "usr/share/bug/*",
    "usr/share/bash-completion/*",
    "usr/share/apport/*",
    "usr/share/doc-base/*",
    "usr/lib/systemd/*",
    "usr/lib/udev/*",
    "etc/init.d/*",
    "etc/logrotate.d/*",
    "etc/apparmor.d/*",
    "etc/ufw/*",
)
"""What no container needs. Copyright files are kept, whatever else goes."""


def read_deb(
    path: Path,
    package: str,
    keep: tuple[str, ...] | None = None,
    drop: tuple[str, ...] = (),
) -> Tree:
    """Pick files from a package.

    Args:
        keep: patterns of the paths to take; None takes all but ``UNWANTED``.
        drop: patterns of paths to leave out.
    """
    tree = Tree()
    for name, entry in _entries(path):
        if name == f"usr/share/doc/{package}/copyright":
            if entry.kind is Kind.FILE:
                tree.add(name, entry)
        elif _is_wanted(name, keep, drop):
            tree.add(name, entry)
    return tree


def _is_wanted(name: str, keep: tuple[str, ...] | None, drop: tuple[str, ...]) -> bool:
    if keep is not None and not matches(name, keep):
        return False
    return not matches(name, UNWANTED) and not matches(name, drop)


def _entries(path: Path) -> Iterator[tuple[str, Entry]]:
    """Yield the files and links of a package; folders are made when needed."""
    try:
        with (
            path.open("rb") as file,
            tarfile.open(fileobj=Unpacked(_seek_data(file, path)), mode="r|") as tar,
        ):
            for member in tar:
                name = merged_path(member.name)
                if member.issym():
                    yield name, Entry(Kind.SYMLINK, 0o777, target=member.linkname)
                elif member.islnk():
                    target = merged_path(member.linkname)
                    yield name, Entry(Kind.HARDLINK, member.mode, target=target)
                elif content := tar.extractfile(member):
                    yield name, Entry(Kind.FILE, member.mode, content.read())
    except tarfile.TarError as error:
        raise InvalidInputError(f"cannot read {path.name!r}: {error}") from error


def _seek_data(file: BinaryIO, path: Path) -> BinaryIO:
    """Find the member that holds the files; it is the last one, so read to the end."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise InvalidInputError(f"{path.name!r} is no Debian package")
    while len(header := file.read(_HEADER_BYTES)) == _HEADER_BYTES:
        if header[58:] != _HEADER_END:
            break
        name, size = header[:16].decode("ascii", "replace").strip(), int(header[48:58])
        if name.startswith("data.tar"):
            return file
        file.seek(size + size % 2, 1)  # members begin at even offsets
    raise InvalidInputError(f"package {path.name!r} holds no data.tar")
