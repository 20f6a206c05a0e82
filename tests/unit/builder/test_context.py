"""Build contexts: unpacked whatever packed them, and no way out of them."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from labkit.base.errors import InvalidInputError
from labkit.builder.context import (
    MOST_DOCKERFILE_BYTES,
    read_dockerfile,
    unpack_context,
)
from labkit.snapshots.model import Limits
from tests.unit.snapshots.tars import file, folder, make_tar, node, symlink

Part = tarfile.TarInfo | tuple[tarfile.TarInfo, bytes]
DOCKERFILE = b"FROM scratch\n"


@pytest.fixture
def context(tmp_path: Path) -> Path:
    path = tmp_path / "context"
    path.mkdir()
    (tmp_path / "secret").write_text("FROM outside")
    return path


def unpack(context: Path, *parts: Part, limits: Limits | None = None) -> None:
    unpack_context(io.BytesIO(make_tar(*parts)), context, limits or Limits())


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, bz2.compress, lzma.compress, zstandard.compress]
)
def test_unpacks_whatever_packed_it(
    context: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(make_tar(folder("app"), file("app/main.py", b"print()")))
    usage = unpack_context(io.BytesIO(packed), context, Limits())
    assert (context / "app/main.py").read_bytes() == b"print()"
    assert usage.bytes == len(b"print()")


def test_takes_a_whiteout_for_a_file(context: Path) -> None:
    unpack(context, file("kept"), file(".wh.kept", b"mine"))
    assert (context / "kept").exists()
    assert (context / ".wh.kept").read_bytes() == b"mine"


def test_leaves_devices_out(context: Path) -> None:
    unpack(context, node("disk", tarfile.BLKTYPE, 8, 0), file("kept"))
    assert [path.name for path in context.iterdir()] == ["kept"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_gives_all_files_to_root(context: Path) -> None:
    unpack(context, file("main.py", uid=1000, gid=1000))
    status = (context / "main.py").stat()
    assert (status.st_uid, status.st_gid) == (0, 0)


def test_refuses_a_name_that_leads_out(context: Path) -> None:
    with pytest.raises(InvalidInputError, match="leads out"):
        unpack(context, file("../secret", b"mine"))
    assert (context.parent / "secret").read_text() == "FROM outside"


def test_refuses_more_than_its_bounds(context: Path) -> None:
    with pytest.raises(InvalidInputError, match="larger than 3 bytes"):
        unpack(context, file("big", b"1234"), limits=Limits(bytes=3))


def test_refuses_what_is_no_tar(context: Path) -> None:
    with pytest.raises(InvalidInputError):
        unpack_context(io.BytesIO(b"no tar" * 200), context, Limits())


@pytest.mark.parametrize("name", ["Dockerfile", "", "/Dockerfile", "./a/../Dockerfile"])
def test_reads_the_dockerfile(context: Path, name: str) -> None:
    unpack(context, file("Dockerfile", DOCKERFILE))
    assert read_dockerfile(context, name) == DOCKERFILE


def test_finds_the_default_name_in_small_letters(context: Path) -> None:
    unpack(context, file("dockerfile", DOCKERFILE))
    assert read_dockerfile(context, "Dockerfile") == DOCKERFILE


def test_finds_no_other_name_in_small_letters(context: Path) -> None:
    unpack(context, file("prod.dockerfile", DOCKERFILE))
    with pytest.raises(InvalidInputError, match=r"Cannot locate.*: Prod\.Dockerfile"):
        read_dockerfile(context, "Prod.Dockerfile")


def test_follows_links_within_the_context(context: Path) -> None:
    unpack(
        context,
        folder("docker"),
        file("docker/prod", DOCKERFILE),
        symlink("relative", "docker/prod"),
        symlink("absolute", "/docker/prod"),
    )
    assert read_dockerfile(context, "relative") == DOCKERFILE
    assert read_dockerfile(context, "absolute") == DOCKERFILE


@pytest.mark.parametrize("target", ["../secret", "{outside}/secret"])
def test_follows_no_link_out_of_the_context(context: Path, target: str) -> None:
    unpack(context, symlink("Dockerfile", target.format(outside=context.parent)))
    with pytest.raises(InvalidInputError, match="Cannot locate specified Dockerfile"):
        read_dockerfile(context, "Dockerfile")


@pytest.mark.parametrize("name", ["../secret", "a/../../secret", "..", "/../secret"])
def test_refuses_a_path_out_of_the_context(context: Path, name: str) -> None:
    with pytest.raises(InvalidInputError, match="forbidden path outside"):
        read_dockerfile(context, name)


def test_refuses_a_way_through_a_file_and_a_loop(context: Path) -> None:
    unpack(context, file("file", b"x"), symlink("loop", "loop"))
    for name in ("file/x", "loop"):
        with pytest.raises(InvalidInputError, match="forbidden path outside"):
            read_dockerfile(context, name)


def test_refuses_an_empty_dockerfile(context: Path) -> None:
    unpack(context, file("dockerfile"))
    with pytest.raises(InvalidInputError, match=r"\(dockerfile\) cannot be empty"):
        read_dockerfile(context, "")


@pytest.mark.parametrize(
    "part", [folder("Dockerfile"), node("Dockerfile", tarfile.FIFOTYPE)]
)
def test_refuses_what_is_no_file(context: Path, part: tarfile.TarInfo) -> None:
    unpack(context, part)
    with pytest.raises(InvalidInputError, match="not a regular file"):
        read_dockerfile(context, "Dockerfile")


def test_refuses_a_dockerfile_without_end(context: Path) -> None:
    with (context / "Dockerfile").open("wb") as endless:
        endless.truncate(MOST_DOCKERFILE_BYTES + 1)
    with pytest.raises(InvalidInputError, match="larger than"):
        read_dockerfile(context, "Dockerfile")


def test_refuses_a_name_too_long_for_a_file(context: Path) -> None:
    with pytest.raises(InvalidInputError, match="file name too long"):
        read_dockerfile(context, "x" * 300)
