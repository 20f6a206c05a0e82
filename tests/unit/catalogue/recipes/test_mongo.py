"""labkit.catalogue.recipes.mongo: what is put together, and what is said of it."""

import ast
from pathlib import Path

import pytest

from labkit.catalogue.recipes.mongo import (
    MONGO,
    MONGO_EXPRESS,
    build_express,
    build_server,
)
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree

LIB = "usr/lib/x86_64-linux-gnu"
SITE = "usr/local/lib/python3.13/dist-packages"


def test_puts_the_server_together() -> None:
    wheel = (
        Tree()
        .file(f"{SITE}/secantus/cli.py", b"")
        .file(f"{SITE}/secantus/sql/x.py", b"")
    )
    loader = Tree().file(f"{LIB}/ld-linux-x86-64.so.2", "#!/bin/sh\n", 0o755)
    pantry = SamplePantry(
        wheels={"secantusdb": wheel}, layers={"base": base_tree(), "glibc": loader}
    )
    tree = build_server(pantry)
    assert f"{SITE}/secantus/cli.py" in tree
    assert f"{SITE}/secantus/sql" not in tree
    assert tree["usr/local/bin/mongod"].mode == 0o755
    assert tree["data/db"].uid == 999
    assert f"{SITE}/shapely/geometry/base.py" in tree


@pytest.mark.parametrize(
    "name", ["mongo/mongod", "mongo/labmongo", "mongo/no-geometry"]
)
def test_ships_python_that_parses(name: str) -> None:
    ast.parse(SamplePantry().file(name))


def test_trims_mongo_express(tmp_path: Path) -> None:
    for name in ("mongo-express/app.js", "mongo-express/README.md", "nyc/x.js",
                 ".bin/x", "express/LICENSE.md", "bson/test/x.js",
                 "mongo-express/logo.ai", "colors/screenshots/x.png"):  # fmt: skip
        path = tmp_path / "node_modules" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    tree = build_express(SamplePantry(projects={"mongo-express": tmp_path}))
    root = "app/node_modules"
    assert f"{root}/mongo-express/app.js" in tree
    assert f"{root}/express/LICENSE.md" in tree
    for name in (
        *("mongo-express/README.md", "nyc", ".bin", "bson"),
        *("mongo-express/logo.ai", "colors"),
    ):
        assert f"{root}/{name}" not in tree


def test_says_what_it_is() -> None:
    assert MONGO.holds.startswith("MongoDB-compatible")
    assert "not MongoDB" in MONGO.note
    assert "no login" in MONGO_EXPRESS.note
    assert "27017/tcp" in MONGO.config.exposed_ports
    assert "8081/tcp" in MONGO_EXPRESS.config.exposed_ports
