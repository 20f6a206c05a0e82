"""labkit.catalogue.elf: who asks for which library, and is it there."""

from pathlib import Path

import pytest

from labkit.catalogue.elf import (
    Dynamic,
    drop_unneeded,
    find_strangers,
    missing,
    read_dynamic,
    survey,
)
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import elf_file

LIB = "usr/lib/x86_64-linux-gnu"


def test_reads_names() -> None:
    data = elf_file(("libc.so.6", "libz.so.1"), "libown.so.2")
    assert read_dynamic(data) == Dynamic(("libc.so.6", "libz.so.1"), "libown.so.2")


@pytest.mark.parametrize("data", [b"", b"#!/bin/sh\n", b"\x7fELF\x01" + bytes(100)])
def test_passes_over_other_files(data: bytes) -> None:
    assert read_dynamic(data) is None


def test_reads_a_real_program() -> None:
    shell = Path("/bin/bash")
    if not shell.exists():
        pytest.skip("needs a dynamically linked program: /bin/bash")
    dynamic = read_dynamic(shell.read_bytes())
    assert dynamic is not None
    assert "libc.so.6" in dynamic.needed


def test_names_what_no_layer_has() -> None:
    lower = survey(Tree().file(f"{LIB}/libc.so.6", elf_file(soname="libc.so.6")))
    upper = survey(Tree().file("usr/bin/p", elf_file(("libc.so.6", "libz.so.1"))))
    assert missing([lower, upper]) == {"libz.so.1": "usr/bin/p"}


def test_finds_what_is_for_another_machine() -> None:
    tree = Tree().file("usr/bin/p", elf_file(machine=62)).file("etc/text", "text")
    tree.file(f"{LIB}/libz.so.1", elf_file(machine=183))
    assert find_strangers(tree, 62) == [f"{LIB}/libz.so.1"]
    assert find_strangers(tree, 183) == ["usr/bin/p"]


def test_finds_libraries_by_soname_and_by_link() -> None:
    libraries = (
        Tree()
        .file(f"{LIB}/libz.so.1.3", elf_file(soname="libz.so.1"))
        .file(f"{LIB}/liby-2.so", elf_file())
        .symlink(f"{LIB}/liby.so.2", "liby-2.so")
    )
    program = Tree().file("usr/bin/p", elf_file(("libz.so.1", "liby.so.2")))
    assert missing([survey(libraries), survey(program)]) == {}


def test_drops_libraries_that_nothing_needs() -> None:
    libraries = (
        Tree()
        .symlink(f"{LIB}/liba.so.1", "liba.so.1.2")
        .file(f"{LIB}/liba.so.1.2", elf_file(("libb.so.1",), "liba.so.1"))
        .file(f"{LIB}/libb.so.1", elf_file(soname="libb.so.1"))
        .file(f"{LIB}/libunused.so.1", elf_file(("libb.so.1",), "libunused.so.1"))
        .file(f"{LIB}/plugins/libp.so", elf_file())
    )
    program = Tree().file("usr/bin/p", elf_file(("liba.so.1",)))
    drop_unneeded(libraries, [program], LIB)
    names = [path.rpartition("/")[2] for path, _ in libraries.items() if ".so" in path]
    assert names == ["liba.so.1", "liba.so.1.2", "libb.so.1", "libp.so"]
