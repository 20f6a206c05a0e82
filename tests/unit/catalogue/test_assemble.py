"""labkit.catalogue.assemble: reproducible, up to date or built, complete or refused."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, UnsupportedError
from labkit.base.machine import host_architecture
from labkit.base.reference import parse_reference
from labkit.catalogue.assemble import assemble, open_layout, upstream_version
from labkit.catalogue.layout import Layout
from labkit.catalogue.model import ImageRecipe, LayerRecipe, Pantry
from labkit.catalogue.progress import SilentReporter
from labkit.catalogue.recipes.base import HELLO_WORLD
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults
from tests.unit.catalogue.samples import NotingReporter, elf_file


def build_program(pantry: Pantry) -> Tree:
    return Tree().file("usr/bin/prog", elf_file(("libz.so.1",)))


def build_library(pantry: Pantry) -> Tree:
    assert "usr/bin/prog" in pantry.below("prog")
    return Tree().file("usr/lib/libz.so.1", elf_file(soname="libz.so.1"))


PROGRAM = LayerRecipe("prog", build_program)
LIBRARY = LayerRecipe("lib", build_library, on=(PROGRAM,))
APP = ImageRecipe(
    names=("app:1", "app:latest"),
    layers=(PROGRAM, LIBRARY),
    config=ContainerDefaults(env=("V={version}",), cmd=("prog",)),
    holds="prog {version}",
    version_of="",
    licences="MIT",
)


def test_gives_the_same_image_in_two_caches(tmp_path: Path) -> None:
    one = assemble([APP, HELLO_WORLD], tmp_path / "1", SilentReporter())
    two = assemble([HELLO_WORLD, APP], tmp_path / "2", SilentReporter())
    assert one == tuple(reversed(two))


def test_says_what_is_inside(tmp_path: Path) -> None:
    (image,) = assemble([HELLO_WORLD], tmp_path, SilentReporter())
    labels = image.config.config.labels
    assert labels["io.labkit.edition"] == "lab"
    assert labels["io.labkit.upstream.version"] == "hello (labkit's own)"
    assert image.config.config.cmd == ("/hello",)
    assert [entry.created_by for entry in image.config.history] == [
        "labkit layer hello"
    ]


def test_does_nothing_when_all_is_up_to_date(tmp_path: Path) -> None:
    first, second = NotingReporter(), NotingReporter()
    built = assemble([APP], tmp_path, first)
    assert first.tasks == ["layer prog", "layer lib"]
    assert assemble([APP], tmp_path, second) == built
    assert second.tasks == []


def test_builds_only_layers_that_changed(tmp_path: Path) -> None:
    assemble([APP], tmp_path, SilentReporter())
    only = replace(APP, names=("only:1",), layers=(PROGRAM, LIBRARY))
    reporter = NotingReporter()
    assemble([only], tmp_path, reporter)
    assert reporter.tasks == []
    Layout(tmp_path / "images").path(
        assemble([APP], tmp_path, reporter)[0].layers[1].digest
    ).unlink()
    assemble([APP], tmp_path, reporter)
    assert reporter.tasks == ["layer lib"]


def test_keeps_the_images_of_other_recipes(tmp_path: Path) -> None:
    assemble([HELLO_WORLD], tmp_path, SilentReporter())
    assemble([APP], tmp_path, SilentReporter())
    names = {name for one in Layout(tmp_path / "images").images() for name in one.names}
    assert parse_reference("hello-world") in names
    assert parse_reference("app:1") in names


def test_refuses_an_image_that_lacks_a_library(tmp_path: Path) -> None:
    lacking = replace(APP, layers=(PROGRAM,))
    with pytest.raises(InternalError, match=r"usr/bin/prog needs libz\.so\.1"):
        assemble([lacking], tmp_path, SilentReporter())
    assert Layout(tmp_path / "images").images() == ()


def test_makes_images_for_another_machine_beside_ours(tmp_path: Path) -> None:
    other = {"amd64": "arm64", "arm64": "amd64"}[host_architecture()]
    (own,) = assemble([HELLO_WORLD], tmp_path, SilentReporter())
    (foreign,) = assemble([HELLO_WORLD], tmp_path, SilentReporter(), architecture=other)
    assert foreign.config.architecture == other
    assert foreign.layers != own.layers
    assert open_layout(tmp_path, host_architecture()).images() == (own,)
    assert open_layout(tmp_path, other).images() == (foreign,)


def test_fetches_nothing_for_a_machine_whose_programs_do_not_run(
    tmp_path: Path,
) -> None:
    other = {"amd64": "arm64", "arm64": "amd64"}[host_architecture()]
    runs = replace(APP, layers=(replace(PROGRAM, runs_programs=True), LIBRARY))
    path, os.environ["PATH"] = os.environ["PATH"], str(tmp_path)
    try:
        with pytest.raises(UnsupportedError, match=r"image 'app:1', .* qemu-user"):
            assemble([runs], tmp_path, SilentReporter(), architecture=other)
    finally:
        os.environ["PATH"] = path


def test_refuses_machines_without_packages(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedError, match="amd64 and arm64, not for 'riscv64'"):
        assemble([APP], tmp_path, SilentReporter(), architecture="riscv64")


@pytest.mark.parametrize(
    ("version", "upstream"),
    [
        ("1.26.3-3+deb13u1", "1.26.3"),
        ("1:1.37.0-6+b9", "1.37.0"),
        ("20.19.2+dfsg-1", "20.19.2"),
        ("3.13.5~rc1-2", "3.13.5"),
        ("4.20.0", "4.20.0"),
        ("", ""),
    ],
)
def test_cuts_what_debian_adds(version: str, upstream: str) -> None:
    assert upstream_version(version) == upstream
