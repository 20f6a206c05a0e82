"""labkit.catalogue.recipes.mongosh: bundled, compiled ahead, or a reason why not."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.catalogue.recipes.mongosh import build_shell
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry

LIB = "usr/lib/x86_64-linux-gnu"
LOADER = f"{LIB}/ld-linux-x86-64.so.2"
NODE = f"{LIB}/libnode.so.115"
FOLDER = "usr/local/lib/mongosh"
# In the place of the loader: a program that "compiles", and says where node looks.
COMPILES = f'#!/bin/sh\n[ "$MONGOSH_MAKE_CACHE" ] && cp {NODE} {FOLDER}/mongosh.cache\n'


def write_esbuild(folder: Path, script: str) -> None:
    program = folder / "node_modules" / "@esbuild" / "here" / "bin" / "esbuild"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def pantry_of(folder: Path, loader: str = COMPILES) -> SamplePantry:
    glibc = Tree().file(LOADER, loader, 0o755)
    node = Tree().file(NODE, b"reads /usr/share/nodejs/x.js")
    return SamplePantry(
        projects={"esbuild": folder, "mongosh": folder},
        layers={"glibc": glibc, "node": node},
    )


def test_bundles_and_compiles_ahead(tmp_path: Path) -> None:
    write_esbuild(tmp_path, "echo bundled")
    tree = build_shell(pantry_of(tmp_path))
    assert tree[f"{FOLDER}/mongosh.js"].data == b"bundled\n"
    # Debian's node finds its own parts below the folder that it was started in.
    assert tree[f"{FOLDER}/mongosh.cache"].data == b"reads usr/share/nodejs//x.js"
    assert NODE not in tree


def test_says_why_it_could_not_bundle(tmp_path: Path) -> None:
    write_esbuild(tmp_path, "echo no such module >&2\nexit 1")
    with pytest.raises(InternalError, match="cannot bundle mongosh: no such module"):
        build_shell(pantry_of(tmp_path))


def test_says_why_it_could_not_compile(tmp_path: Path) -> None:
    write_esbuild(tmp_path, "echo bundled")
    with pytest.raises(InternalError, match="cannot compile mongosh: no luck today"):
        build_shell(pantry_of(tmp_path, "#!/bin/sh\necho no luck today >&2\nexit 1\n"))


def test_says_when_esbuild_is_not_for_this_machine(tmp_path: Path) -> None:
    with pytest.raises(InternalError, match="esbuild has no program here"):
        build_shell(pantry_of(tmp_path))
