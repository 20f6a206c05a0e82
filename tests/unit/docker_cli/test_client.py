import pytest

from labkit.docker_cli.client import (
    Client,
    filters_query,
    path_of,
    version_number,
)
from labkit.docker_cli.endpoint import Endpoint
from labkit.docker_cli.errors import CliError, EngineError
from tests.unit.docker_cli.answering import answering


def test_speaks_the_older_of_the_two_versions_and_keeps_its_connection(tmp_path):
    routes = {"GET /v1.47/info": (200, {"ID": "x"}), "POST /v1.47/commit": (201, {})}
    with answering(tmp_path, routes) as answers:
        client = Client(Endpoint(answers.host))
        assert client.version == "1.47"
        assert client.get("/info") == {"ID": "x"}
        assert client.post("/commit", {"repo": "a"}, {"A": 1}) == {}
        assert answers.asked == ["GET /v1.47/info", "POST /v1.47/commit?repo=a"]
        assert answers.bodies[1] == b'{"A":1}'
        assert len(client._opened) == 1
        client.close()


def test_a_version_can_be_asked_for(tmp_path, monkeypatch):
    monkeypatch.setenv("DOCKER_API_VERSION", "1.30")
    with answering(tmp_path, {"GET /v1.30/info": (200, {})}) as answers:
        client = Client(Endpoint(answers.host))
        client.get("/info")
        client.close()
        assert answers.asked == ["GET /v1.30/info"]


def test_a_refusal_is_raised(tmp_path):
    with answering(tmp_path, {}) as answers:
        client = Client(Endpoint(answers.host))
        with pytest.raises(EngineError, match="Error response from daemon: no such"):
            client.delete("/containers/x")
        with pytest.raises(CliError, match="unable to upgrade to tcp, received 404"):
            client.hijack("/containers/x/attach")
        client.close()


def test_paths_filters_and_versions():
    assert path_of("containers", "a b/c", "/json") == "/containers/a%20b%2Fc/json"
    assert path_of("images", "a/b:1", "/tag") == "/images/a/b:1/tag"
    assert filters_query(["label=a", "label=b=c"]) == {
        "filters": {"label": {"a": True, "b=c": True}}
    }
    assert filters_query([]) == {}
    assert version_number("1.9") < version_number("1.44")
