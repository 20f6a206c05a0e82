"""Checks of the text alone."""

import pytest

from tests.unit.dockerfile.linting import found


@pytest.mark.parametrize(
    ("text", "warnings"),
    [
        (
            "FROM a AS Build\n",
            ["StageNameCasing: Stage name 'Build' should be lowercase (line 1)"],
        ),
        (
            "FROM a as build\n",
            ["FromAsCasing: 'as' and 'FROM' keywords' casing do not match (line 1)"],
        ),
        (
            "from a AS build\n",
            ["FromAsCasing: 'AS' and 'from' keywords' casing do not match (line 1)"],
        ),
        ("from a as build\n", []),
        (
            "FROM a\nRUN a \\\n\n b\n",
            ["NoEmptyContinuation: Empty continuation line (line 2)"],
        ),
        (
            "FROM a\nRUN b\nrun c\n",
            [
                "ConsistentInstructionCasing: Command 'run' should match the case of "
                "the command majority (uppercase) (line 3)"
            ],
        ),
        (
            "from a\nrun b\nRun c\n",
            [
                "ConsistentInstructionCasing: Command 'Run' should match the case of "
                "the command majority (lowercase) (line 3)"
            ],
        ),
        (
            "FROM a AS x\nFROM b AS x\n",
            [
                'DuplicateStageName: Duplicate stage name "x", stage names should be '
                "unique (line 2)"
            ],
        ),
        (
            "FROM a AS context\n",
            [
                "ReservedStageName: Stage name should not use the same name as "
                'reserved stage "context" (line 1)'
            ],
        ),
        (
            "FROM a\nMAINTAINER me\n",
            [
                "MaintainerDeprecated: Maintainer instruction is deprecated in favor "
                "of using label (line 2)"
            ],
        ),
        ("# the base\nFROM a AS base\n", []),
        (
            "# check=experimental=all\n\n# the base\nFROM a AS base\n",
            [
                "InvalidDefinitionDescription: Comment for FROM should follow the "
                "format: `# base <description>` (line 4)"
            ],
        ),
        (
            "# check=experimental=InvalidDefinitionDescription\n"
            "FROM a\n# version\nARG x y\n# x is it\nARG x y\n",
            [
                "InvalidDefinitionDescription: Comment for ARG should follow the "
                "format: `# <arg_key> <description>` (line 4)"
            ],
        ),
    ],
)
def test_warns(text: str, warnings: list[str]) -> None:
    assert found(text) == warnings
