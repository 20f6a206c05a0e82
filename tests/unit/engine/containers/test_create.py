"""Creating: what is made, what is refused, what a failure leaves."""

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import (
    ConflictError,
    InternalError,
    InvalidInputError,
    NotFoundError,
)
from labkit.engine.containers.create import create
from labkit.engine.model import ContainerConfig, HostConfig, Status
from labkit.spec.image import ContainerDefaults
from tests.unit.engine.lab import make, make_world, open_lab, told


async def test_makes_a_record_and_a_folder(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, "echo", "hi", name="web")
        container = engine.store.find_container("/web")
        assert container.id == container_id
        assert (container.path, container.args) == ("echo", ("hi",))
        assert container.status is Status.CREATED
        assert container.config.hostname == container_id[:12]
        assert [item.network_name for item in container.attachments] == ["bridge"]
        assert (engine.container_folder(container_id) / "upper").is_dir()
        assert told(engine) == ["container create"]


async def test_makes_up_a_name(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine)
        name = engine.store.find_container(container_id).name
        assert name.count("_") == 1


async def test_refuses_a_name_that_is_taken(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        first = await make(engine, name="web")
        with pytest.raises(ConflictError) as caught:
            await make(engine, name="web")
        assert caught.value.message == (
            'Conflict. The container name "/web" is already in use by container '
            f'"{first}". You have to remove (or rename) that container to be able to '
            "reuse that name."
        )
        assert len(list((tmp_path / "data/containers").iterdir())) == 1


@pytest.mark.parametrize("name", ["?", "x", "a b", "-x", "ä-b"])
async def test_refuses_malformed_names(tmp_path: Path, name: str) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError) as caught:
            await make(engine, name=name)
        assert caught.value.message == (
            f"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are "
            "allowed"
        )


async def test_refuses_an_unknown_image(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        config = ContainerConfig(image="nosuch")
        with pytest.raises(NotFoundError, match="No such image: nosuch:latest"):
            await create(engine, "", config, HostConfig(), {})


async def test_refuses_another_platform(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        config = ContainerConfig(image="busybox")
        with pytest.raises(NotFoundError, match="wanted linux/arm64, actual: linux/am"):
            await create(engine, "", config, HostConfig(), {}, platform="linux/arm64")
        for same in ("linux", "linux/amd64"):
            await create(engine, "", config, HostConfig(), {}, platform=same)


async def test_warns_of_an_image_for_another_machine(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    image = world.images.put("foreign")
    world.images.images[image.id] = replace(
        image, config=replace(image.config, architecture="s390x")
    )
    async with open_lab(world) as engine:
        config = ContainerConfig(image="foreign", cmd=("true",))
        made = await create(engine, "", config, HostConfig(), {})
        assert made.warnings[-1].startswith(
            "The requested image's platform (linux/s390x) does not match the detected"
        )
        asked = await create(
            engine, "", config, HostConfig(), {}, platform="linux/s390x"
        )
        assert asked.warnings == made.warnings[:-1]


@pytest.mark.parametrize(
    ("host", "text"),
    [
        (HostConfig(pid_mode="container:x1"), "No such container: x1"),
        (HostConfig(volumes_from=("x1",)), "No such container: x1"),
        (
            HostConfig(links=("x1:y",)),
            "could not get container for x1: No such container: x1",
        ),
    ],
)
async def test_refuses_references_to_nobody(
    tmp_path: Path, host: HostConfig, text: str
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        with pytest.raises(InvalidInputError) as caught:
            await make(engine, host=host)
        assert caught.value.message == text


async def test_a_failure_leaves_nothing(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    async with open_lab(world) as engine:
        world.snapshots.fail_on = "prepare"
        with pytest.raises(InternalError, match="prepare failed"):
            await make(engine, name="web")
        assert not list((tmp_path / "data/containers").iterdir())
        assert not engine.store.containers()
        await make(engine, name="web")  # the name is free


async def test_a_working_folder_that_is_a_file(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(binds=("fresh:/data",))
        with pytest.raises(InvalidInputError, match="/etc/passwd is not a directory"):
            await make(engine, host=host, working_dir="/etc/passwd")
        assert not engine.store.volumes()


async def test_warns_of_ports_on_the_hosts_network(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        created = await create(
            engine,
            "",
            ContainerConfig(image="busybox"),
            HostConfig(network_mode="host", publish_all_ports=True),
            {},
        )
        assert created.warnings == (
            "Published ports are discarded when using host network mode",
        )


async def test_the_images_defaults_come_in(tmp_path: Path) -> None:
    world = make_world(tmp_path)
    world.images.put("app", ContainerDefaults(cmd=("serve",), volumes={"/data": {}}))
    async with open_lab(world) as engine:
        created = await create(
            engine, "", ContainerConfig(image="app"), HostConfig(), {}
        )
        container = engine.store.find_container(created.id)
        assert container.path == "serve"
        (mount,) = container.mounts
        assert (mount.type, mount.destination, mount.mode) == ("volume", "/data", "")
