"""labkit.catalogue.recipes.node: node with npm, without what nobody reads."""

from pathlib import Path

from labkit.catalogue.recipes.node import build_node, build_npm
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree


def test_is_found_where_the_hub_has_it() -> None:
    tree = build_node(SamplePantry({"nodejs": Tree().file("usr/bin/node", b"", 0o755)}))
    assert tree["usr/local/bin/node"].target == "/usr/bin/node"
    assert tree["usr/bin/node"].mode == 0o755


def test_trims_npm(tmp_path: Path) -> None:
    npm = tmp_path / "node_modules" / "npm"
    for name in ("bin/npm-cli.js", "bin/npx-cli.js", "man/man1/npm.1", "docs/a.html",
                 "README.md", "LICENSE.md", "lib/x.js", "lib/x.d.ts"):  # fmt: skip
        (npm / name).parent.mkdir(parents=True, exist_ok=True)
        (npm / name).write_text(name)
    pantry = SamplePantry(projects={"npm": tmp_path}, layers={"base": base_tree()})
    tree = build_npm(pantry)
    root = "usr/local/lib/node_modules/npm"
    assert tree[f"{root}/bin/npm-cli.js"].mode == 0o755
    assert tree["usr/local/bin/npx"].target == "../lib/node_modules/npm/bin/npx-cli.js"
    assert f"{root}/LICENSE.md" in tree
    for name in ("man", "docs", "README.md", "lib/x.d.ts"):
        assert f"{root}/{name}" not in tree
    assert b"audit=false" in tree[f"{root}/npmrc"].data
