"""PostgreSQL, on the same Unicode layer as Node.js."""

from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC, ICU, SSL, ServiceUser, add_user
from labkit.catalogue.recipes.libraries import add_libraries
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults

_UID = 999
_PROGRAMS = "usr/lib/postgresql/17"
_SHARED = "usr/share/postgresql/17"
_DATA = "var/lib/postgresql/data"
# Compiling at run time (LLVM), building extensions, XML, SELinux: each has libraries
# or files that are larger than the server.
_UNUSED = (
    f"{_PROGRAMS}/lib/bitcode/*",
    f"{_PROGRAMS}/lib/llvmjit*",
    f"{_PROGRAMS}/lib/pgxs/*",
    f"{_PROGRAMS}/lib/pgxml*",
    f"{_PROGRAMS}/lib/sepgsql*",
    f"{_PROGRAMS}/lib/uuid-ossp*",
    f"{_PROGRAMS}/bin/pg_upgrade",
    f"{_PROGRAMS}/bin/pgbench",
    f"{_SHARED}/man/*",
)
_LIBRARIES = (
    "libxml2",
    "libpam0g",
    "libaudit1",
    "libcap-ng0",
    "libgssapi-krb5-2",
    "libkrb5-3",
    "libk5crypto3",
    "libkrb5support0",
    "libcom-err2",
    "libkeyutils1",
    "libldap2",
    "libsasl2-2",
    "libsystemd0",
    "libcap2",
    "liblz4-1",
    "libxxhash0",
    "liblzma5",
    "libreadline8t64",
    "libtinfo6",
)
_BELOW = (BASE, GLIBC, SSL, ICU)


def build_postgres(pantry: Pantry) -> Tree:
    tree = Tree()
    for package in ("postgresql-17", "postgresql-client-17", "libpq5"):
        tree.merge(pantry.deb(package, drop=_UNUSED))
    add_libraries(tree, pantry, _LIBRARIES, _BELOW)
    home = "/var/lib/postgresql"
    add_user(tree, pantry, ServiceUser("postgres", _UID, home, "/bin/sh"))
    tree.folder("docker-entrypoint-initdb.d")
    tree.folder(_DATA, 0o700, _UID).folder("run/postgresql", 0o2777, _UID)
    entrypoint = pantry.file("postgres/docker-entrypoint.sh")
    return tree.file("usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755)


POSTGRES = LayerRecipe(
    "postgres",
    build_postgres,
    on=_BELOW,
    debs=tuple(
        DebPackage(name)
        for name in ("postgresql-17", "postgresql-client-17", "libpq5", *_LIBRARIES)
    ),
    files=("postgres",),
)

POSTGRES_IMAGE = ImageRecipe(
    names=(
        "postgres:17",
        "postgres:16",
        "postgres:15",
        "postgres:latest",
        "postgres:alpine",
        "postgres:17-alpine",
        "postgres:16-alpine",
        "postgres:15-alpine",
    ),
    layers=(*_BELOW, POSTGRES),
    config=ContainerDefaults(
        env=(
            SEARCH_PATH.replace("PATH=", f"PATH=/{_PROGRAMS}/bin:"),
            f"PGDATA=/{_DATA}",
            "PG_VERSION={version}",
            "LANG=C.UTF-8",
        ),
        entrypoint=("docker-entrypoint.sh",),
        cmd=("postgres",),
        exposed_ports={"5432/tcp": {}},
        volumes={f"/{_DATA}": {}},
        stop_signal="SIGINT",
    ),
    holds="PostgreSQL {version}",
    version_of="postgresql-17",
    licences="PostgreSQL",
    note="PostgreSQL 17 under all names; no just-in-time compiler",
)
