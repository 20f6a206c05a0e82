import pytest

from labkit.docker_cli.errors import CliError
from labkit.docker_cli.output_file import check_place, copy_to


def test_a_file_is_whole_or_not_there(tmp_path):
    out = tmp_path / "out.tar"
    copy_to(str(out), "save image", lambda: iter([b"ab", b"c"]))
    assert out.read_bytes() == b"abc"

    def broken():
        yield b"x"
        raise CliError("it broke")

    with pytest.raises(CliError, match="it broke"):
        copy_to(str(tmp_path / "other"), "save image", broken)
    assert [path.name for path in tmp_path.iterdir()] == ["out.tar"]


def test_refuses_places_that_cannot_be_written(tmp_path):
    with pytest.raises(
        CliError, match=r"invalid output path: stat .*none: no such file"
    ):
        check_place(str(tmp_path / "none" / "x"), "save image")
    with pytest.raises(CliError, match="failed to save image: cannot write to a dir"):
        check_place(str(tmp_path), "save image")
