import pytest

from labkit.docker_cli import commands
from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in

LAB = (200, {"Platform": {"Name": "labkit"}})


@pytest.mark.parametrize("name", commands.ELSEWHERE)
def test_every_group_has_its_page_and_every_verb_a_word(capsys, name):
    page = type_in(capsys, name, "--help").out
    assert f"Usage:  docker {name} COMMAND\n" in page
    assert type_in(capsys, "help", name).out == page
    typed = type_in(capsys, name)
    assert (typed.code, typed.out, typed.err) == (0, "", page)
    verb = page.partition("\nCommands:\n")[2].split()[0]
    assert f"Usage:  docker {name} {verb} [" in type_in(capsys, name, verb, "-h").out


def test_the_engines_own_refusal_is_what_is_read(capsys, tmp_path):
    refusal = {"message": "this engine cannot be part of a swarm"}
    routes = {"GET /v1.47/version": LAB, "POST /v1.47/swarm/init": (501, refusal)}
    with answering(tmp_path, routes):
        typed = type_in(capsys, "swarm", "init", "--autolock")
    assert (typed.code, typed.err) == (
        1,
        "Error response from daemon: this engine cannot be part of a swarm\n",
    )


def test_no_swarm_is_made_of_an_engine_that_could(capsys, tmp_path):
    with answering(tmp_path, {"GET /v1.47/version": (200, {})}) as answers:
        typed = type_in(capsys, "swarm", "init")
    assert answers.asked == ["GET /v1.47/version"]
    assert typed.err == (
        "docker: 'docker swarm init' is not in the lab's own docker command: "
        "Docker's own command line has it\n"
    )


def test_an_engine_without_plug_ins_has_none_to_list(capsys, tmp_path):
    with answering(tmp_path, {"GET /v1.47/plugins": (200, [])}):
        assert type_in(capsys, "plugin", "ls").out == (
            "ID        NAME      DESCRIPTION   ENABLED\n"
        )
        assert "is not in the lab's" in type_in(capsys, "plugin", "rm", "x").err


def test_an_experiment_is_refused_where_there_are_none(capsys, tmp_path):
    refusal = (
        "docker checkpoint{} is only supported on a Docker daemon with experimental "
        "features enabled\n"
    )
    with answering(tmp_path, {}):
        typed = type_in(capsys, "checkpoint", "create", "c", "one")
        assert (typed.code, typed.err) == (1, refusal.format(" create"))
        typed = type_in(capsys, "checkpoint", "odd", "--help")
        assert (typed.code, typed.out) == (0, refusal.format(""))
    typed = type_in(capsys, "checkpoint", "ls", "c")
    assert typed.err.startswith("Cannot connect to the Docker daemon at ")


def test_says_what_is_unknown(capsys):
    typed = type_in(capsys, "node", "odd")
    assert (typed.code, typed.err) == (
        1,
        "docker: unknown command: docker node odd\n\nUsage:  docker node\n\n"
        "Run 'docker node --help' for more information\n",
    )
    assert type_in(capsys, "node", "-x").err.startswith(
        "unknown shorthand flag: 'x' in -x\n"
    )
    assert type_in(capsys, "node", "--odd").code == 125
    assert "is not in the lab's" in type_in(capsys, "trust", "sign", "x").err
