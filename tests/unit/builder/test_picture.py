"""Pictures: values that grow step by step into an image's configuration."""

from dataclasses import replace
from pathlib import Path

from labkit.base.digest import Digest
from labkit.builder.picture import (
    COMMENT,
    DEFAULT_PATH,
    empty_picture,
    picture_of,
)
from labkit.dockerfile.instructions import Pair
from labkit.images.model import BuiltLayer
from labkit.images.store import spell_config
from tests.unit.builder.workshop import Workshop

LAYER = Digest.of(b"layer")


def test_begins_with_nothing() -> None:
    picture = empty_picture("arm64")
    assert picture.config.env == (f"PATH={DEFAULT_PATH}",)
    assert picture.image.architecture == "arm64"
    assert picture.environment == {"PATH": DEFAULT_PATH}
    assert picture.chain_ids == ()


def test_begins_with_an_image(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    shop = Workshop(tmp_path / "shop")
    image = shop.put_image("x", {"a": ""}, env=("A=1",), on_build=("RUN x",))
    picture = picture_of(image, image.chain_ids)
    assert picture.image_id == image.id.text
    assert picture.environment == {"A": "1", "PATH": DEFAULT_PATH}
    assert picture.config.on_build == ()


def test_grows_by_layers_and_history() -> None:
    before = empty_picture()
    layer = BuiltLayer(LAYER, LAYER, 1)
    after = before.with_layer(layer, "key").with_history("RUN x", 10**9, False)
    assert (after.diff_ids, after.chain_ids, after.files) == ((LAYER,), (LAYER,), "key")
    (entry,) = after.history
    assert (entry.created_by, entry.comment) == ("RUN x", COMMENT)
    assert after.whole.created == "1970-01-01T00:00:01Z"
    assert after.image_id != before.image_id


def test_a_step_without_changes_adds_no_layer() -> None:
    after = empty_picture().with_layer(None, "key")
    assert (after.diff_ids, after.files) == ((), "key")


def test_a_change_is_no_longer_its_base() -> None:
    picture = replace(empty_picture(), base_id="sha256:x")
    assert picture.image_id == "sha256:x"
    assert picture.with_history("ENV A=1", 1, True).base_id == ""


def test_many_lines_of_history_are_put_together_now_and_then() -> None:
    """A line that copied all before it took the square of thousands."""
    pictures = [empty_picture()]
    for number in range(200):
        pictures.append(pictures[-1].with_history(f"line {number}", number, True))
    copies = {id(one.image.history): one.image.history for one in pictures}
    assert len(copies) <= 4
    for count in (0, 1, 63, 64, 65, 200):
        lines = [entry.created_by for entry in pictures[count].history]
        assert lines == [f"line {number}" for number in range(count)]
    whole = pictures[-1].whole
    assert whole.history == pictures[-1].history
    assert pictures[-1].image_id == Digest.of(spell_config(whole)).text


def test_many_variables_are_put_together_now_and_then() -> None:
    pictures = [empty_picture()]
    for number in range(200):
        pictures.append(pictures[-1].with_env((Pair(f"N{number}", "v"),)))
    copies = {id(one.image.config): one.image.config for one in pictures}
    assert len(copies) <= 4
    for count in (0, 1, 63, 64, 65, 200):
        added = [f"N{number}=v" for number in range(count)]
        assert pictures[count].config.env == (f"PATH={DEFAULT_PATH}", *added)
    assert pictures[-1].whole.config.env == pictures[-1].config.env
    assert pictures[-1].environment["N199"] == "v"


def test_a_variable_that_is_set_again_keeps_its_place() -> None:
    picture = empty_picture().with_env((Pair("A", "1"), Pair("B", "2")))
    after = picture.with_env((Pair("A", "3"), Pair("C", "4"), Pair("C", "5")))
    assert after.config.env[1:] == ("A=3", "B=2", "C=5")
    assert after.environment["A"] == "3"
    argument = picture.with_variable("D", "from ARG").with_env((Pair("D", "6"),))
    assert argument.config.env[1:] == ("A=1", "B=2", "D=6")
