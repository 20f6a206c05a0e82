import pytest
from IPython.core.interactiveshell import InteractiveShell

from labkit.jupyter.startup import load_ipython_extension


def test_magics_are_there_at_once_and_say_what_is_missing_when_used(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    load_ipython_extension(shell)
    assert capsys.readouterr().out == ""
    shell.run_cell("%%step create\ntrue")
    assert "not possible: no engine answers" in capsys.readouterr().out
