"""The distribution registry: the very program behind ``registry:2``."""

from labkit.catalogue.model import (
    SEARCH_PATH,
    DebPackage,
    ImageRecipe,
    LayerRecipe,
    Pantry,
)
from labkit.catalogue.recipes.base import BASE, GLIBC
from labkit.catalogue.tree import Tree
from labkit.spec.image import ContainerDefaults

_CONFIGURATION = "etc/docker/registry/config.yml"


def build_registry(pantry: Pantry) -> Tree:
    tree = pantry.deb("docker-registry", keep=("usr/bin/*",))
    tree.symlink("usr/bin/registry", "docker-registry")
    tree.file(_CONFIGURATION, pantry.file("registry/config.yml"))
    tree.folder("var/lib/registry")
    return tree.file("entrypoint.sh", pantry.file("registry/entrypoint.sh"), 0o755)


REGISTRY = LayerRecipe(
    "registry",
    build_registry,
    on=(BASE, GLIBC),
    debs=(DebPackage("docker-registry"),),
    files=("registry",),
)

REGISTRY_IMAGE = ImageRecipe(
    names=("registry:2", "registry:latest"),
    layers=(BASE, GLIBC, REGISTRY),
    config=ContainerDefaults(
        env=(SEARCH_PATH,),
        entrypoint=("/entrypoint.sh",),
        cmd=(f"/{_CONFIGURATION}",),
        exposed_ports={"5000/tcp": {}},
        volumes={"/var/lib/registry": {}},
    ),
    holds="distribution {version}",
    version_of="docker-registry",
    licences="Apache-2.0",
    note="images can be deleted, which upstream's configuration forbids",
)
