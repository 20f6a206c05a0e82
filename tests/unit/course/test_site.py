from pathlib import Path

from labkit.course.site import build_site
from tests.unit.course.build import make_chapter


def test_writes_a_page_for_each_chapter(tmp_path: Path) -> None:
    paths = build_site((make_chapter("# Hi\n"),), {}, tmp_path / "site")
    assert [path.name for path in paths] == ["index.html", "chapter05.html"]
    assert "href='chapter05.html'" in paths[0].read_text()
    assert "Testing" in paths[1].read_text()
