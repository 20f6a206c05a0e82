import json

from tests.unit.docker_cli.typing_in import type_in


def test_says_the_same_whether_one_was_logged_in_or_not(capsys, tmp_path):
    said = "Removing login credentials for localhost:1\n"
    assert type_in(capsys, "logout", "localhost:1").out == said
    file = tmp_path / "settings" / "config.json"
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"auths": {"localhost:1": {"auth": "bWU6eA=="}}}))
    assert type_in(capsys, "logout", "https://localhost:1/v2/").out == said
    assert json.loads(file.read_text()).get("auths", {}) == {}
