"""What is in an engine at one moment, as pictures need it: containers and networks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import docker

_ALWAYS_THERE = ("bridge", "host", "none")


@dataclass(frozen=True, slots=True)
class Plug:
    """A container's place in a network; ``address`` is empty while it does not run."""

    network: str
    address: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A container. ``status`` is Docker's sentence, ``state`` its one word."""

    name: str
    image: str
    state: str
    status: str
    ports: tuple[str, ...] = ()
    plugs: tuple[Plug, ...] = ()

    @property
    def runs(self) -> bool:
        return self.state == "running"


@dataclass(frozen=True, slots=True)
class Wire:
    """A network."""

    name: str
    driver: str
    subnet: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True)
class World:
    """All containers by name, and the networks that are the user's or in use."""

    boxes: tuple[Box, ...] = ()
    wires: tuple[Wire, ...] = ()


def read_world(client: docker.APIClient) -> World:
    """Ask an engine."""
    return parse_world(client.containers(all=True), client.networks())


def parse_world(
    containers: Iterable[Mapping[str, Any]], networks: Iterable[Mapping[str, Any]]
) -> World:
    """Read the answers of ``GET /containers/json?all=1`` and ``GET /networks``."""
    boxes = sorted((_box(body) for body in containers), key=lambda box: box.name)
    used = {plug.network for box in boxes for plug in box.plugs}
    wires = sorted((_wire(body) for body in networks), key=lambda wire: wire.name)
    return World(
        tuple(boxes),
        tuple(w for w in wires if w.name in used or w.name not in _ALWAYS_THERE),
    )


def _box(body: Mapping[str, Any]) -> Box:
    # A link's other names have a second slash.
    names = [name.lstrip("/") for name in body["Names"]]
    places = (body.get("NetworkSettings") or {}).get("Networks") or {}
    return Box(
        name=min(names, key=lambda name: name.count("/")),
        image=body["Image"],
        state=body["State"],
        status=body["Status"],
        ports=_ports(body.get("Ports") or ()),
        plugs=tuple(
            Plug(name, place.get("IPAddress") or "")
            for name, place in sorted(places.items())
        ),
    )


def _ports(entries: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Spell published ports once, whatever the number of host addresses."""
    found = {
        (entry["PublicPort"], entry["PrivatePort"], entry["Type"])
        for entry in entries
        if entry.get("PublicPort")
    }
    return tuple(
        f"{public} → {private}" + ("" if kind == "tcp" else f"/{kind}")
        for public, private, kind in sorted(found)
    )


def _wire(body: Mapping[str, Any]) -> Wire:
    subnets = [
        entry["Subnet"]
        for entry in (body.get("IPAM") or {}).get("Config") or ()
        if entry.get("Subnet")
    ]
    return Wire(
        name=body["Name"],
        driver=body["Driver"],
        subnet=", ".join(subnets),
        internal=bool(body.get("Internal")),
    )
