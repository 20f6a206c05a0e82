"""Answers field by field: ours beside a real dockerd's, at the version both speak."""

from typing import Any

import pytest

from tests.contract.api.world import PREFIX, container, free_port, network, normalise
from tests.contract.differences import BY_AGE, BY_DESIGN, differing, without
from tests.engines import TEST_IMAGE, Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]

KNOWN = {**BY_DESIGN, **BY_AGE}
Both = tuple[Engine, Engine]


def _seen(engine: Engine, path: str) -> Any:
    status, answer = engine.json("GET", f"/v1.41{path}")
    assert status == 200, answer
    return normalise(answer)


def _same(ours: Any, theirs: Any) -> None:
    assert differing(without(ours, KNOWN), without(theirs, KNOWN)) == []


def _inspect_both(both: Both, start: bool, **body: Any) -> tuple[Any, Any]:
    found = []
    for engine in both:
        with container(engine, "shape", start=start, **body) as made:
            found.append(_seen(engine, f"/containers/{made}/json"))
    return found[0], found[1]


def test_inspect_of_a_created_container(both: Both) -> None:
    _same(*_inspect_both(both, start=False))


def test_inspect_of_a_running_container(both: Both) -> None:
    _same(*_inspect_both(both, start=True))


def test_inspect_with_everything_said(both: Both) -> None:
    _same(
        *_inspect_both(
            both,
            start=False,
            Hostname="box",
            Domainname="example.test",
            User="nobody",
            Tty=True,
            OpenStdin=True,
            StdinOnce=True,
            Env=["A=1", "B="],
            Labels={"a": "b"},
            WorkingDir="/tmp",
            StopSignal="SIGINT",
            StopTimeout=3,
            ExposedPorts={"80/tcp": {}, "53/udp": {}},
            Healthcheck={"Test": ["CMD", "true"], "Interval": 1000000000},
            HostConfig={
                "Memory": 33554432,
                "MemorySwap": 67108864,
                "NanoCpus": 500000000,
                "PidsLimit": 50,
                "CapAdd": ["NET_ADMIN"],
                "CapDrop": ["MKNOD"],
                "ReadonlyRootfs": True,
                "RestartPolicy": {"Name": "on-failure", "MaximumRetryCount": 2},
                "Tmpfs": {"/run": "size=1m"},
                "Ulimits": [{"Name": "nofile", "Soft": 64, "Hard": 128}],
                "ExtraHosts": ["a.test:10.0.0.1"],
                "Dns": ["10.0.0.53"],
                "ShmSize": 1048576,
                "OomScoreAdj": 10,
                "SecurityOpt": ["no-new-privileges"],
                "PortBindings": {"80/tcp": [{"HostIp": "127.0.0.1"}]},
                "GroupAdd": ["10"],
            },
        )
    )


def test_inspect_of_an_ended_container(both: Both) -> None:
    found = []
    for engine in both:
        with container(engine, "shape", Cmd=["sh", "-c", "exit 7"]) as made:
            status, answer = engine.json("POST", f"/v1.41/containers/{made}/wait")
            assert (status, answer["StatusCode"]) == (200, 7)
            found.append(_seen(engine, f"/containers/{made}/json"))
    _same(*found)


def test_inspect_in_a_network_of_ones_own(both: Both) -> None:
    found = []
    for engine in both:
        endpoint = {"Aliases": ["other"], "IPAMConfig": {"IPv4Address": "10.222.2.9"}}
        with (
            network(engine, "net", IPAM={"Config": [{"Subnet": "10.222.2.0/24"}]}),
            container(
                engine,
                "shape",
                HostConfig={"NetworkMode": f"{PREFIX}net"},
                NetworkingConfig={"EndpointsConfig": {f"{PREFIX}net": endpoint}},
            ) as made,
        ):
            found.append(_seen(engine, f"/containers/{made}/json")["NetworkSettings"])
    _same({"NetworkSettings": found[0]}, {"NetworkSettings": found[1]})


def test_ports_in_the_list_and_in_inspect(both: Both) -> None:
    port = free_port()
    bindings = {
        "80/tcp": [{"HostPort": str(port)}],
        "53/udp": [{"HostIp": "127.0.0.1", "HostPort": str(port)}],
    }
    found = []
    for engine in both:
        body = {
            "ExposedPorts": {"80/tcp": {}, "53/udp": {}, "443/tcp": {}},
            "HostConfig": {"PortBindings": bindings},
        }
        with container(engine, "ports", **body) as made:
            listed = _seen(engine, f'/containers/json?filters={{"id":["{made}"]}}')
            settings = _seen(engine, f"/containers/{made}/json")["NetworkSettings"]
        rows = sorted(listed[0]["Ports"], key=str)
        found.append((rows, settings["Ports"]))
    assert found[0] == found[1]


def test_a_row_of_the_list(both: Both) -> None:
    found = []
    for engine in both:
        with container(engine, "row", Labels={"a": "b"}) as made:
            rows = _seen(engine, f'/containers/json?filters={{"id":["{made}"]}}')
        assert len(rows) == 1
        found.append(rows[0])
    _same(*found)


def test_a_network_with_a_member(both: Both) -> None:
    found = []
    for engine in both:
        body = {
            "IPAM": {
                "Config": [{"Subnet": "10.222.3.0/24", "IPRange": "10.222.3.0/25"}]
            },
            "Internal": True,
            "Labels": {"a": "b"},
            "Options": {"com.docker.network.driver.mtu": "1400"},
        }
        with (
            network(engine, "shape", **body) as made,
            container(engine, "member", HostConfig={"NetworkMode": f"{PREFIX}shape"}),
        ):
            found.append(_seen(engine, f"/networks/{made}"))
    _same(*found)


def test_the_networks_that_are_always_there(both: Both) -> None:
    for name in ("bridge", "host", "none"):
        ours, theirs = (_seen(engine, f"/networks/{name}") for engine in both)
        for found in (ours, theirs):
            found.pop("Containers")
            found["IPAM"]["Config"] = len(found["IPAM"]["Config"])
        _same(ours, theirs)


def test_an_image(both: Both) -> None:
    ours, theirs = (_seen(engine, f"/images/{TEST_IMAGE}/json") for engine in both)
    for found in (ours, theirs):
        found["RepoTags"] = [tag for tag in found["RepoTags"] if tag == TEST_IMAGE]
        found.pop("Metadata")
        found["GraphDriver"] = None
    _same(ours, theirs)


def test_the_history_of_an_image(both: Both) -> None:
    ours, theirs = (_seen(engine, f"/images/{TEST_IMAGE}/history") for engine in both)
    for found in (ours, theirs):
        for line in found:
            line.pop("Tags")
    _same(ours, theirs)


def test_a_volume(both: Both) -> None:
    found = []
    for engine in both:
        name = f"{PREFIX}volume"
        body = {"Name": name, "Labels": {"a": "b"}}
        status, made = engine.json("POST", "/v1.41/volumes/create", body)
        assert status == 201
        found.append((normalise(made), _seen(engine, f"/volumes/{name}")))
        assert engine.request("DELETE", f"/v1.41/volumes/{name}")[0] == 204
    for ours, theirs in zip(*found, strict=True):
        _same(ours, theirs)


def test_ping(both: Both) -> None:
    for method in ("GET", "HEAD"):
        (_, ours, our_body), (_, theirs, their_body) = (
            engine.request(method, "/_ping") for engine in both
        )
        assert our_body == their_body
        assert set(theirs) - {"date", "server", "content-length"} <= set(ours)
