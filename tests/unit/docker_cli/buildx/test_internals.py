"""Steps that are told by the one who sends."""

import pytest

from labkit.docker_cli.buildx.internals import (
    tell_definition,
    tell_export,
    with_sizes,
    with_whole_names,
)
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.status import Update
from tests.unit.docker_cli.buildx.updates import vertex


def material(text: str | None = "FROM a\n") -> Material:
    contexts = {"": lambda: iter([b"abc", b"de"]), "n": lambda: iter([b"x"])}
    return Material({}, text, "Dockerfile", contexts)


def test_the_dockerfile_is_told_if_it_was_read_here() -> None:
    heard: list[Update] = []
    tell_definition(material(), heard.append)
    tell_definition(material(None), heard.append)
    (update,) = heard
    assert update.vertices[0].name == "[internal] load build definition from Dockerfile"
    assert update.vertices[0].completed is not None
    assert (update.tasks[0].id, update.tasks[0].current) == (
        "transferring dockerfile:",
        7,
    )


def test_contexts_are_told_when_they_were_sent() -> None:
    heard: list[Update] = []
    counted = with_sizes(material(), heard.append)
    assert heard == []
    assert b"".join(counted.contexts[""]()) == b"abcde"
    assert b"".join(counted.contexts["n"]()) == b"x"
    assert [(one.vertices[0].name, one.tasks[0].current) for one in heard] == [
        ("[internal] load build context", 5),
        ("[n] load build context", 1),
    ]


def test_the_image_is_told_with_its_names() -> None:
    heard: list[Update] = []
    tell_export("sha256:1", ["docker.io/library/a:1"], heard.append)
    assert [task.id for task in heard[0].tasks] == [
        "exporting layers",
        "writing image sha256:1",
        "naming to docker.io/library/a:1",
    ]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("[1/2] FROM busybox", "[1/2] FROM docker.io/library/busybox:latest"),
        ("[a 1/2] FROM --platform=x r.io/b:1 AS a", "[a 1/2] FROM r.io/b:1"),
        ("[1/2] FROM given AS x", "[1/2] FROM given"),
        ("[1/2] FROM $BASE", "[1/2] FROM $BASE"),
        ("[2/2] RUN x", "[2/2] RUN x"),
    ],
)
def test_base_images_have_their_whole_name(name: str, shown: str) -> None:
    update = vertex("d", name, started=0)
    assert with_whole_names(update, {"given"}).vertices[0].name == shown
