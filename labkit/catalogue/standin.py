"""Small Debian packages of our own, and an archive of them that apt reads.

The lab host installs "Docker" from these, without a network: what apt and dpkg do with
them is real, what is in them says that it stands in. A .deb is read back by ``deb.py``.
"""

import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from labkit.catalogue.tree import MTIME, Tree


@dataclass(frozen=True, slots=True)
class StandIn:
    """A package to be made: its control fields, its files, its maintainer scripts."""

    name: str
    version: str
    fields: Mapping[str, str]
    tree: Tree = field(default_factory=Tree)
    scripts: Mapping[str, str] = field(default_factory=dict)

    @property
    def control(self) -> str:
        described = {"Package": self.name, "Version": self.version, **self.fields}
        return "".join(f"{name}: {text}\n" for name, text in described.items())


def write_archive(packages: Iterable[StandIn], folder: str) -> Tree:
    """Put packages and their index into a folder: a flat archive (sources.list(5))."""
    tree = Tree()
    index = ""
    for package in packages:
        data = write_deb(package)
        version = package.version.partition(":")[2] or package.version
        name = f"{package.name}_{version}_{package.fields['Architecture']}.deb"
        tree.file(f"{folder}/{name}", data)
        sha256 = hashlib.sha256(data).hexdigest()
        index += f"{package.control}Filename: ./{name}\nSize: {len(data)}\n"
        index += f"SHA256: {sha256}\n\n"
    return tree.file(f"{folder}/Packages", index)


def write_deb(package: StandIn) -> bytes:
    """Pack a package; plain tars, as a packer may change from version to version."""
    control = Tree().file("control", package.control)
    for name, text in package.scripts.items():
        control.file(name, text, 0o755)
    parts = {
        "debian-binary": b"2.0\n",
        "control.tar": _tar(control),
        "data.tar": _tar(package.tree),
    }
    return b"!<arch>\n" + b"".join(_member(name, data) for name, data in parts.items())


def _member(name: str, data: bytes) -> bytes:
    """Write a member of an ``ar`` archive (ar(5)); it ends at an even offset."""
    header = f"{name:<16}{MTIME:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}`\n"
    return header.encode() + data + b"\n" * (len(data) % 2)


def _tar(tree: Tree) -> bytes:
    out = io.BytesIO()
    tree.write(out)
    return out.getvalue()
