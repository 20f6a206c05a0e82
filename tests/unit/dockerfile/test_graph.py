"""Which stages a target needs."""

import pytest

from labkit.dockerfile.errors import DockerfileError, Fault
from labkit.dockerfile.graph import Graph, find_target, link_stages
from labkit.dockerfile.stages import read_dockerfile


def graph(text: str, contexts: tuple[str, ...] = ()) -> Graph:
    dockerfile = read_dockerfile(text)
    return link_stages(
        dockerfile, [stage.from_.base for stage in dockerfile.stages], contexts
    )


def test_prunes_to_the_target() -> None:
    found = graph(
        "FROM a AS one\n"
        "FROM one AS two\nCOPY --from=three /x /y\n"
        "FROM b AS three\nRUN --mount=from=one,target=/x true\n"
        "FROM c AS four\n"
    )
    assert found.needed(0) == (0,)
    assert found.needed(1) == (0, 2, 1)
    assert found.needed(3) == (3,)
    assert found.base(1).stage == 0
    assert found.base(2).source == "b"


def test_names_numbers_and_images() -> None:
    found = graph(
        "FROM a AS x\nFROM b AS X\nFROM c\n"
        "COPY --from=x / /\nCOPY --from=0 / /\nCOPY --from=nginx:1 / /\n"
    )
    assert [edge.stage for edge in found.edges[2]] == [None, 1, 0, None]


def test_from_sees_stages_above_only() -> None:
    found = graph("FROM later\nFROM a AS later\n")
    assert found.base(0).stage is None


def test_contexts_given_by_name_win() -> None:
    found = graph("FROM a AS one\nFROM one\nCOPY --from=ONE / /\n", ("One",))
    assert [edge.stage for edge in found.edges[1]] == [None, None]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "FROM a AS one\nCOPY --from=two / /\nFROM b AS two\nCOPY --from=one / /",
            "on line 4: circular dependency detected on stage: two",
        ),
        (
            "FROM a\nCOPY --from=0 / /",
            "on line 2: circular dependency detected on stage: stage-0",
        ),
        ("FROM a\nCOPY --from=1 / /", "on line 2: invalid stage index 1"),
        ("FROM a\nCOPY --from=-1 / /", "on line 2: invalid stage index -1"),
        (
            "FROM a\nCOPY --from=$x / /",
            "variable expansion is not supported for --from",
        ),
    ],
)
def test_refuses(text: str, said: str) -> None:
    with pytest.raises(DockerfileError, match=said.replace("$", r"\$")):
        graph(text)


def test_finds_the_target() -> None:
    dockerfile = read_dockerfile("FROM a AS one\nFROM b AS two\nFROM c\n")
    assert find_target(dockerfile, "").index == 2
    assert find_target(dockerfile, "ONE").index == 0
    assert find_target(dockerfile, "1").index == 1
    with pytest.raises(Fault, match=r'"tow" could not be found \(did you mean two\?\)'):
        find_target(dockerfile, "tow")


def test_thousands_of_stages_are_no_trouble() -> None:
    lines = ["FROM a AS s0"] + [f"FROM s{n} AS s{n + 1}" for n in range(5000)]
    assert len(graph("\n".join(lines)).needed(5000)) == 5001
