"""labkit.catalogue.recipes.nginx: as in Docker's image, from Debian's packages."""

from labkit.catalogue.model import BOOKWORM, TRIXIE
from labkit.catalogue.recipes.nginx import (
    NGINX,
    NGINX_PREVIOUS,
    build_common,
    build_current,
    build_previous,
)
from tests.unit.catalogue.samples import SamplePantry, base_tree


def test_logs_where_docker_looks() -> None:
    tree = build_common(SamplePantry(layers={"base": base_tree()}))
    assert tree["var/log/nginx/access.log"].target == "/dev/stdout"
    assert tree["var/log/nginx/error.log"].target == "/dev/stderr"
    assert tree["docker-entrypoint.sh"].mode == 0o755
    assert b"Welcome to nginx!" in tree["usr/share/nginx/html/index.html"].data
    assert b"nginx:x:101:" in tree["etc/passwd"].data


def test_takes_two_versions() -> None:
    pantry = SamplePantry()
    build_current(pantry)
    build_previous(pantry)
    assert pantry.asked == [("nginx", TRIXIE), ("nginx", BOOKWORM)]
    assert NGINX.layers[:-1] == NGINX_PREVIOUS.layers[:-1]
    assert NGINX.config.stop_signal == "SIGQUIT"
