"""What a registry has under a name."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError, LabError, NotFoundError
from labkit.base.reference import parse_reference
from labkit.engine.images.distribution import inspect_distribution
from labkit.images.hub import UnfoundError, Wish
from labkit.images.registry.failures import RefusedError, UnreachableError
from tests.unit.engine.lab import make_world, open_lab

WISH = Wish(parse_reference("app:1"))


async def test_asks_and_pulls_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        found = await inspect_distribution(engine, WISH)
        assert found.media_type.endswith("manifest.v2+json")
        assert len(await engine.images.list()) == 1


@pytest.mark.parametrize(
    ("cause", "kind", "words"),
    [
        (RefusedError("manifest unknown: x", "", 404), NotFoundError, "manifest unkn"),
        (UnreachableError("dial tcp"), InternalError, "dial tcp, and app:1 is not am"),
    ],
)
async def test_says_why_not(
    tmp_path: Path, cause: LabError, kind: type[LabError], words: str
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        is_bundled = kind is InternalError
        world.registries.refusal = UnfoundError(cause, is_bundled)
        with pytest.raises(kind, match=words):
            await inspect_distribution(engine, WISH)
