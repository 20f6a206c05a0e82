"""Visits to trees that try to lead out."""

import io
import os
import socket
import struct
import sys
import tarfile
from pathlib import Path

import pytest
import zstandard

from labkit.base.errors import ConflictError, InvalidInputError, NotFoundError
from labkit.files.model import Request, Verb, View, WriteOptions
from labkit.files.visits import Visit
from labkit.runtime.wire import raise_error, read_line
from labkit.spec.runtime import Mount, Process, Root, Spec

pytestmark = pytest.mark.root

PLAIN = WriteOptions()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a root with links that lead outside, if somebody lets them."""
    root = tmp_path / "tree"
    (root / "d").mkdir(parents=True)
    (root / "d/f").write_text("inside")
    (root / "up").symlink_to("../../../../../../..")
    (root / "outside").symlink_to(tmp_path / "host")
    (tmp_path / "host").mkdir()
    (tmp_path / "host/secret").write_text("outside")
    return root


def view_of(tree: Path, *mounts: Mount) -> View:
    spec = Spec(process=Process(args=()), root=Root(str(tree)), mounts=mounts)
    return View(folder=str(tree.parent), spec=spec)


def read(view: View, path: str, verb: Verb = Verb.READ) -> dict[str, bytes]:
    with Visit(Request(verb, view, path)) as visit:
        data = b"".join(_frames(visit.sock))
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {
            member.name: file.read() if (file := _open(tar, member)) else b""
            for member in tar.getmembers()
        }


def _open(tar: tarfile.TarFile, member: tarfile.TarInfo) -> io.BufferedIOBase | None:
    return tar.extractfile(member) if member.isreg() else None  # type: ignore[return-value]


def _frames(sock: socket.socket) -> list[bytes]:
    found = []
    with sock.makefile("rb") as stream:
        while size := struct.unpack(">I", stream.read(4))[0]:
            found.append(stream.read(size))
    return found


def write(view: View, path: str, tar: bytes, options: WriteOptions = PLAIN) -> None:
    with Visit(Request(Verb.WRITE, view, path, options)) as visit:
        visit.sock.sendall(tar)
        visit.sock.shutdown(socket.SHUT_WR)
        raise_error(read_line(visit.sock))


def test_takes_zstd_by_our_library_and_not_by_the_containers(tree: Path) -> None:
    for folder in {entry for entry in sys.path if entry.startswith("/")}:
        planted = tree / folder[1:] / "zstandard.py"
        planted.parent.mkdir(parents=True, exist_ok=True)
        planted.write_text("open('/d/ran', 'w').close()")
    packed = zstandard.ZstdCompressor().compress(tar_of(("new", "text")))
    write(view_of(tree), "/d", packed)
    assert (tree / "d/new").read_text() == "text"
    assert not (tree / "d/ran").exists()


def tar_of(*entries: tuple[str, str]) -> bytes:
    """Make a tar of names and what they are: ``text``, ``-> link`` or ``/``."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, what in entries:
            info = tarfile.TarInfo(name)
            if what == "/":
                info.type, info.mode = tarfile.DIRTYPE, 0o755
            elif what.startswith("-> "):
                info.type, info.linkname = tarfile.SYMTYPE, what[3:]
            info.size = len(what) if info.isreg() else 0
            tar.addfile(info, io.BytesIO(what.encode()) if info.isreg() else None)
    return out.getvalue()


def test_reads_a_folder_under_the_name_that_was_asked_for(tree: Path) -> None:
    assert read(view_of(tree), "/d") == {"d": b"", "d/f": b"inside"}
    assert read(view_of(tree), "/d/.") == {".": b"", "./f": b"inside"}
    assert read(view_of(tree), "/d/f") == {"f": b"inside"}


def test_links_lead_nowhere_but_inside(tree: Path) -> None:
    assert "f" in read(view_of(tree), "/up/d/f")
    for path in ("/outside/secret", "/up/etc/passwd", "/../../etc/passwd"):
        with pytest.raises(NotFoundError):
            read(view_of(tree), path)


def test_writes_go_nowhere_but_inside(tree: Path) -> None:
    write(view_of(tree), "/d", tar_of(("new", "text"), ("sub", "/"), ("sub/x", "y")))
    assert (tree / "d/new").read_text() == "text"
    assert (tree / "d/sub/x").read_text() == "y"
    with pytest.raises(NotFoundError):
        write(view_of(tree), "/outside", tar_of(("evil", "x")))
    with pytest.raises(InvalidInputError, match="leads out"):
        write(view_of(tree), "/d", tar_of(("../../evil", "x")))
    host = tree.parent / "host"
    hostile = tar_of(("way", f"-> {host}"), ("way/evil", "x"))
    with pytest.raises(InvalidInputError, match="cannot go through"):
        write(view_of(tree), "/d", hostile)
    assert [path.name for path in host.iterdir()] == ["secret"]


def test_a_procfs_is_not_there_to_lead_out(tree: Path) -> None:
    (tree / "p").mkdir()
    view = view_of(tree, Mount("/p", "bind", "/proc", ("rbind", "rw")))
    for path in ("/p/self/root/etc", "/p/1/root", "/p/1/cwd"):
        with pytest.raises(NotFoundError):
            read(view, path)
    assert read(view, "/p") == {"p": b""}


def test_the_kernels_own_files_are_left_out(tree: Path) -> None:
    (tree / "sys").mkdir()
    view = view_of(tree, Mount("/sys", "bind", "/sys", ("rbind", "ro")))
    assert read(view, "/sys") == {"sys": b""}


def test_what_cannot_be_read_to_its_end_breaks_off(tree: Path) -> None:
    (tree / "b").mkdir()
    view = view_of(tree, Mount("/b", "bind", "/sys/bus/platform", ("rbind", "ro")))
    with Visit(Request(Verb.READ, view, "/b/drivers_probe")) as visit:
        visit.sock.settimeout(30)
        with pytest.raises(struct.error):  # no length follows, not even 0
            _frames(visit.sock)


def test_binds_are_seen_and_left_out_of_an_export(tree: Path) -> None:
    (tree / "b").mkdir()
    host = str(tree.parent / "host")
    view = view_of(tree, Mount("/b", "bind", host, ("rbind", "ro")))
    assert read(view, "/b/secret") == {"secret": b"outside"}
    found = read(view, "/", Verb.EXPORT)
    assert "d/f" in found
    assert "b/secret" not in found
    with pytest.raises(Exception, match="read-only file system"):
        write(view, "/b", tar_of(("x", "y")))


def test_a_whiteout_is_a_file_like_others(tree: Path) -> None:
    write(view_of(tree), "/d", tar_of((".wh.f", "x")))
    assert (tree / "d/.wh.f").exists()
    assert (tree / "d/f").exists()


def test_kinds_are_kept_if_asked(tree: Path) -> None:
    options = WriteOptions(keep_kinds=True)
    with pytest.raises(InvalidInputError, match='directory "/d" with non-directory'):
        write(view_of(tree), "/", tar_of(("d", "x")), options)
    with pytest.raises(InvalidInputError, match='non-directory "/d/f" with directory'):
        write(view_of(tree), "/d", tar_of(("f", "/")), options)
    write(view_of(tree), "/", tar_of(("d", "x")))
    assert (tree / "d").read_text() == "x"


def test_an_owner_is_everybodys(tree: Path) -> None:
    write(view_of(tree), "/d", tar_of(("x", "y")), WriteOptions(owner=(5, 6)))
    status = (tree / "d/x").stat()
    assert (status.st_uid, status.st_gid) == (5, 6)


def test_a_file_is_no_place_to_unpack(tree: Path) -> None:
    with pytest.raises(InvalidInputError, match="extraction point is not a directory"):
        write(view_of(tree), "/d/f", tar_of(("x", "y")))


def test_an_error_comes_through_though_much_is_left_to_send(tree: Path) -> None:
    hostile = tar_of(("../evil", "x"))
    request = Request(Verb.WRITE, view_of(tree), "/d")
    with Visit(request) as visit:
        visit.sock.sendall(hostile)
        for _ in range(64):
            visit.sock.sendall(bytes(1 << 16))
        visit.sock.shutdown(socket.SHUT_WR)
        with pytest.raises(InvalidInputError, match="leads out"):
            raise_error(read_line(visit.sock))


def test_nobody_visits_the_machine_itself(tree: Path) -> None:
    with pytest.raises(ConflictError, match="no container's"):
        Visit(Request(Verb.STATUS, View(process=os.getpid())))


def test_nothing_stays_mounted(tree: Path) -> None:
    read(view_of(tree), "/d")
    assert str(tree) not in Path("/proc/self/mountinfo").read_text()
