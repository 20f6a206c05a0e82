"""labkit.catalogue.recipes.table: recipes by name, and their good order."""

import pytest

from labkit.base.errors import NotFoundError
from labkit.catalogue.recipes.base import BUSYBOX
from labkit.catalogue.recipes.nginx import NGINX, NGINX_PREVIOUS
from labkit.catalogue.recipes.table import RECIPES, select_recipes


def test_finds_by_name_and_by_tag() -> None:
    assert select_recipes(()) == RECIPES
    assert select_recipes(("nginx",)) == (NGINX, NGINX_PREVIOUS)
    assert select_recipes(("nginx:1.24", "nginx")) == (NGINX_PREVIOUS, NGINX)
    assert select_recipes(("alpine",)) == (BUSYBOX,)


@pytest.mark.parametrize("name", ["emacs", "nginx:9"])
def test_names_what_there_is(name: str) -> None:
    with pytest.raises(NotFoundError, match=f"{name}.*there are alpine, busybox"):
        select_recipes((name,))


def test_gives_each_name_to_one_image() -> None:
    names = [name for recipe in RECIPES for name in recipe.names]
    assert len(names) == len(set(names))


def test_puts_each_layer_on_those_it_needs() -> None:
    for recipe in RECIPES:
        for at, layer in enumerate(recipe.layers):
            assert set(layer.on) <= set(recipe.layers[:at]), (recipe.names, layer.name)


def test_gives_each_layer_a_name_of_its_own() -> None:
    layers = {layer for recipe in RECIPES for layer in recipe.layers}
    assert len({layer.name for layer in layers}) == len(layers)


def test_has_what_the_guide_uses() -> None:
    names = {name for recipe in RECIPES for name in recipe.names}
    assert {"hello-world:latest", "busybox:latest", "alpine:latest", "nginx:latest",
            "nginx:1.25", "nginx:1.24", "nginx:alpine", "mongo:4.4", "mongo:latest",
            "mongo-express:latest", "node:20-alpine", "node:20",
            "nginx:stable-alpine", "openjdk:18-jdk-alpine", "openjdk:17-jdk",
            "registry:2", "debian:latest",
            "postgres:latest", "redis:latest", "mysql:latest",
            "python:3-slim"} <= names  # fmt: skip
