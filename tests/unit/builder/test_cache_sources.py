"""Images as sources of the cache."""

from dataclasses import replace
from pathlib import Path

from labkit.builder.model import BuildRequest, SourceTried
from tests.unit.builder.workshop import Ran, Workshop, history

LINES = (
    "FROM base",
    "ENV A=1",
    "COPY a /",
    "RUN make",
    "RUN nothing",
    "WORKDIR /w",
    "LABEL b=2",
)


def _make(ran: Ran) -> None:
    (ran.upper / "made").write_text("made")


def _elsewhere(shop: Workshop, root: Path) -> Workshop:
    """Return a workshop that has an image of another's, and nothing of its cache."""
    root.mkdir()
    other = Workshop(root)
    other.layers.root = shop.layers.root
    other.layers.images.update(shop.layers.images)
    other.commands["make"] = _make
    return other


def _request() -> BuildRequest:
    return BuildRequest(cache_from=("source", "nobody-has-it"))


def _built(shop: Workshop) -> str:
    shop.commands["make"] = _make
    shop.write("a", "a")
    built = shop.build(*LINES)
    shop.layers.images["source:latest"] = built.image
    return built.image.id.text


def test_an_image_answers_for_all_of_its_steps(shop: Workshop, tmp_path: Path) -> None:
    image_id = _built(shop)
    other = _elsewhere(shop, tmp_path / "other")
    other.write("a", "a")
    built = other.build(*LINES, request=_request())
    assert other.orders == []
    assert other.cached == [2, 3, 4, 5, 6, 7]
    assert built.image.id.text == image_id
    tried = [one for one in other.events if isinstance(one, SourceTried)]
    assert [one.is_there for one in tried] == [True, False]
    # What was learnt is kept: it is known without the image, too.
    again = other.build(*LINES)
    assert again.image.id.text == image_id
    assert other.cached == [2, 3, 4, 5, 6, 7]


def test_only_images_answer_where_nothing_else_shall(shop: Workshop) -> None:
    image_id = _built(shop)
    theirs = replace(_request(), sources_only=True)
    built = shop.build(*LINES, request=theirs)
    assert shop.cached == [2, 3, 4, 5, 6, 7]
    assert built.image.id.text == image_id
    nobody = BuildRequest(cache_from=("nobody-has-it",), sources_only=True)
    other = shop.build(*LINES, request=nobody)
    assert shop.cached == []
    assert other.image.id.text != image_id
    # What was done again since is not what the image has.
    shop.build(*LINES, request=theirs)
    assert shop.cached == [2, 3, 4, 5, 6, 7]


def test_other_files_end_it(shop: Workshop, tmp_path: Path) -> None:
    _built(shop)
    other = _elsewhere(shop, tmp_path / "other")
    other.write("a", "changed")
    other.build(*LINES, request=_request())
    assert other.cached == [2]
    assert [order.args[-1] for order in other.orders] == ["make", "nothing"]


def test_another_line_or_base_ends_it(shop: Workshop, tmp_path: Path) -> None:
    _built(shop)
    other = _elsewhere(shop, tmp_path / "other")
    other.write("a", "a")
    built = other.build(*LINES[:1], "ENV A=2", *LINES[2:], request=_request())
    assert other.cached == []
    assert history(built)[0] == "ENV A=2"
    other.put_image("different", {"f": "x"})
    other.build("FROM different", *LINES[1:], request=_request())
    assert other.cached == []


def test_files_of_a_mount_are_in_no_line(shop: Workshop, tmp_path: Path) -> None:
    lines = ("FROM base", "RUN --mount=type=bind,source=a,target=/a make")
    shop.commands["make"] = _make
    shop.write("a", "a")
    shop.layers.images["source:latest"] = shop.build(*lines).image
    other = _elsewhere(shop, tmp_path / "other")
    other.write("a", "changed")
    other.build(*lines, request=_request())
    assert other.cached == []


def test_nothing_is_taken_without_a_cache(shop: Workshop, tmp_path: Path) -> None:
    _built(shop)
    other = _elsewhere(shop, tmp_path / "other")
    other.write("a", "a")
    wanted = BuildRequest(cache_from=("source",), no_cache=True)
    other.build(*LINES, request=wanted)
    assert other.cached == []
