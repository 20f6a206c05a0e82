import stat

import pytest

from labkit.docker_cli.config import Config, default_folder


def test_settings_that_are_not_there_are_empty(tmp_path):
    assert Config(str(tmp_path / "none")).values == {}


def test_settings_are_written_whole_and_for_their_owner(tmp_path):
    config = Config(str(tmp_path / "new"))
    config.save({"currentContext": "lab"})
    assert Config(config.folder).values == {"auths": {}, "currentContext": "lab"}
    mode = stat.S_IMODE((tmp_path / "new" / "config.json").stat().st_mode)
    assert mode == 0o600


def test_settings_that_cannot_be_read_are_told_and_left_out(tmp_path, capsys):
    (tmp_path / "config.json").write_text("{bad")
    assert Config(str(tmp_path)).values == {}
    assert "WARNING: Error parsing config file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{bad", "invalid character 'b' looking for beginning of object key string"),
        (
            "[]",
            "json: cannot unmarshal array into Go value of type configfile.ConfigFile",
        ),
        (
            '{"auths": true}',
            "json: cannot unmarshal bool into Go struct field ConfigFile.auths "
            "of type map[string]types.AuthConfig",
        ),
        (
            '{"currentContext": 8}',
            "json: cannot unmarshal number into Go struct field "
            "ConfigFile.currentContext of type string",
        ),
    ],
)
def test_settings_of_a_wrong_kind_are_told_and_left_out(
    tmp_path, capsys, text, problem
):
    (tmp_path / "config.json").write_text(text)
    assert Config(str(tmp_path)).values == {}
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "\n", "null", "{}"])
def test_empty_settings_are_none(tmp_path, capsys, text):
    (tmp_path / "config.json").write_text(text)
    assert Config(str(tmp_path)).values == {}
    assert capsys.readouterr().err == ""


def test_a_folder_in_their_place_is_told(tmp_path, capsys):
    (tmp_path / "config.json").mkdir()
    assert Config(str(tmp_path)).values == {}
    assert f"read {tmp_path}/config.json: is a directory" in capsys.readouterr().err


def test_the_folder_can_be_named(monkeypatch):
    monkeypatch.setenv("DOCKER_CONFIG", "/elsewhere")
    assert default_folder() == "/elsewhere"
    monkeypatch.delenv("DOCKER_CONFIG")
    assert default_folder().endswith("/.docker")
