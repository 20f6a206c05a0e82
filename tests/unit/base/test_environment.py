import os
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

from labkit.base.environment import (
    ensure_docker_config,
    lab_environment,
    programs_folder,
)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Where a docker of the machine's own is, and nothing else."""
    monkeypatch.delenv("LABKIT_DOCKER_CLI", raising=False)
    program = tmp_path / "machine" / "docker"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return str(program.parent)


def test_the_bundled_docker_stands_in_front_where_it_is_chosen(
    tmp_path, path, monkeypatch
):
    monkeypatch.setenv("LABKIT_DOCKER_CLI", "bundled")
    found = lab_environment("x", tmp_path)["PATH"].split(os.pathsep)
    own = tmp_path / ".docker" / "bin"
    assert found == [str(own), path, str(programs_folder())]
    assert (own / "docker").exists()
    monkeypatch.setenv("PATH", os.pathsep.join(found))
    assert lab_environment("x", tmp_path)["PATH"].split(os.pathsep) == found


def test_names_the_engine_a_folder_of_its_own_and_the_programs(tmp_path, path):
    variables = lab_environment("unix:///x.sock", tmp_path)
    assert variables == {
        "DOCKER_HOST": "unix:///x.sock",
        "DOCKER_CONFIG": str(tmp_path / ".docker"),
        "PATH": f"{path}{os.pathsep}{programs_folder()}",
    }


def test_the_path_does_not_grow_with_every_call(tmp_path, path, monkeypatch):
    monkeypatch.setenv("PATH", f"{programs_folder()}{os.pathsep}{path}")
    assert lab_environment("x", tmp_path)["PATH"] == os.environ["PATH"]


def test_compose_is_found_as_a_plug_in(tmp_path):
    plugin = ensure_docker_config(tmp_path) / "cli-plugins" / "docker-compose"
    answer = subprocess.run(
        [plugin, "version", "--short"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip()[0].isdigit()


def test_many_threads_may_make_the_folder_at_once(tmp_path):
    homes = [tmp_path / str(number) for number in range(50)]
    with ThreadPoolExecutor(8) as pool:
        for _ in pool.map(
            ensure_docker_config, [home for home in homes for _ in "12345678"]
        ):
            pass
    for home in homes:
        assert len(list((home / ".docker" / "cli-plugins").iterdir())) == 2


def test_buildx_is_found_as_a_plug_in(tmp_path):
    plugin = ensure_docker_config(tmp_path) / "cli-plugins" / "docker-buildx"
    answer = subprocess.run(
        [plugin, "docker-cli-plugin-metadata"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert '"Vendor": "labkit"' in answer.stdout


def test_a_stale_link_is_mended_and_a_good_one_kept(tmp_path):
    plugin = ensure_docker_config(tmp_path) / "cli-plugins" / "docker-compose"
    made = plugin.lstat().st_ino
    ensure_docker_config(tmp_path)
    assert plugin.lstat().st_ino == made
    plugin.unlink()
    plugin.symlink_to("/gone")
    ensure_docker_config(tmp_path)
    assert plugin.readlink() == programs_folder() / "docker-compose"
    assert sorted(path.name for path in plugin.parent.iterdir()) == [
        "docker-buildx",
        "docker-compose",
    ]
