"""What stands behind a container."""

import os
from dataclasses import replace
from pathlib import Path

from labkit.base.codec import encode, same_name
from labkit.engine.model import HostConfig
from labkit.engine.networks.create import create_network
from labkit.engine.networks.request import NetworkRequest
from labkit.engine.xray import read_cgroup, xray
from labkit.network.model import PortBinding
from tests.unit.engine.lab import make, make_world, open_lab, run


async def test_a_container_that_does_not_run_shows_its_layers(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        container_id = await make(engine, name="web")
        record = await xray(engine, "web")
        assert record.layers is not None
        assert record.layers.upper.endswith(f"{container_id}/upper")
        assert record.namespaces == ()


async def test_a_running_one_shows_everything(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        await create_network(engine, NetworkRequest("net"))
        host = HostConfig(network_mode="net", port_bindings=(PortBinding(80),))
        container_id = await run(engine, "sleep", name="web", host=host)
        await run(engine, "sleep", name="db", host=HostConfig(network_mode="net"))
        # Our own process stands in for the one that the fake did not make.
        running = engine.store.find_container(container_id)
        engine.store.show(replace(running, pid=os.getpid()))
        record = await xray(engine, "web")
        kinds = {item.type: item for item in record.namespaces}
        assert kinds["net"].whose == "the host's"
        assert kinds["net"].inode.startswith("net:[")
        assert kinds["net"].flag == "--network=net"
        (place,) = record.networks
        assert (place.network, place.address) == ("net", "172.18.0.2/16")
        assert "web" in place.names
        assert place.neighbours == ("db 172.18.0.3",)
        assert record.ports == ("0.0.0.0:49153 -> 80/tcp",)
        assert record.security is not None
        assert record.mounts
        assert "namespaces" in encode(record, same_name)


def test_control_files_are_real() -> None:
    for item in read_cgroup(os.getpid()):
        assert Path(item.file).read_text().strip() != ""
    assert read_cgroup(2**22 + 1) == ()
