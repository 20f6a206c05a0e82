"""An image's layers, from our engine and from a real dockerd: the same is found."""

import uuid

import pytest

from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.layers.compare import describe_image
from labkit.layers.look import look_at_image
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.slow]


@pytest.fixture(
    params=["lab_engine", pytest.param("real_dockerd", marks=pytest.mark.dockerd)]
)
def engine(request: pytest.FixtureRequest) -> Engine:
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Engine)
    return found


def test_finds_what_two_commits_did(engine: Engine) -> None:
    name = f"layers-{uuid.uuid4().hex[:8]}"
    try:
        commit(engine, TEST_IMAGE, name, "mkdir d; head -c 5000 /dev/zero > d/big")
        commit(engine, name, name, "rm d/big; echo hello > d/small")
        report = describe_image(name, look_at_image(engine.host, name))
        below, first, second = (one for one in report.layers if not one.is_empty)
        assert below.removed == ()
        assert first.wasted_bytes == report.wasted_bytes == 5000
        assert first.wasted[0].path == "d/big"
        assert first.wasted[0].hidden_by == second.number
        assert (second.added, second.changed, second.removed) == (1, (), ("d/big",))
        assert (
            report.id == engine.docker("inspect", "-f", "{{.Id}}", name).stdout.strip()
        )
    finally:
        engine.docker("rm", "-f", name)
        engine.docker("rmi", "-f", name)


def test_says_in_dockers_words_that_there_is_none(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="No such image: nothing-here"):
        look_at_image(engine.host, "nothing-here")
    with pytest.raises(InvalidInputError, match="invalid reference format"):
        look_at_image(engine.host, "No:Name!")


def commit(engine: Engine, image: str, name: str, script: str) -> None:
    for command in (
        ("run", "--name", name, "-w", "/", image, "/bin/busybox", "sh", "-c", script),
        ("commit", name, name),
        ("rm", name),
    ):
        done = engine.docker(*command)
        assert done.returncode == 0, done.stderr
