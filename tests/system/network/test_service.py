"""The whole network for real: bridges, names, ports, ways out and faults."""

import os
import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from labkit.base.errors import ConflictError, InternalError, UnavailableError
from labkit.network.model import PortBinding, Resolver, Subnet
from labkit.network.service import NetworkService
from tests.system.network.conftest import traces
from tests.system.network.world import (
    Container,
    World,
    curl,
    ip,
    make_network,
    outside_world,
)
from tests.unit.network.fake_resolver import FakeResolver
from tests.waiting import wait_until

pytestmark = pytest.mark.root

ICC = "com.docker.network.bridge.enable_icc"
MTU = "com.docker.network.driver.mtu"


def test_a_container_has_address_route_and_neighbours(world: World) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    two, second = world.join(network)
    (eth0,) = one.json("ip", "-j", "addr", "show", "eth0")
    assert eth0["address"] == "02:42:ac:1d:00:02"
    assert [a["local"] for a in eth0["addr_info"]] == [first.ipv4]
    assert eth0["addr_info"][0]["broadcast"] == "172.29.255.255"
    routes = one.json("ip", "-j", "route")
    assert routes[0]["dst"] == "default"
    assert routes[0]["gateway"] == "172.29.0.1"
    assert two.reaches(first.ipv4)
    assert one.reaches("127.0.0.1")
    assert one.reaches("172.29.0.1")
    assert second.ipv4 == "172.29.0.3"


def test_the_engines_namespace_shows_dockers_names(world: World) -> None:
    world.join(make_network("a", 29))
    world.join(make_network("b", 30, is_default=True))
    links = world.inside("ip", "-br", "link")
    assert "br-aaaaaaaaaaaa" in links
    assert "docker0" in links
    assert links.count("veth") == 2
    assert "br-aaaaaaaaaaaa" not in ip("link")


def test_networks_are_islands(world: World) -> None:
    one, first = world.join(make_network("a", 29))
    other, _ = world.join(make_network("b", 30))
    assert not other.pings(first.ipv4)
    assert other.reaches("172.30.0.1")
    # until a container is in both
    world.join(make_network("a", 29), other, eth=1)
    assert other.reaches(first.ipv4)
    assert one.reaches(first.ipv4)


def test_names_are_answered_as_docker_answers_them(world: World) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    two, _ = world.join(network)
    with FakeResolver() as outside:
        resolver = Resolver((network.id,), (outside.address,))
        world.service.serve_dns("two", two.pid, resolver)
        world.service.set_names(
            network.id, {"web": (first.ipv4,)}, {first.ipv4: "web.net-a"}
        )
        for name in ("web", "WEB", "web.net-a", "outside.example"):
            answer = two.run("busybox", "nslookup", name, "127.0.0.11").stdout
            assert ("203.0.113.7" if "outside" in name else first.ipv4) in answer
        answer = two.run("busybox", "nslookup", first.ipv4, "127.0.0.11").stdout
        assert "web.net-a" in answer
        assert (
            "NXDOMAIN"
            in two.run("busybox", "nslookup", "nosuch.example", "127.0.0.11").stdout
        )
    # One that nobody serves has no server at all.
    assert one.run("busybox", "nslookup", "web", "127.0.0.11").returncode != 0
    world.service.stop_dns("two")


def test_an_internal_network_leads_nowhere(world: World) -> None:
    network = make_network("a", 29, internal=True)
    one, first = world.join(network)
    two, _ = world.join(network)
    with FakeResolver() as resolver, outside_world("lk-out1") as address:
        world.service.serve_dns(
            "two", two.pid, Resolver((network.id,), (resolver.address,))
        )
        answer = two.run("busybox", "nslookup", "outside.example", "127.0.0.11")
        assert "SERVFAIL" in answer.stdout
        assert resolver.asked == []
        assert two.reaches(first.ipv4)
        assert not two.pings(address)
        assert two.fetches(f"http://{address}/") == ""
    assert one.reaches("172.29.0.1")


def test_the_world_sees_the_hosts_address(world: World) -> None:
    one, _ = world.join(make_network("a", 29))
    with outside_world("lk-out2") as address:
        assert one.reaches(address)
        assert one.fetches(f"http://{address}/") == "203.0.113.1"


def test_the_world_reaches_no_container_by_itself(world: World) -> None:
    _, first = world.join(make_network("a", 29))
    with outside_world("lk-out3"):
        ip("-n", "lk-out3", "route", "add", "172.29.0.0/16", "via", "203.0.113.1")
        command = ["netns", "exec", "lk-out3", "busybox", "ping", "-c1", "-W1"]
        with pytest.raises(Exception, match="non-zero exit status"):
            ip(*command, first.ipv4)


def test_the_host_reaches_a_containers_address(world: World, tmp_path: Path) -> None:
    one, first = world.join(make_network("a", 29))
    world.web(one, "hello", tmp_path / "www")
    assert curl(f"http://{first.ipv4}/") == "hello"


def test_a_published_port_is_reached_from_everywhere(
    world: World, tmp_path: Path
) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    other, _ = world.join(make_network("b", 30))
    world.web(one, "hello", tmp_path / "www")
    rows = world.service.publish("one", first, "web", (PortBinding(80),))
    port = rows[0].host_port
    assert [row.host_ip for row in rows] == ["0.0.0.0", "::"]
    assert curl(f"http://127.0.0.1:{port}/") == "hello"
    assert curl(f"http://[::1]:{port}/") == "hello"
    for source in (one, other):
        gateway = "172.29.0.1" if source is one else "172.30.0.1"
        assert source.fetches(f"http://{gateway}:{port}/") == "hello"
    with outside_world("lk-out4"):
        assert one.fetches(f"http://203.0.113.1:{port}/") == "hello"
        command = ("netns", "exec", "lk-out4", "curl", "-s", "-m2")
        assert ip(*command, f"http://203.0.113.1:{port}/") == "hello"
    world.service.unpublish("one")
    assert curl(f"http://127.0.0.1:{port}/") == ""


def test_ports_are_ours_or_a_strangers(world: World) -> None:
    network = make_network("a", 29)
    _, first = world.join(network)
    _, second = world.join(network)
    (row, _) = world.service.publish("one", first, "web", (PortBinding(80),))
    wanted = (PortBinding(80, host_port=row.host_port),)
    with pytest.raises(InternalError, match=r"port is already allocated$"):
        world.service.publish("two", second, "db", wanted)
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        number = stranger.getsockname()[1]
        with pytest.raises(InternalError, match=r"bind: address already in use$"):
            world.service.publish(
                "two", second, "db", (PortBinding(80, "tcp", "", number),)
            )
    world.service.unpublish("one")
    assert world.service.publish("two", second, "db", wanted)[0] == row


def test_udp_is_published_too(world: World) -> None:
    one, first = world.join(make_network("a", 29))
    echo = "import socket;s=socket.socket(2,2);s.bind(('',53));"
    echo += "d,a=s.recvfrom(99);s.sendto(d.upper(),a)"
    server = world.start(one, "python3", "-S", "-c", echo)
    wait_until(
        lambda: ":53" in one.run("ss", "-Hlun").stdout or server.poll(), "it listens"
    )
    rows = world.service.publish(
        "one", first, "u", (PortBinding(53, "udp", "127.0.0.1"),)
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(5)
        client.sendto(b"hello", ("127.0.0.1", rows[0].host_port))
        assert client.recv(99) == b"HELLO"
    server.wait(5)


def test_containers_of_a_network_without_icc_are_apart(world: World) -> None:
    network = make_network("a", 29, options={ICC: "false", MTU: "1400"})
    _, first = world.join(network)
    two, _ = world.join(network)
    assert not two.pings(first.ipv4)
    assert two.reaches("172.29.0.1")
    assert two.json("ip", "-j", "link", "show", "eth0")[0]["mtu"] == 1400


def test_nothing_of_the_engine_answers_a_container(world: World) -> None:
    one, _ = world.join(make_network("a", 29))
    with socket.create_server(("127.0.0.1", 0)) as private:
        number = private.getsockname()[1]
        for address in ("172.29.0.1", "10.189.0.1", "127.0.0.1"):
            assert one.fetches(f"http://{address}:{number}/") == ""


def test_connect_and_disconnect_while_running(world: World) -> None:
    first, second = make_network("a", 29), make_network("b", 30)
    one, kept = world.join(first)
    _, left = world.join(second, one, eth=1)
    assert one.json("ip", "-j", "route")[0]["gateway"] == "172.30.0.1"
    world.service.disconnect(second, left, one.pid)
    links = {link["ifname"] for link in one.json("ip", "-j", "link")}
    assert links == {"lo", "eth0"}
    world.service.disconnect(second, left, one.pid)  # twice is fine
    world.service.disconnect(second, left, None)
    world.service.connect(first, kept, one.pid, "eth0", default_route=True)
    assert one.json("ip", "-j", "route")[0]["gateway"] == "172.29.0.1"


def test_a_process_that_ended_is_a_conflict_and_leaves_nothing(world: World) -> None:
    network = make_network("a", 29)
    world.service.ensure_network(network)
    gone = Container()
    gone.end()
    endpoint = world.endpoint(network)
    with pytest.raises(ConflictError, match="cannot enter the network namespace"):
        world.service.connect(network, endpoint, gone.pid, "eth0", default_route=True)
    with pytest.raises(ConflictError, match="has ended"):
        world.service.serve_dns("gone", gone.pid, Resolver((network.id,)))
    assert "veth" not in world.inside("ip", "-br", "link")


def test_a_failure_inside_takes_the_pair_away_again(world: World) -> None:
    network = make_network("a", 29)
    world.service.ensure_network(network)
    one = world.container()
    wrong = replace(world.endpoint(network), gateway="192.0.2.99")
    with pytest.raises(OSError, match=r"add route to '0.0.0.0/0' via '192.0.2.99'"):
        world.service.connect(network, wrong, one.pid, "eth0", default_route=True)
    assert "veth" not in world.inside("ip", "-br", "link")
    assert {link["ifname"] for link in one.json("ip", "-j", "link")} == {"lo"}


def test_an_ipv6_network_works_inside(world: World) -> None:
    network = replace(
        make_network("a", 29),
        enable_ipv6=True,
        subnets=(Subnet("172.29.0.0/16", "172.29.0.1"), Subnet("fd07::/64", "fd07::1")),
    )
    world.service.ensure_network(network)
    containers = []
    for number in (2, 3):
        container = world.container()
        endpoint = replace(
            world.endpoint(network),
            ipv6=f"fd07::{number}",
            ipv6_prefix=64,
            ipv6_gateway="fd07::1",
        )
        world.service.connect(
            network, endpoint, container.pid, "eth0", default_route=True
        )
        containers.append(container)
    assert containers[0].reaches("fd07::3")
    assert containers[0].reaches("::1")
    routes = containers[0].json("ip", "-6", "-j", "route", "show", "default")
    assert routes[0]["gateway"] == "fd07::1"


def test_without_networks_there_is_still_a_loopback(world: World) -> None:
    one = world.container()
    world.service.bring_loopback_up(one.pid)
    assert one.reaches("127.0.0.1")


def test_the_end_of_a_container_frees_its_interfaces(world: World) -> None:
    network = make_network("a", 29)
    one, _ = world.join(network)
    world.service.serve_dns("one", one.pid, Resolver((network.id,)))
    one.end()  # nobody calls stop_dns: netd notices by itself
    wait_until(
        lambda: "veth" not in world.inside("ip", "-br", "link"), "the veth is gone"
    )


def test_a_removed_network_leaves_neither_bridge_nor_rule_nor_route(
    world: World,
) -> None:
    network = make_network("a", 29)
    world.service.ensure_network(network)
    assert "172.29.0.0/16" in ip("route")
    world.service.remove_network(network)
    world.service.remove_network(network)
    assert "br-aaaaaaaaaaaa" not in world.inside("ip", "-br", "link")
    assert "br-aaaaaaaaaaaa" not in world.inside("nft", "list", "ruleset")
    assert "172.29.0.0/16" not in ip("route")


def test_the_next_daemon_finds_everything_as_it_was(
    world: World, tmp_path: Path
) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    world.web(one, "hello", tmp_path / "www")
    (row, _) = world.service.publish("one", first, "web", (PortBinding(80),))
    world.service.serve_dns("one", one.pid, Resolver((network.id,)))
    world.service.set_names(network.id, {"web": (first.ipv4,)}, {})
    url = f"http://127.0.0.1:{row.host_port}/"
    netd = world.service.namespace_path()
    world.service.close(keep=True)
    assert curl(url) == "hello"  # with no daemon at all
    service = world.reopen()
    assert service.namespace_path() == netd
    service.ensure_network(network)
    service.connect(network, first, one.pid, "eth0", default_route=True)
    service.serve_dns("one", one.pid, Resolver((network.id,)))
    assert service.publish("one", first, "web", (PortBinding(80),))[0] == row
    assert curl(url) == "hello"
    assert first.ipv4 in one.run("busybox", "nslookup", "web", "127.0.0.11").stdout
    two, _ = world.join(network)
    assert two.reaches(first.ipv4)


def test_a_killed_netd_is_replaced_and_told_everything(
    world: World, tmp_path: Path
) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    world.web(one, "hello", tmp_path / "www")
    (row, _) = world.service.publish("one", first, "web", (PortBinding(80),))
    world.service.serve_dns("one", one.pid, Resolver((network.id,)))
    world.service.set_names(network.id, {"web": (first.ipv4,)}, {})
    before = world.service.namespace_path()
    os.kill(int(before.parts[2]), signal.SIGKILL)
    # nobody asks for anything: the watch restores it
    wait_until(
        lambda: curl(f"http://127.0.0.1:{row.host_port}/") == "hello", "it is back"
    )
    wait_until(world.service.is_alive, "the service has taken it over")
    assert world.service.namespace_path() != before
    assert one.reaches("172.29.0.1")
    assert first.ipv4 in one.run("busybox", "nslookup", "web", "127.0.0.11").stdout


def test_daemon_and_netd_killed_together_can_be_rebuilt(world: World) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    two, second = world.join(network)
    os.kill(int(world.service.namespace_path().parts[2]), signal.SIGSTOP)
    pid = int(world.service.namespace_path().parts[2])
    world.service.close(keep=True)
    os.kill(pid, signal.SIGKILL)
    wait_until(
        lambda: {link["ifname"] for link in one.json("ip", "-j", "link")} == {"lo"},
        "the namespace and all veths are gone",
    )
    service = world.reopen()
    service.ensure_network(network)
    service.connect(network, first, one.pid, "eth0", default_route=True)
    service.connect(network, second, two.pid, "eth0", default_route=True)
    assert one.reaches(second.ipv4)


def test_two_engines_share_a_host_and_even_a_subnet(
    world: World, tmp_path: Path
) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    other = NetworkService(tmp_path / "other", "0f0f0f")
    other.open()
    try:
        other.ensure_network(network)
        two = world.container()
        other.connect(network, first, two.pid, "eth0", default_route=True)
        with outside_world("lk-out5") as address:
            assert one.reaches(address)
            assert two.reaches(address)
    finally:
        other.close(keep=False)
    assert traces("0f0f0f") == []
    assert one.reaches("172.29.0.1")


def test_facts_say_what_ip_and_nft_say(world: World) -> None:
    network = make_network("a", 29)
    one, first = world.join(network)
    world.service.serve_dns("one", one.pid, Resolver((network.id,), ("10.0.0.53",)))
    world.service.set_names(network.id, {"web": (first.ipv4,)}, {})
    facts = world.service.facts("one", one.pid)
    (eth0,) = [i for i in facts.interfaces if i.interface == "eth0"]
    (seen,) = one.json("ip", "-j", "addr", "show", "eth0")
    assert (eth0.index, eth0.mac) == (seen["ifindex"], seen["address"])
    assert eth0.addresses == ("172.29.0.2/16",)
    assert eth0.bridge == "br-aaaaaaaaaaaa"
    assert eth0.peer_index == seen["link_index"]
    assert f"master {eth0.bridge}" in world.inside("ip", "link", "show", eth0.peer)
    assert "default via 172.29.0.1 dev eth0" in facts.routes
    assert (facts.names, facts.upstream) == ({"web": (first.ipv4,)}, ("10.0.0.53",))
    ruleset = world.inside("nft", "--stateless", "list", "ruleset")
    for line in facts.rules:
        assert without_counter(line.partition(": ")[2]) in without_counter(ruleset)


def without_counter(text: str) -> str:
    return text.replace("counter ", "").replace("counter", "")


def test_a_published_port_survives_a_flood_of_connections(
    world: World, tmp_path: Path
) -> None:
    one, first = world.join(make_network("a", 29))
    world.web(one, "hello", tmp_path / "www")
    (row,) = world.service.publish(
        "one", first, "w", (PortBinding(80, "tcp", "127.0.0.1"),)
    )
    pid = world.service.namespace_path().parts[2]
    before = len(os.listdir(f"/proc/{pid}/fd"))
    for _ in range(50):
        socket.create_connection(("127.0.0.1", row.host_port)).close()
    assert curl(f"http://127.0.0.1:{row.host_port}/") == "hello"
    wait_until(
        lambda: len(os.listdir(f"/proc/{pid}/fd")) <= before, "all files are closed"
    )


def test_a_closed_service_says_so(tmp_path: Path) -> None:
    service = NetworkService(tmp_path, "000000")
    with pytest.raises(UnavailableError, match="not open"):
        service.ensure_network(make_network("a", 29))
    service.close(keep=False)  # closing what was never open is fine


def test_host_routes_name_what_the_host_reaches(world: World) -> None:
    with outside_world("lk-out6"):
        assert "203.0.113.0/30" in world.service.host_routes()
