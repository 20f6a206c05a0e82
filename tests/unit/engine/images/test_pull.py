"""Pulling, as the engine tells it."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, LabError, NotFoundError
from labkit.base.reference import parse_reference
from labkit.engine.engine import Engine
from labkit.engine.images.pull import explain, pull_image
from labkit.images.hub import UnfoundError, Wish
from labkit.images.registry.failures import RefusedError, UnreachableError
from labkit.images.transfer import PullDone, PullEvent
from tests.unit.engine.lab import make_world, open_lab


async def pull(engine: Engine, name: str) -> list[PullEvent]:
    return [event async for event in pull_image(engine, Wish(parse_reference(name)))]


async def test_tells_and_records(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.registries.shelf.add("lab:5000/app:1")
    async with open_lab(world) as engine:
        events = await pull(engine, "lab:5000/app:1")
        assert events[-1] == PullDone(parse_reference("lab:5000/app:1"), is_new=True)
        told = engine.events.past()[-1]
        assert (told.type, told.action, told.actor_id) == (
            "image",
            "pull",
            "lab:5000/app:1",
        )
        assert told.attributes["name"] == "lab:5000/app"
        again = await pull(engine, "lab:5000/app:1")
        assert again[-1] == PullDone(parse_reference("lab:5000/app:1"), is_new=False)


async def test_sweeps_up_after_a_failure(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.registries.shelf.add("app:1")
    world.registries.failure = UnreachableError("it broke off")
    async with open_lab(world) as engine:
        before = world.images.collected
        with pytest.raises(UnreachableError, match="it broke off"):
            await pull(engine, "app:1")
        assert world.images.collected == before + 1
        assert engine.events.past() == ()


@pytest.mark.parametrize(
    ("cause", "kind", "words"),
    [
        (
            RefusedError("manifest unknown: manifest unknown", "MANIFEST_UNKNOWN"),
            NotFoundError,
            "manifest for app:1 not found: manifest unknown: manifest unknown",
        ),
        (
            RefusedError("denied: no", "DENIED"),
            NotFoundError,
            "pull access denied for app, repository does not exist or may require "
            "'docker login': denied: no",
        ),
        (
            RefusedError("name unknown: no", "NAME_UNKNOWN"),
            NotFoundError,
            "repository app not found: name unknown: no",
        ),
        (
            RefusedError("unauthorized: authentication required", "UNAUTHORIZED", 401),
            InternalError,
            "unauthorized: authentication required",
        ),
        (UnreachableError('Get "x": dial'), InternalError, 'Get "x": dial'),
        (
            NotFoundError("no matching manifest for linux/s390x"),
            NotFoundError,
            "no matching manifest for linux/s390x",
        ),
    ],
)
def test_words_what_is_nowhere_as_docker_does(
    cause: LabError, kind: type[LabError], words: str
) -> None:
    reference = parse_reference("app:1")
    found = explain(UnfoundError(cause, was_bundled_asked=False), reference)
    assert type(found) is kind
    assert str(found) == words
    both = explain(UnfoundError(cause, was_bundled_asked=True), reference)
    assert str(both) == (
        f"{words}, and app:1 is not among the bundled images that are built "
        "('labkit images list' names all, 'labkit images build' makes them)"
    )
