"""Redis 7.0, the last one under a free licence: from Debian 12."""

from labkit.catalogue.model import (
    BOOKWORM,
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
_LIBRARIES = (
    "libatomic1",
    "liblzf1",
    "libjemalloc2",
    "libsystemd0",
    "libcap2",
    "libgcrypt20",
    "libgpg-error0",
    "liblz4-1",
    "liblzma5",
)
_BELOW = (BASE, GLIBC, SSL)


def build_redis(pantry: Pantry) -> Tree:
    tree = pantry.deb("redis-tools", suite=BOOKWORM)
    tree.merge(pantry.deb("redis-server", keep=("usr/bin/*",), suite=BOOKWORM))
    add_libraries(tree, pantry, _LIBRARIES, _BELOW, BOOKWORM)
    add_user(tree, pantry, ServiceUser("redis", _UID, "/data"))
    tree.folder("data", 0o755, _UID)
    entrypoint = pantry.file("redis/docker-entrypoint.sh")
    return tree.file("usr/local/bin/docker-entrypoint.sh", entrypoint, 0o755)


REDIS = LayerRecipe(
    "redis",
    build_redis,
    on=_BELOW,
    debs=tuple(
        DebPackage(name, BOOKWORM)
        for name in ("redis-tools", "redis-server", *_LIBRARIES)
    ),
    files=("redis",),
)

REDIS_IMAGE = ImageRecipe(
    names=("redis:7", "redis:latest", "redis:alpine", "redis:7-alpine"),
    layers=(*_BELOW, REDIS),
    config=ContainerDefaults(
        env=(SEARCH_PATH, "REDIS_VERSION={version}"),
        entrypoint=("docker-entrypoint.sh",),
        cmd=("redis-server",),
        exposed_ports={"6379/tcp": {}},
        volumes={"/data": {}},
        working_dir="/data",
    ),
    holds="Redis {version}",
    version_of="redis-server",
    licences="BSD-3-Clause",
)
