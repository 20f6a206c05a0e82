"""From recipes to images in the cache.

1  which of the wanted images are not up to date?      fingerprint.py, no network
2  fetch what their layers need                        supplies.py, side by side
3  build the layers, lowest first                      layers.py, side by side
4  check that every library that is needed is there    elf.py
5  write configuration and names                       layout.py
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.base.codec import encode, same_name
from labkit.base.errors import InternalError, UnsupportedError
from labkit.base.machine import host_architecture
from labkit.base.reference import parse_reference
from labkit.catalogue.cache import locked, place_for
from labkit.catalogue.elf import missing
from labkit.catalogue.fingerprint import image_fingerprint
from labkit.catalogue.layers import LayerBuilder
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.lock import read_lock
from labkit.catalogue.machines import machine_of, start_command
from labkit.catalogue.model import BuiltLayer, ImageRecipe
from labkit.catalogue.progress import Reporter
from labkit.catalogue.supplies import Shopping
from labkit.spec.image import (
    OCI_LAYER,
    ContainerDefaults,
    Descriptor,
    HistoryEntry,
    ImageConfig,
    RootFs,
)

CREATED = "2023-11-14T22:13:20Z"
"""The moment of ``tree.MTIME``: an image made twice must be the same twice."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """One run: where things are, and whom to tell."""

    cache: Path
    layout: Layout
    architecture: str
    reporter: Reporter


def assemble(
    recipes: Sequence[ImageRecipe],
    cache: Path,
    reporter: Reporter,
    refresh: bool = False,
    architecture: str | None = None,
) -> tuple[StoredImage, ...]:
    """Make sure that images are in the cache; return them in the recipes' order.

    Args:
        refresh: look for newer packages even if all is up to date.
        architecture: what kind of machine the images are for, if not for this one.

    Raises:
        UnsupportedError: there are no packages for it, or its programs don't run here.
    """
    architecture = architecture or host_architecture()
    machine_of(architecture)
    with locked(cache):
        layout = open_layout(cache, architecture)
        run = Assembly(cache, layout, architecture, reporter)
        stale = [
            recipe for recipe in recipes if refresh or not _is_current(run, recipe)
        ]
        if stale:
            _check_programs_start(run, stale)
            _build(run, stale)
            layout.sweep()
        return tuple(_find(layout, recipe) for recipe in recipes)


def open_layout(cache: Path, architecture: str) -> Layout:
    """Open the images in a cache that are for a kind of machine."""
    return Layout(place_for(cache, architecture) / "images")


def _check_programs_start(run: Assembly, recipes: Sequence[ImageRecipe]) -> None:
    """Refuse before anything is fetched what could not be finished."""
    for recipe in recipes:
        if recipe.runs_programs:
            try:
                start_command(run.architecture, run.cache)
            except UnsupportedError as error:
                raise UnsupportedError(
                    f"cannot make image {recipe.names[0]!r}, "
                    f"which takes programs of its own: {error}"
                ) from error


def _is_current(run: Assembly, recipe: ImageRecipe) -> bool:
    names = {parse_reference(name) for name in recipe.names}
    fingerprint = image_fingerprint(recipe, run.architecture)
    return any(
        image.fingerprint == fingerprint and names <= set(image.names)
        for image in run.layout.images()
    )


def _find(layout: Layout, recipe: ImageRecipe) -> StoredImage:
    name = parse_reference(recipe.names[0])
    return next(image for image in layout.images() if name in image.names)


def _build(run: Assembly, recipes: Sequence[ImageRecipe]) -> None:
    layers = list(dict.fromkeys(layer for recipe in recipes for layer in recipe.layers))
    shopping = Shopping(run.cache, read_lock(), run.architecture, run.reporter)
    with shopping.begin(layers) as coming:
        place = place_for(run.cache, run.architecture)
        builder = LayerBuilder(
            place, run.layout, run.architecture, run.reporter, coming
        )
        built = builder.build(layers)
    for recipe in recipes:
        _write_image(run, recipe, [built[layer.name] for layer in recipe.layers])


def _write_image(
    run: Assembly, recipe: ImageRecipe, layers: Sequence[BuiltLayer]
) -> None:
    if lost := missing(layer.libraries for layer in layers):
        library, file = next(iter(lost.items()))
        raise InternalError(
            f"image {recipe.names[0]!r} is not complete: "
            f"{file} needs {library}, which no layer has"
        )
    config = ImageConfig(
        architecture=run.architecture,
        os="linux",
        created=CREATED,
        config=describe(recipe, layers),
        rootfs=RootFs(diff_ids=tuple(layer.diff_id for layer in layers)),
        history=tuple(_history(layer) for layer in layers),
    )
    data = json.dumps(encode(config, same_name), sort_keys=True).encode()
    names = [parse_reference(name) for name in recipe.names]
    described = [Descriptor(OCI_LAYER, one.diff_id, one.size) for one in layers]
    fingerprint = image_fingerprint(recipe, run.architecture)
    run.layout.put_image(data, described, names, fingerprint)


def describe(recipe: ImageRecipe, layers: Sequence[BuiltLayer]) -> ContainerDefaults:
    """Fill the versions into a recipe's configuration, and say what is inside."""
    packages = {name: text for layer in layers for name, text in layer.packages.items()}
    version = upstream_version(packages.get(recipe.version_of, ""))
    listed = " ".join(f"{name}={text}" for name, text in sorted(packages.items()))
    labels = {
        "io.labkit.edition": "lab",
        "io.labkit.upstream.name": recipe.names[0].partition(":")[0],
        "io.labkit.upstream.version": recipe.holds.replace("{version}", version),
        "io.labkit.licenses": recipe.licences,
        "io.labkit.packages": listed,
        "io.labkit.note": recipe.note,
    }
    return replace(
        recipe.config,
        env=tuple(text.replace("{version}", version) for text in recipe.config.env),
        labels={name: text for name, text in labels.items() if text},
    )


def upstream_version(version: str) -> str:
    """Cut what Debian adds to a version: ``1:1.26.3-3+deb13u1`` is 1.26.3."""
    without_epoch = version.partition(":")[2] or version
    return re.split(r"[-+~]", without_epoch)[0]


def _history(layer: BuiltLayer) -> HistoryEntry:
    packages = [f" {name}={text}" for name, text in sorted(layer.packages.items())]
    step = f"labkit layer {layer.name}:" + "".join(packages)
    return HistoryEntry(created=CREATED, created_by=step.rstrip(":"))
