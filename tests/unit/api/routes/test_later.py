"""What does not exist yet says so."""

from pathlib import Path

from tests.unit.api.lab import open_api


async def test_says_501_and_never_nothing(tmp_path: Path) -> None:
    async with open_api(tmp_path) as lab:
        for method, path in (
            ("POST", "/v1.41/session"),
            ("POST", "/grpc"),
        ):
            status, body = await lab.ask(method, path)
            assert status == 501
            assert body["message"].startswith("this engine does not serve")
        status, body = await lab.ask("GET", "/images/search?term=x")
        assert status == 501
        assert "cannot search Docker Hub" in body["message"]
