import os
import subprocess

from labkit.base.environment import (
    ensure_docker_config,
    lab_environment,
    programs_folder,
)


def test_names_the_engine_a_folder_of_its_own_and_the_programs(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    variables = lab_environment("unix:///x.sock", tmp_path)
    assert variables == {
        "DOCKER_HOST": "unix:///x.sock",
        "DOCKER_CONFIG": str(tmp_path / ".docker"),
        "PATH": f"/usr/bin{os.pathsep}{programs_folder()}",
    }


def test_the_path_does_not_grow_with_every_call(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(programs_folder()))
    assert lab_environment("x", tmp_path)["PATH"] == str(programs_folder())


def test_compose_is_found_as_a_plug_in(tmp_path):
    plugin = ensure_docker_config(tmp_path) / "cli-plugins" / "docker-compose"
    answer = subprocess.run(
        [plugin, "version", "--short"], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip()[0].isdigit()


def test_a_stale_link_is_mended_and_a_good_one_kept(tmp_path):
    plugin = ensure_docker_config(tmp_path) / "cli-plugins" / "docker-compose"
    made = plugin.lstat().st_ino
    ensure_docker_config(tmp_path)
    assert plugin.lstat().st_ino == made
    plugin.unlink()
    plugin.symlink_to("/gone")
    ensure_docker_config(tmp_path)
    assert plugin.readlink() == programs_folder() / "docker-compose"
    assert [path.name for path in plugin.parent.iterdir()] == ["docker-compose"]
