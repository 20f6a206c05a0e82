import io
import tarfile

from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in


def names(body):
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        return sorted(tar.getnames())


def test_sends_a_file_under_the_name_that_it_gets(capsys, tmp_path):
    source = tmp_path / "file"
    source.write_text("hello")
    routes = {"PUT /v1.47/containers/web/archive": (200, b"")}
    with answering(tmp_path, routes) as answers:
        typed = type_in(capsys, "cp", "-q", str(source), "web:/etc/new")
        assert (typed.code, typed.out, typed.err) == (0, "", "")
        assert answers.asked[1].startswith(
            "PUT /v1.47/containers/web/archive?path=%2Fetc&"
        )
        assert names(answers.bodies[1]) == ["new"]


def test_the_engine_says_of_a_refused_look_when_it_refuses_the_copy(capsys, tmp_path):
    refusal = {"message": "No such container: web"}
    routes = {
        "HEAD /v1.47/containers/web/archive": (500, {"message": "odd"}),
        "PUT /v1.47/containers/web/archive": (404, refusal),
    }
    (tmp_path / "file").write_text("hello")
    with answering(tmp_path, routes):
        typed = type_in(capsys, "cp", "-q", str(tmp_path / "file"), "web:/etc/new")
    assert typed.err == "Error response from daemon: No such container: web\n"


def test_refuses_what_cannot_be_copied(capsys, tmp_path):
    with answering(tmp_path, {}):
        typed = type_in(capsys, "cp", str(tmp_path / "none"), "web:/x")
        assert typed.err == f"lstat {tmp_path}/none: no such file or directory\n"
        typed = type_in(capsys, "cp", str(tmp_path), "web:/x/")
        assert typed.code == 1
        typed = type_in(capsys, "cp", "a", "b")
        assert typed.err == "must specify at least one container source\n"
