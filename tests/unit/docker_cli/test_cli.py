import pytest

from labkit.docker_cli.cli import Cli
from labkit.docker_cli.config import Config
from labkit.docker_cli.contexts import Context, save
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.flags import Rules, parse
from labkit.docker_cli.pages import parse_page, read_text

FLAGS = parse_page(read_text("help").replace("Global Options", "Options")).flags


def cli(folder, *words):
    return Cli(parse(FLAGS, words, Rules(False)).values, str(folder))


def test_the_host_is_the_flags_then_the_environments(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_HOST", "unix:///env.sock")
    assert cli(tmp_path).endpoint.host == "unix:///env.sock"
    assert cli(tmp_path, "-H", "unix:///flag.sock").endpoint.host == "unix:///flag.sock"
    monkeypatch.delenv("DOCKER_HOST")
    assert cli(tmp_path).endpoint.host == "unix:///var/run/docker.sock"
    with pytest.raises(CliError, match="specify only one -H"):
        _ = cli(tmp_path, "-H", "unix:///a", "-H", "unix:///b").endpoint


def test_a_context_names_the_engine(tmp_path, monkeypatch):
    monkeypatch.delenv("DOCKER_HOST")
    config = Config(str(tmp_path))
    save(config, Context("lab", "unix:///lab.sock"))
    assert cli(tmp_path, "-c", "lab").endpoint.host == "unix:///lab.sock"
    config.save({"currentContext": "lab"})
    assert cli(tmp_path).context_name == "lab"
    monkeypatch.setenv("DOCKER_CONTEXT", "other")
    assert cli(tmp_path).context_name == "other"
    monkeypatch.setenv("DOCKER_HOST", "unix:///x")
    assert cli(tmp_path).context_name == "default"
    with pytest.raises(CliError, match="Failed to initialize: unable to resolve"):
        _ = cli(tmp_path, "-c", "none").client


def test_tls_is_used_for_tcp_and_only_if_asked_for(tmp_path, monkeypatch):
    (tmp_path / "ca.pem").write_text("")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    assert cli(tmp_path, "-H", "tcp://x:1").endpoint.tls is None
    tls = cli(tmp_path, "--tlsverify", "-H", "tcp://x:1").endpoint.tls
    assert tls is not None
    assert tls.verify
    assert tls.ca == str(tmp_path / "ca.pem")
    assert cli(tmp_path, "--tlsverify").endpoint.tls is None
