"""``docker images``."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.base.reference import parse_reference
from labkit.engine.engine import Engine
from labkit.engine.images.list import list_images
from labkit.spec.image import ContainerDefaults
from tests.unit.engine.lab import make, make_world, open_lab


async def names(engine: Engine, **filters: tuple[str, ...]) -> set[str]:
    rows = await list_images(engine, all=False, filters=filters)
    return {name.familiar for row in rows for name in row.image.names} | {
        "<none>" for row in rows if not row.image.names
    }


async def test_filters(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.images.put("nginx:1.25", ContainerDefaults(labels={"a": "b"}))
    world.images.put("lost")
    await world.images.untag(parse_reference("lost"))
    async with open_lab(world) as engine:
        assert await names(engine) == {"busybox:latest", "nginx:1.25", "<none>"}
        assert await names(engine, reference=("nginx",)) == {"nginx:1.25"}
        assert await names(engine, reference=("ngin*:1.*",)) == {"nginx:1.25"}
        assert await names(engine, reference=("nginx:2",)) == set()
        assert await names(engine, dangling=("true",)) == {"<none>"}
        assert await names(engine, dangling=("false",)) == {
            "busybox:latest",
            "nginx:1.25",
        }
        assert await names(engine, label=("a=b",)) == {"nginx:1.25"}
        assert await names(engine, before=("nginx:1.25",)) == {"busybox:latest"}
        assert await names(engine, since=("nginx:1.25",)) == {"<none>"}
        assert await names(engine, until=("1970-01-01",)) == set()
        with pytest.raises(InvalidInputError, match="failed to parse value as time"):
            await names(engine, until=("x",))
        with pytest.raises(InvalidInputError, match="invalid filter 'foo'"):
            await names(engine, foo=("x",))


async def test_counts_containers(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await make(engine)
        (row,) = await list_images(engine, all=False, filters={})
        assert row.containers == 1


async def test_a_reference_shows_those_names_that_it_means(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.images.put("nginx:1.25")
    image = await world.images.resolve("nginx:1.25")
    await world.images.tag(image, parse_reference("app:1"))
    async with open_lab(world) as engine:
        assert await names(engine, reference=("app",)) == {"app:1"}
        assert await names(engine, reference=("ngin*",)) == {"nginx:1.25"}


async def test_a_reference_means_digests_too(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    image = world.images.put("nginx:1.25")
    digest = f"@sha256:{'1' * 64}"
    both = (parse_reference(f"nginx{digest}"), parse_reference(f"app{digest}"))
    world.images.images[image.id] = replace(image, repo_digests=both)
    async with open_lab(world) as engine:
        (row,) = await list_images(engine, all=False, filters={"reference": ("app",)})
        assert (row.image.names, row.image.repo_digests) == ((), both[1:])
