"""MariaDB, which grew out of MySQL and speaks its protocol."""

from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC, SSL, ServiceUser, add_user
from labkit.catalogue.recipes.libraries import add_libraries
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults

_UID = 999
_MESSAGES = "usr/share/mariadb"
# Messages in fifteen languages, big tools for tables by hand, the text of HELP.
_UNUSED = (
    f"{_MESSAGES}/[!ec]*/*",
    f"{_MESSAGES}/c[!h]*/*",
    f"{_MESSAGES}/chinese/*",
    f"{_MESSAGES}/e[!n]*/*",
    f"{_MESSAGES}/fill_help*",
    "usr/bin/*",
)
_CLIENTS = ("usr/bin/mariadb-admin", "usr/bin/mariadb-dump")
_OLD_NAMES = {
    "mysql": "mariadb",
    "mysqladmin": "mariadb-admin",
    "mysqldump": "mariadb-dump",
}
_LIBRARIES = (
    "libpcre2-8-0",
    "libcrypt1",
    "liburing2",
    "libaio1t64",
    "libnuma1",
    "libsystemd0",
    "libcap2",
    "libedit2",
    "libncurses6",
    "libtinfo6",
    "libbsd0",
    "libmd0",
    "liblz4-1",
    "libxxhash0",
    "liblzma5",
)
_BELOW = (BASE, GLIBC, SSL)


def build_mysql(pantry: Pantry) -> Tree:
    tree = pantry.deb("mariadb-server-core", drop=_UNUSED)
    tree.merge(pantry.deb("mariadb-client-core", keep=("usr/bin/mariadb",)))
    tree.merge(pantry.deb("mariadb-client", keep=_CLIENTS))
    add_libraries(tree, pantry, _LIBRARIES, _BELOW)
    for old, new in _OLD_NAMES.items():
        tree.symlink(f"usr/bin/{old}", new)
    add_user(tree, pantry, ServiceUser("mysql", _UID, "/var/lib/mysql", "/bin/sh"))
    for folder in ("var/lib/mysql", "run/mysqld"):
        tree.folder(folder, 0o755, _UID)
    tree.folder("docker-entrypoint-initdb.d")
    tree.file("etc/mysql/my.cnf", pantry.file("mysql/my.cnf"))
    entrypoint = pantry.file("mysql/docker-entrypoint.sh")
    return tree.file("usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755)


MYSQL = LayerRecipe(
    "mysql",
    build_mysql,
    on=_BELOW,
    debs=tuple(
        DebPackage(name)
        for name in (
            "mariadb-server-core",
            "mariadb-client-core",
            "mariadb-client",
            *_LIBRARIES,
        )
    ),
    files=("mysql",),
)

MYSQL_IMAGE = ImageRecipe(
    names=("mysql:8", "mysql:8.0", "mysql:latest", "mariadb:11", "mariadb:latest"),
    layers=(*_BELOW, MYSQL),
    config=ContainerDefaults(
        env=(SEARCH_PATH, "LANG=C.UTF-8"),
        entrypoint=("docker-entrypoint.sh",),
        cmd=("mysqld",),
        exposed_ports={"3306/tcp": {}},
        volumes={"/var/lib/mysql": {}},
    ),
    holds="MariaDB {version}",
    version_of="mariadb-server-core",
    licences="GPL-2.0-only",
    note="MariaDB in MySQL's place: same protocol and client",
)
