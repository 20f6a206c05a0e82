"""Layers in the cache: kept if nothing has changed, else built, several at a time.

A layer is built as soon as its packages are here and the layers below it are done; so
downloads, unpacking (which leaves the interpreter's lock) and other layers overlap.
Every layer comes after those that it stands on, and threads take them in that order:
whatever a thread waits for is done or under way.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from labkit.base.digest import Digest
from labkit.base.errors import InternalError
from labkit.base.files import write_atomically
from labkit.catalogue.elf import Libraries, find_strangers, survey
from labkit.catalogue.fingerprint import layer_fingerprint
from labkit.catalogue.layout import Layout
from labkit.catalogue.machines import machine_of
from labkit.catalogue.model import BuiltLayer, LayerRecipe
from labkit.catalogue.pantry import LayerPantry
from labkit.catalogue.progress import Reporter
from labkit.catalogue.supplies import Deliveries
from labkit.catalogue.tree import Tree

_WAITING = 2


@dataclass(slots=True)
class LayerBuilder:
    """One run: where layers go, what they are made of, and what is done already."""

    cache: Path
    layout: Layout
    architecture: str
    reporter: Reporter
    deliveries: Deliveries
    _jobs: dict[str, Future[BuiltLayer]] = field(default_factory=dict)
    _trees: dict[str, Tree] = field(default_factory=dict)
    _stood_on: set[str] = field(default_factory=set)

    def build(self, layers: Sequence[LayerRecipe]) -> dict[str, BuiltLayer]:
        """Build layers, which come lowest first; return them by name."""
        self._stood_on = {below.name for layer in layers for below in layer.on}
        # Some wait for downloads; the others are to keep all processors busy.
        workers = (os.cpu_count() or 1) + _WAITING
        pool = ThreadPoolExecutor(max_workers=workers)
        try:
            for layer in layers:
                self._jobs[layer.name] = pool.submit(self._take, layer)
            return {name: job.result() for name, job in self._jobs.items()}
        finally:
            pool.shutdown(cancel_futures=True)

    def _take(self, recipe: LayerRecipe) -> BuiltLayer:
        below = [self._jobs[layer.name].result().diff_id.text for layer in recipe.on]
        self.deliveries.wait_for(recipe)
        versions = self.deliveries.supplies.versions(recipe)
        fingerprint = layer_fingerprint(recipe, self.architecture)
        inputs = json.dumps([fingerprint, sorted(versions.items()), below])
        inputs_digest = hashlib.sha256(inputs.encode()).hexdigest()
        record = self.cache / "layers" / f"{recipe.name}.json"
        if kept := self._read_record(record, recipe.name, inputs_digest):
            return kept
        layer = self._make(recipe)
        _write_record(record, layer, inputs_digest)
        return layer

    def _make(self, recipe: LayerRecipe) -> BuiltLayer:
        supplies = self.deliveries.supplies
        with self.reporter.task(f"layer {recipe.name}"):
            pantry = LayerPantry(recipe, supplies, self.architecture, self._read_tree)
            tree = recipe.build(pantry)
            self._refuse_strangers(recipe, tree)
            if recipe.name in self._stood_on:  # the others are not looked at again
                self._trees[recipe.name] = tree
            with self.layout.draft() as draft:
                with draft.open("wb") as out:
                    tree.write(out)
                stored = self.layout.adopt(draft)
        versions = supplies.versions(recipe)
        return BuiltLayer(
            recipe.name, stored.digest, stored.size, versions, survey(tree)
        )

    def _refuse_strangers(self, recipe: LayerRecipe, tree: Tree) -> None:
        strangers = find_strangers(tree, machine_of(self.architecture).elf)
        if strangers:
            raise InternalError(
                f"layer {recipe.name!r} is for {self.architecture}, "
                f"but {strangers[0]} in it is for another machine"
            )

    def _read_tree(self, name: str) -> Tree:
        if name not in self._trees:
            diff_id = self._jobs[name].result().diff_id
            with self.layout.path(diff_id).open("rb") as tar:
                self._trees[name] = Tree.read(tar)
        return self._trees[name]

    def _read_record(self, path: Path, name: str, inputs: str) -> BuiltLayer | None:
        if not path.exists():
            return None
        record = json.loads(path.read_bytes())
        diff_id = Digest(record["diff_id"])
        if record["inputs"] != inputs or not self.layout.path(diff_id).exists():
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
