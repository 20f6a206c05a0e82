"""Agents for ``--ssh``."""

import shutil
import socket
import subprocess
from pathlib import Path

import pytest

from labkit.docker_cli.buildx.agents import open_agents
from labkit.docker_cli.buildx.errors import BuildxError


def test_a_socket_is_an_agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "agent")
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(path)
        monkeypatch.setenv("SSH_AUTH_SOCK", path)
        with open_agents({"default": "", "x": path}) as found:
            assert found == {"default": path, "x": path}
    monkeypatch.delenv("SSH_AUTH_SOCK")
    for text, said in (
        ("", "make sure SSH_AUTH_SOCK is set"),
        (str(tmp_path), "is neither an ssh agent's socket nor a key"),
    ):
        with pytest.raises(BuildxError, match=said), open_agents({"default": text}):
            pass


def test_keys_have_an_agent_as_long_as_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("ssh-agent") is None:
        pytest.skip("needs ssh-agent")
    key = tmp_path / "key"
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "mine", "-f", key]
    subprocess.run(command, check=True)
    with open_agents({"default": str(key)}) as found:
        place = found["default"]
        monkeypatch.setenv("SSH_AUTH_SOCK", place)
        listed = subprocess.run(["ssh-add", "-l"], capture_output=True, check=True)
        assert b" mine " in listed.stdout
    assert not Path(place).exists()
    key.write_text("no key")
    refused = pytest.raises(BuildxError, match=r"cannot add .*key to an agent: ")
    with refused, open_agents({"default": str(key)}):
        pass
    monkeypatch.setenv("PATH", str(tmp_path))
    refused = pytest.raises(BuildxError, match="keys need ssh-agent, which isn't here")
    with refused, open_agents({"default": str(key)}):
        pass
