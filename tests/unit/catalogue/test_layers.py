"""labkit.catalogue.layers: side by side, lowest first, kept if unchanged."""

import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.catalogue.layers import LayerBuilder
from labkit.catalogue.layout import Layout
from labkit.catalogue.model import BuiltLayer, LayerRecipe, Pantry
from labkit.catalogue.supplies import Deliveries
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import NotingReporter, elf_file


def build_low(pantry: Pantry) -> Tree:
    return Tree().file("low", "low")


def build_high(pantry: Pantry) -> Tree:
    return Tree().file("high", pantry.below("low")["low"].data + b" and high")


LOW = LayerRecipe("low", build_low)
HIGH = LayerRecipe("high", build_high, on=(LOW,))


def build(
    cache: Path, layers: Sequence[LayerRecipe]
) -> tuple[dict[str, BuiltLayer], list[str]]:
    reporter = NotingReporter()
    layout = Layout(cache / "images")
    builder = LayerBuilder(cache, layout, "amd64", reporter, Deliveries())
    return builder.build(layers), reporter.tasks


def test_builds_what_others_stand_on_first(tmp_path: Path) -> None:
    built, tasks = build(tmp_path, [LOW, HIGH])
    assert tasks == ["layer low", "layer high"]
    with Layout(tmp_path / "images").path(built["high"].diff_id).open("rb") as tar:
        assert Tree.read(tar)["high"].data == b"low and high"


def test_keeps_what_has_not_changed(tmp_path: Path) -> None:
    first, _ = build(tmp_path, [LOW, HIGH])
    second, tasks = build(tmp_path, [LOW, HIGH])
    assert tasks == []
    assert second == first


def test_builds_again_what_stands_on_a_changed_layer(tmp_path: Path) -> None:
    build(tmp_path, [LOW, HIGH])
    other = LayerRecipe(
        "low", lambda pantry: Tree().file("low", "new"), files=("base",)
    )
    built, tasks = build(
        tmp_path, [other, LayerRecipe("high", build_high, on=(other,))]
    )
    assert tasks == ["layer low", "layer high"]
    with Layout(tmp_path / "images").path(built["high"].diff_id).open("rb") as tar:
        assert Tree.read(tar)["high"].data == b"new and high"


def test_reads_a_kept_layer_for_a_new_one(tmp_path: Path) -> None:
    build(tmp_path, [LOW])
    _, tasks = build(tmp_path, [LOW, HIGH])
    assert tasks == ["layer high"]


def test_builds_two_at_a_time(tmp_path: Path) -> None:
    meeting = threading.Barrier(2, timeout=5)

    def wait_for_the_other(pantry: Pantry) -> Tree:
        meeting.wait()
        return Tree()

    pair = [LayerRecipe(name, wait_for_the_other) for name in ("one", "two")]
    assert set(build(tmp_path, pair)[0]) == {"one", "two"}


def test_refuses_programs_for_another_machine(tmp_path: Path) -> None:
    def take_the_wrong_one(pantry: Pantry) -> Tree:
        return Tree().file("usr/bin/p", elf_file(machine=183))

    wrong = LayerRecipe("wrong", take_the_wrong_one)
    with pytest.raises(InternalError, match="for amd64, but usr/bin/p in it is for an"):
        build(tmp_path, [wrong])


def test_tells_of_the_layer_that_failed(tmp_path: Path) -> None:
    def fail(pantry: Pantry) -> Tree:
        raise InternalError("no luck")

    broken = LayerRecipe("broken", fail)
    above = LayerRecipe("above", build_low, on=(broken,))
    with pytest.raises(InternalError, match="no luck"):
        build(tmp_path, [broken, above])
