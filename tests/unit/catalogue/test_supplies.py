"""labkit.catalogue.supplies: what the cache has is not fetched; versions are told."""

import hashlib
import json
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, NotFoundError
from labkit.catalogue.lock import Lock, LockedDeb, LockedWheel
from labkit.catalogue.model import DebPackage, LayerRecipe
from labkit.catalogue.sources.apt import Offer
from labkit.catalogue.sources.npm import NODE_WHEEL
from labkit.catalogue.supplies import Shopping, Supplies, Supply
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import NotingReporter

DATA = b"a wheel"
SHA = hashlib.sha256(DATA).hexdigest()
WHEEL = LockedWheel("tool", "2.0", "any", "tool-2.0-py3-none-any.whl", 7, SHA)
NODE = LockedWheel(NODE_WHEEL, "24", "any", "node.whl", 1, SHA)
DEB = LockedDeb("trixie", "amd64", "prog", "1-1", 3, "aa", "pool/prog", "prog")
LOCK = Lock((DEB,), (WHEEL, NODE))


def shop(cache: Path) -> tuple[Shopping, NotingReporter]:
    reporter = NotingReporter()
    return Shopping(cache, LOCK, "amd64", reporter), reporter


def offer(version: str, sha256: str) -> Offer:
    return Offer("prog", version, f"prog_{version}_amd64.deb", 3, sha256)


def test_takes_a_wheel_from_the_cache(tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / WHEEL.file).write_bytes(DATA)
    recipe = LayerRecipe("x", lambda pantry: Tree(), wheels=("tool",))
    shopping, reporter = shop(tmp_path)
    with shopping.begin([recipe]) as coming:
        coming.wait_for(recipe)
    wheel = Supply("2.0", tmp_path / "wheels" / WHEEL.file)
    assert coming.supplies.wheels["tool"] == wheel
    assert coming.supplies.versions(recipe) == {"tool": "2.0"}
    assert reporter.tasks == ["1 Python wheels"]


def test_asks_nobody_for_nothing(tmp_path: Path) -> None:
    shopping, reporter = shop(tmp_path)
    recipe = LayerRecipe("x", lambda pantry: Tree())
    with shopping.begin([recipe]) as coming:
        coming.wait_for(recipe)
    assert coming.supplies == Supplies()
    assert reporter.tasks == []


def test_tells_of_a_newer_package(tmp_path: Path) -> None:
    shopping, reporter = shop(tmp_path)
    shopping._compare("trixie", offer("1-2", "bb"), DEB)
    assert reporter.notes == [
        "Debian trixie has prog 1-2 now, the recipe was tried with 1-1"
    ]


def test_refuses_other_bytes_of_the_same_version(tmp_path: Path) -> None:
    shopping, reporter = shop(tmp_path)
    shopping._compare("trixie", offer("1-1", "aa"), DEB)
    with pytest.raises(InternalError, match=r"'prog_1-1_amd64\.deb' has another"):
        shopping._compare("trixie", offer("1-1", "bb"), DEB)
    assert reporter.notes == []


def test_gathers_the_versions_of_a_layer() -> None:
    supplies = Supplies({DebPackage("prog"): Supply("1-1", Path("p"))}, {}, {})
    recipe = LayerRecipe("x", lambda pantry: Tree(), debs=(DebPackage("prog"),))
    assert json.dumps(supplies.versions(recipe)) == '{"prog": "1-1"}'


def test_fails_as_the_download_failed(tmp_path: Path) -> None:
    recipe = LayerRecipe("x", lambda pantry: Tree(), wheels=("unheard-of",))
    shopping, _ = shop(tmp_path)
    with (
        pytest.raises(NotFoundError, match="'unheard-of'"),
        shopping.begin([recipe]) as coming,
    ):
        coming.wait_for(recipe)
