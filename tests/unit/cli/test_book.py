from pathlib import Path

from click.testing import CliRunner

from labkit.cli.book import book


def test_committed_notebooks_are_in_step() -> None:
    result = CliRunner().invoke(book, ["sync", "--check"])
    assert (result.exit_code, result.output) == (0, "")


def test_builds_pages(tmp_path: Path) -> None:
    result = CliRunner().invoke(book, ["build", "--out", str(tmp_path / "site")])
    assert result.exit_code == 0
    assert (tmp_path / "site" / "chapter05.html").exists()
