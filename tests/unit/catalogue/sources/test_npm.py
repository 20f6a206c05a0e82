"""labkit.catalogue.sources.npm: projects by their lock, installed once."""

import json
from importlib import resources
from pathlib import Path

import pytest

from labkit.catalogue.lock import read_lock
from labkit.catalogue.sources.npm import _DONE, NODE_WHEEL, NpmProjects, _fingerprint

FOLDER = resources.files("labkit.catalogue").joinpath("npm")
PROJECTS = sorted(item.name for item in FOLDER.iterdir())


@pytest.mark.parametrize("project", PROJECTS)
def test_every_package_has_a_hash_and_no_address(project: str) -> None:
    text = FOLDER.joinpath(project, "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    for name, package in packages.items():
        assert not name or package.get("integrity") or package.get("inBundle"), name
        assert "resolved" not in package


def test_takes_an_installed_project_from_the_cache(tmp_path: Path) -> None:
    installed = tmp_path / f"mongosh-{_fingerprint(FOLDER.joinpath('mongosh'))}"
    installed.mkdir()
    (installed / _DONE).touch()
    node = read_lock().wheel(NODE_WHEEL, "amd64")
    assert NpmProjects(tmp_path, node, "amd64").fetch("mongosh") == installed
