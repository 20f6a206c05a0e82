"""Volumes, through HTTP."""

from pathlib import Path

from tests.unit.api.lab import open_api


async def test_makes_shows_and_removes(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        wanted = {"Name": "data", "Labels": {"a": "b"}}
        status, made = await lab.ask("POST", "/volumes/create", wanted)
        assert (status, made["Name"], made["Labels"]) == (201, "data", {"a": "b"})
        _, body = await lab.ask("GET", "/volumes")
        assert [row["Name"] for row in body["Volumes"]] == ["data"]
        assert (await lab.ask("GET", "/volumes/data"))[1] == made
        assert (await lab.ask("DELETE", "/volumes/data"))[0] == 204
        assert (await lab.ask("GET", "/volumes/data"))[0] == 404


async def test_volumes_of_a_swarm_are_refused_where_they_are_known(
    tmp_path: Path,
) -> None:
    async with open_api(tmp_path) as lab:
        wanted = {"Name": "data", "ClusterVolumeSpec": {"Group": "g"}}
        status, said = await lab.ask("POST", "/v1.42/volumes/create", wanted)
        assert status == 503
        assert said["message"].startswith("This node is not a swarm manager.")
        status, _ = await lab.ask("POST", "/v1.41/volumes/create", wanted)
        assert status == 201


async def test_prune_spares_named_ones_since_1_42(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        await lab.ask("POST", "/volumes/create", {"Name": "data"})
        _, body = await lab.ask("POST", "/v1.42/volumes/prune")
        assert body["VolumesDeleted"] == []
        _, body = await lab.ask("POST", "/v1.41/volumes/prune")
        assert body["VolumesDeleted"] == ["data"]
