"""The bundled images, as ``labkit images build`` has left them on this machine."""

import pytest

from labkit.base.machine import host_architecture
from labkit.catalogue.cache import default_cache
from labkit.catalogue.fingerprint import image_fingerprint
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.recipes.table import RECIPES


@pytest.fixture(scope="session")
def layout() -> Layout:
    return Layout(default_cache() / "images")


@pytest.fixture(scope="session")
def built(layout: Layout) -> tuple[StoredImage, ...]:
    """Return the images in the cache; without them there is nothing to test."""
    wanted = {image_fingerprint(recipe, host_architecture()) for recipe in RECIPES}
    if not wanted <= {image.fingerprint for image in layout.images()}:
        pytest.skip("needs the bundled images: run `labkit images build`")
    return layout.images()
