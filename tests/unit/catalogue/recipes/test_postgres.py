"""labkit.catalogue.recipes.postgres: the server without what is larger than it."""

from labkit.catalogue.recipes.postgres import build_postgres
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree


def test_leaves_out_the_compiler() -> None:
    root = "usr/lib/postgresql/17"
    package = Tree().file(f"{root}/bin/postgres", "", 0o755)
    package.file(f"{root}/lib/llvmjit.so", "").file(f"{root}/lib/bitcode/a/b.bc", "")
    pantry = SamplePantry({"postgresql-17": package}, layers={"base": base_tree()})
    tree = build_postgres(pantry)
    assert f"{root}/bin/postgres" in tree
    assert f"{root}/lib" not in tree
    data = tree["var/lib/postgresql/data"]
    assert (data.uid, data.mode) == (999, 0o700)
