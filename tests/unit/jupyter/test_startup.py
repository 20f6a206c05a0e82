from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.jupyter.startup import load_ipython_extension


def test_magics_are_there_at_once_and_say_what_is_missing_when_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell()
    load_ipython_extension(shell)
    assert capsys.readouterr().out == ""
    shell.run_cell("%%step create\ntrue")
    assert "not possible: no engine answers" in capsys.readouterr().out
