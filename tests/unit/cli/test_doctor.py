import json
import subprocess
import sys

import pytest

from labkit.cli.doctor import describe_docker


@pytest.mark.slow
def test_passes_on_what_the_doctor_says():
    done = subprocess.run(
        [sys.executable, "-m", "labkit.cli.main", "doctor", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1)
    assert isinstance(json.loads(done.stdout), dict)


def test_says_which_docker_the_lab_uses(tmp_path, monkeypatch):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    monkeypatch.setenv("LABKIT_DOCKER_CLI", "bundled")
    described = describe_docker()
    assert described["command"] == "bundled"
    assert described["version"].startswith("Docker version 28")
