from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in


def offered(capsys, *words):
    *lines, directive = type_in(capsys, "__complete", *words).out.splitlines()
    assert directive.startswith(":")
    return [line.partition("\t")[0] for line in lines]


def test_offers_commands_and_flags(capsys):
    assert offered(capsys, "im") == ["image", "images", "import"]
    assert offered(capsys, "volume", "") == ["create", "inspect", "ls", "prune", "rm"]
    assert offered(capsys, "ps", "--no") == ["--no-trunc"]


CONTAINERS = [
    {"Names": ["/web"], "State": "running"},
    {"Names": ["/db"], "State": "exited"},
    {"Names": ["/still"], "State": "paused"},
]


def test_says_a_word_about_commands_and_flags(capsys):
    typed = type_in(capsys, "__complete", "ima")
    assert typed.out == "image\tManage images\nimages\tList images\n:4\n"
    assert typed.err == (
        "Completion ended with directive: ShellCompDirectiveNoFileComp\n"
    )
    assert type_in(capsys, "__complete", "swarm", "i").out == (
        "init\tInitialize a swarm\n:4\n"
    )
    assert type_in(capsys, "__completeNoDesc", "ps", "--no").out == "--no-trunc\n:4\n"
    assert "--host\tDaemon socket" in type_in(capsys, "__complete", "-").out
    assert offered(capsys, "run", "--pull", "") == ["always", "missing", "never"]


def test_offers_the_names_of_things(capsys, tmp_path):
    routes = {
        "GET /v1.47/containers/json": (200, CONTAINERS),
        "GET /v1.47/images/json": (
            200,
            [{"RepoTags": ["nginx:1"]}, {"RepoTags": None}],
        ),
        "GET /v1.47/networks": (200, [{"Name": "bridge"}]),
        "GET /v1.47/volumes": (200, {"Volumes": [{"Name": "data"}]}),
    }
    with answering(tmp_path, routes):
        assert offered(capsys, "stop", "w") == ["web"]
        assert offered(capsys, "stop", "") == ["web", "still"]
        assert offered(capsys, "exec", "") == ["web"]
        assert offered(capsys, "start", "") == ["db"]
        assert offered(capsys, "rm", "") == ["db"]
        assert offered(capsys, "rm", "--force", "") == ["web", "db", "still"]
        assert offered(capsys, "run", "") == ["nginx:1"]
        assert offered(capsys, "run", "--rm", "-e", "A=b", "") == ["nginx:1"]
        assert offered(capsys, "run", "nginx:1", "") == []
        assert offered(capsys, "run", "--network", "") == ["bridge"]
        assert offered(capsys, "run", "--network=b") == ["bridge"]
        assert offered(capsys, "volume", "rm", "") == ["data"]
    assert offered(capsys, "context", "use", "") == ["default"]


def test_offers_plug_ins_too(capsys, tmp_path):
    program = tmp_path / "settings" / "cli-plugins" / "docker-thing"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert offered(capsys, "thi") == ["thing"]
    assert offered(capsys, "sw") == ["swarm"]


def test_offers_nothing_where_nobody_answers(capsys):
    assert offered(capsys, "stop", "") == []
    assert offered(capsys, "odd", "x") == []
