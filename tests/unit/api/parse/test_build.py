"""The query of a build."""

import json

import pytest
from multidict import MultiDict

from labkit.api.parse.build import parse_build
from labkit.api.requests import Query
from labkit.base.errors import InvalidInputError, UnsupportedError
from labkit.engine.builds.build import BuildOptions
from labkit.engine.model import Ulimit


def _parse(*values: tuple[str, str]) -> BuildOptions:
    return parse_build(Query(MultiDict(values)))


def test_reads_what_the_command_line_sends() -> None:
    options = _parse(
        ("dockerfile", "D"),
        ("t", "app"),
        ("t", "app:latest"),
        ("t", "app:2"),
        ("buildargs", json.dumps({"A": "1", "B": None})),
        ("labels", json.dumps({"x": "y"})),
        ("target", "one"),
        ("nocache", "1"),
        ("pull", "1"),
        ("networkmode", "none"),
        ("extrahosts", "a:1.2.3.4"),
        ("memory", "67108864"),
        ("shmsize", "1024"),
        ("ulimits", json.dumps([{"Name": "nofile", "Hard": 20, "Soft": 10}])),
        ("version", "1"),
        ("rm", "1"),
    )
    request = options.request
    assert [name.familiar for name in request.names] == ["app:latest", "app:2"]
    assert request.arguments == {"A": "1", "B": None}
    assert (request.labels, request.target) == ({"x": "y"}, "one")
    assert (request.no_cache, request.pull) == (True, True)
    assert (request.network, request.extra_hosts) == ("none", ("a:1.2.3.4",))
    assert options.dockerfile == "D"
    assert options.host.shm_size == 1024
    assert options.host.resources.memory == 64 << 20
    assert options.host.resources.ulimits == (Ulimit("nofile", soft=10, hard=20),)


def test_an_argument_keeps_the_git_folder_of_a_context() -> None:
    keeps = json.dumps({"BUILDKIT_CONTEXT_KEEP_GIT_DIR": "1"})
    for arguments, remote in (
        ("{}", "https://x/y.git#v1"),
        (keeps, "https://x/y.git?keep-git-dir=1#v1"),
    ):
        options = _parse(("remote", "https://x/y.git#v1"), ("buildargs", arguments))
        assert options.remote == remote


def test_nothing_is_said() -> None:
    options = _parse()
    assert options.request.network == "default"
    assert (options.request.names, options.request.arguments) == ((), {})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("buildargs", "{", "error reading build args"),
        ("buildargs", "[]", "error reading build args"),
        ("buildargs", '{"A":1}', "error reading build args"),
        ("labels", '{"A":null}', "error reading labels"),
        ("ulimits", "{}", "error reading ulimit settings"),
        ("t", "UPPER", "invalid reference format"),
        ("t", "x@sha256:" + "0" * 64, "cannot contain a digest"),
        ("memory", "1", "Minimum memory limit"),
        ("memory", "x", "strconv"),
        ("version", "3", "invalid version"),
        ("cpusetcpus", "9999", "Requested CPUs are not available"),
        ("extrahosts", "box", 'bad format for add-host: "box"'),
        ("shmsize", "-5", "SHM size can not be less than 0"),
        ("isolation", "hyperv", 'Unsupported isolation: "hyperv"'),
        ("squash", "1", "squash is only supported"),
        ("securityopt", "x", "security options are not supported"),
    ],
)
def test_refuses(name: str, value: str, message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        _parse((name, value))


def test_buildkit_has_another_door() -> None:
    with pytest.raises(UnsupportedError, match="buildx"):
        _parse(("version", "2"))
