import json
import sys
from pathlib import Path

import pytest

from labkit.base.errors import ForbiddenError
from labkit.base.person import Person
from labkit.cli.lab import (
    fill_workspace,
    jupyter_arguments,
    jupyter_path,
    labextensions,
    require_access,
    their_environment,
    write_kernel,
    write_settings,
)


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


def test_terminals_are_no_login_shells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHELL", "/opt/my shells/fish")
    arguments = jupyter_arguments("chapter05.ipynb", Path("/h"), 8888, False, False)
    setting = "--ServerApp.terminado_settings=shell_command='/opt/my shells/fish'"
    assert setting in arguments


def test_asks_nothing_of_the_internet(tmp_path: Path) -> None:
    write_settings(tmp_path / "new", "chapter05.ipynb")
    page = json.loads((tmp_path / "new" / "page_config.json").read_text())
    assert page == {"labkitChapter": "chapter05.ipynb"}
    (settings,) = json.loads((tmp_path / "new" / "overrides.json").read_text()).values()
    assert settings == {"fetchNews": "false", "checkForUpdates": False}


def test_kernels_of_the_lab_have_its_magics_from_the_start(tmp_path: Path) -> None:
    write_kernel(tmp_path)
    folder = tmp_path / "kernels" / "python3"
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["argv"][:3] == [sys.executable, "-m", "ipykernel_launcher"]
    assert spec["argv"][-1].endswith("extra_extensions=labkit.jupyter.startup")


def test_users_own_kernels_come_after_the_labs() -> None:
    assert jupyter_path(Path("/h"), {}) == "/h"
    assert jupyter_path(Path("/h"), {"JUPYTER_PATH": "/a:/b"}) == "/h:/a:/b"


def test_an_environment_of_their_own() -> None:
    person = Person(1000, 1000, "ann", Path("/home/ann"))
    assert their_environment(person) == {
        "HOME": "/home/ann",
        "USER": "ann",
        "LOGNAME": "ann",
    }


def test_refuses_an_engine_that_is_closed_to_this_user(tmp_path: Path) -> None:
    require_access("tcp://192.0.2.1:2375")
    (tmp_path / "s").touch()
    require_access(f"unix://{tmp_path}/s")
    with pytest.raises(ForbiddenError, match="started for another user"):
        require_access(f"unix://{tmp_path}/missing")


def test_fills_the_workspace_and_offers_what_is_newer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    assert fill_workspace(None).name == "chapter01.ipynb"
    assert (tmp_path / "workspace" / "course.ipynb").exists()
    (tmp_path / "workspace" / "chapter05.ipynb").write_text("mine")
    (tmp_path / "workspace" / ".origin" / "chapter05.ipynb").write_text("older")
    assert fill_workspace("chapter05").read_text() == "mine"
    assert "chapter05-new.ipynb beside it" in capsys.readouterr().err


def test_the_launchers_cards_come_along() -> None:
    package = json.loads((labextensions() / "labkit" / "package.json").read_text())
    entry = labextensions() / "labkit" / package["jupyterlab"]["_build"]["load"]
    assert "window._JUPYTERLAB.labkit" in entry.read_text()


def test_a_port_that_is_none_is_refused_before_anything_starts(terminal):
    said = terminal.run("lab", "--port", "99999")
    assert said.code == 2
    assert "99999 is not in the range" in said.err
    assert not terminal.home.exists()
