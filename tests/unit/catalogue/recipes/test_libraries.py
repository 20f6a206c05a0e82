"""labkit.catalogue.recipes.libraries: only what a program asks for."""

from labkit.catalogue.model import BOOKWORM
from labkit.catalogue.recipes.base import BASE
from labkit.catalogue.recipes.libraries import add_libraries
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, elf_file

FOLDER = "usr/lib/x86_64-linux-gnu"


def test_adds_what_is_asked_for_and_what_that_asks_for() -> None:
    package = Tree().file(f"{FOLDER}/liba.so.1", elf_file(("libb.so.1",), "liba.so.1"))
    package.file(f"{FOLDER}/libb.so.1", elf_file((), "libb.so.1"))
    package.file(f"{FOLDER}/libc.so.1", elf_file((), "libc.so.1"))
    package.file("etc/a.conf", "unread").file("usr/share/a/text", "unread")
    program = Tree().file("usr/bin/program", elf_file(("liba.so.1",)), 0o755)
    pantry = SamplePantry({"liba1": package})
    tree = add_libraries(program, pantry, ["liba1"], [BASE], BOOKWORM)
    assert f"{FOLDER}/liba.so.1" in tree
    assert f"{FOLDER}/libb.so.1" in tree
    assert f"{FOLDER}/libc.so.1" not in tree
    assert "etc/a.conf" not in tree
    assert "usr/share/a/text" not in tree
    assert pantry.asked == [("liba1", BOOKWORM)]
