"""A folder as a layer's tar."""

import io
import os
import socket
import stat
import tarfile
from pathlib import Path

import pytest

from labkit.snapshots import marks
from labkit.snapshots.pack import folder_bytes, pack_layer, pack_tree
from labkit.snapshots.unpack import Devices, UnpackOptions, unpack_layer


@pytest.fixture
def upper(tmp_path: Path) -> Path:
    path = tmp_path / "upper"
    path.mkdir()
    return path


def pack(upper: Path) -> bytes:
    out = io.BytesIO()
    length = pack_layer(upper, out)
    assert length == len(out.getvalue())
    return out.getvalue()


def members(data: bytes) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {member.name: member for member in tar.getmembers()}


def test_names_come_in_order_without_the_root(upper: Path) -> None:
    for name in ("b/z", "b/a", "a"):
        (upper / name).parent.mkdir(exist_ok=True)
        (upper / name).write_text(name)
    assert list(members(pack(upper))) == ["a", "b", "b/a", "b/z"]


def test_the_same_content_gives_the_same_bytes(upper: Path) -> None:
    (upper / "a").write_text("x")
    os.utime(upper / "a", (1, 1_000))
    first = pack(upper)
    (upper / "a").read_text()
    os.utime(upper / "a", (2, 1_000))  # only the access time differs
    assert pack(upper) == first


def test_fields_are_kept_and_seconds_are_whole(upper: Path) -> None:
    (upper / "a").write_text("hello")
    (upper / "a").chmod(0o4751)
    os.utime(upper / "a", ns=(0, 1_700_000_000_999_999_999))
    found = members(pack(upper))["a"]
    assert stat.S_IMODE(found.mode) == 0o4751
    assert found.mtime == 1_700_000_000
    assert (found.uid, found.gid, found.uname) == (os.getuid(), os.getgid(), "")


def test_links_pipes_and_hard_links(upper: Path) -> None:
    (upper / "a").write_text("x")
    os.link(upper / "a", upper / "b")
    (upper / "link").symlink_to("/etc/passwd")
    os.mkfifo(upper / "pipe")
    found = members(pack(upper))
    assert found["b"].islnk()
    assert found["b"].linkname == "a"
    assert found["link"].linkname == "/etc/passwd"
    assert found["pipe"].isfifo()


def test_sockets_are_left_out(upper: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        fd = os.open(upper, os.O_RDONLY)
        listener.bind(f"/proc/self/fd/{fd}/socket")
        os.close(fd)
        assert members(pack(upper)) == {}


def test_marks_become_files_again(upper: Path) -> None:
    (upper / "d").mkdir()
    fd = os.open(upper / "d", os.O_RDONLY)
    marks.make_whiteout("gone", fd)
    marks.make_opaque(fd, marks.USER)
    os.close(fd)
    found = members(pack(upper))
    assert sorted(found) == ["d", "d/.wh..wh..opq", "d/.wh.gone"]
    assert found["d"].pax_headers == {}


def test_attributes_travel(upper: Path) -> None:
    (upper / "a").touch()
    os.setxattr(upper / "a", "user.note", b"\0\xff=\n")
    other = upper.parent / "other"
    other.mkdir()
    options = UnpackOptions(is_root=False, devices=Devices.SKIP)
    unpack_layer(io.BytesIO(pack(upper)), other, options)
    assert os.getxattr(other / "a", "user.note") == b"\0\xff=\n"


def test_odd_and_long_names_travel(upper: Path) -> None:
    names = [b"\xff\xfe", b" \n\t", "é".encode(), b"n" * 255, b"d" * 200]
    for name in names:
        Path(os.fsdecode(os.path.join(os.fsencode(upper), name))).touch()
    other = upper.parent / "other"
    other.mkdir()
    options = UnpackOptions(is_root=False, devices=Devices.SKIP)
    unpack_layer(io.BytesIO(pack(upper)), other, options)
    assert sorted(os.listdir(os.fsencode(other))) == sorted(names)


def test_whiteouts_can_be_added(upper: Path) -> None:
    out = io.BytesIO()
    pack_layer(upper, out, deleted=("etc/passwd", "top"))
    assert list(members(out.getvalue())) == ["etc/.wh.passwd", ".wh.top"]


def test_only_what_is_wanted(upper: Path) -> None:
    (upper / "a").touch()
    (upper / "b").touch()
    out = io.BytesIO()
    pack_layer(upper, out, wanted=lambda name: name == "b")
    assert list(members(out.getvalue())) == ["b"]


def test_size_counts_each_inode_once(upper: Path) -> None:
    (upper / "d").mkdir()
    (upper / "d/a").write_bytes(b"x" * 100)
    os.link(upper / "d/a", upper / "b")
    (upper / "link").symlink_to("d")
    assert folder_bytes(upper) == 101  # a link counts what it says


def test_a_tree_gets_the_name_it_was_asked_for_by(upper: Path) -> None:
    (upper / "d").mkdir()
    (upper / "d/f").write_text("x")
    (upper / "l").symlink_to("d")
    for path, name, names in (
        ("d", "n", ["n", "n/f"]),
        ("d", ".", [".", "./f"]),
        ("d/f", "n", ["n"]),
        ("l", "l", ["l"]),
    ):
        out = io.BytesIO()
        pack_tree(upper / path, name, out)
        assert list(members(out.getvalue())) == names
    assert members(out.getvalue())["l"].issym()
