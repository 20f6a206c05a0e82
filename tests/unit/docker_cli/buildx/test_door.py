"""labkit's own door: what goes in, and what comes out."""

import json
import socket
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.door import Result, build, is_there
from labkit.docker_cli.buildx.errors import (
    BuildFailedError,
    BuildxError,
    Source,
)
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.status import Update
from labkit.dockerfile.ignore import read_ignore_file
from tests.unit.docker_cli.buildx.fake_engine import fake_engine

MATERIAL = Material(
    options={"t": ["a"]},
    dockerfile_text="FROM b",
    dockerfile_name="Dockerfile",
    contexts={"": lambda: iter([b"tar", b"", b"more"]), "n": lambda: iter([])},
    images={"i": "x"},
    remotes={"r": "https://x/y.tgz"},
    secrets={"s": b"secret"},
)
AUTH = {"X-Registry-Config": "e30="}
RESULT = {"result": {"ID": "sha256:1", "Names": ["a:latest"]}}


def built(
    folder: Path, material: Material, *lines: Any
) -> tuple[Result, list[Update], bytes]:
    heard: list[Update] = []
    answers = {"POST /labkit/build": (200, list(lines))}
    with fake_engine(folder, answers=answers) as fake:
        result = build(fake.engine, material, AUTH, heard.append)
    assert fake.asked[0].headers["X-Registry-Config"] == "e30="
    return result, heard, fake.asked[0].body


def parts(body: bytes) -> list[tuple[dict[str, Any], bytes]]:
    found = []
    while body:
        head, _, body = body.partition(b"\n")
        data = b""
        while size := struct.unpack(">I", body[:4])[0]:
            data += body[4 : 4 + size]
            body = body[4 + size :]
        body = body[4:]
        found.append((json.loads(head), data))
    return found


def test_sends_everything_in_parts(tmp_path: Path) -> None:
    _, _, body = built(tmp_path, MATERIAL, RESULT)
    assert parts(body) == [
        (
            {
                **{"part": "options", "t": ["a"], "ssh": {}, "images": {"i": "x"}},
                "remotes": {"r": "https://x/y.tgz"},
            },
            b"",
        ),
        ({"part": "dockerfile"}, b"FROM b"),
        ({"part": "secret", "name": "s"}, b"secret"),
        ({"part": "context", "name": "n"}, b""),
        ({"part": "context", "name": ""}, b"tarmore"),
    ]


def test_hears_updates_and_the_result(tmp_path: Path) -> None:
    line = {"vertexes": [{"digest": "d", "name": "N"}]}
    result, heard, _ = built(tmp_path, MATERIAL, line, RESULT)
    assert result == Result("sha256:1", ("a:latest",))
    assert [update.raw for update in heard] == [line]


def test_hears_a_failure_with_its_lines(tmp_path: Path) -> None:
    where = {"filename": "D", "source": "FROM a\nRUN b", "first": 2, "last": 2}
    with pytest.raises(BuildFailedError, match="exit code: 1") as raised:
        built(tmp_path, MATERIAL, {"failed": {"message": "exit code: 1", **where}})
    assert raised.value.source == Source("D", "FROM a\nRUN b", 2, 2)
    with pytest.raises(BuildxError, match="ended the build without a word"):
        built(tmp_path, MATERIAL)


@pytest.mark.parametrize(
    ("place", "path", "hint"),
    [
        ("local://context", "/log/a.log", r" \(\.dockerignore leaves log/a\.log out\)"),
        ("local://context", "/a.txt", ""),
        ("base", "/a.log", ""),
    ],
)
def test_says_of_a_missing_file_that_it_was_left_out(
    tmp_path: Path, place: str, path: str, hint: str
) -> None:
    material = replace(MATERIAL, ignore=read_ignore_file("**/*.log"))
    failed = {"message": "not found", "place": place, "path": path}
    with pytest.raises(BuildFailedError, match=f"^not found{hint}$"):
        built(tmp_path, material, {"failed": failed})


def test_a_refusal_is_the_builds_failure(tmp_path: Path) -> None:
    answers = {"POST /labkit/build": (400, {"message": "target x could not be found"})}
    with (
        fake_engine(tmp_path, answers=answers) as fake,
        pytest.raises(BuildFailedError, match=r"^target x could not be found$"),
    ):
        build(fake.engine, MATERIAL, AUTH, lambda update: None)


def test_a_refusal_may_name_a_line(tmp_path: Path) -> None:
    said = "dockerfile parse error on line 1: unknown instruction: FORM"
    answers = {"POST /labkit/build": (400, {"message": said})}
    with (
        fake_engine(tmp_path, answers=answers) as fake,
        pytest.raises(BuildFailedError, match=said) as raised,
    ):
        build(fake.engine, MATERIAL, AUTH, lambda update: None)
    assert raised.value.source == Source("Dockerfile", "FROM b", 1, 1)


def test_another_engine_has_no_such_door(tmp_path: Path) -> None:
    with fake_engine(tmp_path, answers={}) as fake:
        assert not is_there(fake.engine)
    refusal = {"POST /labkit/build": (400, {"message": "there are no options"})}
    with fake_engine(tmp_path, answers=refusal) as fake:
        assert is_there(fake.engine)


def test_an_agent_is_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "agent")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(path)
        monkeypatch.setenv("SSH_AUTH_SOCK", path)
        material = Material({}, None, "D", {}, ssh={"default": "", "x": path})
        _, _, body = built(tmp_path, material, RESULT)
    assert parts(body)[0][0]["ssh"] == {"default": path, "x": path}
    monkeypatch.delenv("SSH_AUTH_SOCK")
    for ssh, said in (
        ({"default": ""}, "make sure SSH_AUTH_SOCK is set"),
        ({"default": str(tmp_path)}, "is neither an ssh agent's socket nor a key"),
    ):
        material = Material({}, None, "D", {}, ssh=ssh)
        with pytest.raises(BuildxError, match=said):
            build(_nobody(), material, AUTH, lambda update: None)


def _nobody() -> Any:
    """Return an engine that takes a request's body and says nothing."""

    class Nobody:
        def request(self, *asked: Any) -> None:
            list(asked[3])

    return Nobody()
