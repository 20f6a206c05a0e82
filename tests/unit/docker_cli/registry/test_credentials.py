import base64
import json

import pytest

from labkit.docker_cli.config import Config
from labkit.docker_cli.errors import CliError
from labkit.docker_cli.registry.credentials import (
    HUB,
    all_credentials,
    auth_header,
    credentials_for,
    erase,
    registry_of,
    store,
)

HELPER = """#!/bin/sh
case $1 in
get) echo '{"Username":"me","Secret":"word"}';;
*) cat > "$(dirname "$0")/$1";;
esac
"""


def test_what_is_stored_is_found_until_it_is_erased(tmp_path):
    config = Config(str(tmp_path))
    store(config, "r.example:5000", {"username": "me", "password": "a:b"})
    found = credentials_for(config, "r.example:5000")
    assert (found["username"], found["password"]) == ("me", "a:b")
    assert list(all_credentials(config)) == ["r.example:5000"]
    assert erase(config, "r.example:5000")
    assert not erase(config, "r.example:5000")
    assert credentials_for(config, "r.example:5000") == {}


def test_a_name_with_a_scheme_is_the_same_registry(tmp_path):
    config = Config(str(tmp_path))
    auth = base64.b64encode(b"me:x").decode()
    config.save({"auths": {"https://r.example/v1/": {"auth": auth}}})
    assert credentials_for(config, "r.example")["username"] == "me"


def test_a_helper_keeps_them(tmp_path, monkeypatch):
    helper = tmp_path / "bin" / "docker-credential-box"
    helper.parent.mkdir()
    helper.write_text(HELPER)
    helper.chmod(0o755)
    monkeypatch.setenv("PATH", f"{helper.parent}:/usr/bin:/bin")
    config = Config(str(tmp_path))
    config.save({"credsStore": "box"})
    assert credentials_for(config, "r")["password"] == "word"
    store(config, "r", {"username": "you", "password": "x"})
    assert json.loads((helper.parent / "store").read_text())["Secret"] == "x"
    assert erase(config, "r")
    config.save({"credHelpers": {"s": "none"}})
    with pytest.raises(CliError, match="executable file not found"):
        store(config, "s", {"username": "you", "password": "x"})


def test_the_engine_reads_who_the_user_is():
    header = auth_header({"username": "ü?>"})["X-Registry-Auth"]
    assert json.loads(base64.urlsafe_b64decode(header)) == {"username": "ü?>"}
    assert auth_header({}) == {"X-Registry-Auth": "e30="}
    assert registry_of("docker.io") == HUB
    assert registry_of("r.example") == "r.example"
