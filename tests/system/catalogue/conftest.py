"""The bundled images, as ``labkit images build`` has left them on this machine."""

import pytest

from labkit.base.machine import host_architecture
from labkit.catalogue.assemble import catalogue_fingerprint
from labkit.catalogue.cache import default_cache
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.recipes.table import RECIPES


@pytest.fixture(scope="session")
def layout() -> Layout:
    return Layout(default_cache() / "images")


@pytest.fixture(scope="session")
def built(layout: Layout) -> tuple[StoredImage, ...]:
    """Return the images in the cache; without them there is nothing to test."""
    fingerprint = catalogue_fingerprint(host_architecture())
    names = {
        name.familiar
        for image in layout.images()
        if image.fingerprint == fingerprint
        for name in image.names
    }
    if not all(name in names for recipe in RECIPES for name in recipe.names):
        pytest.skip("needs the bundled images: run `labkit images build`")
    return layout.images()
