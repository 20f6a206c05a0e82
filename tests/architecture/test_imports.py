"""Imports go down only, and every module stands on its own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, modules

LINT_IMPORTS = Path(sys.executable).with_name("lint-imports")


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [LINT_IMPORTS, "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def copy_of_project(folder: Path) -> Path:
    """Copy what import-linter reads: the contracts and the package's source."""
    (folder / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text())
    for module in modules():
        target = folder / module.path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(module.text)
    return folder


def test_contracts_hold() -> None:
    result = lint_imports(ROOT)
    assert result.returncode == 0, result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("base/ids.py", "import labkit.kernel.flags", "downwards only"),
        ("runtime/model.py", "import labkit.network.model", "downwards only"),
        ("grading/__init__.py", "import labkit.engine.model", "through the Docker API"),
        ("engine/model.py", "import labkit.grading", "knows nothing of the course"),
        ("engine/model.py", "import ctypes", "talks to libc"),
        ("network/model.py", "import labkit.snapshots", "not the layers"),
        ("engine/model.py", "import aiohttp", "nobody serves HTTP"),
    ],
)
def test_contracts_bite(tmp_path: Path, file: str, line: str, contract: str) -> None:
    folder = copy_of_project(tmp_path)
    broken = folder / "labkit" / file
    broken.write_text(f"{broken.read_text()}\n{line}\n")
    result = lint_imports(folder)
    assert result.returncode == 1
    assert any(
        contract in row and "BROKEN" in row for row in result.stdout.splitlines()
    ), result.stdout


IMPORT_ALONE = """
import importlib, sys
name = sys.argv[1]
importlib.import_module(name)
"""


@pytest.mark.slow
def test_every_module_imports_alone() -> None:
    """A module that only imports after another one hides a cycle."""
    failed = []
    for module in modules():
        if module.name.endswith("__main__"):
            continue
        result = subprocess.run(
            [sys.executable, "-c", IMPORT_ALONE, module.name],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            failed.append(f"{module.name}: {result.stderr.strip().splitlines()[-1]}")
    assert failed == []
