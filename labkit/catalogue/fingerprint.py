"""What can change a layer or an image without a new download, digested.

One recipe's change must not cost the assembly of all other images. So a layer is known
by the code that makes layers, by its recipe's module and the recipe modules which that
imports, by the folders of ``files/`` and ``npm/`` that it names, by what the lock says
of its packages, and by the machine; an image by its layers and its own recipe.
"""

import functools
import hashlib
import re
import sys
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from labkit.catalogue.lock import read_lock
from labkit.catalogue.model import ImageRecipe, LayerRecipe

_PACKAGE = "labkit.catalogue"
_OTHER_RECIPE = re.compile(rf"^from ({re.escape(_PACKAGE)}\.recipes\.\w+) import", re.M)
# These bring finished images somewhere, or tell of it: they change no byte of a layer.
_AFTERWARDS = ("bundle.py", "cache.py", "engine.py", "progress.py")


def image_fingerprint(recipe: ImageRecipe, architecture: str) -> str:
    """Digest all that makes an image what it is."""
    layers = [layer_fingerprint(layer, architecture) for layer in recipe.layers]
    return _digest(str(recipe.names), *layers, _recipe_digest(recipe))


@functools.cache
def layer_fingerprint(layer: LayerRecipe, architecture: str) -> str:
    """Digest all that makes a layer what it is, but for the layers below it."""
    lock = read_lock()
    debs = [lock.deb(deb.name, deb.suite, architecture) for deb in layer.debs]
    wheels = [lock.wheel(name, architecture) for name in layer.wheels]
    root = resources.files(_PACKAGE)
    folders = [
        *(root.joinpath("files", name) for name in layer.files),
        *(root.joinpath("npm", name) for name in layer.npm),
    ]
    return _digest(
        architecture,
        repr((layer.name, debs, wheels)),
        _code_digest(),
        *(_module_digest(name) for name in _modules(layer.build.__module__)),
        *(_folder_digest(folder) for folder in folders),
    )


def _recipe_digest(recipe: ImageRecipe) -> str:
    described = (recipe.config, recipe.holds, recipe.version_of)
    return _digest(repr(described), recipe.licences, recipe.note)


@functools.cache
def _code_digest() -> str:
    """Digest the modules that all layers are made with."""
    root = resources.files(_PACKAGE)
    modules = [
        (name, file)
        for folder in (root, root.joinpath("sources"))
        for name, file in _walk(folder, "")
        if name.endswith(".py") and "/" not in name and name not in _AFTERWARDS
    ]
    return _digest_files(modules)


def _modules(name: str) -> list[str]:
    """Name a recipe's module and those that it imports, each once."""
    found: list[str] = []
    waiting = [name]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.append(module)
            waiting += _OTHER_RECIPE.findall(_source(module).decode())
    return sorted(found)


@functools.cache
def _source(module: str) -> bytes:
    return Path(sys.modules[module].__file__ or "").read_bytes()


def _module_digest(module: str) -> str:
    return hashlib.sha256(_source(module)).hexdigest()


def _folder_digest(folder: Traversable) -> str:
    return _digest_files(list(_walk(folder, "")))


def _digest_files(files: list[tuple[str, Traversable]]) -> str:
    total = hashlib.sha256()
    for name, file in sorted(files, key=lambda item: item[0]):
        data = file.read_bytes()
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.name == "__pycache__":
            continue
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        else:
            yield prefix + item.name, item


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()
