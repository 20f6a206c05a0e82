from labkit.grading.probes import Volume, VolumeProbe
from tests.unit.grading.build import (
    fields,
    make_container,
    make_network,
    see,
)


def test_a_volume_must_be_there():
    seen = see(more={VolumeProbe("data"): Volume("data", "local", {})})
    assert fields("volume", seen, name="data") == []
    assert fields("volume", seen, name="other") == ["name"]


def test_all_that_must_be_gone_is_named_when_it_is_not():
    seen = see(make_container("web"), make_network("net"))
    asked = {"containers": ["web", "db"], "networks": ["net"], "volumes": ["data"]}
    assert fields("absent", seen, **asked) == ["container.web", "network.net"]
    assert fields("absent", see(), **asked) == []


def test_labels_of_a_volume():
    seen = see(more={VolumeProbe("data"): Volume("data", "local", {"a": "b"})})
    assert fields("volume", seen, name="data", labels={"a": "b"}) == []
    assert fields("volume", seen, name="data", labels={"a": "c"}) == ["labels.a"]
