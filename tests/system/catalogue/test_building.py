"""Building the catalogue for real: the same again, and without a network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.base.machine import host_architecture
from labkit.catalogue.assemble import open_layout
from labkit.catalogue.cache import default_cache
from labkit.catalogue.elf import find_strangers, missing, survey
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.machines import MACHINES
from labkit.catalogue.recipes.table import RECIPES
from labkit.catalogue.tree import Tree

_ROOT = Path(__file__).parents[3]
_OFFLINE = ("unshare", "--net")
_BUILD = (sys.executable, "-m", "labkit.cli.main", "images", "build", "--no-load")


def build_offline(cache_home: Path, *names: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_OFFLINE, *_BUILD, *names],
        cwd=_ROOT,
        env={**os.environ, "XDG_CACHE_HOME": str(cache_home)},
        capture_output=True,
        text=True,
        check=False,
        timeout=250,
    )


@pytest.mark.root
@pytest.mark.slow
def test_asks_nobody_once_all_is_built(built: tuple[StoredImage, ...]) -> None:
    done = build_offline(default_cache().parent)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # nothing was fetched, no layer was built
    assert f"{len(RECIPES)} images ready" in done.stdout


@pytest.mark.root
@pytest.mark.slow
@pytest.mark.timeout(300)
def test_builds_the_same_again_from_what_was_fetched(
    built: tuple[StoredImage, ...], tmp_path: Path
) -> None:
    cache = tmp_path / "labkit"
    cache.mkdir()
    for name in ("wheels", "npm"):
        (cache / name).symlink_to(default_cache() / name)
    # apt's state is written to: a copy, with the packages and the index of last time.
    command = ["cp", "-a", str(default_cache() / "apt"), str(cache / "apt")]
    subprocess.run(command, check=True)
    # Made packages, compiled Java and Python, a bundle, and threads that race.
    done = build_offline(tmp_path, "debian", "openjdk", "mongo")
    assert done.returncode == 0, done.stderr
    again = {image.id for image in Layout(cache / "images").images()}
    assert len(again) == 3
    assert again <= {image.id for image in built}


@pytest.mark.slow
def test_every_library_is_there(layout: Layout, built: tuple[StoredImage, ...]) -> None:
    check_libraries(layout, host_architecture())


@pytest.mark.slow
def test_makes_images_for_the_other_machine() -> None:
    """Two small ones; what else ``build --platform`` has left here is checked, too."""
    (other,) = set(MACHINES) - {host_architecture()}
    command = [*_BUILD, f"--platform=linux/{other}", "hello-world", "busybox"]
    done = subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=120
    )
    if "cannot fetch packages of Debian" in done.stderr:
        pytest.skip(f"needs Debian's archive: {done.stderr}")
    assert "2 images ready: hello-world:latest, busybox:latest" in done.stdout
    layout = open_layout(default_cache(), other)
    images = {image.names[0].familiar: image for image in layout.images()}
    busybox = images["busybox:latest"]
    assert busybox.config.architecture == other
    with layout.path(busybox.layers[0].digest).open("rb") as tar:
        assert Tree.read(tar)["usr/bin/wget"].target == "busybox"
    check_libraries(layout, other)


def check_libraries(layout: Layout, architecture: str) -> None:
    surveys = {}
    images = layout.images()
    for layer in {layer.digest for image in images for layer in image.layers}:
        with layout.path(layer).open("rb") as tar:
            tree = Tree.read(tar)
            surveys[layer] = survey(tree)
            assert find_strangers(tree, MACHINES[architecture].elf) == []
    for image in images:
        assert missing(surveys[layer.digest] for layer in image.layers) == {}


def test_says_what_each_image_holds(built: tuple[StoredImage, ...]) -> None:
    for image in built:
        labels = image.config.config.labels
        assert labels["io.labkit.edition"] == "lab"
        assert labels["io.labkit.upstream.version"]
        assert labels["io.labkit.licenses"]
        assert "{version}" not in str(image.config)


def test_shares_layers(built: tuple[StoredImage, ...]) -> None:
    apart = sum(image.size for image in built)
    layers = {layer.digest: layer.size for image in built for layer in image.layers}
    assert sum(layers.values()) < 0.6 * apart
    # Which is 150 MB with gzip: what a room without a network gets on a stick.
    assert sum(layers.values()) < 454_000_000
