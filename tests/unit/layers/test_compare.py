"""labkit.layers.compare: what changes, what goes, and whose bytes nobody sees."""

from hypothesis import given
from hypothesis import strategies as st

from labkit.layers.compare import (
    apply,
    describe_image,
    describe_saving,
    hidden_files,
    visible_files,
)
from labkit.layers.model import File, Layer, SavedImage, Step, WastedFile

FOLDER = File(is_folder=True)


def file(size: int, content: str = "") -> File:
    return File(size, content or f"{size}")


def image(*layers: Layer | None) -> SavedImage:
    steps = [
        Step(f"RUN step {number}", layer, f"sha256:{number}" if layer else "")
        for number, layer in enumerate(layers, start=1)
    ]
    return SavedImage("sha256:id", tuple(steps))


BASE = Layer({"etc": FOLDER, "etc/a": file(3), "big": file(100), "keep": file(7)})
ABOVE = Layer({"etc": FOLDER, "etc/a": file(4), "new": file(1)}, frozenset({"big"}))


def test_counts_what_a_layer_does() -> None:
    report = describe_image("app", image(BASE, None, ABOVE))
    first, empty, last = report.layers
    assert (first.added, first.changed, first.removed) == (3, (), ())
    assert (empty.is_empty, empty.size) == (True, 0)
    assert (last.added, last.changed, last.removed) == (1, ("etc/a",), ("big",))
    assert first.largest == ("big", "keep", "etc/a")
    assert (first.size, last.size, report.size) == (110, 5, 115)


def test_names_the_bytes_that_nobody_sees() -> None:
    report = describe_image("app", image(BASE, None, ABOVE))
    assert report.wasted_bytes == report.layers[0].wasted_bytes == 103
    assert report.layers[0].wasted == (
        WastedFile("big", 100, hidden_by=3),
        WastedFile("etc/a", 3, hidden_by=3),
    )


def test_hides_all_below_a_folder_that_goes() -> None:
    below = {"a": FOLDER, "a/b": FOLDER, "a/b/c": file(1), "ab": file(2)}
    gone = Layer({}, frozenset({"a"}))
    assert {path for path, _ in hidden_files(below, gone)} == {"a", "a/b", "a/b/c"}
    emptied = Layer({"a": FOLDER}, frozenset(), frozenset({"a"}))
    assert set(apply(below, emptied)) == {"a", "ab"}
    replaced = Layer({"a": file(9)})
    assert set(apply(below, replaced)) == {"a", "ab"}


def test_says_what_a_last_stage_took() -> None:
    built = Layer({"app/dist/main.js": file(50, "main"), "tools": file(900, "t")})
    final = Layer({"html/main.js": file(50, "main"), "html/own": file(3, "own")})
    base = Layer({"nginx": file(20, "nginx")})
    saving = describe_saving("app:builder", image(built), image(None, base, final))
    assert (saving.copied_files, saving.copied_bytes) == (1, 50)
    assert (saving.builder_size, saving.size, saving.saved_bytes) == (950, 73, 877)


def test_counts_once_what_is_copied_and_then_given_another_mode() -> None:
    built = Layer({"app": file(50, "main")})
    copied = Layer({"html": FOLDER, "html/app": file(50, "main")})
    saving = describe_saving("b", image(built), image(None, copied, copied))
    assert (saving.copied_files, saving.copied_bytes) == (1, 50)


def test_does_not_call_copied_what_both_stand_on() -> None:
    base = Layer({"nginx": file(20, "nginx")})
    saving = describe_saving("b", image(base), image(base))
    assert saving.copied_files == 0


PATHS = st.sampled_from(["a", "b", "a/x", "a/y", "a/x/z"])
LAYERS = st.builds(
    Layer,
    st.dictionaries(PATHS, st.integers(1, 9).map(file)),
    st.frozensets(PATHS),
)


@given(st.lists(LAYERS, max_size=4))
def test_what_is_not_wasted_is_seen(layers: list[Layer]) -> None:
    saved = image(*layers)
    report = describe_image("app", saved)
    seen = sum(one.size for one in visible_files(saved).values())
    assert report.size - report.wasted_bytes == seen
