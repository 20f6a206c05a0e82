"""hosts, hostname, resolv.conf."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.engine.engine import Engine
from labkit.engine.model import Container, HostConfig
from labkit.engine.network_files import (
    host_resolver,
    upstream_of,
    write_network_files,
)
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest, SubnetRequest
from tests.unit.engine.lab import make, make_world, open_lab, run


async def a_container(engine: Engine, host: HostConfig) -> Container:
    return engine.store.find_container(await run(engine, "sleep", host=host))


async def test_added_hosts_and_the_gateway(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(extra_hosts=("db:10.1.2.3", "out:host-gateway"))
        record = await a_container(engine, host)
        text = (engine.container_folder(record.id) / "hosts").read_text()
        assert "10.1.2.3\tdb\n" in text
        assert "172.17.0.1\tout\n" in text


async def test_links_name_the_other(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await run(engine, "sleep", name="db", hostname="dbhost")
        record = await a_container(engine, HostConfig(links=("db:database",)))
        text = (engine.container_folder(record.id) / "hosts").read_text()
        assert "172.17.0.2\tdatabase dbhost db\n" in text


async def test_chosen_resolvers(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(
            dns=("192.0.2.1",), dns_search=("lab",), dns_options=("use-vc",)
        )
        record = await a_container(engine, host)
        text = (engine.container_folder(record.id) / "resolv.conf").read_text()
        assert text == "search lab\nnameserver 192.0.2.1\noptions use-vc\n"
        assert upstream_of(engine, record) == ("192.0.2.1",)


async def test_the_hosts_network_has_the_hosts_files(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        record = await a_container(engine, HostConfig(network_mode="host"))
        folder = engine.container_folder(record.id)
        assert (folder / "resolv.conf").read_text() == "nameserver 192.0.2.53\n"


async def test_a_machine_without_resolvers(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        (tmp_path / "resolv.conf").unlink()
        assert host_resolver(engine).servers == ()


async def test_rewrites_in_place(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        record = await a_container(engine, HostConfig())
        path = engine.container_folder(record.id) / "hosts"
        before = path.stat().st_ino
        write_network_files(engine, record, "other")
        assert path.stat().st_ino == before
        assert "\tother\n" in path.read_text()


async def test_follows_no_link(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        record = engine.store.find_container(await make(engine))
        target = tmp_path / "target"
        (engine.container_folder(record.id) / "hostname").symlink_to(target)
        with pytest.raises(InternalError, match=r"cannot write .*hostname"):
            write_network_files(engine, record, "box")
        assert not target.exists()


async def test_a_container_is_in_its_own_file_with_every_address(
    tmp_path: Path,
) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        subnets = (SubnetRequest("2001:db8:7::/64"),)
        await create_network(
            engine, NetworkRequest("six", enable_ipv6=True, subnets=subnets)
        )
        record = await a_container(engine, HostConfig(network_mode="six"))
        (attachment,) = record.attachments
        assert attachment.endpoint is not None
        text = (engine.container_folder(record.id) / "hosts").read_text()
        for address in (attachment.endpoint.ipv4, attachment.endpoint.ipv6):
            assert f"{address}\t{record.config.hostname}\n" in text
