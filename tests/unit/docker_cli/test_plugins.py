from labkit.docker_cli.config import Config
from labkit.docker_cli.plugins import describe_all, find_plugin

SAYS = """#!/bin/sh
echo '{"Vendor":"Us","Version":"v1","ShortDescription":"Does things"}'
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


def test_finds_programs_in_the_folder_of_plug_ins(tmp_path):
    write(tmp_path / "cli-plugins" / "docker-thing", SAYS)
    (tmp_path / "cli-plugins" / "docker-plain").write_text("no program")
    config = Config(str(tmp_path))
    assert find_plugin(config, "thing") == str(
        tmp_path / "cli-plugins" / "docker-thing"
    )
    assert find_plugin(config, "plain") is None
    assert find_plugin(config, "../thing") is None


def test_asks_them_what_they_are(tmp_path):
    write(tmp_path / "cli-plugins" / "docker-thing", SAYS)
    write(tmp_path / "cli-plugins" / "docker-broken", "#!/bin/sh\nexit 1\n")
    found = describe_all(Config(str(tmp_path)))
    assert found["thing"]["ShortDescription"] == "Does things"
    assert "broken" not in found


def test_the_overview_names_them(tmp_path, monkeypatch, capsys):
    from tests.unit.docker_cli.typing_in import type_in

    write(tmp_path / "cli-plugins" / "docker-thing", SAYS)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    out = type_in(capsys, "--help").out
    assert "  thing*      Does things (Us, v1)\n" in out
