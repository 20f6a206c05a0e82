"""Which ports are wanted."""

from labkit.engine.model import ContainerConfig, HostConfig
from labkit.engine.published import wanted_ports
from labkit.network.model import PortBinding
from tests.unit.engine.build import container

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
