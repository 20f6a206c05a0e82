"""What is looked up beside the kernel."""

import os
from pathlib import Path

import pytest

from labkit.daemon import machine_checks


def test_the_folder_must_be_writable(tmp_path: Path) -> None:
    assert machine_checks.check_folder(tmp_path).ok
    refused = machine_checks.check_folder(Path("/proc/1/nothing"))
    assert not refused.ok
    assert "--data-root" in refused.remedy


def test_disk_says_how_much_is_free(tmp_path: Path) -> None:
    assert "GiB free" in machine_checks.check_disk(tmp_path).outcome.reason


def test_a_subnet_is_named() -> None:
    found = machine_checks.check_subnet()
    assert not found.ok or "/" in found.outcome.reason


def test_the_docker_command_is_asked_for_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not machine_checks.check_docker_cli().ok
    program = tmp_path / "docker"
    program.write_text("#!/bin/sh\necho Docker version 1.2.3\n")
    program.chmod(0o755)
    assert "Docker version 1.2.3" in machine_checks.check_docker_cli().outcome.reason
    program.write_text("#!/bin/sh\nexit 3\n")
    assert not machine_checks.check_docker_cli().ok


def test_docker_host_is_asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/gone")
    assert not machine_checks.check_docker_host().ok


def test_other_lookups_answer() -> None:
    assert machine_checks.check_other_engine().ok
    assert machine_checks.check_jupyter().name == "jupyter"
    assert machine_checks.check_user_ids().name == "user-ids"


@pytest.mark.root
def test_cgroups_are_tried_and_removed() -> None:
    found = machine_checks.check_cgroups()
    assert found.need == "should"
    left = [
        path
        for path in Path("/sys/fs/cgroup").glob("*/labkit-doctor-*")
        if path.name.endswith(str(os.getpid()))
    ]
    assert left == []
