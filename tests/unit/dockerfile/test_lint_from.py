"""Checks of FROM lines."""

import pytest

from tests.unit.dockerfile.linting import found, linted


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (
            "ARG VERSION=1\nFROM a:${VERSIO}\n",
            [
                "InvalidDefaultArgInFrom: Default value for ARG a:${VERSIO} results in "
                "empty or invalid base image name (line 2)",
                "UndefinedArgInFrom: FROM argument 'VERSIO' is not declared "
                "(did you mean VERSION?) (line 2)",
            ],
        ),
        (
            "ARG VERSION\nFROM a:$VERSION\n",
            [
                "InvalidDefaultArgInFrom: Default value for ARG a:$VERSION results in "
                "empty or invalid base image name (line 2)"
            ],
        ),
        ("ARG VERSION=1\nFROM a:$VERSION\n", []),
        ("FROM --platform=$BUILDPLATFORM a\n", []),
        (
            "FROM --platform=$TARGETPLATFORM a\n",
            [
                "RedundantTargetPlatform: Setting platform to predefined "
                "$TARGETPLATFORM in FROM is redundant as this is the default behavior "
                "(line 1)"
            ],
        ),
        (
            "FROM --platform=linux/amd64 a\n",
            [
                "FromPlatformFlagConstDisallowed: FROM --platform flag should not use "
                'constant value "linux/amd64" (line 1)'
            ],
        ),
        ("FROM --platform=linux/amd64 a AS build_amd64\n", []),
        ("FROM --platform=linux a AS x-linux\n", []),
    ],
)
def test_warns(text: str, warnings: list[str]) -> None:
    assert found(text) == warnings


def test_what_is_given_from_outside_is_not_the_default() -> None:
    report = linted("ARG V\nFROM a:$V\n", build_args={"V": "1"})
    assert [warning.rule.name for warning in report.warnings] == [
        "InvalidDefaultArgInFrom"
    ]
