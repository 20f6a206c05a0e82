"""Stand-ins for the packages of Docker Engine, in two versions, for the lab host."""

from collections.abc import Callable

from labkit.catalogue.standin import StandIn
from labkit.catalogue.tree import Tree

ARCHIVE = "opt/docker-packages"
_VERSIONS = ("5:28.5.1-1~lab.13~trixie", "5:28.5.2-1~lab.13~trixie")
_OTHERS = {
    "containerd.io": "1.7.28-1~lab.13~trixie",
    "docker-buildx-plugin": "0.29.1-1~lab.13~trixie",
    "docker-compose-plugin": "2.40.3-1~lab.13~trixie",
}
_UNITS = "usr/lib/systemd/system"
_SUMMARIES = {
    "containerd.io": "An open and reliable container runtime",
    "docker-buildx-plugin": "Docker Buildx plugin extends build capabilities",
    "docker-ce": "Docker: the open-source application container engine",
    "docker-ce-cli": "Docker CLI: the open-source application container engine",
    "docker-compose-plugin": "Docker Compose (V2) plugin for the Docker CLI",
}
_HONEST = (
    " This package stands in for Docker's own in a room without a network: it brings\n"
    " the group, the units and a program that says so, but no engine."
)


def docker_packages(
    architecture: str, read_file: Callable[[str], bytes]
) -> list[StandIn]:
    """Make the packages that the guide installs; of the engine, two versions."""
    made: list[StandIn] = []
    for version in _VERSIONS:
        cli = Tree().file("usr/bin/docker", read_file("debian/docker"), 0o755)
        made.append(_package("docker-ce-cli", version, architecture, cli))
        made.append(_engine(version, architecture, read_file))
    runtime = Tree().file(
        f"{_UNITS}/containerd.service", read_file("debian/containerd.service")
    )
    trees = {"containerd.io": runtime}
    return made + [
        _package(name, version, architecture, trees.get(name, Tree()))
        for name, version in _OTHERS.items()
    ]


def _engine(
    version: str, architecture: str, read_file: Callable[[str], bytes]
) -> StandIn:
    tree = Tree().file("usr/bin/dockerd", read_file("debian/docker"), 0o755)
    for unit in ("docker.service", "docker.socket"):
        tree.file(f"{_UNITS}/{unit}", read_file(f"debian/{unit}"))
    needs = {"Depends": "docker-ce-cli, containerd.io (>= 1.7.27)"}
    package = _package("docker-ce", version, architecture, tree, needs)
    script = read_file("debian/docker-ce.postinst").decode()
    return StandIn(package.name, version, package.fields, tree, {"postinst": script})


def _package(
    name: str,
    version: str,
    architecture: str,
    tree: Tree,
    more: dict[str, str] | None = None,
) -> StandIn:
    fields = {
        "Architecture": architecture,
        "Maintainer": "labkit",
        "Section": "admin",
        "Priority": "optional",
        **(more or {}),
        "Description": f"{_SUMMARIES[name]} (stand-in)\n{_HONEST}",
    }
    return StandIn(name, version, fields, tree)
