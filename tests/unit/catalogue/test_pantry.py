"""labkit.catalogue.pantry: a recipe gets what it asked for, and nothing else."""

import zipfile
from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.catalogue.model import BOOKWORM, DebPackage, LayerRecipe
from labkit.catalogue.pantry import LayerPantry
from labkit.catalogue.supplies import Supplies, Supply
from labkit.catalogue.tree import Tree

LOWER = LayerRecipe("lower", lambda pantry: Tree())
RECIPE = LayerRecipe(
    "upper",
    lambda pantry: Tree(),
    on=(LOWER,),
    debs=(DebPackage("prog", BOOKWORM),),
    wheels=("tool",),
    npm=("thing",),
    files=("base",),
)


@pytest.fixture
def pantry(tmp_path: Path) -> LayerPantry:
    with zipfile.ZipFile(tmp_path / "tool.whl", "w") as wheel:
        wheel.writestr("tool/__init__.py", "")
        wheel.writestr("other/__init__.py", "")
    supplies = Supplies(
        debs={DebPackage("prog", BOOKWORM): Supply("1-1", tmp_path / "prog.deb")},
        wheels={"tool": Supply("2", tmp_path / "tool.whl")},
        npm={"thing": Supply("3", tmp_path)},
    )
    return LayerPantry(RECIPE, supplies, "amd64", lambda name: Tree().file(name, b""))


def test_gives_what_was_asked_for(pantry: LayerPantry, tmp_path: Path) -> None:
    assert pantry.npm("thing") == tmp_path
    assert "lower" in pantry.below("lower")
    assert pantry.triplet == "x86_64-linux-gnu"
    assert [pantry.version(name) for name in ("prog", "tool", "thing")] == [
        "1-1",
        "2",
        "3",
    ]
    folder = "usr/local/lib/python3.13/dist-packages"
    assert f"{folder}/tool/__init__.py" in pantry.wheel("tool", "tool")
    assert f"{folder}/other" not in pantry.wheel("tool", "tool")
    assert f"{folder}/other" in pantry.wheel("tool")
    assert pantry.file("base/passwd").startswith(b"root:")


def test_refuses_what_was_not(pantry: LayerPantry) -> None:
    for asking in (
        lambda: pantry.deb("prog"),
        lambda: pantry.wheel("prog"),
        lambda: pantry.npm("tool"),
        lambda: pantry.below("upper"),
        lambda: pantry.file("nginx/nginx.conf"),
    ):
        with pytest.raises(InternalError, match="recipe of layer 'upper' uses"):
            asking()
