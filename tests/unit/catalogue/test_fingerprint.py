"""labkit.catalogue.fingerprint: known by what makes it, and by nothing else."""

from dataclasses import replace

from labkit.catalogue.fingerprint import image_fingerprint, layer_fingerprint
from labkit.catalogue.model import LayerRecipe, Pantry
from labkit.catalogue.recipes.base import BASE, BUSYBOX
from labkit.catalogue.recipes.nginx import COMMON
from labkit.catalogue.tree import Tree


def build_nothing(pantry: Pantry) -> Tree:
    return Tree()


PLAIN = LayerRecipe("plain", build_nothing)


def test_tells_machines_apart() -> None:
    assert layer_fingerprint(BASE, "amd64") != layer_fingerprint(BASE, "arm64")
    assert image_fingerprint(BUSYBOX, "amd64") != image_fingerprint(BUSYBOX, "arm64")


def test_changes_with_what_a_layer_names() -> None:
    digest = layer_fingerprint(PLAIN, "amd64")
    for other in (
        replace(PLAIN, name="other"),
        replace(PLAIN, debs=BASE.debs),
        replace(PLAIN, wheels=("pip",)),
        replace(PLAIN, npm=("npm",)),
        replace(PLAIN, files=("nginx",)),
        replace(PLAIN, build=BASE.build),
    ):
        assert layer_fingerprint(other, "amd64") != digest
    assert layer_fingerprint(replace(PLAIN, on=(BASE,)), "amd64") == digest


def test_covers_the_recipes_that_a_recipe_imports() -> None:
    imported = layer_fingerprint(replace(PLAIN, build=COMMON.build), "amd64")
    assert imported != layer_fingerprint(replace(PLAIN, build=BASE.build), "amd64")


def test_changes_with_what_an_image_says() -> None:
    digest = image_fingerprint(BUSYBOX, "amd64")
    for other in (
        replace(BUSYBOX, names=("busybox:1",)),
        replace(BUSYBOX, note="other"),
        replace(BUSYBOX, layers=(BASE, COMMON)),
        replace(BUSYBOX, config=replace(BUSYBOX.config, cmd=("ash",))),
    ):
        assert image_fingerprint(other, "amd64") != digest
