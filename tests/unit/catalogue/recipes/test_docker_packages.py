"""labkit.catalogue.recipes.docker_packages: the guide's names, and honest."""

from labkit.catalogue.recipes.docker_packages import docker_packages
from tests.unit.catalogue.samples import SamplePantry


def test_has_what_the_guide_installs() -> None:
    packages = docker_packages("arm64", SamplePantry().file)
    assert {package.name for package in packages} >= {
        "docker-ce",
        "docker-ce-cli",
        "containerd.io",
        "docker-compose-plugin",
    }
    for package in packages:
        assert package.fields["Architecture"] == "arm64"
        assert "stands in" in package.control


def test_brings_the_unit_and_the_group() -> None:
    packages = docker_packages("amd64", SamplePantry().file)
    engines = [package for package in packages if package.name == "docker-ce"]
    assert len({package.version for package in engines}) == 2
    for engine in engines:
        unit = engine.tree["usr/lib/systemd/system/docker.service"].data
        assert b"WantedBy=multi-user.target" in unit
        assert "groupadd --system docker" in engine.scripts["postinst"]
        assert "docker-ce-cli" in engine.fields["Depends"]
