"""Reading mountinfo."""

from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.kernel.mountinfo import parse_mountinfo_line, read_mountinfo


def test_reads_every_field() -> None:
    entry = parse_mountinfo_line(
        "36 35 98:0 /mnt1 /mnt2 rw,noatime shared:1 master:2 - ext3 /dev/root rw,x=y"
    )
    assert (entry.mount_id, entry.parent_id, entry.device) == (36, 35, "98:0")
    assert (entry.root, entry.mount_point) == ("/mnt1", "/mnt2")
    assert entry.options == ("rw", "noatime")
    assert entry.propagation == ("shared:1", "master:2")
    assert (entry.type, entry.source) == ("ext3", "/dev/root")
    assert entry.super_options == ("rw", "x=y")


def test_a_private_mount_has_no_propagation() -> None:
    entry = parse_mountinfo_line("1 2 0:3 / /proc rw - proc proc rw")
    assert entry.propagation == ()


def test_odd_characters_are_escaped() -> None:
    line = r"1 2 0:3 / /a\040b\011c\134d rw - tmpfs t\040x rw"
    entry = parse_mountinfo_line(line)
    assert entry.mount_point == "/a b\tc\\d"
    assert entry.source == "t x"


@pytest.mark.parametrize("line", ["", "1 2 3", "1 2 0:3 / /a rw proc proc rw"])
def test_refuses_other_lines(line: str) -> None:
    with pytest.raises(InvalidInputError, match="cannot read mountinfo line"):
        parse_mountinfo_line(line)


def test_reads_a_file(tmp_path: Path) -> None:
    path = tmp_path / "mountinfo"
    path.write_text("1 0 0:1 / / rw - ext4 a rw\n2 1 0:2 / /p rw - proc p rw\n")
    assert [entry.mount_point for entry in read_mountinfo(path)] == ["/", "/p"]
