"""``USER`` texts to numbers."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.bundle.users import resolve_user

PASSWD = """root:x:0:0:root:/root:/bin/sh
app:x:1000:1001:app:/home/app:/bin/sh
broken line
homeless:x:7:7
"""
GROUP = "root:x:0:root\napp:x:1001:\nstaff:x:50:app,other\nextra:x:60:app\n"


@pytest.mark.parametrize(
    ("text", "uid", "gid", "extra", "home"),
    [
        ("", 0, 0, (0,), "/root"),
        ("root", 0, 0, (0,), "/root"),
        ("app", 1000, 1001, (1001, 50, 60), "/home/app"),
        ("1000", 1000, 1001, (1001, 50, 60), "/home/app"),
        ("app:staff", 1000, 50, (50,), "/home/app"),
        ("app:99", 1000, 99, (99,), "/home/app"),
        ("4242", 4242, 0, (0,), "/"),
        ("4242:4343", 4242, 4343, (4343,), "/"),
        (":staff", 0, 50, (50,), "/root"),
        ("homeless", 7, 7, (7,), "/"),
    ],
)
def test_resolves(
    text: str, uid: int, gid: int, extra: tuple[int, ...], home: str
) -> None:
    identity = resolve_user(text, (), PASSWD, GROUP)
    assert (identity.user.uid, identity.user.gid) == (uid, gid)
    assert identity.user.additional_gids == extra
    assert identity.home == home


def test_adds_groups_by_name_and_number() -> None:
    identity = resolve_user("app:app", ("staff", "77"), PASSWD, GROUP)
    assert identity.user.additional_gids == (1001, 50, 77)


def test_an_image_without_files_still_has_root() -> None:
    assert resolve_user("", (), "", "").user.uid == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("nosuch", "unable to find user nosuch: no matching entries in passwd file"),
        (":nosuch", "unable to find group nosuch: no matching entries in group file"),
        ("4294967296", "uids and gids must be in range 0-2147483647"),
    ],
)
def test_refuses_in_dockers_words(text: str, complaint: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        resolve_user(text, (), PASSWD, GROUP)
    assert caught.value.message == complaint


def test_refuses_unknown_added_groups() -> None:
    with pytest.raises(InvalidInputError, match="Unable to find group ghosts"):
        resolve_user("", ("ghosts",), PASSWD, GROUP)


@pytest.mark.parametrize("text", ["-5", "0:-1", "2147483648"])
def test_numbers_have_a_range(text: str) -> None:
    with pytest.raises(InvalidInputError, match="must be in range 0-2147483647"):
        resolve_user(text, (), PASSWD, GROUP)
