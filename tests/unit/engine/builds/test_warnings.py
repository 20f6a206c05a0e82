"""Checks before a build, and what the engine adds to them."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.model import BuildRequest
from labkit.engine.builds.warnings import find_warnings
from tests.unit.engine.lab import make_world, open_lab

TEXT = "ARG TAG\nFROM busybox AS one\nUSER $PATH\nFROM one\nUSER $NONE$x\nCMD x\n"


async def test_knows_the_variables_of_base_images(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        found = await find_warnings(engine, TEXT, BuildRequest(), ("x",))
    # The made-up busybox has no variables, not even PATH.
    assert [str(one).split(": ")[1].split("'")[-2] for one in found[:3]] == [
        *("$PATH", "$NONE", "$x"),
    ]
    assert found[3].rule.name == "JSONArgsRecommended"


async def test_asks_no_more_than_is_here(tmp_path: Path) -> None:
    text = "FROM nosuch\nUSER $PATH\nFROM scratch\nFROM given\n"
    request = BuildRequest(platform="linux/arm64", target="0")
    async with open_lab(make_world(tmp_path)) as engine:
        assert await find_warnings(engine, text, request, ("given",)) == ()


async def test_warnings_may_be_errors(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(
            InvalidInputError,
            match="lint violation found for rules: JSONArgsRecommended",
        ):
            await find_warnings(
                engine, "# check=error=true\nFROM busybox\nCMD x", BuildRequest(), ()
            )
