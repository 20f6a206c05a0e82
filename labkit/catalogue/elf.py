"""Which shared libraries a program asks for: the dynamic section of an ELF file.

``ldd`` would run the program's loader, and the loader of another machine does not run
here. The file itself says it all (elf(5)): the program headers lead to PT_DYNAMIC, a
table of tag and value; DT_NEEDED and DT_SONAME are offsets into the string table at
DT_STRTAB, which is an address, to be turned into a file offset by PT_LOAD.
"""

import struct
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from labkit.catalogue.tree import Kind, Tree

_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_SONAME = 0, 1, 5, 14
_CLASS_64 = 2
_MACHINE_AT = 18


@dataclass(frozen=True, slots=True)
class Dynamic:
    """What a dynamically linked file asks for and what it is called itself."""

    needed: tuple[str, ...]
    soname: str | None


@dataclass(frozen=True, slots=True)
class Libraries:
    """What a layer has to offer to the loader, and what its programs ask of it."""

    offered: frozenset[str]
    needed: dict[str, str]  # library -> one file that asks for it


def read_dynamic(data: bytes) -> Dynamic | None:
    """Read a 64 bit ELF file's dynamic section; None for anything else."""
    if data[:4] != b"\x7fELF" or data[4] != _CLASS_64:
        return None
    loads, dynamic = _segments(data)
    if dynamic is None:
        return Dynamic((), None)
    entries = _table(data, *dynamic)
    table = next((value for tag, value in entries if tag == _DT_STRTAB), 0)
    strings = _file_offset(table, loads)
    needed = tuple(
        _string(data, strings + value) for tag, value in entries if tag == _DT_NEEDED
    )
    names = [
        _string(data, strings + value) for tag, value in entries if tag == _DT_SONAME
    ]
    return Dynamic(needed, names[0] if names else None)


def survey(tree: Tree) -> Libraries:
    """List what a layer offers and needs."""
    offered: set[str] = set()
    needed: dict[str, str] = {}
    for path, entry in tree.items():
        offered.add(path.rpartition("/")[2])
        if entry.kind is Kind.FILE and (dynamic := read_dynamic(entry.data)):
            if dynamic.soname:
                offered.add(dynamic.soname)
            for name in dynamic.needed:
                needed.setdefault(name, path)
    return Libraries(frozenset(name for name in offered if ".so" in name), needed)


def find_strangers(tree: Tree, machine: int) -> list[str]:
    """Name the programs and libraries that are made for another kind of machine."""
    return [
        path
        for path, entry in tree.items()
        if entry.kind is Kind.FILE
        and entry.data[:4] == b"\x7fELF"
        and struct.unpack_from("<H", entry.data, _MACHINE_AT) != (machine,)
    ]


def missing(layers: Iterable[Libraries]) -> dict[str, str]:
    """Name the libraries that no layer of a stack offers, each with a file asking."""
    stack = tuple(layers)
    offered = frozenset().union(*(layer.offered for layer in stack))
    return {
        name: path
        for layer in stack
        for name, path in layer.needed.items()
        if name not in offered
    }


def drop_unneeded(tree: Tree, others: Iterable[Tree], folder: str) -> Tree:
    """Leave out the libraries directly in a folder that nothing needs."""
    index = {
        path.rpartition("/")[2]: path
        for path, _ in tree.items()
        if path.rpartition("/")[0] == folder and ".so" in path
    }
    libraries = set(index.values())
    roots = [
        name
        for source in (tree, *others)
        for path, entry in source.items()
        if path not in libraries or source is not tree
        for name in _asks(entry.kind, entry.data)
    ]
    wanted = _reach(tree, index, roots)
    return tree.remove(lambda path: path in libraries and path not in wanted)


def _reach(tree: Tree, index: dict[str, str], roots: Collection[str]) -> set[str]:
    wanted: set[str] = set()
    queue = list(roots)
    while queue:
        path = index.get(queue.pop())
        if path is None or path in wanted:
            continue
        wanted.add(path)
        entry = tree[path]
        if entry.target:  # libz.so.1 -> libz.so.1.3.1
            queue.append(entry.target.rpartition("/")[2])
        queue.extend(_asks(entry.kind, entry.data))
    return wanted


def _asks(kind: Kind, data: bytes) -> tuple[str, ...]:
    dynamic = read_dynamic(data) if kind is Kind.FILE else None
    return dynamic.needed if dynamic else ()


def _segments(
    data: bytes,
) -> tuple[list[tuple[int, int, int]], tuple[int, int] | None]:
    """Return (address, offset, size) of loaded parts, and where PT_DYNAMIC is."""
    (table,) = struct.unpack_from("<Q", data, 32)
    entry_bytes, count = struct.unpack_from("<HH", data, 54)
    loads: list[tuple[int, int, int]] = []
    dynamic: tuple[int, int] | None = None
    for number in range(count):
        kind, _, offset, address, _, size = struct.unpack_from(
            "<IIQQQQ", data, table + number * entry_bytes
        )
        if kind == _PT_LOAD:
            loads.append((address, offset, size))
        elif kind == _PT_DYNAMIC:
            dynamic = (offset, size)
    return loads, dynamic


def _table(data: bytes, offset: int, size: int) -> list[tuple[int, int]]:
    entries: list[tuple[int, int]] = []
    for at in range(offset, offset + size, 16):
        tag, value = struct.unpack_from("<QQ", data, at)
        if tag == _DT_NULL:
            break
        entries.append((tag, value))
    return entries


def _file_offset(address: int, loads: Iterable[tuple[int, int, int]]) -> int:
    for start, offset, size in loads:
        if start <= address < start + size:
            return address - start + offset
    return address


def _string(data: bytes, offset: int) -> str:
    return data[offset : data.index(b"\0", offset)].decode("ascii", "replace")
