"""Layouts that a build names."""

import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.layouts import loaded_layout
from tests.unit.docker_cli.buildx.fake_engine import FakeEngine, fake_engine
from tests.unit.docker_cli.buildx.layout import put_image

LOADS = {"POST /images/load": (200, [{"stream": "Loaded"}])}
UNKNOWN = (404, {"message": "No such image"})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "layout"


def load(fake: FakeEngine, place: str) -> str:
    with loaded_layout(fake.engine, place) as image:
        return image


def test_an_image_is_there_without_a_name_and_goes(
    folder: Path, tmp_path: Path
) -> None:
    put_image(folder, "a:1")
    second = put_image(folder, "b:2")
    answers: dict[str, Any] = {
        **LOADS,
        f"GET /images/{second}/json": UNKNOWN,
        f"DELETE /images/{second}": (200, []),
    }
    with fake_engine(tmp_path, answers=answers) as fake:
        assert load(fake, f"{folder}:2") == second
        sent = fake.asked[1].body
        assert [one.method for one in fake.asked] == ["GET", "POST", "DELETE"]
    with tarfile.open(fileobj=io.BytesIO(sent)) as tar:
        index = tar.extractfile("index.json")
        assert index is not None
        (found,) = json.loads(index.read())["manifests"]
        assert "annotations" not in found
        assert len([one for one in tar.getnames() if one.startswith("blobs/")]) == 4


def test_what_the_engine_has_stays(folder: Path, tmp_path: Path) -> None:
    first = put_image(folder, "a:1")
    answers: dict[str, Any] = {f"GET /images/{first}/json": (200, {})}
    with fake_engine(tmp_path, answers=answers) as fake:
        digest = json.loads((folder / "index.json").read_text())["manifests"][0]
        assert load(fake, str(folder)) == first
        assert load(fake, f"{folder}@{digest['digest']}") == first
        assert [one.method for one in fake.asked] == ["GET", "GET"]


@pytest.mark.parametrize("index", ["[" * 100_000, '{"manifests": [1]}', "", "7"])
def test_an_index_of_any_shape_gets_a_sentence(
    folder: Path, tmp_path: Path, index: str
) -> None:
    put_image(folder, "a:1")
    (folder / "index.json").write_text(index)
    with fake_engine(tmp_path, answers=LOADS) as fake, pytest.raises(BuildxError):
        load(fake, str(folder))


def test_waits_for_no_fifo_and_reads_no_device(folder: Path, tmp_path: Path) -> None:
    image = put_image(folder, "a:1")
    answers = {**LOADS, f"GET /images/{image}/json": UNKNOWN}
    strange = folder / "blobs/sha256/strange"
    with fake_engine(tmp_path, answers=answers) as fake:
        strange.symlink_to("/dev/zero")
        with pytest.raises(BuildxError, match=r"could not read .*strange: invalid"):
            load(fake, str(folder))
        strange.unlink()
        os.mkfifo(strange)
        with pytest.raises(BuildxError, match=r"could not read .*strange: invalid"):
            load(fake, str(folder))
        (folder / "index.json").unlink()
        os.mkfifo(folder / "index.json")
        with pytest.raises(BuildxError, match=r"could not read .*index.json: invalid"):
            load(fake, str(folder))


def test_says_what_is_no_image(folder: Path, tmp_path: Path) -> None:
    with fake_engine(tmp_path, answers=LOADS) as fake:
        with pytest.raises(BuildxError, match=r"index\.json: no such file"):
            load(fake, str(folder))
        put_image(folder, "a:1", "application/vnd.buildkit.cacheconfig.v0")
        with pytest.raises(BuildxError, match="there is no image none in"):
            load(fake, f"{folder}:none")
        with pytest.raises(BuildxError, match="is no image"):
            load(fake, str(folder))
        (folder / "index.json").write_text("[]")
        with pytest.raises(BuildxError, match="it is no object"):
            load(fake, str(folder))
        bad = {"manifests": [{"digest": "../../etc/passwd"}]}
        (folder / "index.json").write_text(json.dumps(bad))
        with pytest.raises(BuildxError, match="a digest is missing"):
            load(fake, str(folder))
