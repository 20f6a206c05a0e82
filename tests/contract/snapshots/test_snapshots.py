"""The contract of snapshots, with overlayfs and without.

A *world* is a way to keep snapshots and to run something on a container's tree: the
overlay must be mounted for that, the copy lies there.
"""

import io
import os
import shutil
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from labkit.base.digest import Digest
from labkit.base.errors import InvalidInputError, NotFoundError
from labkit.kernel import libc
from labkit.kernel.flags import MountFlag, UnmountFlag
from labkit.snapshots.copying import CopyingSnapshots
from labkit.snapshots.model import LayerUsage, OverlayDirs, Snapshots
from labkit.snapshots.overlay import OverlaySnapshots
from tests.unit.snapshots.tars import file, folder, hard_link, make_tar, node, symlink
from tests.unit.snapshots.tars import xattrs as attributes

pytestmark = pytest.mark.root

BASE, TOP, THIRD = (Digest.of(name) for name in (b"base", b"top", b"third"))
# VFS_CAP_REVISION_2 with CAP_NET_RAW permitted: what ping carries
CAPABILITY = bytes.fromhex("0100000200200000000000000000000000000000")

BASE_TAR = make_tar(
    folder("etc", mtime=1000),
    file("etc/passwd", b"root:x:0:0", mode=0o644, uid=3, gid=4, mtime=2000),
    file("etc/old", b"old"),
    folder("data"),
    file("data/a", b"aaaa"),
    file("data/b", b"bbbb"),
    file(
        "bin/ping",
        b"ELF",
        mode=0o4755,
        pax_headers=attributes({"security.capability": CAPABILITY}),
    ),
    symlink("bin/sh", "ping"),
    hard_link("bin/hard", "bin/ping"),
    node("null", tarfile.CHRTYPE, 1, 3),
)
TOP_TAR = make_tar(
    file("etc/.wh.old"),
    folder("data"),
    file("data/.wh..wh..opq"),
    file("data/c", b"cc"),
    file("etc/new", b"new"),
)


@dataclass
class World:
    snapshots: Snapshots
    root: Path

    def box(self) -> Path:
        return self.root / "box"

    def prepare(self, *chain: Digest) -> OverlayDirs:
        return self.snapshots.prepare(self.box(), chain or (BASE, TOP))

    @contextmanager
    def tree(self, dirs: OverlayDirs) -> Iterator[Path]:
        """The container's tree, as the container sees it."""
        target = self.box() / "rootfs"
        if not dirs.lower:
            yield dirs.upper
            return
        lower = ":".join(str(path) for path in dirs.lower)
        options = f"lowerdir={lower},upperdir={dirs.upper},workdir={dirs.work}"
        libc.mount("overlay", str(target), "overlay", MountFlag.NONE, options)
        try:
            yield target
        finally:
            libc.umount(str(target), UnmountFlag.NONE)

    def changed(self, dirs: OverlayDirs) -> list[str]:
        return [f"{c.kind.value} {c.path}" for c in self.snapshots.changes(dirs)]


@pytest.fixture(params=[OverlaySnapshots, CopyingSnapshots], ids=["overlay", "copying"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    make: Callable[[Path], Snapshots] = request.param
    return World(make(tmp_path / "layers"), tmp_path)


@pytest.fixture
def filled(world: World) -> World:
    world.snapshots.add_layer(BASE, None, io.BytesIO(BASE_TAR))
    world.snapshots.add_layer(TOP, BASE, io.BytesIO(TOP_TAR))
    return world


def test_usage_counts_files_and_links_of_the_layer_itself(world: World) -> None:
    usage = world.snapshots.add_layer(BASE, None, io.BytesIO(BASE_TAR))
    assert usage == LayerUsage(bytes=10 + 3 + 4 + 4 + 3 + len("ping"), files=5)
    assert world.snapshots.layer_usage(BASE) == usage


def test_a_layer_is_there_after_reopening(filled: World) -> None:
    again = type(filled.snapshots)(filled.root / "layers")  # type: ignore[call-arg]
    assert again.has_layer(BASE)
    assert again.layer_path(TOP) == filled.snapshots.layer_path(TOP)


def test_a_layer_needs_its_parent(world: World) -> None:
    with pytest.raises(NotFoundError):
        world.snapshots.add_layer(TOP, BASE, io.BytesIO(TOP_TAR))
    with pytest.raises(NotFoundError):
        world.prepare(BASE)


def test_a_damaged_layer_leaves_nothing(world: World) -> None:
    with pytest.raises(InvalidInputError):
        world.snapshots.add_layer(BASE, None, io.BytesIO(BASE_TAR[:1500]))
    assert not world.snapshots.has_layer(BASE)
    assert os.listdir(world.root / "layers") == ["l"]


def test_a_tree_shows_all_layers(filled: World) -> None:
    with filled.tree(filled.prepare()) as tree:
        assert (tree / "etc/passwd").read_bytes() == b"root:x:0:0"
        assert (tree / "etc/new").read_bytes() == b"new"
        assert not (tree / "etc/old").exists()
        assert os.listdir(tree / "data") == ["c"]


def test_metadata_is_exact(filled: World) -> None:
    with filled.tree(filled.prepare(BASE)) as tree:
        status = (tree / "etc/passwd").stat()
        assert (status.st_uid, status.st_gid, status.st_mtime) == (3, 4, 2000)
        ping = tree / "bin/ping"
        assert stat.S_IMODE(ping.stat().st_mode) == 0o4755
        assert os.getxattr(ping, "security.capability") == CAPABILITY
        assert (tree / "etc").stat().st_mtime == 1000
        assert (tree / "null").stat().st_rdev == os.makedev(1, 3)
        assert os.readlink(tree / "bin/sh") == "ping"


def test_mount_points_are_there(filled: World) -> None:
    with filled.tree(filled.prepare()) as tree:
        assert (tree / "etc/hosts").is_file()
        assert (tree / "proc").is_dir()
        assert (tree / "etc/mtab").is_symlink()


def test_nothing_changed_at_first(filled: World) -> None:
    dirs = filled.prepare()
    with filled.tree(dirs):
        pass
    assert filled.changed(dirs) == []
    out = io.BytesIO()
    filled.snapshots.diff(dirs, out)
    assert out.getvalue() == bytes(1024)


def _work(tree: Path) -> None:
    (tree / "etc/passwd").write_text("changed")
    (tree / "etc/new").unlink()
    (tree / "home").mkdir()
    (tree / "home/file").write_bytes(b"x" * 1000)
    (tree / "home/link").symlink_to("file")
    shutil.rmtree(tree / "data")
    (tree / "data").mkdir()
    (tree / "data/fresh").touch()


def test_changes_are_listed_as_docker_does(filled: World) -> None:
    dirs = filled.prepare()
    with filled.tree(dirs) as tree:
        _work(tree)
    assert filled.changed(dirs) == [
        "C /data",
        "D /data/c",
        "A /data/fresh",
        "C /etc",
        "D /etc/new",
        "C /etc/passwd",
        "A /home",
        "A /home/file",
        "A /home/link",
    ]


def test_changes_become_a_layer_that_gives_the_same_tree(filled: World) -> None:
    dirs = filled.prepare()
    with filled.tree(dirs) as tree:
        _work(tree)
    out = io.BytesIO()
    filled.snapshots.diff(dirs, out)
    filled.snapshots.discard(filled.box())
    filled.snapshots.add_layer(THIRD, TOP, io.BytesIO(out.getvalue()))
    with filled.tree(filled.prepare(BASE, TOP, THIRD)) as tree:
        assert (tree / "etc/passwd").read_text() == "changed"
        assert not (tree / "etc/new").exists()
        assert os.listdir(tree / "data") == ["fresh"]
        assert (tree / "home/link").read_bytes() == b"x" * 1000
        assert (tree / "etc/passwd").stat().st_uid == 3


def test_a_container_does_not_change_its_image(filled: World) -> None:
    dirs = filled.prepare()
    with filled.tree(dirs) as tree:
        _work(tree)
    filled.snapshots.discard(filled.box())
    with filled.tree(filled.prepare()) as tree:
        assert (tree / "etc/passwd").read_bytes() == b"root:x:0:0"
        assert (tree / "etc/new").exists()


def test_usage_grows_with_what_is_written(filled: World) -> None:
    dirs = filled.prepare()
    before = filled.snapshots.usage(dirs)
    with filled.tree(dirs) as tree:
        (tree / "big").write_bytes(bytes(5000))
    assert filled.snapshots.usage(dirs) - before == 5000


def test_preparing_again_keeps_what_was_written(filled: World) -> None:
    dirs = filled.prepare()
    with filled.tree(dirs) as tree:
        (tree / "mine").touch()
    assert filled.prepare() == dirs
    assert filled.changed(dirs) == ["A /mine"]


def test_discarding_leaves_what_is_not_ours(filled: World) -> None:
    filled.prepare()
    (filled.box() / "config.json").touch()
    filled.snapshots.discard(filled.box())
    filled.snapshots.discard(filled.box())
    assert os.listdir(filled.box()) == ["config.json"]


def test_an_image_without_layers(world: World) -> None:
    dirs = world.snapshots.prepare(world.box(), ())
    with world.tree(dirs) as tree:
        (tree / "hello").write_text("x")
    assert world.changed(dirs) == ["A /hello"]


def test_removing_a_layer_frees_its_folder(filled: World) -> None:
    filled.prepare()
    filled.snapshots.discard(filled.box())
    filled.snapshots.remove_layer(TOP)
    filled.snapshots.remove_layer(BASE)
    assert os.listdir(filled.root / "layers") == ["l"]
    assert os.listdir(filled.root / "layers/l") == []


def test_many_layers_fit_the_mount_options(filled: World) -> None:
    chain = [BASE]
    for number in range(40):
        name = Digest.of(b"layer %d" % number)
        content = make_tar(file(f"file-{number}", b"x"))
        filled.snapshots.add_layer(name, chain[-1], io.BytesIO(content))
        chain.append(name)
    with filled.tree(filled.prepare(*chain)) as tree:
        assert (tree / "file-0").exists()
        assert (tree / "file-39").exists()
