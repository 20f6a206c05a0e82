import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.jupyter.extension import (
    load_ipython_extension,
    unload_ipython_extension,
)
from labkit.jupyter.magics import CellFailed


def test_says_why_there_is_no_connection(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(CellFailed, match="no engine answers"):
        load_ipython_extension(shell)
    assert "not possible: no engine answers" in capsys.readouterr().out
    unload_ipython_extension(shell)
