"""What is built, in which order, and how its steps are numbered."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.builder.model import BuildRequest
from labkit.builder.plan import Plan, make_plan, parse_platform
from labkit.dockerfile.stages import read_dockerfile
from labkit.spec.image import Platform

STAGES = (
    "ARG V=1",
    "FROM base:$V AS a",
    "RUN 1",
    "FROM base AS unused",
    "RUN 2",
    "FROM a",
    "COPY --from=a x y",
)


def _plan(*lines: str, **request: object) -> Plan:
    dockerfile = read_dockerfile("\n".join(lines))
    return make_plan(dockerfile, BuildRequest(**request))  # type: ignore[arg-type]


def test_numbers_the_steps_of_what_is_needed() -> None:
    plan = _plan(*STAGES)
    assert [one.stage.index for one in plan.stages] == [0, 2]
    steps = [step for one in plan.stages for step, _ in one.steps]
    assert [(step.number, step.total) for step in (*plan.meta, *steps)] == [
        (number, 5) for number in range(1, 6)
    ]
    assert [step.text for step in steps][:2] == ["FROM base:$V AS a", "RUN 1"]
    assert plan.stages[0].base == "base:1"
    assert plan.stages[1].base_stage == 0


def _shown(*lines: str) -> list[tuple[str, str, int, int]]:
    return [
        (step.shown or step.text, step.stage_name, step.place, step.places)
        for stage in _plan(*lines).stages
        for step, _ in stage.steps
    ]


def test_counts_in_each_stage_what_buildkit_shows() -> None:
    assert _shown(*STAGES) == [
        ("FROM base:1", "a", 1, 2),
        ("RUN 1", "a", 2, 2),
        ("FROM a", "stage-2", 0, 1),
        ("COPY --from=a x y", "stage-2", 1, 1),
    ]
    assert _shown("FROM scratch AS x", "USER y", "WORKDIR /w") == [
        ("FROM scratch", "", 0, 1),
        ("USER y", "", 0, 1),
        ("WORKDIR /w", "", 1, 1),
    ]


def test_going_on_from_a_stage_is_a_step_if_it_triggers_some() -> None:
    *_, head = _shown("FROM base AS x", "ONBUILD RUN y", "FROM x")
    assert head == ("ONBUILD RUN y", "stage-1", 1, 1)


def test_labels_are_steps_of_the_last_stage() -> None:
    plan = _plan(*STAGES, labels={"b": "2 $x", "a": "1"})
    texts = [step.text for step, _ in plan.stages[-1].steps]
    assert texts[-2:] == ["LABEL a=1", "LABEL b=2 $x"]


def test_lists_arguments_that_nobody_takes() -> None:
    plan = _plan(*STAGES, arguments={"V": "2", "X": None, "no_proxy": ""})
    assert plan.unused_arguments == ("X",)


@pytest.mark.parametrize(
    ("lines", "request_", "message"),
    [
        (STAGES, {"target": "nosuch"}, 'target stage "nosuch" could not be found'),
        (("ARG V", "FROM $V"), {}, r"base name \(\$V\) should not be blank"),
        (("FROM a", "COPY --from=7 x y"), {}, "invalid stage index 7"),
    ],
)
def test_refuses(
    lines: tuple[str, ...], request_: dict[str, object], message: str
) -> None:
    with pytest.raises(InvalidInputError, match=message):
        _plan(*lines, **request_)


def test_reads_platforms() -> None:
    assert parse_platform("linux/arm64/v8") == Platform("arm64", "linux", "v8")
    assert parse_platform("linux/amd64") == Platform("amd64", "linux")
    with pytest.raises(InvalidInputError):
        parse_platform("/")
