"""labkit.catalogue.model: recipes are values."""

from dataclasses import FrozenInstanceError

import pytest

from labkit.catalogue.model import BOOKWORM, DebPackage, LayerRecipe
from labkit.catalogue.tree import Tree


def test_keeps_suites_apart() -> None:
    assert DebPackage("nginx") != DebPackage("nginx", BOOKWORM)


def test_cannot_be_changed() -> None:
    recipe = LayerRecipe("x", lambda pantry: Tree())
    with pytest.raises(FrozenInstanceError):
        recipe.name = "y"  # type: ignore[misc]
