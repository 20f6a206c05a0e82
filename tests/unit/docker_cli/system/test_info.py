import json

from tests.unit.docker_cli.answering import answering
from tests.unit.docker_cli.typing_in import type_in

INFO = {
    "ID": "x",
    "BridgeNfIptables": False,
    "RegistryConfig": {
        "AllowNondistributableArtifactsCIDRs": [],
        "InsecureRegistryCIDRs": ["127.0.0.0/8"],
        "Mirrors": [],
    },
    "RuncCommit": {"ID": "", "Expected": ""},
    "InitCommit": {"ID": "a", "Expected": "b"},
    "Warnings": ["No swap"],
}


def test_json_has_the_words_of_version_28(capsys, tmp_path):
    with answering(tmp_path, {"GET /v1.47/info": (200, INFO)}):
        found = json.loads(type_in(capsys, "info", "--format", "json").out)
    client = found.pop("ClientInfo")
    assert list(client)[:2] == ["Debug", "Version"]
    assert "ApiVersion" not in client
    assert found == {
        "ID": "x",
        "RegistryConfig": {"InsecureRegistryCIDRs": ["127.0.0.0/8"], "Mirrors": []},
        "RuncCommit": {"ID": ""},
        "InitCommit": {"ID": "a", "Expected": "b"},
        "CDISpecDirs": None,
        "Warnings": ["No swap"],
    }


def test_says_what_it_can_without_an_engine(capsys):
    typed = type_in(capsys, "info")
    assert typed.code == 1
    assert typed.out.startswith("Client:\n Version:    28.")
    assert "Cannot connect to the Docker daemon" in typed.err
