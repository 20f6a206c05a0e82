"""``labkit images``: the bundled images, from recipes to an engine."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from labkit.base.errors import NotFoundError
from labkit.base.machine import host_architecture
from labkit.base.reference import parse_reference
from labkit.catalogue.assemble import assemble, open_layout
from labkit.catalogue.bundle import export_bundle, import_bundle, list_sources
from labkit.catalogue.cache import default_cache, locked
from labkit.catalogue.engine import load_images, loaded_names, spell_count
from labkit.catalogue.fingerprint import image_fingerprint
from labkit.catalogue.layout import Layout, StoredImage
from labkit.catalogue.lock import read_lock
from labkit.catalogue.machines import can_start, read_platform
from labkit.catalogue.model import ImageRecipe
from labkit.catalogue.progress import LineReporter, Reporter, TerminalReporter
from labkit.catalogue.recipes.table import RECIPES, select_recipes
from labkit.cli.engine_process import docker_host, ensure_engine

_MEGABYTE = 1_000_000


_platform_option = click.option(
    "--platform",
    "architecture",
    metavar="OS/ARCH",
    callback=lambda _, __, text: read_platform(text) if text else host_architecture(),
    help="For another kind of machine, as linux/arm64.",
)


@click.group()
def images() -> None:
    """List, build, export and import the bundled images."""


@dataclass(frozen=True, slots=True)
class Row:
    """One bundled image as ``list`` shows it."""

    names: tuple[str, ...]
    holds: str
    note: str
    id: str
    size: int
    built: str
    loaded: str


@images.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@_platform_option
def list_(as_json: bool, architecture: str) -> None:
    """List the bundled images: what they hold and where they are."""
    rows = list(_rows(architecture))
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=1))
        return
    table = Table("Image", "Holds", "Size", "Built", "In the engine", box=None)
    for row in rows:
        size = f"{row.size / _MEGABYTE:.1f} MB" if row.size else ""
        table.add_row(row.names[0], row.holds, size, row.built, row.loaded)
        for name in row.names[1:]:
            table.add_row(name)
    Console().print(table)


@images.command()
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option("--refresh", is_flag=True, help="Look for newer packages.")
@click.option("--no-load", is_flag=True, help="Leave the engine alone.")
@_platform_option
def build(
    names: tuple[str, ...], refresh: bool, no_load: bool, architecture: str
) -> None:
    """Assemble images and put them into the engine.

    If none is named it is all of them. Those for another kind of machine don't start
    here: they go to the cache only, to be handed on with `labkit images export
    --platform`.
    """
    with _reporter() as reporter:
        recipes = choose_recipes(names, architecture, can_start(architecture), reporter)
        built = assemble(recipes, default_cache(), reporter, refresh, architecture)
        if architecture == host_architecture() and not no_load:
            _load(built, reporter)
    _say(built, "ready")


@images.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.argument("names", metavar="[NAME]...", nargs=-1)
@_platform_option
def export(file: Path, names: tuple[str, ...], architecture: str) -> None:
    """Write images to one file for machines without a network."""
    cache = default_cache()
    with _reporter() as reporter:
        recipes = choose_recipes(names, architecture, can_start(architecture), reporter)
        built = assemble(recipes, cache, reporter, architecture=architecture)
        with reporter.task(f"{file}"), locked(cache):
            layout = open_layout(cache, architecture)
            size = export_bundle(layout, built, read_lock(), file)
            sources = file.with_name(f"{file.name}.SOURCES.txt")
            sources.write_text(list_sources(built, read_lock()), encoding="utf-8")
    click.echo(f"{file}: {spell_count(built)}, {size / _MEGABYTE:.1f} MB")
    click.echo(f"{sources}: where their sources are, to hand on with them")


@images.command("import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--no-load", is_flag=True, help="Leave the engine alone.")
def import_(file: Path, no_load: bool) -> None:
    """Take images from such a file and put them into the engine."""
    with _reporter() as reporter:
        with reporter.task(f"{file}"), locked(default_cache()):
            taken = import_bundle(file, _layout(), host_architecture())
        if not no_load:
            _load(taken, reporter)
    _say(taken, "imported")


def choose_recipes(
    names: tuple[str, ...], architecture: str, starts: bool, reporter: Reporter
) -> tuple[ImageRecipe, ...]:
    """Find the recipes that are asked for; of all, those that can be made here.

    Args:
        starts: programs for the architecture run here.
    """
    recipes = select_recipes(names)
    if names or starts:
        return recipes
    absent = [recipe.names[0] for recipe in recipes if recipe.runs_programs]
    reporter.note(
        f"without {', '.join(absent)}: they are made by programs of their own, and "
        f"this machine runs none for {architecture} (Debian: qemu-user-static)"
    )
    return tuple(recipe for recipe in recipes if not recipe.runs_programs)


def _rows(architecture: str) -> Iterator[Row]:
    stored = open_layout(default_cache(), architecture).images()
    here = loaded_names(docker_host(), stored)
    for recipe in RECIPES:
        image = _find(stored, recipe)
        labels = image.config.config.labels if image else {}
        yield Row(
            names=recipe.names,
            holds=labels.get("io.labkit.upstream.version", _without_version(recipe)),
            note=recipe.note,
            id=image.id.text if image else "",
            size=image.size if image else 0,
            built=_state(image, recipe, architecture),
            loaded=_where(here, recipe),
        )


def _without_version(recipe: ImageRecipe) -> str:
    return recipe.holds.replace("{version}", "").replace(" )", ")").strip()


def _state(image: StoredImage | None, recipe: ImageRecipe, architecture: str) -> str:
    if image is None:
        return "no"
    wanted = image_fingerprint(recipe, architecture)
    return "yes" if image.fingerprint == wanted else "out of date"


def _where(here: frozenset[str] | None, recipe: ImageRecipe) -> str:
    if here is None:
        return "no engine answers"
    return "yes" if recipe.names[0] in here else "no"


def _find(stored: Sequence[StoredImage], recipe: ImageRecipe) -> StoredImage | None:
    name = parse_reference(recipe.names[0])
    return next((image for image in stored if name in image.names), None)


def _layout() -> Layout:
    return open_layout(default_cache(), host_architecture())


def _load(built: Sequence[StoredImage], reporter: Reporter) -> None:
    if not built:
        raise NotFoundError("there are no images to load")
    load_images(ensure_engine(), _layout(), built, reporter)


def _say(built: Sequence[StoredImage], what: str) -> None:
    names = ", ".join(image.names[0].familiar for image in built)
    click.echo(f"{spell_count(built)} {what}: {names}")


@contextmanager
def _reporter() -> Iterator[Reporter]:
    """Show spinners to people and lines to pipes; on stderr, as it is no result."""
    if not sys.stderr.isatty():
        yield LineReporter(sys.stderr)
        return
    with TerminalReporter(Console(stderr=True)) as reporter:
        yield reporter
