import pytest

from labkit.base.errors import InvalidInputError
from labkit.grading.checks.ports import parse_port
from labkit.grading.probes import PortBinding
from tests.unit.grading.build import fields, find, make_container, publish, see


@pytest.mark.parametrize(
    ("text", "binding"),
    [
        ("8081:80", PortBinding("", 8081, 80, "tcp")),
        ("127.0.0.1:8081:80/tcp", PortBinding("127.0.0.1", 8081, 80, "tcp")),
        ("[::1]:53:53/udp", PortBinding("::1", 53, 53, "udp")),
    ],
)
def test_reads_what_docker_run_takes(text, binding):
    assert parse_port(text) == binding


@pytest.mark.parametrize("text", ["80", "a:80", "80:80/sctp", "1.2.3.4:80", ""])
def test_refuses_what_is_no_published_port(text):
    with pytest.raises(InvalidInputError, match="invalid published port"):
        parse_port(text)


@pytest.mark.parametrize("ip", ["0.0.0.0", "::", ""])
def test_without_an_address_every_address_is_meant(ip):
    seen = see(make_container(ports=(publish(ip, 8081, 80),)))
    assert fields("container", seen, name="web", ports=["8081:80"]) == []
    wanted = ["127.0.0.1:8081:80"]
    assert fields("container", seen, name="web", ports=wanted) == ["ports"]


def test_an_address_means_that_one_alone():
    loopback, everywhere = publish("127.0.0.1", 8081, 80), publish("::", 8081, 80)
    wanted = {"name": "web", "ports": ["127.0.0.1:8081:80"]}
    assert fields("container", see(make_container(ports=(loopback,))), **wanted) == []
    both = see(make_container(ports=(loopback, everywhere)))
    assert fields("container", both, **wanted) == ["ports"]


def test_a_second_port_is_no_fault_if_it_is_open_no_wider():
    one, other = publish("127.0.0.1", 8081, 80), publish("127.0.0.1", 9000, 80)
    wide = publish("0.0.0.0", 9000, 80)
    wanted = {"name": "web", "ports": ["127.0.0.1:8081:80"]}
    for ports, found in {(one, other): [], (one, wide): ["ports"]}.items():
        assert fields("container", see(make_container(ports=ports)), **wanted) == found
    everywhere = see(make_container(ports=(publish("", 8081, 80), wide)))
    both = ["8081:80", "9000:80"]
    assert fields("container", everywhere, name="web", ports=both) == []


@pytest.mark.parametrize(
    "binding",
    [publish("", 8082, 80), publish("", 8081, 81), publish("", 8081, 80, "udp")],
)
def test_tells_ports_and_protocols_apart(binding):
    seen = see(make_container(ports=(binding,)))
    (finding,) = find("container", seen, name="web", ports=["8081:80"])
    assert finding.expected == "0.0.0.0:8081:80/tcp"
    assert finding.found == str(binding)


def test_nothing_published_means_nothing():
    assert fields("container", see(make_container()), name="web", no_ports=True) == []
    seen = see(make_container(ports=(publish("127.0.0.1", 1, 80),)))
    assert fields("container", seen, name="web", no_ports=True) == ["no_ports"]
