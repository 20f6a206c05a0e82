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
        report = await find_warnings(engine, TEXT, BuildRequest(), ("x",))
    found = report.warnings
    # The made-up busybox has no variables, not even PATH.
    assert [str(one).split(": ")[1].split("'")[-2] for one in found[:3]] == [
        *("$PATH", "$NONE", "$x"),
    ]
    assert found[3].rule.name == "JSONArgsRecommended"


async def test_asks_no_more_than_is_here(tmp_path: Path) -> None:
    text = "FROM nosuch\nUSER $PATH\nFROM scratch\nFROM given\n"
    request = BuildRequest(platform="linux/arm64", target="0")
    async with open_lab(make_world(tmp_path)) as engine:
        report = await find_warnings(engine, text, request, ("given",))
    assert report.warnings == ()


async def test_warnings_may_be_errors_and_an_argument_goes_before(
    tmp_path: Path,
) -> None:
    text = "# check=error=true\nFROM busybox\nCMD x"
    async with open_lab(make_world(tmp_path)) as engine:
        report = await find_warnings(engine, text, BuildRequest(), ())
        assert report.is_error
        request = BuildRequest(arguments={"BUILDKIT_DOCKERFILE_CHECK": "skip=all"})
        report = await find_warnings(engine, text, request, ())
        assert (report.warnings, report.is_error) == ((), False)


async def test_refuses_what_another_frontend_shall_read(tmp_path: Path) -> None:
    text = "# syntax=mine/own:1\nFROM busybox"
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError, match="frontend mine/own:1 can't run"):
            await find_warnings(engine, text, BuildRequest(), ())
