import os
import subprocess

import pytest

from labkit.base.docker_command import (
    CHOICE,
    DockerCommand,
    bundled_folder,
    choose_docker,
    ensure_bundled_docker,
)
from labkit.base.errors import InvalidInputError, NotFoundError


@pytest.fixture
def real(tmp_path, monkeypatch):
    monkeypatch.delenv(CHOICE, raising=False)
    program = tmp_path / "real" / "docker"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def test_the_machines_own_is_taken_where_there_is_one(tmp_path, real):
    chosen = choose_docker(tmp_path)
    assert (chosen.command, chosen.path) == (DockerCommand.SYSTEM, real)


def test_else_the_bundled_one_and_its_own_folder_does_not_count(
    tmp_path, real, monkeypatch
):
    script = ensure_bundled_docker(tmp_path)
    monkeypatch.setenv("PATH", str(bundled_folder(tmp_path)))
    chosen = choose_docker(tmp_path)
    assert (chosen.command, chosen.path) == (DockerCommand.BUNDLED, script)


def test_the_person_decides(tmp_path, real, monkeypatch):
    monkeypatch.setenv(CHOICE, "bundled")
    assert choose_docker(tmp_path).command is DockerCommand.BUNDLED
    monkeypatch.setenv(CHOICE, "system")
    assert choose_docker(tmp_path).command is DockerCommand.SYSTEM
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NotFoundError, match="there is no docker in PATH"):
        choose_docker(tmp_path)
    monkeypatch.setenv(CHOICE, "odd")
    with pytest.raises(InvalidInputError, match="LABKIT_DOCKER_CLI is 'odd'"):
        choose_docker(tmp_path)


def test_the_script_is_written_once_and_runs(tmp_path):
    script = ensure_bundled_docker(tmp_path)
    made = script.stat().st_ino
    assert ensure_bundled_docker(tmp_path).stat().st_ino == made
    done = subprocess.run(
        [script, "--version"], capture_output=True, text=True, check=True, env={}
    )
    assert done.stdout.startswith("Docker version 28")


def test_a_folder_with_a_blank_in_its_name_is_no_matter(tmp_path, monkeypatch):
    import sys

    link = tmp_path / "a b" / "python"
    link.parent.mkdir()
    link.write_text(f'#!/bin/sh\nexec {os.path.realpath(sys.executable)} "$@"\n')
    link.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(link))
    script = ensure_bundled_docker(tmp_path)
    assert script.read_text().startswith("#!/bin/sh")
    done = subprocess.run([script, "-v"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Docker version 28")
