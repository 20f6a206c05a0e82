"""labkit.catalogue.recipes.redis: its user owns its data."""

from labkit.catalogue.recipes.redis import build_redis
from labkit.catalogue.tree import Tree
from tests.unit.catalogue.samples import SamplePantry, base_tree


def test_runs_as_a_user_of_its_own() -> None:
    package = Tree().file("usr/bin/redis-server", "", 0o755)
    pantry = SamplePantry({"redis-server": package}, layers={"base": base_tree()})
    tree = build_redis(pantry)
    assert (tree["data"].uid, tree["data"].gid) == (999, 999)
    assert b"redis:x:999:" in tree["etc/passwd"].data
    assert tree["usr/local/bin/docker-entrypoint.sh"].mode == 0o755
    assert {suite for _, suite in pantry.asked} == {"bookworm"}
