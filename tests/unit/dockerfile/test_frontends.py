"""Which frontends a Dockerfile may name."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.dockerfile.errors import DockerfileError, Lines
from labkit.dockerfile.frontends import check_frontend
from labkit.dockerfile.stages import read_dockerfile


@pytest.mark.parametrize(
    "name",
    [
        *("docker/dockerfile", "docker/dockerfile:1", "docker/dockerfile:1.7-labs"),
        "docker/dockerfile-upstream:master",
        "docker.io/docker/dockerfile:1@sha256:12",
        "mirror.here:5000/docker/dockerfile:1 and=more",
    ],
)
def test_docker_has_one_for_dockerfiles(name: str) -> None:
    dockerfile = read_dockerfile(f"# escape=`\n# syntax={name}\nFROM x\n")
    check_frontend(dockerfile, {"BUILDKIT_SYNTAX": name})
    check_frontend(dockerfile, {"BUILDKIT_SYNTAX": None})


@pytest.mark.parametrize("name", ["own", "mine/dockerfile:1", "docker/dockerfiles"])
def test_others_are_not_here(name: str) -> None:
    dockerfile = read_dockerfile(f"# escape=`\n# syntax={name}\nFROM x\n")
    with pytest.raises(DockerfileError, match=f"frontend {name} can't run") as caught:
        check_frontend(dockerfile, {})
    assert caught.value.lines == Lines(2, 2)
    check_frontend(dockerfile, {"BUILDKIT_SYNTAX": "docker/dockerfile:1"})
    with pytest.raises(InvalidInputError, match=f"frontend {name} can't run here"):
        check_frontend(read_dockerfile("FROM x"), {"BUILDKIT_SYNTAX": name})
