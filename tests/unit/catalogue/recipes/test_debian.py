"""labkit.catalogue.recipes.debian: a server that apt, dpkg and systemctl believe in."""

import hashlib

from labkit.catalogue.recipes.debian import DEBIAN, build_debian
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree


def build() -> Tree:
    packages = {"bash": Tree().file("usr/bin/bash", "ELF", 0o755).file("usr/x", "")}
    return build_debian(SamplePantry(packages, layers={"base": base_tree()}))


def test_tells_dpkg_what_is_there() -> None:
    tree = build()
    status = tree["var/lib/dpkg/status"].data.decode()
    assert "Package: bash\nStatus: install ok installed\n" in status
    assert "Depends" not in status
    assert status.count("Package: ") == len(DEBIAN.debs)
    assert tree["var/lib/dpkg/info/bash.list"].data == b"/.\n/usr/bin/bash\n"
    digest = hashlib.md5(b"ELF", usedforsecurity=False).hexdigest()
    sums = tree["var/lib/dpkg/info/bash.md5sums"].data.decode()
    assert sums == f"{digest}  usr/bin/bash\n"


def test_knows_one_archive_without_an_update() -> None:
    tree = build()
    source = tree["etc/apt/sources.list.d/docker.list"].data.decode()
    assert source == "deb [trusted=yes] file:/opt/docker-packages ./\n"
    index = tree["opt/docker-packages/Packages"].data
    assert tree["var/lib/apt/lists/_opt_docker-packages_._Packages"].data == index
    assert index.count(b"Package: docker-ce\n") == 2  # one to hold back


def test_has_a_learner() -> None:
    tree = build()
    passwd = tree["etc/passwd"].data.decode()
    assert "learner:x:1000:1000:" in passwd
    assert "_apt:x:42:" in passwd
    assert "learner:" in tree["etc/shadow"].data.decode()
    assert tree["home/learner"].uid == 1000
