from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.jupyter.extension import (
    load_ipython_extension,
    unload_ipython_extension,
)
from labkit.jupyter.magics import CellFailed


def test_says_why_there_is_no_connection(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/no.sock")
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    shell = InteractiveShell()
    with pytest.raises(CellFailed, match="no engine answers"):
        load_ipython_extension(shell)
    assert "not possible: no engine answers" in capsys.readouterr().out
    unload_ipython_extension(shell)
