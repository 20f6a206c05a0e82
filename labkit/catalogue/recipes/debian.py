"""A small Debian with apt, dpkg, usermod and systemctl: the lab host of chapter 3.

What the chapter does on a server is really done here: packages are installed, held and
listed, a user joins a group, a service is enabled, and all of it can be looked up.
apt knows one archive, a folder with stand-ins for Docker's packages; and
systemctl knows that no systemd runs: it enables and disables, but starts nothing.
"""

import hashlib
from collections.abc import Mapping

from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC, SSL, ServiceUser, add_user
from labkit.catalogue.recipes.docker_packages import ARCHIVE, docker_packages
from labkit.catalogue.recipes.libraries import add_libraries
from labkit.catalogue.standin import write_archive
from labkit.catalogue.tree import Kind, Tree
from labkit.spec.image import ContainerDefaults

_USER = ServiceUser("learner", 1000, "/home/learner", "/bin/bash")
_PROGRAMS: dict[str, tuple[str, ...] | None] = {
    "apt": (
        "usr/bin/apt*",
        "usr/lib/apt/apt-helper",
        "usr/lib/apt/methods/file",
        "usr/lib/apt/methods/copy",
        "usr/lib/apt/methods/store",
        "usr/lib/*/libapt-private.so*",
    ),
    "bash": ("usr/bin/bash", "etc/bash.bashrc"),
    "dpkg": ("usr/bin/*", "usr/sbin/*", "usr/share/dpkg/*", "etc/dpkg/*"),
    "libc-bin": ("usr/sbin/ldconfig", "etc/ld.so.conf"),
    "libsystemd-shared": ("usr/lib/*/systemd/libsystemd-shared-*.so",),
    "login.defs": ("etc/login.defs",),
    "passwd": ("usr/bin/*", "usr/sbin/*", "etc/*"),
    "systemd": ("usr/bin/systemctl",),
    "tar": ("usr/bin/tar",),
}
_LIBRARIES = (
    "libacl1",
    "libapt-pkg7.0",
    "libattr1",
    "libaudit1",
    "libblkid1",
    "libbsd0",
    "libbz2-1.0",
    "libcap-ng0",
    "libcap2",
    "libcrypt1",
    "liblz4-1",
    "liblzma5",
    "libmd0",
    "libmount1",
    "libpam0g",
    "libpcre2-8-0",
    "libseccomp2",
    "libselinux1",
    "libsemanage2",
    "libsepol2",
    "libsystemd0",
    "libtinfo6",
    "libudev1",
    "libxxhash0",
)
# In the layers below; named here so that dpkg can list them.
_BELOW_IT = ("libc6", "libgcc-s1", "libssl3t64", "libstdc++6", "libzstd1", "zlib1g")
_SOURCES = f"deb [trusted=yes] file:/{ARCHIVE} ./\n"
# What apt would write at its first update: an install works at once.
_LISTS = f"var/lib/apt/lists/_{ARCHIVE.replace('/', '_')}_._Packages"
_APT_FOLDERS = (
    "etc/apt/preferences.d",
    "etc/apt/trusted.gpg.d",
    "var/cache/apt/archives/partial",
    "var/lib/apt/lists/partial",
    "var/log/apt",
)
_ON = (BASE, GLIBC, SSL)


def build_debian(pantry: Pantry) -> Tree:
    tree = Tree()
    packages = {name: pantry.deb(name, keep=keep) for name, keep in _PROGRAMS.items()}
    for package in packages.values():
        tree.merge(package)
    add_libraries(tree, pantry, _LIBRARIES, _ON)
    _add_package_database(tree, pantry, packages)
    for name in ("os-release", "debian_version", "hostname"):
        tree.file(f"etc/{name}", pantry.file(f"debian/{name}"))
    _add_users(tree, pantry)
    _add_archive(tree, pantry)
    tree.folder("etc/systemd/system")
    for target in ("multi-user.target", "sockets.target"):
        tree.file(f"usr/lib/systemd/system/{target}", pantry.file(f"debian/{target}"))
    return tree


def _add_users(tree: Tree, pantry: Pantry) -> None:
    """The learner, who is to join a group, and the user whom apt drops to."""
    add_user(tree, pantry, _USER)
    passwd = tree["etc/passwd"].data.decode()
    tree.file("etc/passwd", f"{passwd}_apt:x:42:65534::/nonexistent:/sbin/nologin\n")
    tree.folder("home/learner", 0o755, _USER.uid)
    shadow = "root:*::0:::::\n_apt:!::0:::::\nlearner:!::0:99999:7:::\n"
    tree.file("etc/shadow", shadow, 0o640).file("etc/gshadow", "", 0o640)


def _add_package_database(
    tree: Tree, pantry: Pantry, packages: Mapping[str, Tree]
) -> None:
    """Tell dpkg what is here: a paragraph for each package, and the programs' files.

    Without dependencies: what was left out on purpose must not look broken to apt.
    """
    names = sorted({*_PROGRAMS, *_LIBRARIES, *_BELOW_IT})
    paragraphs = [
        f"Package: {name}\nStatus: install ok installed\nPriority: optional\n"
        f"Section: admin\nMaintainer: Debian\nArchitecture: {pantry.architecture}\n"
        f"Version: {pantry.version(name)}\n"
        f"Description: {name}, as far as the lab needs it\n"
        for name in names
    ]
    tree.file("var/lib/dpkg/status", "\n".join(paragraphs))
    for name in names:
        files = [
            (path, entry)
            for path, entry in packages.get(name, Tree()).items()
            if entry.kind is not Kind.FOLDER
        ]
        listed = "".join(f"/{path}\n" for path, _ in files)
        sums = "".join(
            f"{hashlib.md5(entry.data, usedforsecurity=False).hexdigest()}  {path}\n"
            for path, entry in files
            if entry.kind is Kind.FILE
        )
        tree.file(f"var/lib/dpkg/info/{name}.list", f"/.\n{listed}")
        tree.file(f"var/lib/dpkg/info/{name}.md5sums", sums)
    for name in ("available", "diversions", "statoverride"):
        tree.file(f"var/lib/dpkg/{name}", "")
    for name in ("updates", "triggers", "alternatives", "parts"):
        tree.folder(f"var/lib/dpkg/{name}")


def _add_archive(tree: Tree, pantry: Pantry) -> None:
    packages = docker_packages(pantry.architecture, pantry.file)
    tree.merge(write_archive(packages, ARCHIVE))
    tree.file("etc/apt/sources.list.d/docker.list", _SOURCES)
    tree.file(_LISTS, tree[f"{ARCHIVE}/Packages"].data)
    for folder in _APT_FOLDERS:
        tree.folder(folder)
    settings = pantry.file("debian/apt.conf")
    tree.file("etc/apt/apt.conf.d/90lab", settings)


DEBIAN = LayerRecipe(
    "debian",
    build_debian,
    on=_ON,
    debs=tuple(DebPackage(name) for name in (*_PROGRAMS, *_LIBRARIES, *_BELOW_IT)),
    files=("debian",),
)

DEBIAN_IMAGE = ImageRecipe(
    names=("debian:13-slim", "debian:latest", "debian:13", "debian:trixie"),
    layers=(*_ON, DEBIAN),
    config=ContainerDefaults(
        env=(SEARCH_PATH, "USER=learner", "LANG=C.UTF-8"),
        cmd=("bash",),
    ),
    holds="Debian 13, cut down (apt {version})",
    version_of="apt",
    licences="GPL-2.0-or-later AND GPL-3.0-or-later AND LGPL-2.1-or-later",
    note="the lab's server: real apt, dpkg, usermod and systemctl; other programs are "
    "BusyBox's; the packages of Docker that apt offers are stand-ins",
)
