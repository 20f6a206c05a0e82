"""The layers that the others stand on: BusyBox, the C library, TLS, Unicode."""

from dataclasses import dataclass

from labkit.catalogue.hello import hello
from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.tree import Kind, Tree
from labkit.spec.image import ContainerDefaults

_FOLDERS = [
    "dev",
    "proc",
    "sys",
    "run",
    "etc",
    "home",
    "mnt",
    "opt",
    "srv",
    "media",
    "var/log",
    "var/lib",
    "var/cache",
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "usr/local/bin",
    "usr/local/lib",
    "usr/share",
]
_C_LIBRARIES = [
    "libc.so.6",
    "libm.so.6",
    "libpthread.so.0",
    "libdl.so.2",
    "librt.so.1",
    "libutil.so.1",
    "libresolv.so.2",
    "libnss_files.so.2",
    "libnss_dns.so.2",
    "libanl.so.1",
]
_FIRST_APPLETS = b"[\0[[\0"
_SMALL_ICU = ("libicuio", "libicutu", "libicutest")


def build_hello(pantry: Pantry) -> Tree:
    return Tree().file("hello", hello(pantry.architecture), 0o755)


def build_base(pantry: Pantry) -> Tree:
    """BusyBox with a link for each of its programs, and the files a system needs."""
    tree = Tree()
    for name in ("bin", "sbin", "lib", "lib64"):
        tree.symlink(name, f"usr/{name}")
    for name in _FOLDERS:
        tree.folder(name)
    tree.folder("root", 0o700).folder("tmp", 0o1777).folder("var/tmp", 0o1777)
    tree.symlink("var/run", "/run")
    tree.merge(pantry.deb("busybox-static", keep=("usr/bin/busybox",)))
    for applet in _list_applets(tree["usr/bin/busybox"].data):
        if applet != "busybox":
            tree.symlink(f"usr/bin/{applet}", "busybox")
    tree.file("usr/bin/adduser", pantry.file("base/adduser"), 0o755)
    tree.symlink("usr/bin/addgroup", "adduser")
    for name in ("passwd", "group", "nsswitch.conf", "profile", "os-release"):
        tree.file(f"etc/{name}", pantry.file(f"base/{name}"))
    tree.file("etc/shadow", pantry.file("base/shadow"), 0o640)
    tree.file("etc/shells", "/bin/sh\n/bin/ash\n")
    tree.file("etc/hostname", "localhost\n").file("etc/hosts", "127.0.0.1\tlocalhost\n")
    return tree


def build_glibc(pantry: Pantry) -> Tree:
    folder = f"usr/lib/{pantry.triplet}"
    keep = (
        *(f"{folder}/{name}" for name in _C_LIBRARIES),
        f"{folder}/ld-linux-*",
        "usr/lib/ld-linux-*",
        "usr/lib64/*",
    )
    tree = pantry.deb("libc6", keep=keep)
    tree.merge(pantry.deb("libgcc-s1"))
    tree.merge(pantry.deb("gcc-14-base", drop=("*/README*", "*/test-summary*")))
    tree.merge(pantry.deb("libstdc++6", drop=("usr/share/gcc/*", "usr/share/gdb/*")))
    tree.merge(pantry.deb("zlib1g"))
    locale_and_getent = ("usr/lib/locale/C.utf8/*", "usr/bin/getent")
    return tree.merge(pantry.deb("libc-bin", keep=locale_and_getent))


def build_ssl(pantry: Pantry) -> Tree:
    """OpenSSL, and all certificates of authorities in the one file it looks for."""
    folder = f"usr/lib/{pantry.triplet}"
    keep = (f"{folder}/libssl.so.3", f"{folder}/libcrypto.so.3")
    tree = pantry.deb("libssl3t64", keep=keep).merge(pantry.deb("libzstd1"))
    certificates = [
        entry.data
        for path, entry in pantry.deb("ca-certificates").items()
        if path.endswith(".crt") and entry.kind is Kind.FILE
    ]
    tree.file("etc/ssl/certs/ca-certificates.crt", b"".join(certificates))
    return tree.symlink("etc/ssl/cert.pem", "certs/ca-certificates.crt")


def build_icu(pantry: Pantry) -> Tree:
    tree = pantry.deb("libicu76")
    return tree.remove(lambda path: any(name in path for name in _SMALL_ICU))


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """Who a server runs as when it needs no root."""

    name: str
    uid: int
    home: str
    shell: str = "/sbin/nologin"


def add_user(tree: Tree, pantry: Pantry, user: ServiceUser) -> None:
    """Put a service's user beside those of the base layer."""
    base = pantry.below("base")
    passwd = base["etc/passwd"].data.decode()
    group = base["etc/group"].data.decode()
    name, ids = user.name, f"{user.uid}:{user.uid}"
    tree.file("etc/passwd", f"{passwd}{name}:x:{ids}:{name}:{user.home}:{user.shell}\n")
    tree.file("etc/group", f"{group}{name}:x:{user.uid}:\n")


def _list_applets(busybox: bytes) -> list[str]:
    """Read what ``busybox --list`` prints: the program may be another machine's.

    The list differs from build to build. It is one text in the program, ``[`` first,
    each name ended by a zero byte, and one more zero byte behind the last.
    """
    begin = busybox.index(_FIRST_APPLETS)
    end = busybox.index(b"\0\0", begin)
    return busybox[begin:end].decode("ascii").split("\0")


def _debs(*names: str) -> tuple[DebPackage, ...]:
    return tuple(DebPackage(name) for name in names)


HELLO = LayerRecipe("hello", build_hello)
BASE = LayerRecipe("base", build_base, debs=_debs("busybox-static"), files=("base",))
GLIBC = LayerRecipe(
    "glibc",
    build_glibc,
    on=(BASE,),
    debs=_debs("libc6", "libc-bin", "libgcc-s1", "gcc-14-base", "libstdc++6", "zlib1g"),
)
SSL = LayerRecipe(
    "ssl",
    build_ssl,
    on=(BASE, GLIBC),
    debs=_debs("libssl3t64", "libzstd1", "ca-certificates"),
)
ICU = LayerRecipe("icu", build_icu, on=(BASE, GLIBC), debs=_debs("libicu76"))

HELLO_WORLD = ImageRecipe(
    names=("hello-world:latest",),
    layers=(HELLO,),
    config=ContainerDefaults(env=(SEARCH_PATH,), cmd=("/hello",)),
    holds="hello (labkit's own)",
    version_of="",
    licences="MIT",
)
BUSYBOX = ImageRecipe(
    names=("busybox:latest", "busybox:1.37", "alpine:latest", "alpine:3.20"),
    layers=(BASE,),
    config=ContainerDefaults(env=(SEARCH_PATH,), cmd=("sh",)),
    holds="BusyBox {version}",
    version_of="busybox-static",
    licences="GPL-2.0-only",
    note="answers to alpine, too; it has no package manager",
)
