from labkit.docker_cli.main import main
from labkit.docker_cli.release import VERSION


def test_says_whose_looks_it_has_and_that_it_is_another(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"Docker version {VERSION}, build labkit\n"
