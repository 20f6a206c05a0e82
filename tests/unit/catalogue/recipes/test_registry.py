"""labkit.catalogue.recipes.registry: the program under the name the hub gives it."""

from labkit.catalogue.recipes.registry import REGISTRY_IMAGE, build_registry
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry


def test_finds_its_configuration() -> None:
    package = Tree().file("usr/bin/docker-registry", "", 0o755).file("lib/x", "")
    tree = build_registry(SamplePantry({"docker-registry": package}))
    assert tree["usr/bin/registry"].target == "docker-registry"
    assert REGISTRY_IMAGE.config.cmd[0].lstrip("/") in tree
    assert tree["entrypoint.sh"].mode == 0o755
    assert "lib/x" not in tree
