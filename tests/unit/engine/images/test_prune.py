"""Unused images."""

from dataclasses import replace
from pathlib import Path

from labkit.base.digest import Digest
from labkit.base.reference import parse_reference
from labkit.engine.images.prune import prune_images
from labkit.engine.images.remove import Removed
from tests.unit.engine.lab import make, make_world, open_lab


async def test_removes_the_nameless(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.images.put("lost")
    await world.images.untag(parse_reference("lost"))
    async with open_lab(world) as engine:
        pruned = await prune_images(engine, {})
        assert pruned.space == 1000
        assert len(world.images.images) == 1


async def test_what_was_pulled_by_digest_is_not_nameless(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    image = world.images.put("lost")
    digest = parse_reference(f"lost@{Digest.of(b'manifest')}")
    world.images.images[image.id] = replace(image, names=(), repo_digests=(digest,))
    async with open_lab(world) as engine:
        assert (await prune_images(engine, {})).removed == ()
        pruned = await prune_images(engine, {"dangling": ("false",)})
        assert Removed(untagged=digest.familiar) in pruned.removed


async def test_removes_all_unused_ones_if_asked(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.images.put("spare")
    async with open_lab(world) as engine:
        await make(engine)
        pruned = await prune_images(engine, {"dangling": ("false",)})
        assert pruned.removed[0].untagged == "spare:latest"
        assert [image.names[0].familiar for image in world.images.images.values()] == [
            "busybox:latest"
        ]
