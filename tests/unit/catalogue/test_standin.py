"""labkit.catalogue.standin: packages that our own reader takes, the same each time."""

import hashlib
from pathlib import Path

from labkit.catalogue.deb import read_deb
from labkit.catalogue.standin import StandIn, write_archive, write_deb
from labkit.catalogue.tree import Tree

PACKAGE = StandIn(
    "prog",
    "5:1.0-1",
    {"Architecture": "amd64", "Description": "odd"},
    Tree().file("usr/bin/prog", "#!/bin/sh\n", 0o755),
    {"postinst": "exit 0\n"},
)


def test_writes_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "prog.deb"
    path.write_bytes(write_deb(PACKAGE))
    tree = read_deb(path, "prog")
    assert tree["usr/bin/prog"].data == b"#!/bin/sh\n"
    assert tree["usr/bin/prog"].mode == 0o755
    assert write_deb(PACKAGE) == path.read_bytes()


def test_has_a_control_file_and_scripts() -> None:
    data = write_deb(PACKAGE)
    assert data.startswith(b"!<arch>\ndebian-binary ")
    assert b"Package: prog\nVersion: 5:1.0-1\nArchitecture: amd64\n" in data
    assert b"postinst" in data


def test_lists_packages_as_apt_wants_them() -> None:
    tree = write_archive([PACKAGE], "opt/archive")
    data = tree["opt/archive/prog_1.0-1_amd64.deb"].data
    index = tree["opt/archive/Packages"].data.decode()
    assert index.startswith(PACKAGE.control)
    assert "Filename: ./prog_1.0-1_amd64.deb\n" in index
    assert f"Size: {len(data)}\n" in index
    assert f"SHA256: {hashlib.sha256(data).hexdigest()}\n" in index
