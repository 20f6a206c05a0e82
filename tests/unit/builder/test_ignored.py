"""The Dockerfile and the ignore file are gone before COPY looks."""

from pathlib import Path

import pytest

from labkit.builder.ignored import remove_ignored

FILES = ("Dockerfile", ".dockerignore", "kept", "sub/Dockerfile")


@pytest.fixture
def context(tmp_path: Path) -> Path:
    path = tmp_path / "context"
    (path / "sub").mkdir(parents=True)
    for name in FILES:
        (path / name).write_text("x")
    return path


def left(context: Path) -> list[str]:
    paths = (path for path in context.rglob("*") if not path.is_dir())
    return sorted(str(path.relative_to(context)) for path in paths)


@pytest.mark.parametrize(
    ("rules", "dockerfile", "gone"),
    [
        ("kept\n", "", set()),
        ("Dockerfile\n", "", {"Dockerfile"}),
        (".dockerignore\n*\n", "Dockerfile", {"Dockerfile", ".dockerignore"}),
        ("*\n!Dockerfile\n", "./Dockerfile", {".dockerignore"}),
        ("sub\n", "/sub/Dockerfile", {"sub/Dockerfile"}),
        ("[\nDockerfile\n", "Dockerfile", set()),
        ("*file\n", "nowhere/file", set()),
    ],
)
def test_takes_away_what_the_rules_leave_out(
    context: Path, rules: str, dockerfile: str, gone: set[str]
) -> None:
    (context / ".dockerignore").write_text(rules)
    remove_ignored(context, dockerfile)
    assert left(context) == sorted({*FILES} - gone)


def test_finds_the_name_in_small_letters(context: Path) -> None:
    (context / "Dockerfile").rename(context / "dockerfile")
    (context / ".dockerignore").write_text("dockerfile\n")
    remove_ignored(context, "Dockerfile")
    assert left(context) == [".dockerignore", "kept", "sub/Dockerfile"]


def test_without_rules_all_stays(context: Path) -> None:
    (context / ".dockerignore").unlink()
    remove_ignored(context, "")
    assert left(context) == ["Dockerfile", "kept", "sub/Dockerfile"]


def test_no_link_leads_out(context: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/Dockerfile").write_text("not the context's")
    (context / "up").symlink_to("../out")
    (context / ".dockerignore").write_text("up\n")
    remove_ignored(context, "up/Dockerfile")
    assert (tmp_path / "out/Dockerfile").exists()
