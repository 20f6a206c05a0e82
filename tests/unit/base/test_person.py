import os
import pwd
from pathlib import Path

import pytest

from labkit.base.person import Person, become, behind_sudo, hand_over

NOBODY = 65534
root = pytest.mark.root


@pytest.mark.parametrize("number", ["", "0", "nobody", "4000123", "-1"])
def test_nobody_is_behind_sudo_where_no_ordinary_user_is_named(monkeypatch, number):
    monkeypatch.setenv("SUDO_UID", number)
    assert behind_sudo() is None


@root
def test_knows_who_typed_sudo(monkeypatch):
    entry = pwd.getpwuid(NOBODY)
    monkeypatch.setenv("SUDO_UID", str(NOBODY))
    home = Path(entry.pw_dir)
    assert behind_sudo() == Person(NOBODY, entry.pw_gid, entry.pw_name, home)


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    (home / "labkit" / "workspace").mkdir(parents=True)
    (home / "labkit" / "seed").write_text("x")
    return home


def person_at(home):
    return Person(NOBODY, NOBODY, "somebody", home)


def owner(path):
    return path.lstat().st_uid


@root
def test_hands_over_what_root_made_below_a_home(home, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("root's")
    (home / "labkit" / "link").symlink_to(outside)
    hand_over(home / "labkit", person_at(home))
    for name in (".", "workspace", "seed", "link"):
        assert owner(home / "labkit" / name) == NOBODY
    assert owner(outside) == owner(home) == 0


@root
def test_leaves_to_others_what_is_theirs(home, tmp_path):
    folder = home / "labkit"
    other = folder / "other"
    other.write_text("x")
    os.chown(other, 4242, 4242)
    (tmp_path / "shadow").write_text("x")
    (folder / "hard").hardlink_to(tmp_path / "shadow")
    hand_over(folder, person_at(home))
    assert owner(other) == 4242
    assert owner(tmp_path / "shadow") == 0


@root
def test_keeps_its_hands_off_folders_elsewhere(tmp_path):
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "passwd").write_text("x")
    hand_over(tmp_path / "etc", person_at(tmp_path / "home"))
    hand_over(tmp_path / "missing", person_at(tmp_path))
    assert owner(tmp_path / "etc" / "passwd") == 0
    os.chown(tmp_path / "etc", NOBODY, NOBODY)  # named by LABKIT_HOME, and theirs
    hand_over(tmp_path / "etc", person_at(tmp_path / "home"))
    assert owner(tmp_path / "etc" / "passwd") == NOBODY


@root
def test_becomes_a_person_for_good():
    entry = pwd.getpwuid(NOBODY)
    person = Person(NOBODY, entry.pw_gid, entry.pw_name, Path(entry.pw_dir))
    child = os.fork()
    if child == 0:
        become(person)
        try:
            os.setuid(0)
        except PermissionError:
            os._exit(0 if os.getresuid() == (NOBODY,) * 3 else 2)
        os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
