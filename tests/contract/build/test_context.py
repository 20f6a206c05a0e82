"""What a real dockerd says of Dockerfiles that it can't have, and what we say."""

import contextlib
import io
from pathlib import Path

import pytest
from docker.errors import APIError

from labkit.base.errors import InvalidInputError
from labkit.builder.context import read_dockerfile, unpack_context
from labkit.snapshots.model import Limits
from tests.engines import Engine
from tests.unit.snapshots.tars import file, folder, make_tar, symlink

CONTEXT = make_tar(
    folder("empty"),
    file("empty/Dockerfile"),
    file("empty/dockerfile", b"FROM scratch\n"),
    file("file", b"FROM scratch\n"),
    symlink("out", "/etc/hostname"),
    symlink("up", "../../../../etc/hostname"),
    symlink("loop", "loop"),
)
EMPTY = make_tar(file("dockerfile"))


def said_by_dockerd(engine: Engine, context: bytes, name: str) -> str:
    client = engine.client()
    with contextlib.closing(client), pytest.raises(APIError) as caught:
        list(
            client.api.build(
                fileobj=io.BytesIO(context), custom_context=True, dockerfile=name
            )
        )
    return str(caught.value.explanation)


def said_by_us(folder: Path, context: bytes, name: str) -> str:
    unpack_context(io.BytesIO(context), folder, Limits())
    with pytest.raises(InvalidInputError) as caught:
        read_dockerfile(folder, name)
    return caught.value.message


@pytest.mark.root
@pytest.mark.parametrize(
    ("context", "name"),
    [
        (CONTEXT, "Dockerfile"),
        (CONTEXT, "nosuch"),
        (CONTEXT, "../file"),
        (CONTEXT, "empty/../../file"),
        (CONTEXT, "file/x"),
        (CONTEXT, "empty/Dockerfile"),
        (CONTEXT, "out"),
        (CONTEXT, "up"),
        (CONTEXT, "loop"),
        (EMPTY, "Dockerfile"),
    ],
)
def test_refuses_in_dockerds_words(
    real_dockerd: Engine, tmp_path: Path, context: bytes, name: str
) -> None:
    expected = said_by_dockerd(real_dockerd, context, name)
    assert said_by_us(tmp_path, context, name) == expected
