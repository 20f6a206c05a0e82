from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in

STREAM = b'{"status":"Pulling from library/x","id":"latest"}\n{"status":"Done"}\n'


def test_shows_how_it_goes_and_what_came(capsys, tmp_path):
    with answering(tmp_path, {"POST /v1.47/images/create": (200, STREAM)}):
        typed = type_in(capsys, "pull", "x")
    assert typed.out == (
        "Using default tag: latest\nlatest: Pulling from library/x\nDone\n"
        "docker.io/library/x:latest\n"
    )


def test_quietly_only_what_came_and_an_error_still(capsys, tmp_path):
    routes = {"POST /v1.47/images/create": (200, STREAM)}
    with answering(tmp_path, routes) as answers:
        typed = type_in(capsys, "pull", "-q", "r.example/x:1")
        assert typed.out == "r.example/x:1\n"
        answers.routes["POST /v1.47/images/create"] = (200, b'{"error":"denied"}')
        typed = type_in(capsys, "pull", "-q", "x:1")
        assert (typed.code, typed.err) == (1, "denied\n")
