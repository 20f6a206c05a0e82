"""The configuration of an image that is made of a tree."""

from labkit.base.digest import Digest
from labkit.engine.images.derive import (
    EMPTY_LAYER,
    Step,
    describe_with,
    from_defaults,
    target_names,
    to_defaults,
)
from labkit.engine.model import ContainerConfig
from labkit.spec.image import ContainerDefaults
from tests.contract.fakes.images import FakeImages

LAYER = Digest.of(b"layer")


def test_a_layer_and_a_line_of_history_are_added() -> None:
    base = FakeImages().put("base")
    step = Step(1_000_000_000, "sleep 1", "me", "why")
    found = describe_with(base, ContainerDefaults(user="app"), step)(LAYER)
    assert found.rootfs.diff_ids == (*base.config.rootfs.diff_ids, LAYER)
    assert found.config.user == "app"
    assert (found.author, found.created) == ("me", "1970-01-01T00:00:01Z")
    entry = found.history[-1]
    assert (entry.created_by, entry.comment, entry.empty_layer) == (
        "sleep 1",
        "why",
        False,
    )


def test_a_layer_without_a_change_is_left_out() -> None:
    assert Digest.of(bytes(1024)) == EMPTY_LAYER
    found = describe_with(None, ContainerDefaults(), Step(0))(EMPTY_LAYER)
    assert found.rootfs.diff_ids == ()
    assert found.history[-1].empty_layer


def test_sets_are_spelled_as_go_does() -> None:
    config = ContainerConfig(exposed_ports=("80/tcp",), volumes=("/v",))
    found = to_defaults(config)
    assert (found.exposed_ports, found.volumes) == ({"80/tcp": {}}, {"/v": {}})


def test_a_name_needs_a_repository() -> None:
    assert target_names("", "tag") == ()
    assert [one.familiar for one in target_names("box", "")] == ["box:latest"]
    assert [one.familiar for one in target_names("team/box", "1")] == ["team/box:1"]


def test_what_an_image_has_goes_into_a_containers_configuration_and_back() -> None:
    config = ContainerConfig(hostname="h", env=("A=1",), labels={"a": "b"})
    changed = from_defaults(config, ContainerDefaults(user="u", volumes={"/v": {}}))
    assert changed == ContainerConfig(hostname="h", user="u", volumes=("/v",))
    assert from_defaults(config, to_defaults(config)) == config
