import pytest

from labkit.docker_cli.cli import Cli
from labkit.docker_cli.context.endpoint_options import parse_docker_options
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Values
from labkit.docker_cli.pages import parse_page, read_text

FLAGS = parse_page(read_text("help").replace("Global Options", "Options")).flags


@pytest.fixture
def cli(tmp_path):
    return Cli(Values(FLAGS), str(tmp_path))


def test_reads_where_an_engine_is(cli, tmp_path):
    assert parse_docker_options(cli, ["host=tcp://a:1", "skip-tls-verify=true"]) == (
        "tcp://a:1",
        True,
    )
    host, _ = parse_docker_options(cli, ["from=default"])
    assert host == f"unix://{tmp_path}/engine.sock"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["odd=1"], "odd: unrecognized config key"),
        (["host="], "docker endpoint configuration is required"),
        (["ca=x", "host=tcp://a:1"], "keeps no certificates in contexts"),
        (["host=x", "skip-tls-verify=odd"], "skip-tls-verify: strconv.ParseBool"),
    ],
)
def test_refuses_what_cannot_be(cli, options, said):
    with pytest.raises(CliError, match=said):
        parse_docker_options(cli, options)
