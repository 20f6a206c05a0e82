"""Volumes that are folders of the host's."""

from pathlib import Path
from typing import Any

import pytest

from tests.contract.api.world import PREFIX
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

_NAME = f"{PREFIX}bound"


def _create(engine: Engine, **options: str) -> tuple[int, Any]:
    body = {"Name": _NAME, "DriverOpts": options}
    return engine.json("POST", "/v1.41/volumes/create", body)


@pytest.mark.parametrize(
    "options",
    [{"nosuch": "1"}, {"type": "none"}, {"device": "/srv"}, {"size": "1g"}],
    ids=lambda options: next(iter(options)),
)
def test_refused_in_the_same_words(
    both: tuple[Engine, Engine], options: dict[str, str]
) -> None:
    ours, theirs = (_create(engine, **options)[1] for engine in both)
    assert ours == theirs


def test_its_files_are_the_hosts(engine: Engine, tmp_path: Path) -> None:
    options = {"type": "none", "o": "bind", "device": str(tmp_path)}
    assert _create(engine, **options)[0] == 201
    try:
        _, volume = engine.json("GET", f"/v1.41/volumes/{_NAME}")
        assert volume["Options"] == options
        run = ("run", "--rm", "-v", f"{_NAME}:/data", TEST_IMAGE)
        done = engine.docker(*run, "sh", "-c", "echo hi > /data/file")
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "file").read_text() == "hi\n"
    finally:
        assert engine.json("DELETE", f"/v1.41/volumes/{_NAME}")[0] == 204
    assert (tmp_path / "file").exists()


def test_a_folder_that_is_not_there(engine: Engine) -> None:
    assert _create(engine, type="none", o="bind", device="/nosuch-folder")[0] == 201
    try:
        run = ("run", "--rm", "-v", f"{_NAME}:/data", TEST_IMAGE, "true")
        done = engine.docker(*run)
        assert done.returncode == 127  # the command line reads the sentence
        assert "failed to mount local volume: mount /nosuch-folder:" in done.stderr
    finally:
        engine.json("DELETE", f"/v1.41/volumes/{_NAME}")
