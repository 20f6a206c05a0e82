"""nginx, in two versions on the same layers: a rolling update can be seen."""

from labkit.catalogue.model import (
    BOOKWORM,
    SEARCH_PATH,
    TRIXIE,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC, SSL, ServiceUser, add_user
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults

_UID = 101
_ENTRYPOINT = "docker-entrypoint.sh"
_TEMPLATES = "20-envsubst-on-templates.sh"


def build_common(pantry: Pantry) -> Tree:
    """All of nginx but the program: configuration, pages, user, entry point."""
    folder = f"usr/lib/{pantry.triplet}"
    types = ("etc/nginx/mime.types", "etc/nginx/fastcgi_params")
    tree = pantry.deb("nginx-common", keep=types)
    tree.merge(pantry.deb("libpcre2-8-0", keep=(f"{folder}/libpcre2-8.so.0*",)))
    tree.merge(pantry.deb("libcrypt1", keep=(f"{folder}/libcrypt.so.1*",)))
    tree.merge(pantry.deb("gettext-base", keep=("usr/bin/envsubst",)))
    tree.file("etc/nginx/nginx.conf", pantry.file("nginx/nginx.conf"))
    tree.file("etc/nginx/conf.d/default.conf", pantry.file("nginx/default.conf"))
    for page in ("index.html", "50x.html"):
        tree.file(f"usr/share/nginx/html/{page}", pantry.file(f"nginx/{page}"))
    # As in Docker's image: what nginx logs to files is what docker logs shows.
    tree.symlink("var/log/nginx/access.log", "/dev/stdout")
    tree.symlink("var/log/nginx/error.log", "/dev/stderr")
    tree.folder("var/lib/nginx/body", 0o700, _UID)
    tree.folder("var/cache/nginx", 0o755, _UID)
    add_user(tree, pantry, ServiceUser("nginx", _UID, "/var/cache/nginx"))
    tree.file(_ENTRYPOINT, pantry.file(f"nginx/{_ENTRYPOINT}"), 0o755)
    return tree.file(
        f"docker-entrypoint.d/{_TEMPLATES}", pantry.file(f"nginx/{_TEMPLATES}"), 0o755
    )


def build_current(pantry: Pantry) -> Tree:
    return pantry.deb("nginx", keep=("usr/sbin/nginx",))


def build_previous(pantry: Pantry) -> Tree:
    return pantry.deb("nginx", keep=("usr/sbin/nginx",), suite=BOOKWORM)


COMMON = LayerRecipe(
    "nginx-common",
    build_common,
    on=(BASE, GLIBC, SSL),
    debs=(
        DebPackage("nginx-common"),
        DebPackage("libpcre2-8-0"),
        DebPackage("libcrypt1"),
        DebPackage("gettext-base"),
    ),
    files=("nginx",),
)
_BELOW = (BASE, GLIBC, SSL, COMMON)
CURRENT = LayerRecipe(
    "nginx", build_current, on=_BELOW, debs=(DebPackage("nginx", TRIXIE),)
)
PREVIOUS = LayerRecipe(
    "nginx-previous", build_previous, on=_BELOW, debs=(DebPackage("nginx", BOOKWORM),)
)
_CONFIG = ContainerDefaults(
    env=(SEARCH_PATH, "NGINX_VERSION={version}"),
    entrypoint=("/docker-entrypoint.sh",),
    cmd=("nginx", "-g", "daemon off;"),
    exposed_ports={"80/tcp": {}},
    stop_signal="SIGQUIT",
)

NGINX = ImageRecipe(
    names=("nginx:1.25", "nginx:latest", "nginx:alpine", "nginx:stable-alpine"),
    layers=(*_BELOW, CURRENT),
    config=_CONFIG,
    holds="nginx {version}",
    version_of="nginx",
    licences="BSD-2-Clause",
    note="the nginx of Debian 13",
)
NGINX_PREVIOUS = ImageRecipe(
    names=("nginx:1.24",),
    layers=(*_BELOW, PREVIOUS),
    config=_CONFIG,
    holds="nginx {version}",
    version_of="nginx",
    licences="BSD-2-Clause",
    note="the nginx of Debian 12, older than the other one",
)
