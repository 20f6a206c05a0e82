"""Words with a grammar of their own: what is refused, and what is not."""

import pytest

from labkit.base.errors import InvalidInputError
from labkit.engine.containers.grammar import check_endpoint
from labkit.engine.containers.validate import validate
from labkit.engine.model import (
    ContainerConfig,
    EndpointRequest,
    HostConfig,
    LogConfig,
    ResourceLimits,
)
from labkit.network.model import PortBinding


def _set(**values: object) -> HostConfig:
    return HostConfig(resources=ResourceLimits(**values))


def _log(driver: str = "json-file", **options: str) -> HostConfig:
    named = {name.replace("_", "-"): value for name, value in options.items()}
    return HostConfig(log_config=LogConfig(driver, named))


@pytest.mark.parametrize(
    ("host", "text"),
    [
        (HostConfig(extra_hosts=("x",)), 'bad format for add-host: "x"'),
        (HostConfig(extra_hosts=(":1.2.3.4",)), 'bad format for add-host: ":1.2.3.4"'),
        (HostConfig(extra_hosts=("x:y",)), 'invalid IP address in add-host: "y"'),
        (
            HostConfig(port_bindings=(PortBinding(80, "tcp", host_ip="abc"),)),
            "invalid IP address: abc",
        ),
        (
            _set(cpuset_cpus="a-b"),
            "Invalid value a-b for cpuset cpus: invalid format: a-b",
        ),
        (
            _set(cpuset_cpus="0,3-1"),
            "Invalid value 0,3-1 for cpuset cpus: invalid format: 3-1",
        ),
        (
            _set(cpuset_mems="x"),
            "Invalid value x for cpuset mems: invalid format: x",
        ),
        (
            HostConfig(tmpfs={"x": ""}),
            "invalid mount path: 'x' mount path must be absolute",
        ),
        (
            HostConfig(tmpfs={"//": ""}),
            "invalid specification: destination can't be '/'",
        ),
        (_log(nosuch="1"), "unknown log opt 'nosuch' for json-file log driver"),
        (_log("local", nosuch="1"), "unknown log opt 'nosuch' for log driver local"),
        (_set(memory=-5), "Minimum memory limit allowed is 6MB"),
    ],
)
def test_refuses_in_dockers_words(host: HostConfig, text: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        validate(ContainerConfig(), host)
    assert str(caught.value) == text


def test_cpus_that_are_not_there_are_named_beside_those_that_are() -> None:
    with pytest.raises(InvalidInputError, match=r"requested 9999, available: 0"):
        validate(ContainerConfig(), _set(cpuset_cpus="9999"))


@pytest.mark.parametrize(
    "text", ["zz", "02:42", "02:42:ac:11:00:0g", "02:42-ac:11:0:2"]
)
def test_refuses_what_is_no_mac_address(text: str) -> None:
    with pytest.raises(InvalidInputError, match=f"address {text}: invalid MAC address"):
        validate(ContainerConfig(mac_address=text), HostConfig())
    with pytest.raises(InvalidInputError, match="invalid MAC address"):
        check_endpoint(EndpointRequest(mac_address=text))


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        (EndpointRequest(ipv4="zzz"), "invalid IPv4 address: zzz"),
        (EndpointRequest(ipv4="fd00::1"), "invalid IPv4 address: fd00::1"),
        (EndpointRequest(ipv6="10.0.0.1"), "invalid IPv6 address: 10.0.0.1"),
        (EndpointRequest(link_local_ips=("x",)), "invalid link-local IP address: x"),
    ],
)
def test_refuses_what_is_no_address(request_: EndpointRequest, text: str) -> None:
    with pytest.raises(InvalidInputError, match=text):
        check_endpoint(request_)


def test_takes_what_docker_takes() -> None:
    host = HostConfig(
        extra_hosts=("a:10.0.0.1", "b:host-gateway", "c:fd00::1", "d:[fd00::1]"),
        port_bindings=(PortBinding(80, "tcp", host_ip="::1"),),
        tmpfs={"/run": "size=1m"},
        log_config=LogConfig("json-file", {"max-size": "1m", "max-file": "3"}),
        resources=ResourceLimits(cpuset_cpus="0", cpuset_mems="0"),
    )
    validate(ContainerConfig(mac_address="02:42:ac:11:00:02"), host)
    validate(ContainerConfig(), _log("none", anything="1"))
    check_endpoint(EndpointRequest(ipv4="10.0.0.1", ipv6="fd00::1"))
