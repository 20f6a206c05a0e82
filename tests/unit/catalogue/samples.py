"""Packages, programs and pantries small enough to be written by hand."""

import io
import lzma
import struct
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from labkit.base.machine import host_architecture
from labkit.catalogue.deb import UNWANTED
from labkit.catalogue.machines import machine_of
from labkit.catalogue.model import TRIXIE
from labkit.catalogue.tree import Tree, matches


@dataclass(slots=True)
class NotingReporter:
    """Keeps what it is told."""

    tasks: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def task(self, title: str) -> Iterator[None]:
        self.tasks.append(title)
        yield

    def note(self, text: str) -> None:
        self.notes.append(text)


@dataclass(slots=True)
class SamplePantry:
    """A pantry of made-up packages, in place of ``LayerPantry``."""

    debs: Mapping[str, Tree] = field(default_factory=dict)
    wheels: Mapping[str, Tree] = field(default_factory=dict)
    projects: Mapping[str, Path] = field(default_factory=dict)
    layers: Mapping[str, Tree] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    architecture: str = "amd64"
    triplet: str = "x86_64-linux-gnu"

    def deb(
        self,
        name: str,
        keep: tuple[str, ...] | None = None,
        drop: tuple[str, ...] = (),
        suite: str = TRIXIE,
    ) -> Tree:
        self.asked.append((name, suite))
        whole = self.debs.get(name, Tree())
        tree = Tree().merge(whole)
        return tree.remove(
            lambda path: (
                (keep is not None and not matches(path, keep))
                or matches(path, drop)
                or matches(path, UNWANTED)
            )
        )

    def wheel(self, project: str, *folders: str) -> Tree:
        return Tree().merge(self.wheels.get(project, Tree()))

    def npm(self, project: str) -> Path:
        return self.projects[project]

    def file(self, name: str) -> bytes:
        return resources.files("labkit.catalogue").joinpath("files", name).read_bytes()

    def below(self, layer: str) -> Tree:
        return self.layers.get(layer, Tree())

    def version(self, package: str) -> str:
        return "1"


def base_tree() -> Tree:
    """Return what recipes need of the base layer."""
    return Tree().file("etc/passwd", "root:x:0:0\n").file("etc/group", "root:x:0:\n")


def deb_file(members: list[tarfile.TarInfo], contents: Mapping[str, bytes]) -> bytes:
    """Pack a .deb: ``ar`` around tars."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for member in members:
            data = contents.get(member.name, b"")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    parts = {
        "debian-binary": b"2.0\n",
        "control.tar.xz": lzma.compress(b"odd"),
        "data.tar.xz": lzma.compress(out.getvalue()),
    }
    return b"!<arch>\n" + b"".join(
        f"{name:<16}{0:<12}{0:<6}{0:<6}{644:<8}{len(data):<10}`\n".encode()
        + data
        + b"\n" * (len(data) % 2)
        for name, data in parts.items()
    )


def elf_file(
    needed: tuple[str, ...] = (), soname: str | None = None, machine: int | None = None
) -> bytes:
    """Make an ELF file with nothing but a dynamic section, for this machine."""
    machine = machine or machine_of(host_architecture()).elf
    base = 0x10000
    strings = b"\0"
    entries: list[tuple[int, int]] = []
    for tag, name in [(1, name) for name in needed] + (
        [(14, soname)] if soname else []
    ):
        entries.append((tag, len(strings)))
        strings += name.encode() + b"\0"
    dynamic_at = 64 + 2 * 56
    strings_at = dynamic_at + 16 * (len(entries) + 2)
    entries += [(5, base + strings_at), (0, 0)]
    dynamic = b"".join(struct.pack("<QQ", *entry) for entry in entries)
    size = strings_at + len(strings)
    header = b"\x7fELF\x02\x01\x01" + bytes(9)
    header += struct.pack(
        "<HHIQQQIHHHHHH", 3, machine, 1, 0, 64, 0, 0, 64, 56, 2, 0, 0, 0
    )
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, base, base, size, size, 0x1000)
    at = (dynamic_at, base + dynamic_at, base + dynamic_at, len(dynamic), len(dynamic))
    return header + load + struct.pack("<IIQQQQQQ", 2, 6, *at, 8) + dynamic + strings
