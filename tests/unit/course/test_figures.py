from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.course.figures import attach, detach, list_figures

TEXT = "See ![a bridge](figures/bridge.svg) and ![x](https://example.org/x.png)."


def test_attaches_and_detaches(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "bridge.svg").write_text("<svg/>")
    text, attachments = attach(TEXT, tmp_path)
    assert "(attachment:bridge.svg)" in text
    assert attachments == {"bridge.svg": {"image/svg+xml": "PHN2Zy8+"}}
    assert detach(text) == TEXT


def test_names_a_figure_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no figure 'bridge\.svg'"):
        attach(TEXT, tmp_path)


def test_lists_figures_with_their_words() -> None:
    assert list_figures(TEXT) == (("a bridge", "bridge.svg"),)
