from labkit.docker_cli.cli import Cli
from labkit.docker_cli.container.attachment import wait_for_exit
from labkit.docker_cli.flags import Values
from labkit.docker_cli.pages import parse_page, read_text
from tests.unit.docker_cli.answering import answering

FLAGS = parse_page(read_text("help").replace("Global Options", "Options")).flags


def test_waits_for_the_removal_of_what_goes_by_itself(tmp_path):
    routes = {"POST /v1.47/containers/x/wait": (200, {"StatusCode": 3})}
    with answering(tmp_path, routes) as answers:
        cli = Cli(Values(FLAGS), str(tmp_path))
        answer = wait_for_exit(cli, "x", removed=True)
        assert answer.json() == {"StatusCode": 3}
        wait_for_exit(cli, "x", removed=False).read()
        assert [each.partition("?")[2] for each in answers.asked] == [
            "condition=removed",
            "condition=next-exit",
        ]
        cli.close()
