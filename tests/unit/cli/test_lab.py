import json
from pathlib import Path

from labkit.cli.lab import jupyter_arguments, write_settings


def test_listens_on_loopback_and_keeps_the_token() -> None:
    arguments = jupyter_arguments("chapter05.ipynb", Path("/h"), 8888, False, False)
    assert "--ServerApp.ip=127.0.0.1" in arguments
    assert "--ServerApp.root_dir=/h/workspace" in arguments
    assert "--LabApp.default_url=/lab/tree/chapter05.ipynb" in arguments
    assert not any("token" in argument for argument in arguments)
    assert "--allow-root" not in arguments
    assert "--no-browser" not in arguments


def test_tells_jupyter_about_root_and_browser() -> None:
    arguments = jupyter_arguments("chapter05.ipynb", Path("/h"), 8888, True, True)
    assert arguments[-2:] == ["--no-browser", "--allow-root"]


def test_asks_nothing_of_the_internet(tmp_path: Path) -> None:
    write_settings(tmp_path / "new")
    (settings,) = json.loads((tmp_path / "new" / "overrides.json").read_text()).values()
    assert settings == {"fetchNews": "false", "checkForUpdates": False}
