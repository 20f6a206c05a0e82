"""Links, on both engines: what old clients rely on."""

import pytest

from tests.contract.api.world import PREFIX, container
from tests.engines import Engine

pytestmark = [pytest.mark.root, pytest.mark.dockerd, pytest.mark.slow]


def _environment(text: str, address: str) -> list[str]:
    """Return what a link told, with a word in the place of the address."""
    lines = text.replace(address, "ADDRESS").splitlines()
    return sorted(line for line in lines if line.startswith("THE_DB_"))


def _address(engine: Engine, ref: str) -> str:
    body = engine.json("GET", f"/containers/{ref}/json")[1]
    address: str = body["NetworkSettings"]["Networks"]["bridge"]["IPAddress"]
    return address


def _told(engine: Engine) -> tuple[list[str], list[str], list[str]]:
    exposed = {"80/tcp": {}, "7/udp": {}}
    with (
        container(engine, "link-child", ExposedPorts=exposed, Env=["FOO=1"]) as child,
        container(
            engine,
            "link-parent",
            start=False,
            Cmd=["env"],
            HostConfig={"Links": [f"{PREFIX}link-child:the-db"]},
        ) as parent,
    ):
        name = engine.json("GET", f"/containers/{parent}/json")[1]["Name"][1:]
        printed = engine.docker("start", "-a", parent).stdout
        environment = _environment(printed, _address(engine, child))
        links = engine.json("GET", f"/containers/{parent}/json")[1]["HostConfig"]
        rows = engine.json("GET", "/containers/json?all=1")[1]
        names = next(row["Names"] for row in rows if row["Id"] == child)
        engine.request("DELETE", f"/containers/{name}/the-db?link=1")
        left = engine.json("GET", f"/containers/{parent}/json")[1]["HostConfig"]
        assert not left["Links"]
        return environment, links["Links"], names


def test_a_link_tells_the_same(both: tuple[Engine, Engine]) -> None:
    ours, real = (_told(engine) for engine in both)
    assert ours == real
    assert "THE_DB_ENV_FOO=1" in ours[0]
