"""``docker rmi``."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import ConflictError, NotFoundError
from labkit.base.reference import parse_reference
from labkit.engine.containers.remove import remove
from labkit.engine.images.remove import Removed, is_by_id, remove_image
from labkit.engine.images.tag import tag_image
from labkit.engine.overlays import overlay_dirs
from tests.unit.engine.lab import World, make, make_world, open_lab, run, told


async def test_the_last_name_takes_the_image_along(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        image = await engine.images.resolve("busybox")
        await tag_image(engine, "busybox", "copy", "1")
        assert await remove_image(engine, "copy:1") == (Removed(untagged="copy:1"),)
        assert await remove_image(engine, "busybox") == (
            Removed(untagged="busybox:latest"),
            Removed(deleted=image.id.text),
            Removed(deleted=image.chain_ids[0].text),
        )
        assert not world.images.images
        assert told(engine) == [
            "image tag",
            "image untag",
            "image untag",
            "image delete",
        ]


async def test_refuses_a_name_that_a_container_needs(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        image = await engine.images.resolve("busybox")
        with pytest.raises(ConflictError) as caught:
            await remove_image(engine, "busybox")
        assert caught.value.message == (
            'conflict: unable to remove repository reference "busybox" (must force) - '
            f"container {container_id[:12]} is using its referenced image "
            f"{image.id.short}"
        )


@pytest.mark.parametrize("by_id", [False, True])
async def test_force_takes_an_image_from_containers_and_leaves_its_layers(
    tmp_path: Path, by_id: bool
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        container_id = await make(engine)
        image = await engine.images.resolve("busybox")
        ref = image.id.text if by_id else "busybox"
        assert await remove_image(engine, ref, force=True) == (
            Removed(untagged="busybox:latest"),
            Removed(deleted=image.id.text),
        )
        assert not world.images.images
        engine.overlays.clear()  # as after a restart
        container = engine.store.find_container(container_id)
        assert (await overlay_dirs(engine, container)).lower
        swept = world.images.collected
        await remove(engine, container_id)
        assert world.images.collected == swept + 1  # nobody needs the layers now


async def test_force_leaves_the_image_of_one_that_runs(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        await run(engine, "sleep")
        removed = await remove_image(engine, "busybox", force=True)
        assert removed == (Removed(untagged="busybox:latest"),)
        assert len(world.images.images) == 1


async def test_several_tags_need_force(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        image = await engine.images.resolve("busybox")
        await tag_image(engine, "busybox", "busybox", "2")
        await make(engine)
        with pytest.raises(ConflictError, match="referenced in multiple repositories"):
            await remove_image(engine, image.id.text)
        await remove_image(engine, "busybox:2")
        with pytest.raises(ConflictError, match="used by stopped container"):
            await remove_image(engine, image.id.text)


async def test_by_id(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        image = await engine.images.resolve("busybox")
        await tag_image(engine, "busybox", "other")
        with pytest.raises(ConflictError, match="referenced in multiple repositories"):
            await remove_image(engine, image.id.short)
        removed = await remove_image(engine, image.id.text, force=True)
        assert len(removed) == 4
        assert is_by_id(image, image.id.short)
        assert not is_by_id(image, "busybox")


async def test_by_id_while_it_runs_cannot_be_forced(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run(engine, "sleep")
        image = await engine.images.resolve("busybox")
        with pytest.raises(ConflictError, match="cannot be forced"):
            await remove_image(engine, image.id.hex, force=True)


def add_digests(world: World, *repositories: str) -> list[str]:
    """Make as if the image had been pulled from, or pushed to, some registries."""
    (image,) = world.images.images.values()
    digest = Digest.of(b"manifest")
    digests = [parse_reference(f"{name}@{digest}") for name in repositories]
    world.images.images[image.id] = replace(image, repo_digests=tuple(digests))
    return [one.familiar for one in digests]


async def test_digests_go_with_the_last_tag_of_their_repository(
    tmp_path: Path,
) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        own, other = add_digests(world, "busybox", "lab:5000/box")
        await tag_image(engine, "busybox", "busybox", "2")
        assert await remove_image(engine, "busybox:2") == (
            Removed(untagged="busybox:2"),
        )
        assert await remove_image(engine, "busybox") == (
            Removed(untagged="busybox:latest"),
            Removed(untagged=own),
        )
        (left,) = world.images.images.values()  # its other digest still names it
        removed = await remove_image(engine, other)
        assert removed[:2] == (
            Removed(untagged=other),
            Removed(deleted=left.id.text),
        )
        assert not world.images.images


async def test_by_id_all_digests_go(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        (own,) = add_digests(world, "busybox")
        (image,) = world.images.images.values()
        removed = await remove_image(engine, image.id.short)
        assert removed[:2] == (
            Removed(untagged="busybox:latest"),
            Removed(untagged=own),
        )


async def test_refuses_an_unknown_image(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match="No such image: ghost:latest"):
            await remove_image(engine, "ghost")
