"""What is saved is found again."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import InternalError, InvalidInputError, NotFoundError
from labkit.engine.model import (
    Attachment,
    ContainerConfig,
    EndpointRequest,
    HostConfig,
    MountPoint,
    NetworkRecord,
    RestartPolicy,
    Status,
    Volume,
)
from labkit.engine.store import Store
from labkit.network.model import Endpoint, Network, PortBinding, Subnet
from labkit.spec.image import Healthcheck
from tests.unit.engine.build import ID, container

FULL = container(
    ContainerConfig(
        cmd=(), entrypoint=None, env=("A=b",), healthcheck=Healthcheck(("NONE",))
    ),
    HostConfig(
        restart_policy=RestartPolicy("on-failure", 3),
        port_bindings=(PortBinding(80, host_port=8080),),
        tmpfs={"/t": ""},
        masked_paths=(),
    ),
    args=("a", "ä\udcff"),
    attachments=(
        Attachment("n1", "net", EndpointRequest(("x",)), Endpoint("e", "n1", ID), "e0"),
    ),
    mounts=(MountPoint("volume", "/d", name="data"),),
    published=(PortBinding(80, host_port=8080),),
    status=Status.PAUSED,
)
NETWORK = NetworkRecord(
    Network("ff" * 32, "net", "bridge", (Subnet("10.0.0.0/24", "10.0.0.1"),)), 5
)
VOLUME = Volume("data", 7, "/v/data", {"a": "b"}, anonymous=True)


async def test_everything_survives(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    await store.save(FULL, NETWORK, VOLUME)
    await store.close()
    again = Store.open(tmp_path / "store.db")
    assert again.containers() == (FULL,)
    assert again.networks() == (NETWORK,)
    assert again.volumes() == (VOLUME,)
    await again.close()


async def test_saves_replace_and_removals_stay(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    await store.save(FULL, VOLUME)
    await store.save(replace(FULL, name="other"))
    await store.remove(VOLUME)
    await store.close()
    again = Store.open(tmp_path / "store.db")
    assert again.find_container("other").id == ID
    assert again.container_named("web") is None
    assert again.volumes() == ()
    await again.close()


async def test_finds_by_id_name_and_prefix(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    other = replace(FULL, id="ac" * 32, name="db")
    await store.save(FULL, other, NETWORK)
    for ref in (ID, "web", "/web", "ab"):
        assert store.find_container(ref) == FULL
    with pytest.raises(InvalidInputError, match="Multiple IDs found with provided pre"):
        store.find_container("a")
    for ref in ("x", "", "/"):
        with pytest.raises(NotFoundError, match="No such container"):
            store.find_container(ref)
    assert store.find_network("fff") == NETWORK
    with pytest.raises(NotFoundError, match="network ghost not found"):
        store.find_network("ghost")
    await store.close()


async def test_a_name_wins_over_a_prefix(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    named = replace(FULL, id="cd" * 32, name="ab")
    await store.save(FULL, named)
    assert store.find_container("ab") == named
    await store.close()


async def test_many_saves_share_commits(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    commits = 0

    def count(statement: str) -> None:
        nonlocal commits
        commits += statement == "COMMIT"

    store.file.connection.set_trace_callback(count)
    records = [
        replace(FULL, id=f"{number:064x}", name=f"c{number}") for number in range(50)
    ]
    await asyncio.gather(*(store.save(record) for record in records))
    assert commits < 10
    await store.close()
    again = Store.open(tmp_path / "store.db")
    assert len(again.containers()) == 50
    await again.close()


async def test_a_cancelled_save_disturbs_nobody(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    for number in range(20):
        first = asyncio.ensure_future(store.save(replace(FULL, exit_code=number)))
        second = asyncio.ensure_future(store.save(VOLUME))
        await asyncio.sleep(0)
        first.cancel()
        await second
    await store.close()


async def test_a_disk_that_fails_is_told_to_all_who_wait(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    store.file.connection.execute("DROP TABLE volumes")
    for _ in range(2):
        with pytest.raises(
            InternalError, match="cannot save to the engine's store"
        ) as e:
            await store.save(VOLUME)
        assert isinstance(e.value.__cause__, sqlite3.Error)
    await store.save(FULL)  # the others are not harmed
    await store.close()


async def test_what_is_new_and_could_not_be_saved_is_forgotten(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    await store.save(FULL)
    (pages,) = store.file.connection.execute("PRAGMA page_count").fetchone()
    store.file.connection.execute(f"PRAGMA max_page_count = {pages}")
    large = replace(VOLUME, name="large", labels={"x": "x" * (1 << 20)})
    with pytest.raises(InternalError, match="database or disk is full"):
        await store.save(large)
    with pytest.raises(NotFoundError):
        store.find_volume("large")
    await store.save(replace(FULL, status=Status.EXITED))  # the others are not harmed
    await store.close()


async def test_what_is_shown_is_not_saved(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "store.db")
    await store.save(FULL)
    store.show(replace(FULL, status=Status.REMOVING))
    assert store.find_container(ID).status is Status.REMOVING
    await store.close()
    again = Store.open(tmp_path / "store.db")
    assert again.find_container(ID).status is Status.PAUSED
    await again.close()
