"""Unpacking layers, most of all those that try something.

Each hostile layer is unpacked beside a folder that it must not reach; ``outside`` says
afterwards that nothing there was made, changed or removed.
"""

import io
import os
import stat
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.snapshots import marks
from labkit.snapshots.model import LayerUsage, Limits
from labkit.snapshots.unpack import (
    Devices,
    UnpackOptions,
    is_mapped_root,
    split_name,
    unpack_layer,
)
from tests.unit.snapshots.tars import (
    file,
    folder,
    hard_link,
    make_tar,
    node,
    symlink,
    xattrs,
)

OPTIONS = UnpackOptions(is_root=False, devices=Devices.SKIP, overlay_prefix=marks.USER)
Part = tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]


@pytest.fixture
def layer(tmp_path: Path) -> Path:
    path = tmp_path / "layer"
    path.mkdir()
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret").write_text("untouched")
    return path


@pytest.fixture(autouse=True)
def _nothing_outside_was_touched(tmp_path: Path) -> object:
    yield
    outside = tmp_path / "outside"
    if outside.exists():
        assert [path.name for path in outside.iterdir()] == ["secret"]
        assert (outside / "secret").read_text() == "untouched"
        assert (outside / "secret").stat().st_nlink == 1
        assert {path.name for path in tmp_path.iterdir()} == {"outside", "layer"}


def unpack(layer: Path, *parts: Part, options: UnpackOptions = OPTIONS) -> LayerUsage:
    return unpack_layer(io.BytesIO(make_tar(*parts)), layer, options)


def test_files_folders_and_links(layer: Path) -> None:
    usage = unpack(
        layer,
        folder("etc", mode=0o750, mtime=1000),
        file("etc/passwd", b"root", mode=0o640, mtime=2000),
        symlink("etc/link", "passwd", mtime=3000),
        hard_link("etc/same", "etc/passwd"),
    )
    assert usage == LayerUsage(bytes=10, files=1)  # "root" and "passwd"
    assert (layer / "etc/passwd").read_bytes() == b"root"
    assert stat.S_IMODE((layer / "etc/passwd").stat().st_mode) == 0o640
    assert (layer / "etc/passwd").stat().st_mtime == 2000
    assert os.readlink(layer / "etc/link") == "passwd"
    assert (layer / "etc/link").lstat().st_mtime == 3000
    assert (layer / "etc/same").samefile(layer / "etc/passwd")
    # Set last: making the entries changed it.
    assert (layer / "etc").stat().st_mtime == 1000
    assert stat.S_IMODE((layer / "etc").stat().st_mode) == 0o750


def test_a_folder_may_close_itself_before_it_is_filled(layer: Path) -> None:
    unpack(layer, folder("shut", mode=0o555), file("shut/in", b"x"))
    assert stat.S_IMODE((layer / "shut").stat().st_mode) == 0o555
    (layer / "shut").chmod(0o755)


def test_set_user_id_survives(layer: Path) -> None:
    unpack(layer, file("sudo", b"x", mode=0o4755))
    assert stat.S_IMODE((layer / "sudo").stat().st_mode) == 0o4755


def test_folders_that_were_not_mentioned_are_made(layer: Path) -> None:
    unpack(layer, file("a/b/c", b"x"))
    assert stat.S_IMODE((layer / "a/b").stat().st_mode) == 0o755


def test_the_root_itself_has_a_mode(layer: Path) -> None:
    unpack(layer, folder("./", mode=0o711), file("./a", b"x"))
    assert stat.S_IMODE(layer.stat().st_mode) == 0o711


def test_pipes_and_odd_names(layer: Path) -> None:
    name = b"\xff\xfe \n".decode(errors="surrogateescape")
    unpack(layer, node("pipe", tarfile.FIFOTYPE), file(name, b"x"))
    assert stat.S_ISFIFO((layer / "pipe").stat().st_mode)
    assert os.listdir(os.fsencode(layer)).count(b"\xff\xfe \n") == 1


def test_attributes_are_set(layer: Path) -> None:
    unpack(layer, file("a", pax_headers=xattrs({"user.note": b"\0\xff"})))
    assert os.getxattr(layer / "a", "user.note") == b"\0\xff"


# -- names that lead out --------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../outside/new", "a/../../outside/new", "..", "/../outside/new", "a/.."]
)
def test_refuses_names_with_dots(layer: Path, name: str) -> None:
    with pytest.raises(InvalidInputError, match="leads out of the layer"):
        unpack(layer, file(name, b"x"))


def test_a_leading_slash_means_the_layers_root(layer: Path, tmp_path: Path) -> None:
    unpack(layer, file(f"{tmp_path}/outside/secret", b"evil"))
    assert (layer / str(tmp_path)[1:] / "outside/secret").read_bytes() == b"evil"


def test_a_link_out_is_followed_inside_the_layer_only(
    layer: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    (layer / str(outside)[1:]).mkdir(parents=True)
    unpack(layer, symlink("door", str(outside)), file("door/new", b"x"))
    assert (layer / str(outside)[1:] / "new").read_bytes() == b"x"


def test_a_link_upwards_ends_at_the_layers_root(layer: Path) -> None:
    unpack(layer, symlink("up", "../../.."), file("up/new", b"x"))
    assert (layer / "new").read_bytes() == b"x"


def test_a_link_to_nowhere_is_no_folder(layer: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot go through 'door'"):
        unpack(layer, symlink("door", "/gone"), file("door/new", b"x"))


def test_a_chain_of_links_stays_inside(layer: Path) -> None:
    unpack(
        layer,
        folder("a"),
        symlink("a/one", ".."),
        symlink("two", "a/one/../../../../outside"),
        folder("outside"),
        file("two/new", b"x"),
    )
    assert (layer / "outside/new").read_bytes() == b"x"


def test_a_folder_swapped_for_a_link_is_not_followed_by_old_handles(
    layer: Path, tmp_path: Path
) -> None:
    outside = str(tmp_path / "outside")
    with pytest.raises(InvalidInputError, match="cannot go through"):
        unpack(
            layer,
            folder("d"),
            file("d/first", b"x"),
            symlink("d", outside),
            file("d/secret", b"evil"),
        )


def test_a_file_is_no_folder(layer: Path) -> None:
    with pytest.raises(InvalidInputError, match="cannot go through 'a'"):
        unpack(layer, file("a", b"x"), file("a/b", b"x"))


def test_replacing_a_link_does_not_write_through_it(
    layer: Path, tmp_path: Path
) -> None:
    target = str(tmp_path / "outside/secret")
    unpack(layer, symlink("a", target), file("a", b"evil", mode=0o777))
    assert (layer / "a").read_bytes() == b"evil"
    assert not (layer / "a").is_symlink()


def test_metadata_of_a_folder_does_not_go_through_a_link(
    layer: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    mode = outside.stat().st_mode
    unpack(layer, symlink("d", str(outside)), folder("d", mode=0o000))
    assert outside.stat().st_mode == mode
    (layer / "d").chmod(0o755)


# -- hard links -----------------------------------------------------------------------


@pytest.mark.parametrize("target", ["../outside/secret", "gone", "", "a", "self"])
def test_refuses_hard_links_to_what_is_not_in_the_layer(
    layer: Path, target: str
) -> None:
    with pytest.raises(InvalidInputError):
        unpack(layer, folder("a"), hard_link("self", target))


def test_an_absolute_hard_link_is_the_layers(layer: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no file of this layer"):
        unpack(layer, hard_link("grab", str(tmp_path / "outside/secret")))


def test_a_hard_link_through_a_link_stays_inside(layer: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError):
        unpack(
            layer,
            symlink("door", str(tmp_path / "outside")),
            hard_link("grab", "door/secret"),
        )


def test_a_hard_link_to_a_link_is_the_link(layer: Path, tmp_path: Path) -> None:
    secret = str(tmp_path / "outside/secret")
    unpack(layer, symlink("a", secret), hard_link("b", "a"))
    assert os.readlink(layer / "b") == secret


def test_writing_a_linked_name_anew_leaves_the_other_alone(layer: Path) -> None:
    unpack(layer, file("a", b"old"), hard_link("b", "a"), file("b", b"new"))
    assert (layer / "a").read_bytes() == b"old"


# -- devices --------------------------------------------------------------------------


def test_devices_are_refused_when_asked(layer: Path) -> None:
    options = replace(OPTIONS, devices=Devices.REFUSE)
    for kind in (tarfile.CHRTYPE, tarfile.BLKTYPE):
        with pytest.raises(InvalidInputError, match="device nodes are not allowed"):
            unpack(layer, node("disk", kind, 8, 0), options=options)


def test_devices_are_skipped_for_ordinary_users(layer: Path) -> None:
    unpack(layer, node("null", tarfile.CHRTYPE, 1, 3), file("after", b"x"))
    assert os.listdir(layer) == ["after"]


def test_a_device_that_is_a_whiteout_is_refused(layer: Path) -> None:
    with pytest.raises(InvalidInputError, match="overlayfs's own mark"):
        unpack(layer, node("hide", tarfile.CHRTYPE, 0, 0))


# -- bombs ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "parts", "message"),
    [
        (Limits(entries=2), [file("a"), file("b"), file("c")], "more than 2 entries"),
        (Limits(bytes=10), [file("a", b"x" * 6), file("b", b"x" * 6)], "larger than"),
        (Limits(depth=3), [file("a/b/c/d")], "too deep"),
        (Limits(path_bytes=9), [file("a" * 10)], "too long for a path"),
        (Limits(), [file("n" * 256)], "part that is too long"),
        (Limits(), [file("a\0b", pax_headers={"path": "a\0b"})], "null byte"),
        (Limits(), [symlink("a", "t" * 5000)], "symbolic link to 5000 bytes"),
        (Limits(), [symlink("a", "")], "symbolic link to 0 bytes"),
    ],
)
def test_limits(layer: Path, limits: Limits, parts: list[Part], message: str) -> None:
    with pytest.raises(InvalidInputError, match=message):
        unpack(layer, *parts, options=replace(OPTIONS, limits=limits))


def test_a_sparse_file_may_not_claim_the_world(layer: Path) -> None:
    claims = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.map": "0,1",
        "GNU.sparse.size": str(1 << 40),
    }
    limits = Limits(bytes=1 << 50)
    with pytest.raises(InvalidInputError, match="out of next to nothing"):
        unpack(
            layer,
            file("a", b"x", pax_headers=claims),
            options=replace(OPTIONS, limits=limits),
        )


def test_holes_take_no_room(layer: Path) -> None:
    claims = {
        "GNU.sparse.major": "0",
        "GNU.sparse.minor": "1",
        "GNU.sparse.map": "1048576,1",
        "GNU.sparse.size": str(4 << 20),
    }
    unpack(layer, file("a", b"x", pax_headers=claims))
    status = (layer / "a").stat()
    assert status.st_size == 4 << 20
    assert status.st_blocks * 512 < 1 << 20
    with (layer / "a").open("rb") as found:
        found.seek(1 << 20)
        assert found.read(2) == b"x\0"


def test_owners_out_of_range(layer: Path) -> None:
    info = file("a", pax_headers={"uid": str(2**32)})
    with pytest.raises(InvalidInputError, match="owner 4294967296 is out of range"):
        unpack(layer, info)


def test_times_beyond_the_disks_calendar_are_cut(layer: Path) -> None:
    unpack(layer, file("a", pax_headers={"mtime": "99999999999999"}))
    assert (layer / "a").stat().st_mtime < 1 << 34


# -- entries that come twice, and marks -----------------------------------------------


def test_the_last_entry_of_a_name_counts(layer: Path) -> None:
    unpack(layer, file("a", b"one"), folder("a"), file("a/b", b"x"), file("a", b"two"))
    assert (layer / "a").read_bytes() == b"two"


def test_a_folder_twice_keeps_its_content(layer: Path) -> None:
    unpack(layer, folder("d"), file("d/a", b"x"), folder("d", mode=0o700))
    assert (layer / "d/a").read_bytes() == b"x"
    assert stat.S_IMODE((layer / "d").stat().st_mode) == 0o700


def test_a_whiteout_becomes_overlayfss_mark(layer: Path) -> None:
    unpack(layer, file("etc/.wh.passwd"))
    assert marks.is_whiteout((layer / "etc/passwd").lstat())


def test_an_opaque_mark_is_set_on_its_folder(layer: Path) -> None:
    unpack(layer, folder("etc"), file("etc/.wh..wh..opq"), file("etc/new", b"x"))
    assert marks.is_opaque(layer / "etc")
    assert (layer / "etc/new").read_bytes() == b"x"


def test_a_whiteout_spares_what_its_own_layer_made(layer: Path) -> None:
    unpack(layer, file("a", b"mine"), file(".wh.a"))
    assert (layer / "a").read_bytes() == b"mine"


def test_a_whiteout_of_an_own_folder_makes_it_opaque(layer: Path) -> None:
    unpack(layer, folder("d"), file("d/a", b"x"), file(".wh.d"))
    assert marks.is_opaque(layer / "d")
    assert (layer / "d/a").read_bytes() == b"x"


def test_a_folder_made_over_a_whiteout_shows_nothing_from_below(layer: Path) -> None:
    unpack(layer, file(".wh.d"), folder("d"), file("d/a", b"x"))
    assert marks.is_opaque(layer / "d")


def test_a_file_made_over_a_whiteout_replaces_it(layer: Path) -> None:
    unpack(layer, file(".wh.a"), file("a", b"x"))
    assert (layer / "a").read_bytes() == b"x"


@pytest.mark.parametrize("name", [".wh.", ".wh..", ".wh...", "d/.wh..."])
def test_refuses_whiteouts_of_nothing(layer: Path, name: str) -> None:
    with pytest.raises(InvalidInputError, match="whiteout of nothing"):
        unpack(layer, file(name))


def test_house_keeping_of_aufs_is_left_out(layer: Path) -> None:
    unpack(layer, folder(".wh..wh.plnk"), file(".wh..wh.aufs"), file("a"))
    assert os.listdir(layer) == ["a"]


def test_overlayfss_own_attributes_are_not_taken(layer: Path) -> None:
    hostile = {"user.overlay.redirect": b"/etc", "trusted.overlay.opaque": b"y"}
    unpack(layer, folder("d", pax_headers=xattrs(hostile)))
    assert os.listxattr(layer / "d") == []


def test_an_ordinary_user_sets_no_privileged_attributes(layer: Path) -> None:
    values = {"security.capability": b"x", "trusted.a": b"x", "user.a": b"x"}
    unpack(layer, file("a", pax_headers=xattrs(values)))
    assert os.listxattr(layer / "a") == ["user.a"]


# -- without overlayfs: marks are carried out -----------------------------------------

APPLY = replace(OPTIONS, apply_marks=True)


def test_a_whiteout_removes_what_was_below(layer: Path) -> None:
    (layer / "d").mkdir()
    (layer / "d/old").touch()
    (layer / "gone").touch()
    unpack(layer, file(".wh.gone"), file(".wh.never"), options=APPLY)
    assert sorted(os.listdir(layer)) == ["d"]


def test_an_opaque_mark_empties_a_folder_but_for_what_is_new(layer: Path) -> None:
    (layer / "d/sub").mkdir(parents=True)
    (layer / "d/old").touch()
    (layer / "d/sub/old").touch()
    unpack(
        layer,
        file("d/sub/new", b"x"),
        file("d/.wh..wh..opq"),
        options=APPLY,
    )
    assert os.listdir(layer / "d") == ["sub"]
    assert os.listdir(layer / "d/sub") == ["new"]


# -- helpers --------------------------------------------------------------------------


def test_names_are_cut_into_parts() -> None:
    assert split_name(b"./a//b/./c/", Limits()) == ("a", "b", "c")
    assert split_name(b"/", Limits()) == ()


def test_knows_whether_owners_can_be_given() -> None:
    assert is_mapped_root() == (os.geteuid() == 0)
