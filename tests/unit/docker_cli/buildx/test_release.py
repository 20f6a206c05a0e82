"""Which release of Buildx is shown."""

from labkit.docker_cli.buildx.release import VERSION


def test_compose_takes_the_version_for_new_enough() -> None:
    numbers = VERSION.removeprefix("v").split("-")[0].split(".")
    assert tuple(int(one) for one in numbers) >= (0, 17, 0)
