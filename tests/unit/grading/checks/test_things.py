import pytest

from labkit.grading.probes import (
    ImageProbe,
    ImageTextProbe,
    Text,
    Volume,
    VolumeProbe,
)
from tests.unit.grading.build import (
    fields,
    find,
    make_container,
    make_image,
    make_network,
    see,
)


def test_a_volume_must_be_there():
    seen = see(more={VolumeProbe("data"): Volume("data", "local", {})})
    assert fields("volume", seen, name="data") == []
    assert fields("volume", seen, name="other") == ["name"]


@pytest.mark.parametrize(
    ("setting", "good", "bad"),
    [
        ("labels", {"team": "red"}, {"team": "blue"}),
        ("user", "app", "root"),
        ("max_size", "10m", "9m"),
        ("max_layers", 3, 2),
    ],
)
def test_an_image_is_looked_at_as_asked(setting, good, bad):
    seen = see(more={ImageProbe("app"): make_image()})
    assert fields("image", seen, name="app", **{setting: good}) == []
    assert len(fields("image", seen, name="app", **{setting: bad})) == 1
    assert fields("image", see(), name="app") == ["name"]


def test_all_that_must_be_gone_is_named_when_it_is_not():
    seen = see(make_container("web"), make_network("net"))
    asked = {"containers": ["web", "db"], "networks": ["net"], "volumes": ["data"]}
    assert fields("absent", seen, **asked) == ["container.web", "network.net"]
    assert fields("absent", see(), **asked) == []


def test_labels_of_a_volume():
    seen = see(more={VolumeProbe("data"): Volume("data", "local", {"a": "b"})})
    assert fields("volume", seen, name="data", labels={"a": "b"}) == []
    assert fields("volume", seen, name="data", labels={"a": "c"}) == ["labels.a"]


def test_two_names_of_one_image():
    one, other = make_image(), make_image(id="sha256:" + "cd" * 32)
    answers = {ImageProbe("app"): one, ImageProbe("a"): one, ImageProbe("b"): other}
    assert fields("image", see(more=answers), name="app", same_as="a") == []
    assert fields("image", see(more=answers), name="app", same_as="b") == ["same_as"]
    assert fields("image", see(more=answers), name="app", same_as="c") == ["same_as"]


def test_a_text_that_no_layer_may_hold():
    seen = {ImageProbe("app"): make_image()}
    probe = ImageTextProbe("app", "s3cret")
    clean, leaking = seen | {probe: Text("")}, seen | {probe: Text("/key of a layer")}
    assert fields("image", see(more=clean), name="app", without="s3cret") == []
    (finding,) = find("image", see(more=leaking), name="app", without="s3cret")
    assert (finding.field, finding.found) == ("without", "it is in /key of a layer")
