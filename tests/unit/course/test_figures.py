from pathlib import Path

import pytest

from labkit.base.errors import NotFoundError
from labkit.course.figures import embed, extract, list_figures

TEXT = "See ![a bridge](figures/bridge.svg) and ![x](https://example.org/x.png)."


def test_embeds_and_extracts(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "bridge.svg").write_text("<svg/>")
    text, names = embed(TEXT, tmp_path)
    assert "(data:image/svg+xml;base64,PHN2Zy8+)" in text
    assert names == ("bridge.svg",)
    assert extract(text, names) == TEXT


def test_leaves_a_picture_that_an_author_pasted() -> None:
    text = "![x](data:image/png;base64,AAAA)"
    assert extract(text, ()) == text


def test_names_a_figure_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"no figure 'bridge\.svg'"):
        embed(TEXT, tmp_path)


def test_lists_figures_with_their_words() -> None:
    assert list_figures(TEXT) == (("a bridge", "bridge.svg"),)
