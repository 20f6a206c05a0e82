"""Pushing, as the engine tells it."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, NotFoundError
from labkit.base.reference import parse_bare_reference
from labkit.engine.engine import Engine
from labkit.engine.images.push import push_image
from labkit.engine.images.tag import tag_image
from labkit.images.registry.failures import NoCredentialsError, UnreachableError
from labkit.images.registry.model import ANONYMOUS
from labkit.images.transfer import PushEnded
from tests.unit.engine.lab import make_world, open_lab


async def push(engine: Engine, name: str) -> list[str]:
    reference = parse_bare_reference(name)
    return [
        event.reference.familiar
        async for event in push_image(engine, reference, ANONYMOUS)
        if isinstance(event, PushEnded)
    ]


async def test_pushes_one_tag_or_all(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        for tag in ("1", "2"):
            await tag_image(engine, "busybox", "lab:5000/box", tag)
        assert await push(engine, "lab:5000/box:2") == ["lab:5000/box:2"]
        told = engine.events.past()[-1]
        assert (told.action, told.actor_id) == ("push", "lab:5000/box:2")
        assert told.attributes == {"name": "lab:5000/box"}
        both = ["lab:5000/box:1", "lab:5000/box:2"]
        assert await push(engine, "lab:5000/box") == both
        assert engine.events.past()[-1].actor_id == "lab:5000/box"


async def test_says_what_is_not_there(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        words = "An image does not exist locally with the tag: lab:5000/box"
        with pytest.raises(NotFoundError, match=words):
            await push(engine, "lab:5000/box:1")
        with pytest.raises(NotFoundError, match="tag does not exist: busybox:7"):
            await push(engine, "busybox:7")


async def test_says_why_a_registry_did_not_take_it(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        world.registries.failure = NoCredentialsError('Post "x": no basic auth cre..')
        with pytest.raises(InternalError, match=r"^no basic auth credentials$"):
            await push(engine, "busybox:latest")
        world.registries.failure = UnreachableError("nobody there")
        with pytest.raises(InternalError, match="nobody there"):
            await push(engine, "busybox:latest")
        assert engine.events.past() == ()
