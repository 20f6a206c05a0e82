"""Building the catalogue for real: the same again, and without a network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.catalogue.cache import default_cache
from labkit.catalogue.elf import missing, survey
from labkit.catalogue.layout import Layout, StoredImage
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
    surveys = {}
    for layer in {layer.digest for image in built for layer in image.layers}:
        with layout.path(layer).open("rb") as tar:
            surveys[layer] = survey(Tree.read(tar))
    for image in built:
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
