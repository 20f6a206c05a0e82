"""``docker buildx build`` from its flags to its files."""

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.docker_cli.buildx.build import build, progress_mode
from labkit.docker_cli.buildx.errors import BuildxError
from labkit.docker_cli.buildx.flags import Given, parse
from labkit.docker_cli.buildx.options import BUILD
from labkit.docker_cli.buildx.shop import Shop
from tests.unit.docker_cli.buildx.fake_engine import fake_engine
from tests.unit.docker_cli.buildx.updates import vertex, warning_raw

STEP = vertex("d", "[1/1] RUN a", started=0, completed=1).raw
RESULT = {"result": {"ID": "sha256:1", "Names": ["docker.io/library/a:latest"]}}
WHERE = {"filename": "Dockerfile", "source": "FROM a\nRUN b", "first": 2, "last": 2}


def built(folder: Path, lines: list[Any], *words: str) -> int:
    (folder / "Dockerfile").write_text("FROM a\n")
    answers = {
        "POST /labkit/build": (200, lines),
        "GET /version": (200, {"Os": "linux", "Arch": "amd64"}),
    }
    with fake_engine(folder, answers=answers) as fake:
        shop = Shop(fake.engine, folder)
        return build(shop, parse(BUILD, [*words, str(folder)]))


def test_draws_and_warns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [STEP, {"warnings": [warning_raw("Rule: x (line 2)")]}, RESULT]
    assert built(tmp_path, lines) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        '#0 building with "default" instance using docker driver\n\n'
        "#1 [internal] load build definition from Dockerfile\n"
        "#1 transferring dockerfile: 7B done\n#1 DONE 0.0s\n\n"
        "#2 [internal] load build context\n"
        "#2 transferring context: 2.05kB done\n#2 DONE 0.0s\n\n"
        "#3 [1/1] RUN a\n#3 DONE 1.0s\n\n"
        "#4 exporting to image\n#4 exporting layers done\n"
        "#4 writing image sha256:1 done\n"
        "#4 naming to docker.io/library/a:latest done\n#4 DONE 0.0s\n"
        "\n 1 warning found (use docker --debug to expand):\n - Rule: x (line 2)\n"
    )


def test_writes_what_it_built(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids, about = tmp_path / "id", tmp_path / "meta"
    words = ("-q", "--iidfile", str(ids), "--metadata-file", str(about))
    assert built(tmp_path, [STEP, RESULT], *words) == 0
    assert capsys.readouterr() == ("sha256:1\n", "")
    assert ids.read_text() == "sha256:1"
    found = json.loads(about.read_text())
    assert found["containerimage.digest"] == "sha256:1"
    assert found["image.name"] == "docker.io/library/a:latest"
    with pytest.raises(BuildxError, match="cannot write /no/such/x: No such file"):
        built(tmp_path, [RESULT], "--iidfile", "/no/such/x")


def test_files_that_came_out_have_no_id(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ids, about = tmp_path / "id", tmp_path / "meta"
    words = ("-q", "--iidfile", str(ids), "--metadata-file", str(about))
    assert built(tmp_path, [RESULT], *words, "-o", "type=cacheonly") == 0
    assert capsys.readouterr() == ("\n", "")
    assert ids.read_text() == ""
    assert list(json.loads(about.read_text())) == ["buildx.build.ref"]
    for output in ("type=local,dest=x", "type=tar,dest=x.tar"):
        with pytest.raises(BuildxError, match=r"^local and tar exporters are incompat"):
            built(tmp_path, [RESULT], *words, "-o", output)


def test_an_old_id_does_not_outlive_a_failure(tmp_path: Path) -> None:
    ids = tmp_path / "id"
    ids.write_text("sha256:old")
    with pytest.raises(BuildxError):
        built(tmp_path, [{"failed": {"message": "x"}}], "--iidfile", str(ids))
    assert not ids.exists()
    (tmp_path / "folder").mkdir()
    with pytest.raises(BuildxError, match=r"^removing image ID file: Is a directory"):
        built(tmp_path, [RESULT], "--iidfile", str(tmp_path / "folder"))


def test_shows_the_lines_of_a_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = {"failed": {"message": "exit code: 1", **WHERE}}
    said = "^failed to build: failed to solve: exit code: 1$"
    with pytest.raises(BuildxError, match=said):
        built(tmp_path, [failed])
    assert "   2 | >>> RUN b\n" in capsys.readouterr().err


def test_checks_without_building(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built(tmp_path, [], "--check") == 0
    assert capsys.readouterr().out == "Check complete, no warnings found.\n"
    assert built(tmp_path, [], "--call", "targets,format=json") == 0
    assert json.loads(capsys.readouterr().out)["targets"][0]["base"] == "a"
    with pytest.raises(BuildxError, match=r"unsupported request frontend\.nope"):
        built(tmp_path, [], "--call", "nope")


def test_modes() -> None:
    assert progress_mode(Given()) == "auto"
    assert progress_mode(Given(), quiet=True) == "quiet"
    both = Given({"progress": ["rawjson", "none"]})
    assert progress_mode(both) == "quiet"
    with pytest.raises(BuildxError, match=r"^progress=tty and quiet cannot be used"):
        progress_mode(Given({"progress": ["tty"]}), quiet=True)


def test_quiet_progress_says_the_id_and_none_does_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert built(tmp_path, [RESULT], "--progress=quiet") == 0
    assert capsys.readouterr() == ("sha256:1\n", "")
    assert built(tmp_path, [RESULT], "--progress=none") == 0
    assert capsys.readouterr() == ("", "")
