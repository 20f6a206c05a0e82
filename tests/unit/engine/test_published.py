"""Which ports are wanted."""

from pathlib import Path

import pytest

from labkit.base.errors import InternalError
from labkit.engine.model import ContainerConfig, HostConfig
from labkit.engine.published import wanted_ports
from labkit.network.model import PortBinding
from tests.unit.engine.build import container
from tests.unit.engine.lab import make_world, open_lab, run

BINDING = PortBinding(80, host_port=8080)


def test_only_what_was_bound() -> None:
    record = container(
        ContainerConfig(exposed_ports=("53/udp",)), HostConfig(port_bindings=(BINDING,))
    )
    assert wanted_ports(record) == (BINDING,)


def test_all_that_is_exposed() -> None:
    host = HostConfig(port_bindings=(BINDING,), publish_all_ports=True)
    record = container(ContainerConfig(exposed_ports=("80", "53/udp", "90-91")), host)
    assert wanted_ports(record) == (
        BINDING,
        PortBinding(53, "udp"),
        PortBinding(90),
        PortBinding(91),
    )


async def test_refuses_what_no_relay_speaks(tmp_path: Path) -> None:
    async with open_lab(make_world(tmp_path)) as engine:
        host = HostConfig(port_bindings=(PortBinding(80, "sctp"),))
        with pytest.raises(InternalError, match="proxy: protocol not supported"):
            await run(engine, "sleep", host=host)
