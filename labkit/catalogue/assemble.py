"""From recipes to images in the cache.

    1  which of the wanted images are not up to date?      by fingerprint, no network
    2  what do their layers need?                          supplies.py, side by side
    3  build the layers, lowest first                      kept if nothing has changed
    4  check that every library that is needed is there    elf.py
    5  write configuration and names                       layout.py

The fingerprint covers all files of this package (recipes, lock, entry points, the code
that makes tars) and the architecture: what can change an image without a new download.
"""

import functools
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from labkit.base.codec import encode, same_name
from labkit.base.digest import Digest
from labkit.base.errors import InternalError
from labkit.base.files import write_atomically
from labkit.base.machine import host_architecture
from labkit.base.reference import parse_reference
from labkit.catalogue.cache import locked
from labkit.catalogue.elf import Libraries, missing, survey
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.lock import read_lock
from labkit.catalogue.model import BuiltLayer, ImageRecipe, LayerRecipe
from labkit.catalogue.pantry import LayerPantry, triplet_of
from labkit.catalogue.progress import Reporter
from labkit.catalogue.supplies import Shopping, Supplies
from labkit.catalogue.tree import Tree
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


@dataclass(slots=True)
class Assembly:
    """One run: where things are, and what has been built so far."""

    cache: Path
    layout: Layout
    architecture: str
    fingerprint: str
    reporter: Reporter
    supplies: Supplies = field(default_factory=Supplies)
    built: dict[str, BuiltLayer] = field(default_factory=dict)
    trees: dict[str, Tree] = field(default_factory=dict)


def assemble(
    recipes: Sequence[ImageRecipe],
    cache: Path,
    reporter: Reporter,
    refresh: bool = False,
) -> tuple[StoredImage, ...]:
    """Make sure that images are in the cache; return them in the recipes' order.

    Args:
        refresh: look for newer packages even if all is up to date.
    """
    architecture = host_architecture()
    triplet_of(architecture)  # refuses a machine that there are no packages for
    with locked(cache):
        layout = Layout(cache / "images")
        fingerprint = catalogue_fingerprint(architecture)
        run = Assembly(cache, layout, architecture, fingerprint, reporter)
        stale = [
            recipe for recipe in recipes if refresh or not _is_current(run, recipe)
        ]
        if stale:
            _build(run, stale)
            layout.sweep()
        return tuple(_find(layout, recipe) for recipe in recipes)


def catalogue_fingerprint(architecture: str) -> str:
    """Digest everything of this package that makes an image what it is."""
    return hashlib.sha256(f"{architecture} {_source_digest()}".encode()).hexdigest()


@functools.cache
def _source_digest() -> str:
    total = hashlib.sha256()
    for name, file in sorted(_walk(resources.files("labkit.catalogue"), "")):
        total.update(f"{name}\0".encode())
        total.update(file.read_bytes())
    return total.hexdigest()


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.name == "__pycache__":
            continue
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        else:
            yield prefix + item.name, item


def _is_current(run: Assembly, recipe: ImageRecipe) -> bool:
    names = {parse_reference(name) for name in recipe.names}
    return any(
        image.fingerprint == run.fingerprint and names <= set(image.names)
        for image in run.layout.images()
    )


def _find(layout: Layout, recipe: ImageRecipe) -> StoredImage:
    name = parse_reference(recipe.names[0])
    return next(image for image in layout.images() if name in image.names)


def _build(run: Assembly, recipes: Sequence[ImageRecipe]) -> None:
    layers = list(dict.fromkeys(layer for recipe in recipes for layer in recipe.layers))
    shopping = Shopping(run.cache, read_lock(), run.architecture, run.reporter)
    run.supplies = shopping.fetch(layers)
    for layer in layers:
        run.built[layer.name] = _build_layer(run, layer)
    for recipe in recipes:
        _write_image(run, recipe)


def _build_layer(run: Assembly, recipe: LayerRecipe) -> BuiltLayer:
    versions = run.supplies.versions(recipe)
    below = [run.built[layer.name].diff_id.text for layer in recipe.on]
    inputs = json.dumps([run.fingerprint, recipe.name, sorted(versions.items()), below])
    record = run.cache / "layers" / f"{recipe.name}.json"
    inputs_digest = hashlib.sha256(inputs.encode()).hexdigest()
    if kept := _read_record(run, record, recipe.name, inputs_digest):
        return kept
    with run.reporter.task(f"layer {recipe.name}"):
        pantry = LayerPantry(
            recipe, run.supplies, run.architecture, functools.partial(_read_tree, run)
        )
        tree = recipe.build(pantry)
        run.trees[recipe.name] = tree
        with run.layout.draft() as draft:
            with draft.open("wb") as out:
                tree.write(out)
            stored = run.layout.adopt(draft)
    libraries = survey(tree)
    layer = BuiltLayer(recipe.name, stored.digest, stored.size, versions, libraries)
    _write_record(record, layer, inputs_digest)
    return layer


def _read_tree(run: Assembly, name: str) -> Tree:
    if name not in run.trees:
        with run.layout.path(run.built[name].diff_id).open("rb") as tar:
            run.trees[name] = Tree.read(tar)
    return run.trees[name]


def _read_record(
    run: Assembly, path: Path, name: str, inputs: str
) -> BuiltLayer | None:
    if not path.exists():
        return None
    record = json.loads(path.read_bytes())
    diff_id = Digest(record["diff_id"])
    if record["inputs"] != inputs or not run.layout.path(diff_id).exists():
        return None
    libraries = Libraries(frozenset(record["offered"]), record["needed"])
    return BuiltLayer(name, diff_id, record["size"], record["packages"], libraries)


def _write_record(path: Path, layer: BuiltLayer, inputs: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    record = {
        "inputs": inputs,
        "diff_id": layer.diff_id.text,
        "size": layer.size,
        "packages": dict(layer.packages),
        "offered": sorted(layer.libraries.offered),
        "needed": layer.libraries.needed,
    }
    write_atomically(path, json.dumps(record).encode())


def _write_image(run: Assembly, recipe: ImageRecipe) -> None:
    layers = [run.built[layer.name] for layer in recipe.layers]
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
    run.layout.put_image(data, described, names, run.fingerprint)


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
