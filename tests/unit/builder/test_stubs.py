"""What mounts leave behind goes; what a command put there stays."""

from pathlib import Path

from labkit.builder.sources import Origin
from labkit.builder.stubs import find_stubs, remove_stubs


def test_finds_what_a_mount_will_make(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "var").symlink_to("/run")
    origin = Origin((tmp_path,))
    assert find_stubs(origin, ["/run/secrets/x", "/var/y", "/run"]) == (
        "/run/secrets/x",
        "/run/secrets",
        "/run/y",
    )
    assert find_stubs(Origin(()), ["/a/b"]) == ("/a/b", "/a")


def test_removes_what_is_empty(tmp_path: Path) -> None:
    upper = tmp_path / "upper"
    (upper / "run/secrets").mkdir(parents=True)
    (upper / "run/secrets/x").touch()
    (upper / "kept").mkdir()
    (upper / "kept/file").write_text("the command's")
    remove_stubs(upper, ("/run/secrets/x", "/run/secrets", "/kept", "/never"))
    assert sorted(path.name for path in upper.rglob("*")) == ["file", "kept", "run"]


def test_goes_through_no_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x").touch()
    upper = tmp_path / "upper"
    upper.mkdir()
    (upper / "run").symlink_to(outside)
    remove_stubs(upper, ("/run/x",))
    assert (outside / "x").exists()
