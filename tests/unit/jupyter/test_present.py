import pytest

from labkit.jupyter.present import present


def test_shows_plain_text_outside_a_notebook(
    capsys: pytest.CaptureFixture[str],
) -> None:
    present("hello")
    assert "hello" in capsys.readouterr().out
