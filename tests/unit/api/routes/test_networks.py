"""Networks, through HTTP."""

from pathlib import Path

from tests.unit.api.lab import open_api

SUBNET = {"Config": [{"Subnet": "10.9.0.0/24", "Gateway": "10.9.0.1"}]}


async def test_makes_shows_and_removes(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        wanted = {"Name": "net", "IPAM": SUBNET, "Labels": {"a": "b"}}
        status, made = await lab.ask("POST", "/networks/create", wanted)
        assert (status, made["Warning"]) == (201, "")
        _, body = await lab.ask("GET", "/networks/net")
        assert body["Id"] == made["Id"]
        assert body["IPAM"]["Config"] == SUBNET["Config"]
        _, rows = await lab.ask("GET", '/networks?filters={"name":["net"]}')
        assert [row["Name"] for row in rows] == ["net"]
        assert (await lab.ask("DELETE", "/networks/net"))[0] == 204
        assert (await lab.ask("GET", "/networks/net"))[0] == 404


async def test_connects_and_disconnects(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.ask("POST", "/networks/create", {"Name": "net", "IPAM": SUBNET})
        made = await lab.run("box1")
        wanted = {
            "Container": "box1",
            "EndpointConfig": {
                "Aliases": ["db"],
                "IPAMConfig": {"IPv4Address": "10.9.0.77"},
            },
        }
        assert (await lab.ask("POST", "/networks/net/connect", wanted))[0] == 200
        _, body = await lab.ask("GET", "/networks/net")
        assert body["Containers"][made]["IPv4Address"] == "10.9.0.77/24"
        _, body = await lab.ask("GET", "/containers/box1/json")
        assert "db" in body["NetworkSettings"]["Networks"]["net"]["Aliases"]
        left = {"Container": "box1"}
        assert (await lab.ask("POST", "/networks/net/disconnect", left))[0] == 200
        _, body = await lab.ask("GET", "/networks/net")
        assert body["Containers"] == {}


async def test_two_of_one_name_are_refused_by_new_versions(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        assert (await lab.ask("POST", "/networks/create", {"Name": "net"}))[0] == 201
        path = "/v1.47/networks/create"
        assert (await lab.ask("POST", path, {"Name": "net"}))[0] == 409


async def test_prunes_what_nobody_uses(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.ask("POST", "/networks/create", {"Name": "net"})
        _, body = await lab.ask("POST", "/networks/prune")
        assert body == {"NetworksDeleted": ["net"]}
        _, body = await lab.ask("POST", "/networks/prune")
        assert body == {"NetworksDeleted": None}
