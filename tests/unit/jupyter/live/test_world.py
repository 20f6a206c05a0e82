"""Answers of an engine as a world."""

from typing import Any

from labkit.jupyter.live.world import Box, Plug, Wire, parse_world


def container(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "Names": [f"/{name}"],
        "Image": "nginx",
        "State": "running",
        "Status": "Up 2 minutes",
        "Ports": [],
        "NetworkSettings": {"Networks": {}},
        **fields,
    }


def network(name: str, driver: str = "bridge", *subnets: str) -> dict[str, Any]:
    config = [{"Subnet": subnet} for subnet in subnets]
    return {"Name": name, "Driver": driver, "IPAM": {"Config": config}}


def test_containers_come_by_name_with_their_places() -> None:
    places = {"b": {"IPAddress": "10.0.1.2"}, "a": {"IPAddress": ""}}
    bodies = [
        container("web", NetworkSettings={"Networks": places}),
        container("db", State="exited", Status="Exited (0)", Ports=None),
    ]
    world = parse_world(bodies, [])
    assert [box.name for box in world.boxes] == ["db", "web"]
    assert world.boxes[1].plugs == (Plug("a"), Plug("b", "10.0.1.2"))
    assert [box.runs for box in world.boxes] == [False, True]


def test_a_port_on_two_host_addresses_is_one_port() -> None:
    ports = [
        {"IP": ip, "PrivatePort": 80, "PublicPort": 8080, "Type": "tcp"}
        for ip in ("0.0.0.0", "::")
    ]
    ports += [
        {"PrivatePort": 443, "Type": "tcp"},
        {"PrivatePort": 53, "PublicPort": 5353, "Type": "udp"},
    ]
    (box,) = parse_world([container("web", Ports=ports)], []).boxes
    assert box.ports == ("5353 → 53/udp", "8080 → 80")


def test_a_link_is_not_the_name() -> None:
    (box,) = parse_world([container("x", Names=["/other/db", "/db"])], []).boxes
    assert box.name == "db"


def test_unused_networks_that_every_engine_has_are_left_out() -> None:
    places = {"bridge": {"IPAddress": "172.17.0.2"}}
    bodies = [container("web", NetworkSettings={"Networks": places})]
    networks = [
        network("none", "null"),
        network("host", "host"),
        network("bridge", "bridge", "172.17.0.0/16"),
        network("shop", "bridge", "10.1.0.0/24", "fd00::/64"),
    ]
    world = parse_world(bodies, networks)
    assert world.wires == (
        Wire("bridge", "bridge", "172.17.0.0/16"),
        Wire("shop", "bridge", "10.1.0.0/24, fd00::/64"),
    )
    assert world.boxes == (
        Box(
            "web",
            "nginx",
            "running",
            "Up 2 minutes",
            (),
            (Plug("bridge", "172.17.0.2"),),
        ),
    )
