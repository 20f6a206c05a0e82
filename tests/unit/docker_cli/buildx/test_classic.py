"""The classic door, and its lines as updates."""

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.classic import build
from labkit.docker_cli.buildx.door import Result
from labkit.docker_cli.buildx.errors import BuildFailedError, BuildxError
from labkit.docker_cli.buildx.material import Material
from labkit.docker_cli.buildx.status import Update
from tests.unit.docker_cli.buildx.fake_engine import Asked, fake_engine

AUTH = {"X-Registry-Config": "e30="}
IMAGE = {"Id": "sha256:12345678"}


def material(**values: Any) -> Material:
    def context() -> Iterator[bytes]:
        yield b"\0" * 10240

    known: dict[str, Any] = {"options": {}, "dockerfile_text": "FROM a"}
    known |= {"dockerfile_name": "Dockerfile", "contexts": {"": context}}
    return Material(**(known | values))


def built(
    folder: Path, wanted: Material, *lines: Any
) -> tuple[Result, list[Update], Asked]:
    heard: list[Update] = []
    answers = {"POST /build": (200, list(lines)), "GET /images/1234/json": (200, IMAGE)}
    with fake_engine(folder, answers=answers) as fake:
        result = build(fake.engine, wanted, AUTH, heard.append)
    return result, heard, fake.asked[0]


def said(*texts: str) -> list[dict[str, str]]:
    return [{"stream": text} for text in texts]


def test_steps_begin_and_end(tmp_path: Path) -> None:
    result, heard, _ = built(
        tmp_path,
        material(options={"t": ["x"]}),
        *said("Step 1/2 : FROM a", "\n", " ---> 4112351f6277\n"),
        *said("Step 2/2 : RUN b", "\n", " ---> Using cache\n", " ---> 4112351f6277\n"),
        *said("Successfully built 1234\n", "Successfully tagged x:latest\n"),
    )
    assert result == Result("sha256:12345678", ("x",))
    vertices = [one for update in heard for one in update.vertices]
    assert [(one.name, bool(one.completed), one.cached) for one in vertices] == [
        ("[1/2] FROM a", False, False),
        ("[1/2] FROM a", True, False),
        ("[2/2] RUN b", False, False),
        ("[2/2] RUN b", False, True),
        ("[2/2] RUN b", True, True),
    ]
    assert not any(update.logs for update in heard)


def test_output_is_the_steps_own(tmp_path: Path) -> None:
    _, heard, _ = built(
        tmp_path,
        material(),
        *said("Step 1/1 : RUN b", "\n", " ---> Running in 4112351f6277\n", "hello\n"),
        *said("Removing intermediate container 4112351f6277\n"),
        {"aux": {"ID": "1234"}},
    )
    assert [one.data for update in heard for one in update.logs] == [b"hello\n"]


def test_a_failure_ends_its_step(tmp_path: Path) -> None:
    with pytest.raises(BuildFailedError, match="returned a non-zero code: 1"):
        built(
            tmp_path,
            material(),
            {"stream": "Step 1/1 : RUN b"},
            {"error": "The command 'b' returned a non-zero code: 1"},
        )
    with pytest.raises(BuildxError, match="without an image"):
        built(tmp_path, material())


def test_sends_options_and_the_dockerfile_in_front(tmp_path: Path) -> None:
    options = {"buildargs": {"A": "b"}, "nocache": True, "dockerfile": "D"}
    _, _, asked = built(tmp_path, material(options=options), {"aux": {"ID": "1234"}})
    assert json.loads(asked.query["buildargs"][0]) == {"A": "b"}
    assert asked.query["nocache"] == ["1"]
    (name,) = asked.query["dockerfile"]
    with tarfile.open(fileobj=io.BytesIO(asked.body)) as tar:
        assert tar.extractfile(name).read() == b"FROM a"  # type: ignore[union-attr]


def test_a_context_that_brings_its_dockerfile_is_sent_as_it_is(tmp_path: Path) -> None:
    wanted = material(dockerfile_text=None, contexts={}, options={"remote": "http://x"})
    _, _, asked = built(tmp_path, wanted, {"aux": {"ID": "1234"}})
    assert asked.query["remote"] == ["http://x"]
    assert asked.body == b"\0" * 10240


@pytest.mark.parametrize(
    ("values", "flag"),
    [
        ({"secrets": {"a": b"b"}}, "--secret"),
        ({"ssh": {"default": ""}}, "--ssh"),
        ({"images": {"a": "b"}}, "--build-context"),
        ({"contexts": {"": None, "a": None}}, "--build-context"),
    ],
)
def test_refuses_what_it_cannot_carry(
    tmp_path: Path, values: dict[str, Any], flag: str
) -> None:
    with pytest.raises(
        BuildxError, match=f"{flag} needs the builder of labkit's engine"
    ):
        built(tmp_path, material(**values))
