"""Client's words and the image's."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.containers.merge import merge_config, split_program
from labkit.engine.model import ContainerConfig
from labkit.spec.image import ContainerDefaults, Healthcheck

IMAGE = ContainerDefaults(
    user="app",
    env=("A=image", "B=image"),
    entrypoint=("/entry",),
    cmd=("serve",),
    labels={"a": "image", "b": "image"},
    exposed_ports={"80/tcp": {}},
    volumes={"/data": {}},
    working_dir="/srv",
    stop_signal="SIGQUIT",
    healthcheck=Healthcheck(test=("CMD", "true"), interval=5),
)


def program(config: ContainerConfig, image: ContainerDefaults = IMAGE) -> list[str]:
    path, args = split_program(merge_config(config, image))
    return [path, *args]


@pytest.mark.parametrize(
    ("entrypoint", "cmd", "wanted"),
    [
        (None, None, ["/entry", "serve"]),
        (None, ("other",), ["/entry", "other"]),
        (("sh",), None, ["sh"]),
        (("sh",), ("-c",), ["sh", "-c"]),
        (("",), ("ls",), ["ls"]),
    ],
)
def test_entrypoint_and_command(
    entrypoint: tuple[str, ...] | None, cmd: tuple[str, ...] | None, wanted: list[str]
) -> None:
    assert program(ContainerConfig(entrypoint=entrypoint, cmd=cmd)) == wanted


def test_refuses_when_there_is_nothing_to_run() -> None:
    with pytest.raises(InvalidInputError, match="No command specified"):
        merge_config(ContainerConfig(), ContainerDefaults())
    with pytest.raises(InvalidInputError, match="No command specified"):
        merge_config(ContainerConfig(entrypoint=("",)), ContainerDefaults())


def test_lists_are_completed_entry_by_entry() -> None:
    merged = merge_config(
        ContainerConfig(
            env=("B=mine", "C=mine"),
            labels={"b": "mine"},
            exposed_ports=("53/udp",),
            volumes=("/more",),
        ),
        IMAGE,
    )
    assert merged.env == ("B=mine", "C=mine", "A=image")
    assert merged.labels == {"a": "image", "b": "mine"}
    assert merged.exposed_ports == ("53/udp", "80/tcp")
    assert merged.volumes == ("/more", "/data")


def test_single_values_are_the_clients_if_said() -> None:
    plain = merge_config(ContainerConfig(), IMAGE)
    assert (plain.user, plain.working_dir, plain.stop_signal) == (
        *("app", "/srv", "SIGQUIT"),
    )
    own = merge_config(ContainerConfig(user="root", working_dir="/x"), IMAGE)
    assert (own.user, own.working_dir) == ("root", "/x")


def test_a_health_check_is_completed() -> None:
    own = ContainerConfig(healthcheck=Healthcheck(interval=9))
    assert merge_config(own, IMAGE).healthcheck == Healthcheck(("CMD", "true"), 9)
    assert merge_config(ContainerConfig(), IMAGE).healthcheck == IMAGE.healthcheck
