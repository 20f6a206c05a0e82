"""A container's places in its networks."""

from labkit.api.present.network_settings import (
    describe_attachments,
    describe_network_settings,
)
from labkit.api.versions import NEWEST, ApiVersion
from labkit.engine.model import Attachment, ContainerConfig, EndpointRequest
from tests.unit.api.present.records import make_attachment, make_container

OLD = ApiVersion(1, 43)


def test_the_upper_half_repeats_the_default_bridge() -> None:
    container = make_container(pid=7, attachments=(make_attachment("bridge"),))
    body = describe_network_settings(container, NEWEST)
    assert body["IPAddress"] == "10.0.0.2"
    assert body["Networks"]["bridge"]["IPAddress"] == "10.0.0.2"
    assert body["SandboxKey"] == "/proc/7/ns/net"


def test_another_network_leaves_the_upper_half_empty() -> None:
    container = make_container(pid=7, attachments=(make_attachment("net"),))
    body = describe_network_settings(container, NEWEST)
    assert (body["IPAddress"], body["IPPrefixLen"]) == ("", 0)
    assert body["Networks"]["net"]["IPPrefixLen"] == 24


def test_ports_are_shown_while_it_runs() -> None:
    config = ContainerConfig(exposed_ports=("80/tcp",))
    running = make_container(pid=7, config=config)
    stopped = make_container(config=config)
    assert describe_network_settings(running, NEWEST)["Ports"] == {"80/tcp": None}
    assert describe_network_settings(stopped, NEWEST)["Ports"] == {}


def test_names_by_version() -> None:
    container = make_container(attachments=(make_attachment("net", aliases=("db",)),))
    new = describe_attachments(container, NEWEST)["net"]
    old = describe_attachments(container, OLD)["net"]
    assert new["Aliases"] == ["db"]
    assert new["DNSNames"] == ["web", "db", "abababababab"]
    assert old["Aliases"] == ["db", "abababababab"]
    assert "DNSNames" not in old


def test_the_default_bridge_has_no_names() -> None:
    container = make_container(attachments=(make_attachment("bridge"),))
    assert describe_attachments(container, OLD)["bridge"]["Aliases"] is None
    assert describe_attachments(container, NEWEST)["bridge"]["DNSNames"] is None


def test_a_wanted_address_is_shown_as_wanted() -> None:
    wanted = make_attachment("net", ipv4="10.0.0.2")
    body = describe_attachments(make_container(attachments=(wanted,)), NEWEST)
    assert body["net"]["IPAMConfig"] == {"IPv4Address": "10.0.0.2"}
    plain = make_container(attachments=(make_attachment("net"),))
    assert describe_attachments(plain, NEWEST)["net"]["IPAMConfig"] is None


def test_before_its_first_start_only_wishes_are_known() -> None:
    request = EndpointRequest(aliases=("db",), mac_address="02:00:00:00:00:07")
    wish = Attachment(network_id="", network_name="net", request=request)
    body = describe_attachments(make_container(attachments=(wish,)), OLD)["net"]
    assert body["Aliases"] == ["db"]
    assert body["MacAddress"] == "02:00:00:00:00:07"
