"""Instructions in stages, and the ARGs before them."""

import pytest

from labkit.dockerfile.errors import DockerfileError
from labkit.dockerfile.stages import read_dockerfile

TEXT = """# escape=`
ARG A=1
ARG B
FROM a:$A AS One
RUN x `
    y
FROM one
USER b
"""


def test_groups_instructions() -> None:
    found = read_dockerfile(TEXT)
    assert found.escape == "`"
    assert [arg.definitions[0].name for arg in found.meta_args] == ["A", "B"]
    assert [(s.index, s.name, s.from_.base) for s in found.stages] == [
        (0, "one", "a:$A"),
        (1, "", "one"),
    ]
    assert [[one.name for one in s.instructions] for s in found.stages] == [
        ["RUN"],
        ["USER"],
    ]


def test_nothing_but_arg_stands_before_from() -> None:
    with pytest.raises(DockerfileError, match="on line 2: no build stage in current"):
        read_dockerfile("ARG A\nRUN x\nFROM a\n")


def test_there_must_be_a_stage() -> None:
    with pytest.raises(DockerfileError, match="dockerfile contains no stages to build"):
        read_dockerfile("ARG A\n")
