"""labkit.catalogue.recipes.python: the interpreter compiles its own library."""

from labkit.catalogue.recipes.python import build_pip, build_python
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, elf_file

LIB = "usr/lib/x86_64-linux-gnu"
LOADER = "#!/bin/sh\nfor last; do :; done\necho c > $last/os.pyc\n"


def test_takes_libraries_that_are_needed() -> None:
    library = (
        Tree()
        .file("usr/lib/python3.13/os.py", b"")
        .file("usr/lib/python3.13/__pycache__/os.pyc", b"old")
        .file("usr/lib/python3.13/ensurepip/x.whl", b"")
    )
    program = Tree().file("usr/bin/python3.13", elf_file(("libffi.so.8",)), 0o755)
    ffi = Tree().file(f"{LIB}/libffi.so.8", elf_file(soname="libffi.so.8"))
    uuid = Tree().file(f"{LIB}/libuuid.so.1", elf_file(soname="libuuid.so.1"))
    pantry = SamplePantry(
        {
            "python3.13-minimal": program,
            "libpython3.13-stdlib": library,
            "libffi8": ffi,
            "libuuid1": uuid,
        },
        layers={"glibc": Tree().file(f"{LIB}/ld-linux-x86-64.so.2", LOADER, 0o755)},
    )
    tree = build_python(pantry)
    assert f"{LIB}/libffi.so.8" in tree
    assert f"{LIB}/libuuid.so.1" not in tree
    assert "usr/lib/python3.13/ensurepip" not in tree
    assert tree["usr/lib/python3.13/os.pyc"].data == b"c\n"
    assert tree["usr/local/bin/python"].target == "/usr/bin/python3.13"


def test_adds_pip() -> None:
    site = "usr/local/lib/python3.13/dist-packages/pip"
    wheel = Tree().file(f"{site}/x.py", b"").file(f"{site}/_vendor/w64.exe", b"")
    tree = build_pip(SamplePantry(wheels={"pip": wheel}))
    assert f"{site}/x.py" in tree
    assert f"{site}/_vendor/w64.exe" not in tree
    assert tree["usr/local/bin/pip"].mode == 0o755
    assert tree["usr/local/bin/pip3"].target == "pip"
