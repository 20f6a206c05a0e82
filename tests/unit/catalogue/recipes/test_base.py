"""labkit.catalogue.recipes.base: the layers below all others."""

from pathlib import Path

import pytest

from labkit.catalogue.recipes.base import (
    ServiceUser,
    add_user,
    build_base,
    build_glibc,
    build_hello,
    build_icu,
    build_ssl,
)
from labkit.catalogue.tree import Kind, Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree

LIB = "usr/lib/x86_64-linux-gnu"
BUSYBOX = b"\x7fELF code [\0[[\0busybox\0ls\0sh\0\0more\0"


def test_links_every_applet() -> None:
    pantry = SamplePantry(
        {"busybox-static": Tree().file("usr/bin/busybox", BUSYBOX, 0o755)}
    )
    tree = build_base(pantry)
    for applet in ("[", "[[", "ls", "sh"):
        assert tree[f"usr/bin/{applet}"].target == "busybox"
    assert "usr/bin/more" not in tree
    assert tree["usr/bin/busybox"].kind is Kind.FILE
    assert tree["bin"].target == "usr/bin"
    assert tree["tmp"].mode == 0o1777
    assert tree["etc/shadow"].mode == 0o640


def test_takes_few_of_the_c_library() -> None:
    glibc = Tree()
    for name in ("libc.so.6", "libmvec.so.1", "ld-linux-x86-64.so.2", "gconv/X.so"):
        glibc.file(f"{LIB}/{name}", b"")
    tree = build_glibc(SamplePantry({"libc6": glibc}))
    assert f"{LIB}/libc.so.6" in tree
    assert f"{LIB}/ld-linux-x86-64.so.2" in tree
    assert f"{LIB}/libmvec.so.1" not in tree
    assert f"{LIB}/gconv" not in tree


def test_puts_all_certificates_in_one_file() -> None:
    certificates = (
        Tree().file("usr/share/ca/b.crt", b"B").file("usr/share/ca/a.crt", b"A")
    )
    tree = build_ssl(SamplePantry({"ca-certificates": certificates}))
    assert tree["etc/ssl/certs/ca-certificates.crt"].data == b"AB"


def test_leaves_small_unicode_libraries_out() -> None:
    icu = Tree().file(f"{LIB}/libicuuc.so.76", b"").file(f"{LIB}/libicuio.so.76", b"")
    tree = build_icu(SamplePantry({"libicu76": icu}))
    assert f"{LIB}/libicuuc.so.76" in tree
    assert f"{LIB}/libicuio.so.76" not in tree


def test_adds_a_user_to_those_below() -> None:
    tree = Tree()
    add_user(
        tree, SamplePantry(layers={"base": base_tree()}), ServiceUser("w", 101, "/w")
    )
    assert tree["etc/passwd"].data == b"root:x:0:0\nw:x:101:101:w:/w:/sbin/nologin\n"
    assert tree["etc/group"].data == b"root:x:0:\nw:x:101:\n"


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_greets_on_both_machines(architecture: str, tmp_path: Path) -> None:
    tree = build_hello(SamplePantry(architecture=architecture))
    assert tree["hello"].mode == 0o755
