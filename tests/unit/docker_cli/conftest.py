"""No settings of the user's count here, and no engine of theirs."""

import os

import pytest


@pytest.fixture(autouse=True)
def _bare_settings(tmp_path, monkeypatch):
    for name in list(os.environ):
        if name.startswith("DOCKER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "settings"))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/engine.sock")
