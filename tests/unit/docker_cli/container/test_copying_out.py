import io
import tarfile

import pytest

from labkit.docker_cli.container.copying_out import _unpack, place_for
from labkit.docker_cli.errors import CliError
from tests.unit.docker_cli.typing_in import type_in


def archive(*entries):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, content in entries:
            member = tarfile.TarInfo(name)
            if content is None:
                member.type, member.mode = tarfile.DIRTYPE, 0o755
            elif content.startswith(b"->"):
                member.type, member.linkname = tarfile.SYMTYPE, content[2:].decode()
            else:
                member.size = len(content)
            tar.addfile(member, io.BytesIO(content or b""))
    data.seek(0)
    return tarfile.open(fileobj=data)


def test_the_place_is_cps_rule(tmp_path):
    folder = tmp_path / "there"
    folder.mkdir()
    (tmp_path / "file").write_text("")
    new = tmp_path / "new"
    assert place_for(str(folder), "/x", "x", is_folder=False) == str(folder / "x")
    assert place_for(str(folder), "/d", "d", is_folder=True) == str(folder / "d")
    assert place_for(str(folder), "/d/.", "d", is_folder=True) == str(folder)
    assert place_for(str(new), "/x", "x", is_folder=False) == str(new)
    with pytest.raises(CliError, match="cannot copy directory"):
        place_for(str(tmp_path / "file"), "/d", "d", is_folder=True)
    with pytest.raises(CliError, match="no such directory"):
        place_for(f"{new}/", "/x", "x", is_folder=False)


def test_a_device_is_not_made_a_file(capsys):
    typed = type_in(capsys, "cp", "web:/etc/hosts", "/dev/null")
    assert (typed.code, typed.err) == (
        1,
        'invalid output path: "/dev/null" must be a directory or a regular file: '
        "got a device\n",
    )


def test_unpacks_under_another_name(tmp_path):
    with archive(("d", None), ("d/a", b"1"), ("d/l", b"->a")) as tar:
        _unpack(tar, str(tmp_path / "new"))
    assert (tmp_path / "new" / "a").read_text() == "1"
    assert (tmp_path / "new" / "l").read_text() == "1"


def test_nothing_is_written_outside(tmp_path):
    place = tmp_path / "in" / "d"
    place.parent.mkdir()
    with archive(("d", None), ("d/../../out", b"x")) as tar, pytest.raises(CliError):
        _unpack(tar, str(place))
    with (
        archive(("d", None), ("d/l", b"->/tmp"), ("d/l/x", b"x")) as tar,
        pytest.raises(CliError, match="refusing to write outside"),
    ):
        _unpack(tar, str(place))
    assert not (tmp_path / "out").exists()
