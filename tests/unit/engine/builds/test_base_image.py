"""Images that a Dockerfile names."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.engine.builds.base_image import Asker, find_base_image
from labkit.images.registry.model import ANONYMOUS, Credentials
from labkit.images.transfer import PullDone, PullEvent
from tests.unit.engine.lab import make_world, open_lab


async def test_finds_what_is_here(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        image = await find_base_image(engine, "busybox", "linux/amd64", False, Asker())
        assert image.config.architecture == "amd64"
        with pytest.raises(InvalidInputError, match="not for linux/arm64"):
            await find_base_image(engine, "busybox", "linux/arm64", False, Asker())


async def test_pulls_what_is_not_here_or_shall_be_new(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.registries.shelf = {"fresh:latest", "busybox:latest"}
    async with open_lab(world) as engine:
        await find_base_image(engine, "fresh", "", False, Asker())
        await find_base_image(engine, "fresh", "", False, Asker())
        await find_base_image(engine, "busybox", "linux/amd64", True, Asker())
        asked = [wish.reference.familiar for wish in world.registries.asked]
        assert asked == ["fresh:latest", "busybox:latest"]
        assert world.registries.asked[1].platform is not None


async def test_says_that_there_is_none(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(NotFoundError, match="manifest"):
            await find_base_image(engine, "nosuch", "", False, Asker())


async def test_a_pull_is_told_and_knows_who_asks(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.registries.shelf = {"lab:5000/fresh:latest", "fresh:latest"}
    told: list[PullEvent] = []
    me, other = Credentials("me", "pw"), Credentials("other", "pw")
    known = {"https://index.docker.io/v1/": other, "lab:5000": me}
    async with open_lab(world) as engine:
        asker = Asker(known, told.append)
        await find_base_image(engine, "lab:5000/fresh", "", False, asker)
        await find_base_image(engine, "fresh", "", False, asker)
        assert [wish.credentials for wish in world.registries.asked] == [me, other]
        assert [one.is_new for one in told if isinstance(one, PullDone)] == [True] * 2
        assert asker.credentials_for("elsewhere:5000") == ANONYMOUS
        assert "pw" not in repr(asker)
