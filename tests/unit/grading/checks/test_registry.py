import pytest

from labkit.grading.probes import ImageProbe, RegistryProbe, RegistryTag
from tests.unit.grading.build import fields, find, make_image, see

PARAMS = {"port": 5000, "repository": "tools/box", "tag": "1"}
PROBE = RegistryProbe(5000, "tools/box", "1", within_seconds=3.0)
IMAGE = make_image()


def _see(tag, image=None):
    return see(more={PROBE: tag, ImageProbe("box"): image})


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        (RegistryTag(0, problem="connection refused"), ["registry"]),
        (RegistryTag(401), ["login"]),
        (RegistryTag(404), ["tag"]),
        (RegistryTag(200), []),
    ],
)
def test_the_tag_must_be_there_for_who_asks(tag, field):
    assert fields("registry", _see(tag), **PARAMS) == field


@pytest.mark.parametrize(
    ("tag", "field"),
    [
        (RegistryTag(0, problem="it speaks no TLS"), ["registry"]),
        (RegistryTag(401), []),
        (RegistryTag(200), ["refuses"]),
        (RegistryTag(404), ["refuses"]),
    ],
)
def test_a_stranger_must_be_turned_away(tag, field):
    assert fields("registry", _see(tag), **PARAMS, refuses=True) == field


def test_the_image_must_be_the_very_one():
    same = {**PARAMS, "same_as": "box"}
    by_config = RegistryTag(200, "sha256:other", IMAGE.id)
    by_digest = RegistryTag(200, IMAGE.id, "sha256:other")
    assert fields("registry", _see(by_config, IMAGE), **same) == []
    assert fields("registry", _see(by_digest, IMAGE), **same) == []
    (finding,) = find("registry", _see(RegistryTag(200, "x", "y"), IMAGE), **same)
    assert finding.found == "another image"
    assert "docker push localhost:5000/tools/box:1" in finding.next_step
    (finding,) = find("registry", _see(by_config), **same)
    assert finding.found == "no image named box here"
