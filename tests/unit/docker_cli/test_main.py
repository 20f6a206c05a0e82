import os
import subprocess

import pytest

from labkit.base.docker_command import ensure_bundled_docker
from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in


def test_says_what_is_unknown_and_where_to_read(capsys):
    typed = type_in(capsys, "odd")
    assert typed.code == 1
    assert typed.err == (
        "docker: unknown command: docker odd\n\n"
        "Run 'docker --help' for more information\n"
    )
    typed = type_in(capsys, "ps", "--odd")
    assert typed.code == 125
    assert typed.err == (
        "unknown flag: --odd\n\nUsage:  docker ps [OPTIONS]\n\n"
        "Run 'docker ps --help' for more information\n"
    )
    typed = type_in(capsys, "container", "odd")
    assert "docker: unknown command: docker container odd" in typed.err


def test_groups_and_the_overview_have_pages(capsys):
    assert type_in(capsys, "--help").out.startswith("Usage:  docker [OPTIONS] COMMAND")
    assert "Manage volumes" in type_in(capsys, "volume", "--help").out
    typed = type_in(capsys, "volume")
    assert (typed.code, typed.out) == (0, "")
    assert "Manage volumes" in typed.err
    assert type_in(capsys, "help", "odd").err == "unknown help topic: odd\n"


def test_a_page_is_named_as_it_was_asked_for(capsys):
    assert type_in(capsys, "ps", "--help").out.startswith("Usage:  docker ps [OPTIONS]")
    out = type_in(capsys, "container", "ls", "--help").out
    assert out.startswith("Usage:  docker container ls [OPTIONS]")


def test_says_that_nobody_is_at_home(capsys, tmp_path):
    typed = type_in(capsys, "ps")
    assert typed.code == 1
    assert typed.err == (
        f"Cannot connect to the Docker daemon at unix://{tmp_path}/engine.sock. "
        "Is the docker daemon running?\n"
    )


def test_lists_what_the_engine_has(capsys, tmp_path):
    container = {
        "Id": "a1" * 32,
        "Names": ["/web"],
        "Image": "nginx",
        "ImageID": "sha256:" + "b2" * 32,
        "Command": "nginx -g",
        "Created": 0,
        "Ports": [],
        "State": "running",
        "Status": "Up 2 hours",
        "Labels": {},
        "Mounts": [],
    }
    with answering(tmp_path, {"GET /v1.47/containers/json": (200, [container])}):
        typed = type_in(capsys, "ps", "--format", "{{.Names}}: {{.Status}}")
    assert (typed.code, typed.out) == (0, "web: Up 2 hours\n")


@pytest.mark.parametrize(
    "answer", [[5], {"message": 7}, [{"Ports": {}}], "[" * 5000, [{"Created": 1e300}]]
)
def test_an_answer_of_another_shape_is_told_in_a_line(capsys, tmp_path, answer):
    with answering(tmp_path, {"GET /v1.47/containers/json": (200, answer)}):
        typed = type_in(capsys, "ps")
    assert typed.code == 1
    assert typed.err.startswith("cannot make sense of the answer: ")
    assert typed.err.count("\n") == 1


def test_debug_shows_where_an_answer_made_no_sense(capsys, tmp_path):
    answers = {"GET /v1.47/containers/json": (200, [5])}
    with answering(tmp_path, answers), pytest.raises(TypeError, match="subscriptable"):
        type_in(capsys, "--debug", "ps")


def test_it_starts_from_a_script_of_its_own_in_a_bare_interpreter(tmp_path):
    script = ensure_bundled_docker(tmp_path)
    done = subprocess.run(
        [script, "ps", "-h"], capture_output=True, text=True, check=True, env={}
    )
    assert "Usage:  docker ps [OPTIONS]" in done.stdout


def test_the_way_to_a_listing_imports_nothing_that_is_slow(tmp_path):
    script = ensure_bundled_docker(tmp_path)
    code = (
        "import sys; sys.argv = ['docker', 'ps']; "
        f"exec(open({str(script)!r}).read().replace(' start', ' main as start')); "
        "slow = {'dataclasses', 'typing', 're', 'json', 'enum', 'socket', 'argparse', "
        "'http', 'inspect', 'subprocess', 'signal', 'datetime'}; "
        "print(sorted(slow & set(sys.modules)))"
    )
    interpreter = script.read_text().splitlines()[0].split()[0].removeprefix("#!")
    done = subprocess.run(
        [interpreter, "-ISXutf8", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "DOCKER_HOST": "unix:///none"},
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("--version >&-", 0, ""),
        ("ps --odd >&-", 125, "unknown flag: --odd"),
        ("ps --odd <&- >&- 2>&-", 125, ""),
        ("ps --odd 2>/dev/full", 125, ""),
        ("--version >/dev/full", 1, "write /dev/stdout: no space left on device"),
    ],
)
def test_streams_may_be_closed_or_full(tmp_path, words, code, said):
    script = ensure_bundled_docker(tmp_path)
    done = subprocess.run(
        ["bash", "-c", f"{script} {words}"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr.partition("\n")[0]) == (code, said)
