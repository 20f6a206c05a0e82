"""Tar by hand."""

import io
import tarfile

from labkit.docker_cli.buildx.packing import head, one_file, padding


def test_one_file_is_a_tar_once_it_is_ended() -> None:
    data = b"".join(one_file("ä/" + "x" * 200, b"hello")) + b"\0" * 1024
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        (info,) = tar.getmembers()
        assert info.name == "ä/" + "x" * 200
        assert tar.extractfile(info).read() == b"hello"  # type: ignore[union-attr]


def test_everything_is_whole_blocks() -> None:
    assert len(head(tarfile.TarInfo("a"))) % 512 == 0
    assert [len(padding(size)) for size in (0, 1, 511, 512)] == [0, 511, 1, 0]
