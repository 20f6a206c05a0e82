"""What a target can be told."""

from collections.abc import Mapping

import pytest

from labkit.dockerfile.errors import DockerfileError, Lines
from labkit.dockerfile.outline import Outline, Parameter, outline
from tests.unit.dockerfile.linting import read_facts

ARGUMENTS = """\

ARG inherited=box
ARG inherited2=box2
ARG unused=abc${inherited2}
# sfx is a suffix
ARG sfx="usy${inherited}"

FROM b${sfx} AS first
# this is not assigned to anything
ARG FOO=123
# BAR is a number
ARG BAR=456
RUN true

FROM alpine${unused} AS second
ARG BAZ
RUN true

FROM scratch AS third
ARG ABC=a
# alternate_password will show up in the outline
# check=skip=all
ARG alternate_password

# target defines build target
FROM third AS target
COPY --from=first /etc/passwd /

FROM second
"""
MOUNTS = """\
FROM busybox AS first
RUN --mount=type=secret,target=/etc/passwd,required=true --mount=type=ssh true

FROM alpine AS second
RUN --mount=type=secret,id=unused --mount=type=ssh,id=ssh2 true

FROM scratch AS third
ARG BAR
RUN --mount=type=secret,id=second${BAR} true

FROM third AS target
COPY --from=first /foo /
RUN --mount=type=ssh,id=ssh3,required true

FROM second
"""


def outlined(
    text: str,
    target: str = "",
    build_args: Mapping[str, str] = {},
    environments: Mapping[int, Mapping[str, str]] = {},
) -> Outline:
    dockerfile, facts = read_facts(text, "", target, build_args, environments)
    (index,) = facts.targets
    return outline(facts.graph, index, dockerfile, facts.scopes, environments)


def test_lists_the_arguments_that_a_target_comes_upon() -> None:
    found = outlined(ARGUMENTS, "target", {"BAR": "678"})
    assert (found.name, found.description) == ("target", "defines build target")
    assert found.arguments == (
        Parameter("inherited", Lines(2, 2), "box"),
        Parameter("sfx", Lines(6, 6), "usybox", "is a suffix"),
        Parameter("FOO", Lines(10, 10), "123"),
        Parameter("BAR", Lines(12, 12), "678", "is a number"),
        Parameter("ABC", Lines(20, 20), "a"),
        Parameter(
            "alternate_password",
            Lines(23, 23),
            "",
            "will show up in the outline",
        ),
    )
    names = [one.name for one in outlined(ARGUMENTS).arguments]
    assert names == ["inherited2", "unused", "BAZ"]


def test_lists_secrets_and_agents_once_each() -> None:
    found = outlined(MOUNTS, "target", {"BAR": "678"})
    assert found.secrets == (
        Parameter("passwd", Lines(2, 2), required=True),
        Parameter("second678", Lines(9, 9)),
    )
    assert found.ssh == (
        Parameter("default", Lines(2, 2)),
        Parameter("ssh3", Lines(13, 13), required=True),
    )


def test_an_argument_that_names_itself_needs_what_it_needed_before() -> None:
    found = outlined(
        "ARG FOO=123\nARG ABC=abc\nARG DEF=def\nARG FOO=${FOO}${ABC}\n"
        "ARG BAR=${FOO}456\nARG FOO=${FOO}456${BAR}\nFROM scratch\nARG FOO\n"
    )
    assert [(one.name, one.value) for one in found.arguments] == [
        ("ABC", "abc"),
        ("BAR", "123abc456"),
        ("FOO", "123abc456123abc456"),
    ]


def test_variables_count_in_what_is_expanded() -> None:
    text = (
        "FROM base\nENV A=$X B=2\nARG C=$A$B\nARG TARGETARCH\n"
        "RUN --mount=type=secret,id=$A true\n"
    )
    found = outlined(text, environments={0: {"X": "x"}})
    assert [(one.name, one.value) for one in found.arguments] == [("C", "x2")]
    assert [one.name for one in found.secrets] == ["x"]


def test_what_cannot_be_expanded_has_its_line() -> None:
    with pytest.raises(DockerfileError, match="on line 2"):
        outlined("FROM base\nARG A=${B:?no}\n")
