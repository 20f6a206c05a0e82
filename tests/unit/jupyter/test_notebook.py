import pytest

from labkit.jupyter.notebook import chapter_of_notebook


@pytest.mark.parametrize(
    ("path", "chapter"),
    [
        ("/home/ann/labkit/workspace/chapter08.ipynb", "chapter08"),
        ("chapter12-new.ipynb", "chapter12"),
        ("chapter99.ipynb", "chapter01"),
        ("chapter080.ipynb", "chapter01"),
        ("mine.ipynb", "chapter01"),
    ],
)
def test_the_name_of_a_notebook_says_its_chapter(path: str, chapter: str) -> None:
    assert chapter_of_notebook({"JPY_SESSION_NAME": path}) == chapter


def test_without_a_notebook_it_is_the_first() -> None:
    assert chapter_of_notebook({}) == "chapter01"
