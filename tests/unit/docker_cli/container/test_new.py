import pytest

from labkit.docker_cli.container.new import (
    check_platform,
    check_reference,
    settings_of,
)
from labkit.docker_cli.errors import CliError
from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.container.setting import values_of
from tests.unit.docker_cli.typing_in import type_in


@pytest.mark.parametrize("name", ["nginx", "a/b:1.2", "x@sha256:" + "0" * 64, "a" * 64])
def test_takes_names_of_images(name):
    check_reference(name)


@pytest.mark.parametrize("name", ["UPPER", ":x", "a b", ""])
def test_refuses_what_is_none(name):
    with pytest.raises(CliError, match="invalid reference format"):
        check_reference(name)


def test_refuses_odd_platforms_and_odd_pulls():
    check_platform("linux/amd64")
    with pytest.raises(CliError, match="cannot parse platform specifier"):
        check_platform("a/b/c/d")
    with pytest.raises(CliError, match="invalid pull option: 'x'") as caught:
        settings_of(values_of("--pull", "x"), ["img"], "run")
    assert caught.value.code == 125
    assert str(caught.value).endswith("Run 'docker run --help' for more information")


def test_makes_a_container_and_writes_its_id(capsys, tmp_path):
    routes = {
        "POST /v1.47/containers/create": (201, {"Id": "abc", "Warnings": ["careful"]})
    }
    cidfile = tmp_path / "id"
    words = ["create", "--name", "web", "--cidfile", str(cidfile), "nginx"]
    with answering(tmp_path, routes) as answers:
        typed = type_in(capsys, *words)
        assert (typed.code, typed.out) == (0, "abc\n")
        assert typed.err == "WARNING: careful\n"
        assert cidfile.read_text() == "abc"
        assert answers.asked == ["POST /v1.47/containers/create?name=web"]
        assert type_in(capsys, *words).err.startswith("container ID file found")


def test_an_image_that_is_not_there_is_pulled_unless_never(capsys, tmp_path):
    routes = {
        "POST /v1.47/containers/create": (404, {"message": "No such image: x:latest"})
    }
    with answering(tmp_path, routes) as answers:
        typed = type_in(capsys, "create", "x")
        assert typed.err.startswith("Unable to find image 'x:latest' locally\n")
        assert answers.asked[1] == "POST /v1.47/images/create?fromImage=x&tag=latest"
        typed = type_in(capsys, "create", "--pull", "never", "x")
        assert typed.err == "Error response from daemon: No such image: x:latest\n"
