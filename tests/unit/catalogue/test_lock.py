"""labkit.catalogue.lock: every package of every recipe is in it, for both machines."""

import re

import pytest

from labkit.base.errors import NotFoundError
from labkit.catalogue.lock import read_lock
from labkit.catalogue.recipes.table import RECIPES
from labkit.catalogue.sources.npm import NODE_WHEEL

LAYERS = {layer.name: layer for recipe in RECIPES for layer in recipe.layers}


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_holds_what_recipes_ask_for(architecture: str) -> None:
    lock = read_lock()
    for layer in LAYERS.values():
        for deb in layer.debs:
            assert lock.deb(deb.name, deb.suite, architecture), deb
        for wheel in (*layer.wheels, NODE_WHEEL):
            assert lock.wheel(wheel, architecture).size > 0


def test_has_a_hash_for_everything() -> None:
    lock = read_lock()
    for item in (*lock.debs, *lock.wheels):
        assert re.fullmatch(r"[0-9a-f]{64}", item.sha256)


def test_says_what_it_does_not_hold() -> None:
    assert read_lock().deb("emacs", "trixie", "amd64") is None
    with pytest.raises(NotFoundError, match="no wheel of 'numpy'"):
        read_lock().wheel("numpy", "amd64")
