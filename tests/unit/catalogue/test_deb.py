"""labkit.catalogue.deb: packages without dpkg."""

import tarfile
from pathlib import Path

import pytest

from labkit.base.errors import InvalidInputError
from labkit.catalogue.deb import read_deb
from labkit.catalogue.tree import Kind
from tests.unit.catalogue.samples import deb_file

CONTENTS = {
    "./bin/prog": b"program",
    "./usr/share/doc/pkg/copyright": b"free",
    "./usr/share/doc/pkg/README": b"long",
    "./usr/share/man/man1/prog.1": b"long",
    "./etc/conf": b"conf",
}


def member(
    name: str, kind: bytes = tarfile.REGTYPE, target: str = ""
) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.uid = kind, target, 0o755, 1000
    return info


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "pkg_1_amd64.deb"
    members = [member("./bin", tarfile.DIRTYPE)]
    members += [member(name) for name in CONTENTS]
    members += [
        member("./lib/l.so", tarfile.SYMTYPE, "l.so.1"),
        member("./bin/prog2", tarfile.LNKTYPE, "./bin/prog"),
    ]
    path.write_bytes(deb_file(members, CONTENTS))
    return path


def test_takes_all_but_what_no_container_needs(package: Path) -> None:
    tree = read_deb(package, "pkg")
    files = {path for path, entry in tree.items() if entry.kind is not Kind.FOLDER}
    assert files == {"usr/bin/prog", "usr/bin/prog2", "usr/lib/l.so", "etc/conf",
                     "usr/share/doc/pkg/copyright"}  # fmt: skip
    assert tree["usr/bin/prog"].data == b"program"
    assert tree["usr/bin/prog"].uid == 0
    assert tree["usr/bin/prog2"].target == "usr/bin/prog"
    assert tree["usr/lib/l.so"].target == "l.so.1"


def test_takes_what_it_is_told_and_the_licence(package: Path) -> None:
    tree = read_deb(package, "pkg", keep=("usr/bin/*",), drop=("*2",))
    files = [path for path, entry in tree.items() if entry.kind is Kind.FILE]
    assert files == ["usr/bin/prog", "usr/share/doc/pkg/copyright"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK", "no Debian package"),
        (b"!<arch>\n", "no data.tar"),
        (b"!<arch>\n" + b"x" * 60, "no data.tar"),
    ],
)
def test_refuses_what_is_no_package(tmp_path: Path, data: bytes, reason: str) -> None:
    path = tmp_path / "x.deb"
    path.write_bytes(data)
    with pytest.raises(InvalidInputError, match=reason):
        read_deb(path, "x")


def test_refuses_a_cut_package(package: Path) -> None:
    package.write_bytes(package.read_bytes()[:-150])
    with pytest.raises(InvalidInputError):
        read_deb(package, "pkg")
